/* kafka_trouble.c - see kafka_trouble.h. */
#include "kafka_trouble.h"

#include <openssl/x509_vfy.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "common/io/process/clock.h"
#include "kafka_settings.h"

enum {
	TEXT_BYTES = 300,
	NAME_BYTES = 256,
	KEPT_MS = 60000,
	TOLD_AGAIN_MS = 600000,
	MEANINGS_MAX = 32,
};

#define CLIENT_CERTIFICATE                                                                         \
	"the broker does not take our certificate: KAFKA_SSL_CERTIFICATE_LOCATION and "            \
	"KAFKA_SSL_KEY_LOCATION must be set, valid, and signed by a CA that it trusts"
#define UNKNOWN_CA                                                                                 \
	"the broker's certificate is signed by a CA that is not known here: set "                  \
	"KAFKA_SSL_CA_LOCATION to that CA's certificate"

/* The first of these that is part of the text counts, so what is narrower comes first. */
static const struct {
	const char *part, *meaning;
} meanings[] = {
    {"Unsupported SASL mechanism",
     "the broker does not offer this KAFKA_SASL_MECHANISM: set one that it names"},
    {"certificate has expired",
     "the broker's certificate has expired (or this machine's clock is wrong): it must be renewed "
     "on the broker; no setting of ours helps"},
    {"certificate is not yet valid",
     "the broker's certificate is not valid yet: is this machine's clock right?"},
    {"ostname mismatch",
     "the broker's certificate is for another name: KAFKA_BOOTSTRAP_SERVERS and the broker's "
     "advertised.listeners must use a name that stands in it"},
    {"IP address mismatch",
     "the broker's certificate does not have this IP address: use the name that stands in it in "
     "KAFKA_BOOTSTRAP_SERVERS and in the broker's advertised.listeners"},
    {"certificate verify failed", UNKNOWN_CA},
    {"wrong version number",
     "this port speaks no TLS: KAFKA_SECURITY_PROTOCOL should be plaintext or sasl_plaintext, or "
     "KAFKA_BOOTSTRAP_SERVERS another port"},
    {"certificate required", CLIENT_CERTIFICATE},
    {"bad certificate", CLIENT_CERTIFICATE},
    {"certificate unknown", CLIENT_CERTIFICATE},
    {"certificate expired", CLIENT_CERTIFICATE},
    {"alert unknown ca", CLIENT_CERTIFICATE},
    {"alert certificate", CLIENT_CERTIFICATE},
    {"OAUTHBEARER", "the token is not taken, or none came: look at KAFKA_SASL_OAUTHBEARER_*"},
    {"acquire SASL", "no token came: look at KAFKA_SASL_OAUTHBEARER_*"},
    {"uthentication failed",
     "wrong user or password: look at KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and "
     "KAFKA_SASL_MECHANISM"},
    {"SASL authentication error",
     "the login is refused: look at KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and "
     "KAFKA_SASL_MECHANISM"},
    {"incorrect security.protocol",
     "the port may want TLS or a login: look at KAFKA_SECURITY_PROTOCOL (ssl, sasl_ssl)"},
    {"might not support SASL",
     "this port wants no login: KAFKA_SECURITY_PROTOCOL should be ssl or plaintext"},
    {"SSL handshake failed",
     "no TLS connection came about: look at KAFKA_SECURITY_PROTOCOL and KAFKA_SSL_*"},
    {"Failed to resolve", "this name is not known here: look at KAFKA_BOOTSTRAP_SERVERS and at "
			  "the broker's advertised.listeners"},
    {"Connection refused", "nobody listens there: look at KAFKA_BOOTSTRAP_SERVERS and at the "
			   "broker's advertised.listeners"},
};

/*
 * Up to 2.6.0 librdkafka repeats its nonce in the last message of SCRAM (librdkafka#4895), which
 * brokers before 4.0 overlook.
 */
static bool may_be_old_scram(const char *text)
{
	return rd_kafka_version() < 0x02060100 && strstr(text, "mechanism SCRAM");
}

const char *kafka_trouble_meaning(const char *text)
{
	if (may_be_old_scram(text))
		return "wrong user or password (KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD), or a "
		       "Kafka of 4.0 or later, which takes no SCRAM login of librdkafka before "
		       "2.6.1: use PLAIN, certificates, or our image (Debian 13)";
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (strstr(text, meanings[i].part))
			return meanings[i].meaning;
	return NULL;
}

