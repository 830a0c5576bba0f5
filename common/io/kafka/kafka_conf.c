/* kafka_conf.c - see kafka_conf.h. */
#include "kafka_conf.h"

#include <string.h>

#include "common/io/process/log.h"
#include "kafka_settings.h"
#include "kafka_trouble.h"

static int set(rd_kafka_conf_t *conf, const char *name, const char *value, struct err *err)
{
	char why[256];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) != RD_KAFKA_CONF_OK)
		return err_config(err, "kafka: %s=%s: %s", name, value, why);
	return 0;
}

/* The user may wish that no certificate is looked at: then none is trouble. */
static bool checks_certificates(const rd_kafka_conf_t *conf)
{
	char value[16];
	size_t size = sizeof(value);

	return rd_kafka_conf_get(conf, "enable.ssl.certificate.verification", value, &size) !=
		   RD_KAFKA_CONF_OK ||
	       strcmp(value, "false") != 0;
}

rd_kafka_conf_t *kafka_conf(rd_kafka_type_t type, const char *const settings[][2], struct err *err)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	int r = 0;

	for (; r == 0 && (*settings)[0]; settings++)
		r = set(conf, (*settings)[0], (*settings)[1], err);
	if (r == 0)
		r = kafka_settings_apply(conf, type, err);
	if (r < 0) {
		rd_kafka_conf_destroy(conf);
		return NULL;
	}
	/* A library that was built without TLS refuses the callback, and needs none. */
	if (checks_certificates(conf))
		(void)rd_kafka_conf_set_ssl_cert_verify_cb(conf, kafka_trouble_verify);
	return conf;
}

rd_kafka_t *kafka_client(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct err *err)
{
	char why[256];
	rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof(why));

	if (!client) {
		rd_kafka_conf_destroy(conf);
		err_config(err, "kafka: %s", why);
	}
	return client;
}

/* A line about a connection that failed; true when it was one, and is dealt with. */
static bool note_failure(const char *facility, const char *text, bool is_told)
{
	const char *meaning;
	bool is_news;

	/* What follows is its error once more; the certificate's was kept when it was looked at. */
	if (strcmp(facility, "SSLCERTVRFY") == 0)
		return true;
	if (strcmp(facility, "ADDPARTS") == 0)
		kafka_trouble_note_denied(text);
	if (strcmp(facility, "FAIL") != 0 && strcmp(facility, "ERROR") != 0)
		return false;
	is_news = kafka_trouble_note(text, is_told, &meaning);
	if (is_news)
		log_event(LOG_LEVEL_ERROR, "kafka_connection_failed", "text", text, "meaning",
			  meaning, NULL);
	return meaning;
}

void kafka_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
	enum { SYSLOG_WARNING = 4 };

	(void)client;
	if (note_failure(facility, text, true))
		return;
	log_event(level <= SYSLOG_WARNING ? LOG_LEVEL_WARN : LOG_LEVEL_DEBUG, "kafka", "facility",
		  facility, "text", text, NULL);
}

void kafka_log_connections(const rd_kafka_t *client, int level, const char *facility,
			   const char *text)
{
	(void)client;
	(void)level;
	(void)note_failure(facility, text, true);
}

void kafka_log_nothing(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
	(void)client;
	(void)level;
	(void)note_failure(facility, text, false);
}
