/* kafka_settings.c - see kafka_settings.h. */
#include "kafka_settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/base/text.h"
#include "kafka_conf.h"
#include "kafka_names.h"

enum {
	SETTINGS_MAX = 64,
	MESSAGE_MAX_BYTES = 4000000,  /* unless the user says otherwise */
	MESSAGE_LEAST_BYTES = 131072, /* a dead letter and its batch, and to spare */
	MESSAGE_MOST_BYTES = 1000000000
};

struct property {
	const char *origin, *name, *value;
};

static struct {
	struct arena texts;
	struct property list[SETTINGS_MAX];
	size_t count;
} settings;

static const struct property *find(const char *name)
{
	for (size_t i = 0; i < settings.count; i++)
		if (strcmp(settings.list[i].name, name) == 0)
			return &settings.list[i];
	return NULL;
}

const char *kafka_settings_value(const char *property)
{
	const struct property *found = find(property);

	return found ? found->value : NULL;
}

const char *kafka_settings_origin(const char *property)
{
	static const struct {
		const char *name, *variable;
	} variables[] = {
	    {"security.protocol", "KAFKA_SECURITY_PROTOCOL"},
	    {"sasl.mechanism", "KAFKA_SASL_MECHANISM"},
	    {"sasl.username", "KAFKA_SASL_USERNAME"},
	    {"sasl.password", "KAFKA_SASL_PASSWORD"},
	    {"ssl.key.password", "KAFKA_SSL_KEY_PASSWORD"},
	};
	const struct property *found = find(property);

	if (found)
		return found->origin;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		if (strcmp(property, variables[i].name) == 0)
			return variables[i].variable;
	return property;
}

bool kafka_settings_is_known(const char *property)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	bool is_known = rd_kafka_conf_set(conf, property, "", NULL, 0) != RD_KAFKA_CONF_UNKNOWN;

	rd_kafka_conf_destroy(conf);
	return is_known;
}

/* librdkafka's words on a value that it does not take, without the value of a secret. */
static int refuse(const struct property *property, const char *why, struct err *err)
{
	if (kafka_name_is_secret(property->name) && *property->value &&
	    strstr(why, property->value))
		why = "librdkafka does not take this value";
	return err_config(err, "%s: %s", property->origin, why);
}

static int set(rd_kafka_conf_t *conf, const struct property *property, struct err *err)
{
	char why[256];

	if (rd_kafka_conf_set(conf, property->name, property->value, why, sizeof(why)) ==
	    RD_KAFKA_CONF_OK)
		return 0;
	return refuse(property, why, err);
}

static int check_name(const char *origin, const char *name, struct err *err)
{
	const char *why = kafka_name_refusal(name);

	if (why)
		return err_config(err, "%s: %s cannot be set: %s", origin, name, why);
	if (!kafka_name_is_taken(name) && kafka_settings_is_known(name))
		return err_config(err,
				  "%s: %s is not passed on to Kafka's clients: expected a property "
				  "of connections and logins (docs/kafka-and-redis.md)",
				  origin, name);
	return 0;
}

/* Both are names of one property, and a file may have the one and a variable the other. */
static const char *plain_name(const char *name)
{
	if (strcmp(name, "sasl.mechanisms") == 0)
		return "sasl.mechanism";
	return strcmp(name, "compression.type") == 0 ? "compression.codec" : name;
}

int kafka_settings_add(const char *origin, const char *property, const char *value, struct err *err)
{
	struct property added = {arena_text(&settings.texts, origin),
				 arena_text(&settings.texts, plain_name(property)),
				 arena_text(&settings.texts, value)};
	rd_kafka_conf_t *conf;
	struct property *to;
	int r;

	if (check_name(origin, property, err) < 0)
		return -1;
	conf = rd_kafka_conf_new();
	r = set(conf, &added, err);
	rd_kafka_conf_destroy(conf);
	if (r < 0)
		return -1;
	to = (struct property *)(uintptr_t)find(added.name);
	if (!to && settings.count == SETTINGS_MAX)
		return err_config(err, "%s: more than %d properties", origin, SETTINGS_MAX);
	if (!to)
		to = &settings.list[settings.count++];
	*to = added;
	return 0;
}

void kafka_settings_reset(void)
{
	settings.count = 0;
	arena_free(&settings.texts);
}