const char *kafka_trouble_certificate(int x509_error)
{
	const char *meaning = kafka_trouble_meaning(X509_verify_cert_error_string(x509_error));

	return meaning ? meaning : UNKNOWN_CA;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* All below with the lock held. */
static char last_text[TEXT_BYTES];
static const char *last_meaning;
static int64_t last_ms;
static struct {
	const char *meaning;
	int64_t at_ms;
} told[MEANINGS_MAX];

static char denied_topic[NAME_BYTES];
static int64_t denied_ms;

static bool is_news(const char *meaning, int64_t now_ms)
{
	for (int i = 0; meaning && i < MEANINGS_MAX; i++) {
		if (told[i].meaning && told[i].meaning != meaning)
			continue;
		if (told[i].meaning && now_ms - told[i].at_ms < TOLD_AGAIN_MS)
			return false;
		told[i].meaning = meaning;
		told[i].at_ms = now_ms;
		return true;
	}
	return false;
}

/* Without the thread before it, and how often and for how long behind it. */
static void keep_text(const char *text)
{
	const char *end = strncmp(text, "[thrd:", 6) == 0 ? strstr(text, "]: ") : NULL;
	char *after;

	snprintf(last_text, sizeof(last_text), "%s", end ? end + 3 : text);
	after = strstr(last_text, " (after ");
	if (after)
		*after = '\0';
}

/* What says more stays for its time: after a refused login brokers are "down" as well. */
static void keep(const char *text, const char *meaning, int64_t now_ms)
{
	if (!meaning && last_meaning && now_ms - last_ms < KEPT_MS)
		return;
	keep_text(text);
	last_meaning = meaning;
	last_ms = now_ms;
}

bool kafka_trouble_note(const char *text, bool is_told, const char **ret_meaning)
{
	int64_t now_ms = clock_monotonic_ms();
	bool is_certificate = strstr(text, "certificate verify failed");
	bool ret;

	pthread_mutex_lock(&lock);
	/* What is wrong with the certificate was noted a moment ago, by kafka_trouble_verify(). */
	if (is_certificate && last_meaning && now_ms - last_ms < KEPT_MS) {
		*ret_meaning = last_meaning;
	} else {
		*ret_meaning = kafka_trouble_meaning(text);
		keep(text, *ret_meaning, now_ms);
	}
	ret = is_told && is_news(*ret_meaning, now_ms);
	pthread_mutex_unlock(&lock);
	return ret;
}

void kafka_trouble_note_denied(const char *text)
{
	const char *begin = strchr(text, '"'), *end = begin ? strchr(begin + 1, '"') : NULL;

	if (!end || !strstr(text, "Topic authorization failed"))
		return;
	pthread_mutex_lock(&lock);
	snprintf(denied_topic, sizeof(denied_topic), "%.*s", (int)(end - begin - 1), begin + 1);
	denied_ms = clock_monotonic_ms();
	pthread_mutex_unlock(&lock);
}

/* The topic that was denied to a producer a moment ago; false: none. */
static bool was_denied(char ret[NAME_BYTES])
{
	bool was;

	pthread_mutex_lock(&lock);
	was = denied_topic[0] && clock_monotonic_ms() - denied_ms < KEPT_MS;
	snprintf(ret, NAME_BYTES, "%s", denied_topic);
	pthread_mutex_unlock(&lock);
	return was;
}

int kafka_trouble_verify(rd_kafka_t *client, const char *broker, int32_t broker_id, int *x509_error,
			 int depth, const char *bytes, size_t size, char *why, size_t why_size,
			 void *opaque)
{
	const char *said = X509_verify_cert_error_string(*x509_error);
	char text[TEXT_BYTES];

	(void)client;
	(void)broker_id;
	(void)depth;
	(void)bytes;
	(void)size;
	(void)opaque;
	if (*x509_error == X509_V_OK)
		return 1;
	snprintf(text, sizeof(text), "%s: certificate: %s", broker, said);
	pthread_mutex_lock(&lock);
	keep(text, kafka_trouble_certificate(*x509_error), clock_monotonic_ms());
	pthread_mutex_unlock(&lock);
	snprintf(why, why_size, "%s", said);
	return 0;
}

void kafka_trouble_forget(void)
{
	pthread_mutex_lock(&lock);
	last_ms = 0;
	last_meaning = NULL;
	last_text[0] = denied_topic[0] = '\0';
	memset(told, 0, sizeof(told));
	pthread_mutex_unlock(&lock);
}

bool kafka_trouble_lasts(int64_t since_ms)
{
	/* Nobody listening, or a name that is not known, may pass within seconds. */
	static const char *const passing[] = {"Connection refused", "Failed to resolve"};
	bool ret;

	pthread_mutex_lock(&lock);
	ret = last_meaning && last_ms >= since_ms;
	for (size_t i = 0; i < sizeof(passing) / sizeof(*passing); i++)
		ret = ret && !strstr(last_text, passing[i]);
	pthread_mutex_unlock(&lock);
	return ret;
}

bool kafka_is_denied(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
	       code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
	       code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ||
	       code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
}

static void append(struct err *err, const char *text)
{
	size_t len = strlen(err->text);

	snprintf(err->text + len, sizeof(err->text) - len, "%s", text);
}

/* A property of the client: its group or its transactional.id. */
static void property_of(rd_kafka_t *client, const char *name, char ret[NAME_BYTES])
{
	size_t size = NAME_BYTES;

	if (!client ||
	    rd_kafka_conf_get(rd_kafka_conf(client), name, ret, &size) != RD_KAFKA_CONF_OK)
		snprintf(ret, NAME_BYTES, "?");
}

static void explain_denied(struct err *err, rd_kafka_t *client, rd_kafka_resp_err_t code,
			   const char *operation, const char *topic)
{
	char name[NAME_BYTES], text[2 * NAME_BYTES];

	if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) {
		property_of(client, "group.id", name);
		snprintf(text, sizeof(text), ": missing ACL: Read on group %s", name);
	} else if (code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED) {
		property_of(client, "transactional.id", name);
		snprintf(text, sizeof(text), ": missing ACL: Write on transactional id %s", name);
	} else if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
		snprintf(text, sizeof(text), ": missing ACL: %s on topic %s",
			 operation ? operation : "Describe", topic ? topic : "?");
	} else {
		snprintf(text, sizeof(text), ": missing ACL on the cluster");
	}
	append(err, text);
	append(err, " (nurturectl topics --acls prints all)");
}

