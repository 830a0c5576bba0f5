/* topics.c - see topics.h; librdkafka's admin client. */
#include "topics.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/io/process/clock.h"
#include "topic_client.h"
#include "topic_settings.h"
#include "kafka_trouble.h"

enum { KNOWN_MAX_MS = 15000, KNOWN_PAUSE_MS = 50 };

static void set(rd_kafka_NewTopic_t *topic, const char *name, const char *value)
{
	rd_kafka_NewTopic_set_config(topic, name, value); /* fails only without a name */
}

static void set_number(rd_kafka_NewTopic_t *topic, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	set(topic, name, text);
}

static void set_changelog(rd_kafka_NewTopic_t *topic)
{
	set(topic, "cleanup.policy", "compact");
	set_number(topic, "delete.retention.ms", CHANGELOG_DELETE_RETENTION_MS);
	set_number(topic, "segment.ms", CHANGELOG_SEGMENT_MS);
	set(topic, "min.cleanable.dirty.ratio", "0.2");
	set_number(topic, "max.compaction.lag.ms", CHANGELOG_COMPACTION_LAG_MS);
}

static rd_kafka_NewTopic_t *new_topic(const struct topics_options *options,
				      const struct topic_plan *plan, const char *name,
				      struct err *err)
{
	char why[256];
	rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, options->partitions,
							   options->replication, why, sizeof(why));

	if (!topic) {
		err_config(err, "topic %s: %s", name, why);
		return NULL;
	}
	/* With three copies one may be away; with fewer nothing could be written then. */
	set(topic, "min.insync.replicas", options->replication >= 3 ? "2" : "1");
	set_number(topic, "max.message.bytes", TOPIC_MESSAGE_BYTES);
	if (plan->is_stamped)
		set(topic, TOPIC_STAMP, TOPIC_STAMP_BROKER);
	if (plan->retention_ms == 0) {
		set_changelog(topic);
		return topic;
	}
	set(topic, "cleanup.policy", "delete");
	set_number(topic, "retention.ms", plan->retention_ms);
	return topic;
}

static void full_name(char *text, size_t size, const char *prefix, const char *name)
{
	snprintf(text, size, "%s%s", prefix, name);
}

