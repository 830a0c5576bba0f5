/* cluster_facts.c - see cluster_facts.h; librdkafka's metadata, and its admin client for settings. */
#include "cluster_facts.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_trouble.h"
#include "topic_bounds.h"
#include "topic_client.h"
#include "topic_settings.h"

static void note_partitions(const struct rd_kafka_metadata_topic *topic, struct topic_facts *ret)
{
	ret->is_there = true;
	ret->partitions = topic->partition_cnt;
	ret->replicas = ret->least_in_sync = topic->partition_cnt ? INT32_MAX : 0;
	for (int p = 0; p < topic->partition_cnt; p++) {
		const struct rd_kafka_metadata_partition *partition = &topic->partitions[p];

		ret->leaderless += partition->leader < 0;
		ret->under_replicated += partition->isr_cnt < partition->replica_cnt;
		if (partition->replica_cnt < ret->replicas)
			ret->replicas = partition->replica_cnt;
		if (partition->leader >= 0 && partition->isr_cnt < ret->least_in_sync)
			ret->least_in_sync = partition->isr_cnt;
	}
}

static int read_topic(rd_kafka_t *client, const char *name, struct cluster_facts *cluster,
		      struct topic_facts *ret, struct err *err)
{
	const struct rd_kafka_metadata *said;
	rd_kafka_resp_err_t code;

	if (topic_client_ask(client, name, TOPIC_ASK_MS, &said, &code, err) < 0)
		return -1;
	cluster->brokers = said->broker_cnt;
	if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)
		note_partitions(&said->topics[0], ret);
	else if (code != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
		snprintf(ret->why, sizeof(ret->why), "%s", rd_kafka_err2str(code));
	rd_kafka_metadata_destroy(said);
	return 0;
}

static void note_setting(struct topic_facts *facts, const char *name, const char *value)
{
	const struct {
		const char *name;
		int64_t *into;
	} numbers[] = {{"retention.ms", &facts->retention_ms},
		       {"max.message.bytes", &facts->max_message_bytes},
		       {"min.insync.replicas", &facts->min_insync_replicas},
		       {"delete.retention.ms", &facts->delete_retention_ms},
		       {"segment.ms", &facts->segment_ms},
		       {"max.compaction.lag.ms", &facts->max_compaction_lag_ms}};

	if (strcmp(name, "cleanup.policy") == 0)
		snprintf(facts->cleanup_policy, sizeof(facts->cleanup_policy), "%s", value);
	if (strcmp(name, "message.timestamp.type") == 0)
		snprintf(facts->timestamp_type, sizeof(facts->timestamp_type), "%s", value);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (strcmp(name, numbers[i].name) == 0)
			*numbers[i].into = strtoll(value, NULL, 10);
}

static void note_settings(const rd_kafka_ConfigResource_t *from, struct topic_facts *facts)
{
	size_t count;
	const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(from, &count);

	if (rd_kafka_ConfigResource_error(from)) {
		snprintf(facts->why, sizeof(facts->why), "%s",
			 rd_kafka_ConfigResource_error_string(from));
		return;
	}
	facts->has_settings = true;
	for (size_t i = 0; i < count; i++)
		if (rd_kafka_ConfigEntry_value(entries[i]))
			note_setting(facts, rd_kafka_ConfigEntry_name(entries[i]),
				     rd_kafka_ConfigEntry_value(entries[i]));
}

/* A question for each topic: librdkafka would send one for each anyway. */
static void read_settings(rd_kafka_t *client, const char *name, struct topic_facts *ret)
{
	rd_kafka_ConfigResource_t *what =
	    rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	const rd_kafka_ConfigResource_t **answers;
	rd_kafka_event_t *event;
	size_t count = 0;

	rd_kafka_DescribeConfigs(client, &what, 1, NULL, queue);
	event = rd_kafka_queue_poll(queue, TOPIC_ASK_MS);
	if (!event || rd_kafka_event_error(event)) {
		snprintf(ret->why, sizeof(ret->why), "%s",
			 event ? rd_kafka_event_error_string(event) : "no answer");
	} else {
		answers = rd_kafka_DescribeConfigs_result_resources(
		    rd_kafka_event_DescribeConfigs_result(event), &count);
		if (count == 1)
			note_settings(answers[0], ret);
	}
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	rd_kafka_ConfigResource_destroy(what);
}

bool topic_is_stamped(const struct topic_facts *facts)
{
	return strcmp(facts->timestamp_type, TOPIC_STAMP_BROKER) == 0;
}

int cluster_facts_read(const char *brokers, const char *prefix, struct cluster_facts *ret,
		       struct err *err)
{
	rd_kafka_t *client = topic_client_open(brokers, "nurturectl", "nurturectl", err);
	char name[256];
	int r = client ? 0 : -1;

	*ret = (struct cluster_facts){0};
	for (size_t i = 0; r == 0 && topic_plans[i].name; i++) {
		struct topic_facts *facts = &ret->topics[i];

		snprintf(name, sizeof(name), "%s%s", prefix, topic_plans[i].name);
		r = read_topic(client, name, ret, facts, err);
		if (r == 0 && facts->is_there)
			read_settings(client, name, facts);
	}
	if (client)
		rd_kafka_destroy(client);
	return r;
}

static int take_group(const struct rd_kafka_group_list *said, const char *group,
		      struct group_facts *ret, struct err *err)
{
	if (said->group_cnt != 1)
		return err_environment(err, "group %s: the brokers do not say", group);
	if (said->groups[0].err) {
		err_environment(err, "group %s: %s", group, rd_kafka_err2str(said->groups[0].err));
		return kafka_explain(err, NULL, said->groups[0].err, NULL, NULL);
	}
	snprintf(ret->state, sizeof(ret->state), "%s", said->groups[0].state);
	ret->members = said->groups[0].member_cnt;
	return 0;
}

int group_facts_read(const char *brokers, const char *group, struct group_facts *ret,
		     struct err *err)
{
	rd_kafka_t *client = topic_client_open(brokers, "nurturectl", group, err);
	const struct rd_kafka_group_list *said = NULL;
	rd_kafka_resp_err_t code;
	int r;

	if (!client)
		return -1;
	*ret = (struct group_facts){0};
	code = rd_kafka_list_groups(client, group, &said, TOPIC_ASK_MS);
	if (code && code != RD_KAFKA_RESP_ERR__PARTIAL) {
		err_environment(err, "group %s: %s", group, rd_kafka_err2str(code));
		r = kafka_explain(err, client, code, NULL, NULL);
	} else {
		r = take_group(said, group, ret, err);
	}
	if (said)
		rd_kafka_group_list_destroy(said);
	rd_kafka_destroy(client);
	return r;
}

static int count_records(rd_kafka_t *client, const char *topic, int32_t partitions, int64_t *ret,
			 struct err *err)
{
	int64_t first, end;

	*ret = 0;
	for (int32_t p = 0; p < partitions; p++) {
		if (topic_bounds(client, topic, p, "Describe", TOPIC_ASK_MS, &first, &end, err) < 0)
			return -1;
		*ret += end - first;
	}
	return 0;
}

int topic_records_held(const char *brokers, const char *topic, int64_t *ret, struct err *err)
{
	rd_kafka_t *client = topic_client_open(brokers, "nurturectl", "nurturectl", err);
	int32_t partitions;
	int r;

	if (!client)
		return -1;
	r = topic_client_expect(client, topic, "Describe", TOPIC_ASK_MS, &partitions, err);
	if (r == 0)
		r = count_records(client, topic, partitions, ret, err);
	rd_kafka_destroy(client);
	return r;
}