/* What a call says when there is no connection. */
static bool is_no_connection(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
	       code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
	       code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL ||
	       code == RD_KAFKA_RESP_ERR__RESOLVE || code == RD_KAFKA_RESP_ERR__WAIT_COORD ||
	       code == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT;
}

/* The last line that a connection failed with, and what it means; false: none in a minute. */
static bool last_failure(char *text, size_t size, const char **ret_meaning)
{
	bool is_there;

	pthread_mutex_lock(&lock);
	is_there = last_text[0] && clock_monotonic_ms() - last_ms < KEPT_MS;
	if (is_there) {
		*ret_meaning = last_meaning;
		snprintf(text, size, " (%s)", last_text);
	}
	pthread_mutex_unlock(&lock);
	return is_there;
}

static void append_failure(struct err *err, const char *meaning, const char *text)
{
	if (meaning) {
		append(err, ": ");
		append(err, meaning);
	}
	append(err, text);
}

void kafka_trouble_explain(struct err *err)
{
	const char *meaning = NULL;
	char text[TEXT_BYTES + 4];

	if (last_failure(text, sizeof(text), &meaning))
		append_failure(err, meaning, text);
}

static void explain_connection(struct err *err)
{
	const char *meaning = NULL;
	char text[TEXT_BYTES + 4] = "";

	last_failure(text, sizeof(text), &meaning);
	/* A port that wants TLS closes the connection without a word. */
	if (!meaning && !kafka_settings_value("security.protocol"))
		meaning = "is a broker there, and does it want TLS or a login "
			  "(KAFKA_SECURITY_PROTOCOL)?";
	append_failure(err, meaning, text);
}

int kafka_explain(struct err *err, rd_kafka_t *client, rd_kafka_resp_err_t code,
		  const char *operation, const char *topic)
{
	char denied[NAME_BYTES];

	/* A transaction that failed so has no other use any more: that is its "erroneous state". */
	if (!topic &&
	    (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
	     code == RD_KAFKA_RESP_ERR__STATE) &&
	    was_denied(denied))
		explain_denied(err, client, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "Write",
			       denied);
	else if (kafka_is_denied(code))
		explain_denied(err, client, code, operation, topic);
	else if (is_no_connection(code))
		explain_connection(err);
	return -1;
}
