/*
 * topic_settings.c - see topic_settings.h.
 *
 * The one request that all versions of librdkafka and Kafka have replaces all
 * settings of a topic at once, so those that were set before are said again.
 */
#include "topic_settings.h"

#include <string.h>

#include "topic_client.h"
#include "kafka_trouble.h"

struct asked {
	rd_kafka_queue_t *queue;
	rd_kafka_event_t *event; /* the answer; NULL: none came */
};

static void end(struct asked *asked)
{
	if (asked->event)
		rd_kafka_event_destroy(asked->event);
	rd_kafka_queue_destroy(asked->queue);
}

/* The answer lives until end(). NULL with err set. */
static const rd_kafka_ConfigResource_t *answered(struct asked *asked, const char *topic,
						 struct err *err)
{
	const rd_kafka_ConfigResource_t **resources = NULL;
	size_t count = 0;
	bool is_read;

	asked->event = rd_kafka_queue_poll(asked->queue, 2 * TOPIC_ASK_MS);
	if (!asked->event) {
		err_environment(err, "topic %s: no answer about its settings", topic);
		return NULL;
	}
	if (rd_kafka_event_error(asked->event)) {
		err_environment(err, "topic %s: %s", topic,
				rd_kafka_event_error_string(asked->event));
		(void)kafka_explain(err, NULL, rd_kafka_event_error(asked->event), NULL, NULL);
		return NULL;
	}
	is_read = rd_kafka_event_type(asked->event) == RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT;
	if (is_read)
		resources = rd_kafka_DescribeConfigs_result_resources(
		    rd_kafka_event_DescribeConfigs_result(asked->event), &count);
	else
		resources = rd_kafka_AlterConfigs_result_resources(
		    rd_kafka_event_AlterConfigs_result(asked->event), &count);
	if (count == 1 && !rd_kafka_ConfigResource_error(resources[0]))
		return resources[0];
	err_environment(err, "topic %s: settings: %s", topic,
			count == 1 ? rd_kafka_ConfigResource_error_string(resources[0])
				   : "the brokers did not say");
	if (count == 1)
		(void)kafka_explain(err, NULL, rd_kafka_ConfigResource_error(resources[0]),
				    is_read ? "DescribeConfigs" : "AlterConfigs", topic);
	return NULL;
}

/* What was set for this topic, into `to`; true when the broker stamps it already. */
static bool read_settings(const rd_kafka_ConfigResource_t *from, rd_kafka_ConfigResource_t *to)
{
	size_t count;
	const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(from, &count);

	for (size_t i = 0; i < count; i++) {
		const char *name = rd_kafka_ConfigEntry_name(entries[i]);
		const char *value = rd_kafka_ConfigEntry_value(entries[i]);

		if (strcmp(name, TOPIC_STAMP) == 0) {
			if (value && strcmp(value, TOPIC_STAMP_BROKER) == 0)
				return true;
		} else if (value && rd_kafka_ConfigEntry_source(entries[i]) ==
					RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG) {
			rd_kafka_ConfigResource_set_config(to, name, value);
		}
	}
	return false;
}

static int describe(rd_kafka_t *client, const char *topic, rd_kafka_ConfigResource_t *to,
		    bool *ret_stamped, struct err *err)
{
	rd_kafka_ConfigResource_t *what =
	    rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
	struct asked asked = {.queue = rd_kafka_queue_new(client)};
	const rd_kafka_ConfigResource_t *answer;

	rd_kafka_DescribeConfigs(client, &what, 1, NULL, asked.queue);
	answer = answered(&asked, topic, err);
	if (answer)
		*ret_stamped = read_settings(answer, to);
	rd_kafka_ConfigResource_destroy(what);
	end(&asked);
	return answer ? 0 : -1;
}

static int alter(rd_kafka_t *client, const char *topic, rd_kafka_ConfigResource_t *to,
		 struct err *err)
{
	struct asked asked = {.queue = rd_kafka_queue_new(client)};
	int r;

	rd_kafka_ConfigResource_set_config(to, TOPIC_STAMP, TOPIC_STAMP_BROKER);
	rd_kafka_AlterConfigs(client, &to, 1, NULL, asked.queue);
	r = answered(&asked, topic, err) ? 0 : -1;
	end(&asked);
	return r;
}

int topic_stamp(rd_kafka_t *client, const char *topic, bool *ret_changed, struct err *err)
{
	rd_kafka_ConfigResource_t *to = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
	bool is_stamped = false;
	int r = describe(client, topic, to, &is_stamped, err);

	*ret_changed = r == 0 && !is_stamped;
	if (*ret_changed)
		r = alter(client, topic, to, err);
	rd_kafka_ConfigResource_destroy(to);
	return r;
}
