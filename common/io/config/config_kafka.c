/* config_kafka.c - see config_kafka.h. */
#include "config_kafka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/slice.h"
#include "common/io/kafka/kafka_names.h"
#include "common/io/kafka/kafka_settings.h"

enum { FILE_MAX_BYTES = 256 * 1024, VARIABLE_BYTES = 160, ORIGIN_BYTES = 512 };

#define FILE_SETTING "KAFKA_CONFIG_FILE"
#define FILE_ENDING "_FILE"

#define ROW(setting_name, setting_type, sentence, ...)                                             \
	{.name = setting_name, .text = sentence, .type = SETTING_##setting_type, __VA_ARGS__}

const struct setting config_kafka_settings[] = {
    ROW("KAFKA_SECURITY_PROTOCOL", CHOICE, "Whether connections to Kafka are encrypted and log in.",
	CHOICES("plaintext|ssl|sasl_plaintext|sasl_ssl"), DEFAULT("plaintext")),
    ROW("KAFKA_SASL_MECHANISM", TEXT,
	"How to log in to Kafka: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER."),
    ROW("KAFKA_SASL_USERNAME", TEXT, "The user at Kafka."),
    ROW("KAFKA_SASL_PASSWORD", SECRET, "Its password."),
    ROW("KAFKA_SSL_CA_LOCATION", TEXT,
	"File of the CA certificates that Kafka's are checked with; empty: this machine's own."),
    ROW("KAFKA_SSL_CERTIFICATE_LOCATION", TEXT, "File of our certificate for Kafka, PEM."),
    ROW("KAFKA_SSL_KEY_LOCATION", TEXT, "File of its key, PEM."),
    ROW("KAFKA_SSL_KEY_PASSWORD", SECRET, "The password of that key."),
    ROW("KAFKA_MESSAGE_MAX_BYTES", INT,
	"The largest message that is sent to Kafka; empty: what the topics take, up to 4 MB.",
	BETWEEN(131072, 1000000000)),
    ROW(FILE_SETTING, TEXT,
	"File of lines NAME=VALUE, librdkafka's names; docs/kafka-and-redis.md has those that are "
	"taken, and each is a variable, too."),
    {0},
};

static int take_line(const char *path, unsigned number, struct slice line, struct err *err)
{
	char origin[ORIGIN_BYTES], name[KAFKA_NAME_BYTES];
	const uint8_t *equals;
	struct slice left;
	char *value;
	int r;

	line = slice_trim(line, " \t\r");
	if (!line.len || *line.bytes == '#')
		return 0;
	snprintf(origin, sizeof(origin), "%s:%u", path, number);
	equals = memchr(line.bytes, '=', line.len);
	left = equals ? slice_trim(slice_of(line.bytes, (size_t)(equals - line.bytes)), " \t")
		      : slice_of(NULL, 0);
	if (!left.len || left.len >= sizeof(name))
		return err_config(err, "%s: expected NAME=VALUE", origin);
	snprintf(name, sizeof(name), "%.*s", SLICE_ARGS(left));
	line =
	    slice_trim(slice_of(equals + 1, line.len - (size_t)(equals + 1 - line.bytes)), " \t");
	value = strndup((const char *)line.bytes, line.len);
	if (!value)
		abort();
	r = kafka_settings_add(origin, name, value, err);
	free(value);
	return r;
}

static int take_file(const char *path, struct err *err)
{
	unsigned number = 0;
	char *bytes;
	size_t len;
	int r = 0;

	if (file_read(path, FILE_MAX_BYTES, &bytes, &len, err) < 0)
		return err_prefix(err, FILE_SETTING);
	if (strlen(bytes) != len)
		r = err_config(err, FILE_SETTING ": %s: expected text, found a zero byte", path);
	for (const char *at = bytes; r == 0 && *at;) {
		size_t line = strcspn(at, "\n");

		r = take_line(path, ++number, slice_of(at, line), err);
		at += line + (at[line] == '\n');
	}
	free(bytes);
	return r;
}

/* The variable without _FILE, when that is what it is; some properties end with ".file". */
static bool is_file_of(const char *variable, const char *property, char ret[VARIABLE_BYTES])
{
	size_t len = strlen(variable), end = strlen(FILE_ENDING);

	if (len <= end || len >= VARIABLE_BYTES || strcmp(variable + len - end, FILE_ENDING) != 0 ||
	    kafka_settings_is_known(property))
		return false;
	snprintf(ret, VARIABLE_BYTES, "%.*s", (int)(len - end), variable);
	return true;
}

static int take_secret_file(const char *variable, const char *of, const char *path, struct err *err)
{
	char property[KAFKA_NAME_BYTES];
	const char *direct = getenv(of);
	char *value;
	int r;

	if (direct && *direct)
		return err_config(err, "%s: expected this or %s, found both", of, variable);
	if (!kafka_name_of_variable(of, property) ||
	    (!kafka_name_is_taken(property) && !kafka_name_refusal(property)))
		return 0;
	if (file_read_secret(path, &value, err) < 0)
		return err_prefix(err, "%s", variable);
	r = *value ? kafka_settings_add(variable, property, value, err)
		   : err_config(err, "%s: %s is empty", variable, path);
	free(value);
	return r;
}

/* What is neither taken nor refused nor known to librdkafka is somebody else's: KAFKA_HEAP_OPTS. */
static int take_variable(const char *variable, const char *value, struct err *err)
{
	char property[KAFKA_NAME_BYTES], of[VARIABLE_BYTES];

	if (!*value || strcmp(variable, FILE_SETTING) == 0 ||
	    strcmp(variable, "KAFKA_BOOTSTRAP_SERVERS") == 0 ||
	    !kafka_name_of_variable(variable, property))
		return 0;
	if (is_file_of(variable, property, of))
		return take_secret_file(variable, of, value, err);
	if (!kafka_name_is_taken(property) && !kafka_name_refusal(property) &&
	    !kafka_settings_is_known(property))
		return 0;
	return kafka_settings_add(variable, property, value, err);
}

static int take_environment(struct err *err)
{
	char variable[VARIABLE_BYTES];

	for (char **entry = environ; *entry; entry++) {
		size_t len = strcspn(*entry, "=");

		if (strncmp(*entry, "KAFKA_", 6) != 0 || len >= sizeof(variable) || !(*entry)[len])
			continue;
		snprintf(variable, sizeof(variable), "%.*s", (int)len, *entry);
		if (take_variable(variable, *entry + len + 1, err) < 0)
			return -1;
	}
	return 0;
}

int config_kafka(struct err *err)
{
	const char *path = getenv(FILE_SETTING);

	kafka_settings_reset();
	if ((path && *path && take_file(path, err) < 0) || take_environment(err) < 0 ||
	    kafka_settings_check(err) < 0) {
		err->kind = ERR_CONFIG;
		return -1;
	}
	return 0;
}