static int check_answer(rd_kafka_event_t *event, const char *name, struct err *err)
{
	const rd_kafka_CreateTopics_result_t *result = rd_kafka_event_CreateTopics_result(event);
	const rd_kafka_topic_result_t **topics;
	rd_kafka_resp_err_t code;
	const char *why;
	size_t count;

	if (rd_kafka_event_error(event)) {
		err_environment(err, "topic %s: %s", name, rd_kafka_event_error_string(event));
		return kafka_explain(err, NULL, rd_kafka_event_error(event), "Create", name);
	}
	topics = rd_kafka_CreateTopics_result_topics(result, &count);
	if (count != 1)
		return err_environment(err, "topic %s: the brokers did not say", name);
	code = rd_kafka_topic_result_error(topics[0]);
	why = rd_kafka_topic_result_error_string(topics[0]);
	if (!code || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
		return 0;
	err_environment(err, "topic %s: %s", name, why ? why : rd_kafka_err2str(code));
	return kafka_explain(err, NULL, code, "Create", name);
}

static int make(rd_kafka_t *client, rd_kafka_NewTopic_t *topic, const char *name, struct err *err)
{
	rd_kafka_AdminOptions_t *admin =
	    rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	rd_kafka_event_t *event;
	char why[256];
	int r;

	rd_kafka_AdminOptions_set_operation_timeout(admin, TOPIC_ASK_MS, why, sizeof(why));
	rd_kafka_CreateTopics(client, &topic, 1, admin, queue);
	event = rd_kafka_queue_poll(queue, 2 * TOPIC_ASK_MS);
	r = event ? check_answer(event, name, err)
		  : err_environment(err, "topic %s: no answer from the controller", name);
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	rd_kafka_AdminOptions_destroy(admin);
	return r;
}

/* What nobody said, when no topic is there to follow. */
static void take_defaults(struct topics_options *options, int32_t brokers)
{
	if (options->partitions == 0)
		options->partitions = TOPICS_DEFAULT_PARTITIONS;
	if (options->replication == 0)
		options->replication =
		    brokers < TOPICS_DEFAULT_COPIES ? brokers : TOPICS_DEFAULT_COPIES;
}

/* Numbers that were not said are those of the first topic that is found. */
static int look(rd_kafka_t *client, struct topics_options *options, struct topic_found *found,
		bool *ret_differ, struct err *err)
{
	struct topic_shape shape = {0};
	char name[256];

	*ret_differ = false;
	for (size_t i = 0; topic_plans[i].name; i++) {
		full_name(name, sizeof(name), options->prefix, topic_plans[i].name);
		if (topic_client_shape(client, name, &shape, err) < 0)
			return -1;
		found[i] = (struct topic_found){.partitions = shape.partitions};
		if (options->partitions == 0)
			options->partitions = shape.partitions;
		if (options->replication == 0)
			options->replication = shape.copies;
		*ret_differ |= found[i].partitions && found[i].partitions != options->partitions;
	}
	take_defaults(options, shape.brokers);
	return 0;
}

static int make_missing(rd_kafka_t *client, const struct topics_options *options,
			struct topic_found *found, struct err *err)
{
	char name[256];

	for (size_t i = 0; topic_plans[i].name; i++) {
		rd_kafka_NewTopic_t *topic;
		int r;

		if (found[i].partitions)
			continue;
		full_name(name, sizeof(name), options->prefix, topic_plans[i].name);
		topic = new_topic(options, &topic_plans[i], name, err);
		if (!topic)
			return -1;
		r = make(client, topic, name, err);
		rd_kafka_NewTopic_destroy(topic);
		if (r < 0)
			return -1;
		found[i].is_made = true;
	}
	return 0;
}

static int await_one(rd_kafka_t *client, const char *name, int64_t until_ms, struct err *err)
{
	int32_t partitions;

	/* A leader that is still being elected is an error here, and a reason to wait. */
	while (topic_client_partitions(client, name, &partitions, err) < 0 || partitions == 0) {
		if (clock_monotonic_ms() >= until_ms)
			return err_environment(err, "topic %s was made, but no broker knows of it",
					       name);
		clock_sleep_ms(KNOWN_PAUSE_MS);
	}
	return 0;
}

/*
 * The controller says yes before the brokers have heard of it; a service that
 * started at that moment would find no topics.
 */
static int await_made(rd_kafka_t *client, const struct topics_options *options,
		      const struct topic_found *found, struct err *err)
{
	int64_t until_ms = clock_monotonic_ms() + KNOWN_MAX_MS;
	char name[256];

	for (size_t i = 0; topic_plans[i].name; i++) {
		full_name(name, sizeof(name), options->prefix, topic_plans[i].name);
		if (found[i].is_made && await_one(client, name, until_ms, err) < 0)
			return -1;
	}
	return 0;
}

/* What was made by an older version keeps the time that whoever wrote a record claimed. */
static int stamp(rd_kafka_t *client, const struct topics_options *options,
		 struct topic_found *found, struct err *err)
{
	char name[256];

	for (size_t i = 0; topic_plans[i].name; i++) {
		full_name(name, sizeof(name), options->prefix, topic_plans[i].name);
		if (topic_plans[i].is_stamped && !found[i].is_made &&
		    topic_stamp(client, name, &found[i].is_stamped_now, err) < 0)
			return -1;
	}
	return 0;
}

int topics_create(struct topics_options *options, struct topic_found found[TOPICS_MAX_COUNT],
		  struct err *err)
{
	rd_kafka_t *client = topic_client_open(options->brokers, "nurturectl", "nurturectl", err);
	bool differ;
	int r;

	if (!client)
		return -1;
	r = look(client, options, found, &differ, err);
	if (r == 0 && !differ)
		r = make_missing(client, options, found, err);
	if (r == 0 && !differ)
		r = await_made(client, options, found, err);
	if (r == 0 && !differ)
		r = stamp(client, options, found, err);
	rd_kafka_destroy(client);
	return r;
}