int kafka_settings_apply(rd_kafka_conf_t *conf, rd_kafka_type_t type, struct err *err)
{
	for (size_t i = 0; i < settings.count; i++) {
		const struct property *property = &settings.list[i];

		/* A consumer would warn that it has no use for it. */
		if (type == RD_KAFKA_CONSUMER && strncmp(property->name, "compression.", 12) == 0)
			continue;
		if (set(conf, property, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_value(const char *property, const char *value)
{
	const char *is = kafka_settings_value(property);

	return is && strcasecmp(is, value) == 0;
}

/* Of those that begin so, the one that was set first; NULL: none. */
static const struct property *any_of(const char *beginning)
{
	for (size_t i = 0; i < settings.count; i++)
		if (strncmp(settings.list[i].name, beginning, strlen(beginning)) == 0)
			return &settings.list[i];
	return NULL;
}

/* A login or a certificate that would silently not be used. */
static int check_protocol(bool *ret_sasl, struct err *err)
{
	const char *protocol = kafka_settings_value("security.protocol");
	bool is_sasl = is_value("security.protocol", "sasl_ssl") ||
		       is_value("security.protocol", "sasl_plaintext");
	bool is_tls =
	    is_value("security.protocol", "sasl_ssl") || is_value("security.protocol", "ssl");
	const struct property *sasl = any_of("sasl."), *ssl = any_of("ssl.");

	*ret_sasl = is_sasl;
	if (sasl && !is_sasl)
		return err_config(
		    err, "%s: expected sasl_ssl or sasl_plaintext, found %s, and %s is set",
		    kafka_settings_origin("security.protocol"), protocol ? protocol : "plaintext",
		    sasl->origin);
	if (ssl && !is_tls)
		return err_config(err, "%s: expected ssl or sasl_ssl, found %s, and %s is set",
				  kafka_settings_origin("security.protocol"),
				  protocol ? protocol : "plaintext", ssl->origin);
	return 0;
}

static bool can_oidc(void)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	bool can =
	    rd_kafka_conf_set(conf, "sasl.oauthbearer.method", "oidc", NULL, 0) == RD_KAFKA_CONF_OK;

	rd_kafka_conf_destroy(conf);
	return can;
}

static int check_login(struct err *err)
{
	const char *mechanism = kafka_settings_value("sasl.mechanism");

	if (!mechanism)
		return err_config(err, "%s: must be set: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512%s",
				  kafka_settings_origin("sasl.mechanism"),
				  can_oidc() ? " or OAUTHBEARER" : "");
	if (is_value("sasl.mechanism", "OAUTHBEARER")) {
		if (!can_oidc())
			return err_config(err,
					  "%s: OAUTHBEARER needs a librdkafka with OIDC, and this "
					  "build (%s) has none: Debian 13's has it",
					  kafka_settings_origin("sasl.mechanism"),
					  rd_kafka_version_str());
		if (!is_value("sasl.oauthbearer.method", "oidc"))
			return err_config(err,
					  "%s: OAUTHBEARER is supported with "
					  "KAFKA_SASL_OAUTHBEARER_METHOD=oidc only: other tokens, "
					  "such as AWS's IAM, are not; use SCRAM or certificates",
					  kafka_settings_origin("sasl.mechanism"));
	}
	if (strcasecmp(mechanism, "PLAIN") != 0 && strncasecmp(mechanism, "SCRAM-", 6) != 0)
		return 0;
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "sasl.password" : "sasl.username";

		if (!kafka_settings_value(name))
			return err_config(err, "%s: must be set with %s",
					  kafka_settings_origin(name), mechanism);
	}
	return 0;
}

static int check_message_max(struct err *err)
{
	const char *text = kafka_settings_value("message.max.bytes");
	int64_t bytes;

	if (text && text_int64(slice_text(text), MESSAGE_LEAST_BYTES, MESSAGE_MOST_BYTES, &bytes,
			       err) < 0) {
		err->kind = ERR_CONFIG;
		return err_prefix(err, "%s", kafka_settings_origin("message.max.bytes"));
	}
	return 0;
}

int kafka_settings_message_max_bytes(void)
{
	const char *text = kafka_settings_value("message.max.bytes");

	return text ? atoi(text) : MESSAGE_MAX_BYTES;
}

/* A file that is missing is said so by the system; librdkafka would say "system lib". */
static int check_files(struct err *err)
{
	static const char *const names[] = {"ssl.ca.location",       "ssl.certificate.location",
					    "ssl.key.location",      "ssl.crl.location",
					    "ssl.keystore.location", "https.ca.location"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct property *file = find(names[i]);

		if (file && strcmp(file->value, "probe") != 0 && access(file->value, R_OK) < 0)
			return err_config(err, "%s: %s: %s", file->origin, file->value,
					  strerror(errno));
	}
	return 0;
}

/* Puts before a message of librdkafka's where the property that it names was set. */
static void name_origin(struct err *err)
{
	const struct property *found = NULL;

	/* Of an unknown SCRAM-SHA-257 it says only that. */
	if (strstr(err->text, "Unsupported hash function"))
		found = find("sasl.mechanism");
	for (size_t i = 0; i < settings.count; i++) {
		const struct property *property = &settings.list[i];

		if (strstr(err->text, property->name) &&
		    (!found || strlen(property->name) > strlen(found->name)))
			found = property;
	}
	if (!found)
		return;
	(void)err_prefix(err, "%s", found->origin);
	if (strstr(err->text, "PEM lib"))
		snprintf(err->text + strlen(err->text), sizeof(err->text) - strlen(err->text),
			 ": it is no PEM, or %s is wrong",
			 kafka_settings_origin("ssl.key.password"));
}

/* Reads certificates and keys, as each client will. */
static int check_client(struct err *err)
{
	static const char *const none[][2] = {{NULL}};
	rd_kafka_conf_t *conf = kafka_conf(RD_KAFKA_PRODUCER, none, err);
	rd_kafka_t *client;

	if (!conf)
		return -1;
	rd_kafka_conf_set_log_cb(conf, kafka_log_nothing);
	client = kafka_client(RD_KAFKA_PRODUCER, conf, err);
	if (!client) {
		name_origin(err);
		return -1;
	}
	rd_kafka_destroy(client);
	return 0;
}

int kafka_settings_check(struct err *err)
{
	bool is_sasl;

	if (settings.count == 0)
		return 0;
	if (check_protocol(&is_sasl, err) < 0 || (is_sasl && check_login(err) < 0) ||
	    check_message_max(err) < 0 || check_files(err) < 0)
		return -1;
	return check_client(err);
}
