/*
 * kafka_positions.c - where a group stands, and whether its topics still reach there.
 *
 * A committed offset names a place in one topic.  A topic that was made anew,
 * or another cluster, has other records there or none: so whoever gets
 * partitions is told what the topics have.
 */
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "kafka_internal.h"
#include "kafka_trouble.h"
#include "topic_bounds.h"

enum { LEADER_PAUSE_MS = 200, END_TRIES = 10 };

int kafka_input_of(const struct kafka *kafka, const char *topic)
{
	for (unsigned i = 0; i < kafka->input_count; i++)
		if (strcmp(kafka->inputs[i], topic) == 0)
			return (int)i;
	return -1;
}

struct kafka_position kafka_position_of(const rd_kafka_topic_partition_t *from, unsigned input)
{
	struct kafka_position ret = {.input = input,
				     .partition = from->partition,
				     .offset = from->offset >= 0 ? from->offset : -1};
	size_t len = from->metadata_size < KAFKA_METADATA_BYTES - 1 ? from->metadata_size
								    : KAFKA_METADATA_BYTES - 1;

	if (from->metadata)
		memcpy(ret.metadata, from->metadata, len);
	return ret;
}

/* A broker that died, or came back, has another one keep the group's offsets for a moment. */
static bool has_moved(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR_NOT_COORDINATOR ||
	       code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
	       code == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
}

static rd_kafka_resp_err_t ask_committed(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list)
{
	int64_t until_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
	rd_kafka_resp_err_t code;

	while (has_moved(code = rd_kafka_committed(client, list, KAFKA_TIMEOUT_MS)) &&
	       clock_monotonic_ms() < until_ms)
		clock_sleep_ms(LEADER_PAUSE_MS);
	return code;
}

static int read_committed(struct kafka *kafka, rd_kafka_t *client,
			  rd_kafka_topic_partition_list_t *list, struct kafka_position *ret,
			  struct err *err)
{
	rd_kafka_resp_err_t code = ask_committed(client, list);

	if (code) {
		err_environment(err, "kafka: committed offsets: %s", rd_kafka_err2str(code));
		return kafka_explain(err, client, code, NULL, NULL);
	}
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *from = &list->elems[i];

		if (from->err) {
			err_environment(err, "kafka: committed offset of %s[%d]: %s", from->topic,
					(int)from->partition, rd_kafka_err2str(from->err));
			return kafka_explain(err, client, from->err, "Read", from->topic);
		}
		ret[i] = kafka_position_of(from, (unsigned)kafka_input_of(kafka, from->topic));
		ret[i].end = -1;
	}
	return 0;
}

static int ask_bounds(const struct kafka *kafka, struct kafka_position *position, struct err *err)
{
	return topic_bounds(kafka->consumer, kafka->inputs[position->input], position->partition,
			    "Read", BOUNDS_PATIENCE_MS, &position->first, &position->end, err);
}

/* A leader that has just taken over may not know of the newest records yet. */
static int read_bounds(const struct kafka *kafka, struct kafka_position *position, struct err *err)
{
	int tries = 0;

	if (ask_bounds(kafka, position, err) < 0)
		return -1;
	while (position->offset > position->end && ++tries < END_TRIES) {
		clock_sleep_ms(LEADER_PAUSE_MS);
		if (ask_bounds(kafka, position, err) < 0)
			return -1;
	}
	return 0;
}

static int tell_all(struct kafka *kafka, struct err *err)
{
	rd_kafka_topic_partition_list_t *list;
	struct kafka_position *all;
	size_t count = (size_t)kafka->partition_count * kafka->input_count;
	int r;

	list = rd_kafka_topic_partition_list_new((int)count);
	all = calloc(count, sizeof(*all));
	if (!all)
		abort();
	for (unsigned i = 0; i < kafka->input_count; i++)
		rd_kafka_topic_partition_list_add_range(list, kafka->inputs[i], 0,
							kafka->partition_count - 1);
	r = read_committed(kafka, kafka->looker, list, all, err);
	if (r == 0)
		r = kafka->listener.known(kafka->listener.context, all, count, err);
	free(all);
	rd_kafka_topic_partition_list_destroy(list);
	return r;
}

int kafka_read_positions(struct kafka *kafka, rd_kafka_topic_partition_list_t *list,
			 struct kafka_position *ret, struct err *err)
{
	for (int i = 0; i < list->cnt; i++)
		if (list->elems[i].partition >= kafka->partition_count)
			return topic_grew(list->elems[i].topic, kafka->partition_count,
					  list->elems[i].partition + 1, err);
	if (tell_all(kafka, err) < 0 || read_committed(kafka, kafka->consumer, list, ret, err) < 0)
		return -1;
	for (int i = 0; i < list->cnt; i++)
		if (read_bounds(kafka, &ret[i], err) < 0)
			return -1;
	return 0;
}
