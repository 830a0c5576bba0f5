/* group_watch.c - see group_watch.h; librdkafka. */
#include "group_watch.h"

#include <stdio.h>
#include <stdlib.h>

#include "kafka_internal.h"
#include "kafka_lag.h"
#include "topic_bounds.h"
#include "topic_client.h"
#include "kafka_trouble.h"

struct group_watch {
	rd_kafka_t *client;
	char *group, *topics[KAFKA_INPUTS_MAX];
	unsigned topic_count;
	int32_t partitions;
};

static char *copy(const char *text)
{
	char *ret = strdup(text);

	if (!ret)
		abort();
	return ret;
}

static int count_partitions(struct group_watch *watch, bool may_differ, struct err *err)
{
	int32_t count = 0;

	for (unsigned i = 0; i < watch->topic_count; i++) {
		if (topic_client_expect(watch->client, watch->topics[i], "Describe", TOPIC_ASK_MS,
					&count, err) < 0)
			return -1;
		if (i > 0 && may_differ)
			count = count < watch->partitions ? count : watch->partitions;
		else if (i > 0 && count != watch->partitions)
			return err_config(err, "topic %s has %d partitions, %s has %d",
					  watch->topics[i], (int)count, watch->topics[0],
					  (int)watch->partitions);
		watch->partitions = count;
	}
	return 0;
}

int group_watch_open(struct group_watch **ret, const char *brokers, const char *group,
		     const char *const *topics, unsigned topic_count, bool may_differ,
		     struct err *err)
{
	struct group_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		abort();
	watch->group = copy(group);
	watch->topic_count = topic_count;
	for (unsigned i = 0; i < topic_count; i++)
		watch->topics[i] = copy(topics[i]);
	watch->client = topic_client_open(brokers, "nurturectl", group, err);
	if (!watch->client || count_partitions(watch, may_differ, err) < 0) {
		group_watch_close(&watch);
		return -1;
	}
	*ret = watch;
	return 0;
}

int32_t group_watch_partitions(const struct group_watch *watch)
{
	return watch->partitions;
}

static int take_answer(const struct group_watch *watch, const rd_kafka_topic_partition_list_t *list,
		       struct kafka_position *ret, struct err *err)
{
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *from = &list->elems[i];

		if (from->err) {
			err_environment(err, "group %s: %s", watch->group,
					rd_kafka_err2str(from->err));
			return kafka_explain(err, watch->client, from->err, "Describe",
					     from->topic);
		}
		ret[i] = kafka_position_of(from, (unsigned)(i / watch->partitions));
	}
	return 0;
}

int group_watch_read(struct group_watch *watch, struct kafka_position *ret, struct err *err)
{
	rd_kafka_topic_partition_list_t *list =
	    rd_kafka_topic_partition_list_new((int)watch->topic_count * watch->partitions);
	rd_kafka_resp_err_t code;
	int r;

	for (unsigned i = 0; i < watch->topic_count; i++)
		rd_kafka_topic_partition_list_add_range(list, watch->topics[i], 0,
							watch->partitions - 1);
	code = rd_kafka_committed(watch->client, list, TOPIC_ASK_MS);
	if (code) {
		err_environment(err, "group %s: %s", watch->group, rd_kafka_err2str(code));
		r = kafka_explain(err, watch->client, code, NULL, NULL);
	} else
		r = take_answer(watch, list, ret, err);
	rd_kafka_topic_partition_list_destroy(list);
	return r;
}

int group_watch_lag(struct group_watch *watch, unsigned topic, int32_t partition, int64_t offset,
		    int64_t *ret, struct err *err)
{
	int64_t first, end;

	if (topic_bounds(watch->client, watch->topics[topic], partition, "Describe", TOPIC_ASK_MS,
			 &first, &end, err) < 0)
		return -1;
	*ret = kafka_lag_records(offset, first, end);
	return 0;
}

void group_watch_close(struct group_watch **watch_address)
{
	struct group_watch *watch = *watch_address;

	if (!watch)
		return;
	*watch_address = NULL;
	if (watch->client) {
		rd_kafka_consumer_close(watch->client);
		rd_kafka_destroy(watch->client);
	}
	for (unsigned i = 0; i < watch->topic_count; i++)
		free(watch->topics[i]);
	free(watch->group);
	free(watch);
}
