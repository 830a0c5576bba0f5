/* kafka_conf.c - see kafka_conf.h. */
#include "kafka_conf.h"

#include "common/io/process/log.h"

static int set(rd_kafka_conf_t *conf, const char *name, const char *value, struct err *err)
{
	char why[256];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) != RD_KAFKA_CONF_OK)
		return err_config(err, "kafka: %s=%s: %s", name, value, why);
	return 0;
}

rd_kafka_conf_t *kafka_conf(const char *const settings[][2], struct err *err)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();

	for (; (*settings)[0]; settings++) {
		if (set(conf, (*settings)[0], (*settings)[1], err) < 0) {
			rd_kafka_conf_destroy(conf);
			return NULL;
		}
	}
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

void kafka_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
	enum { SYSLOG_WARNING = 4 };

	(void)client;
	log_event(level <= SYSLOG_WARNING ? LOG_LEVEL_WARN : LOG_LEVEL_DEBUG, "kafka", "facility",
		  facility, "text", text, NULL);
}

void kafka_log_nothing(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
	(void)client;
	(void)level;
	(void)facility;
	(void)text;
}
