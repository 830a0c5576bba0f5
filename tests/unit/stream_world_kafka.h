/*
 * stream_world_kafka.h - kafka.h and changelog.h over the logs in memory.
 */
#ifndef NURTURE_TESTS_STREAM_WORLD_KAFKA_H
#define NURTURE_TESTS_STREAM_WORLD_KAFKA_H

#include "common/stream/arrived.h"
#include "common/stream/only.h"
#include "stream_world.h"

struct kafka {
	struct kafka_options options;
	unsigned wanted, assigned; /* partitions, as bits */
	unsigned paused;           /* of its one input */
	unsigned outputs[WORLD_TOPICS];
	int64_t next[WORLD_PARTITIONS];
};

int kafka_open(struct kafka **ret, const struct kafka_options *options, struct err *err)
{
	struct kafka *kafka = calloc(1, sizeof(*kafka));

	(void)err;
	kafka->options = *options;
	world.newest = kafka;
	for (unsigned i = 0; i < options->output_count; i++)
		kafka->outputs[i] = world_topic(options->outputs[i]);
	*ret = kafka;
	return 0;
}

/* Whoever leaves in good order hears that the partitions go. */
void kafka_close(struct kafka **kafka)
{
	const struct kafka_listener *listener = &(*kafka)->options.listener;
	struct err ignored;

	if ((*kafka)->assigned && !world.is_dead)
		(void)listener->revoked(listener->context, false, &ignored);
	free(*kafka);
	*kafka = NULL;
}

int32_t kafka_partitions(const struct kafka *kafka)
{
	(void)kafka;
	return WORLD_PARTITIONS;
}

static int world_rebalance(struct kafka *kafka, struct err *err)
{
	struct kafka_position positions[WORLD_PARTITIONS];
	size_t count = 0;

	if (kafka->assigned &&
	    kafka->options.listener.revoked(kafka->options.listener.context, false, err) < 0)
		return -1;
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		if (!(kafka->wanted >> p & 1))
			continue;
		world.owner[p] = kafka;
		positions[count] = world.committed[p];
		positions[count].first = 0;
		positions[count].end = world.logs[world_topic(kafka->options.inputs[0])][p].count;
		positions[count++].partition = p;
	}
	kafka->assigned = kafka->wanted;
	if (kafka->options.listener.known(kafka->options.listener.context, world.committed,
					  WORLD_PARTITIONS, err) < 0)
		return -1;
	if (kafka->options.listener.assigned(kafka->options.listener.context, positions, count,
					     err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		kafka->next[positions[i].partition] =
		    positions[i].offset < 0 ? 0 : positions[i].offset;
	return 0;
}

int kafka_poll(struct kafka *kafka, int wait_ms, struct kafka_record *ret, struct err *err)
{
	unsigned input = world_topic(kafka->options.inputs[0]);

	(void)wait_ms;
	if (kafka->wanted != kafka->assigned && world_rebalance(kafka, err) < 0)
		return -1;
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		struct world_log *log = &world.logs[input][p];
		const struct world_record *record = &log->records[kafka->next[p]];

		if (!(kafka->assigned >> p & 1) || kafka->paused >> p & 1 ||
		    kafka->next[p] == log->count)
			continue;
		*ret = (struct kafka_record){.partition = p,
					     .offset = kafka->next[p]++,
					     .key = record->key,
					     .value = record->value,
					     .timestamp_ms = world.stamp_ms,

					     .stamped_ms = record->stamped_ms,
					     .message = (void *)(uintptr_t)record};
		return 1;
	}
	return 0;
}

void kafka_release(struct kafka_record *record)
{
	(void)record;
}

int kafka_pause(struct kafka *kafka, const struct kafka_place *place, struct err *err)
{
	(void)err;
	kafka->paused |= 1U << place->partition;
	return 0;
}

int kafka_resume(struct kafka *kafka, const struct kafka_place *places, size_t count,
		 struct err *err)
{
	(void)err;
	for (size_t i = 0; i < count; i++)
		kafka->paused &= ~(1U << places[i].partition);
	return 0;
}

int kafka_put(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
	      struct slice value, const struct kafka_header *headers, size_t header_count,
	      int64_t *ret_offset, struct err *err)
{
	unsigned topic = kafka->outputs[output];
	struct world_record *record;

	world_point();
	record = world_append(topic, partition, key, value);
	record->writer = kafka;
	record->stamped_ms = world.copied_ms;
	if (header_count && strcmp(headers->name, CHANGELOG_DUE_HEADER) == 0 &&
	    text_int64(headers->value, INT64_MIN, INT64_MAX, &record->due_ms, err))
		abort();
	if (ret_offset)
		*ret_offset = world.logs[topic][partition].count - 1;
	return 0;
}

int kafka_forward(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
		  const struct kafka_record *record, const struct kafka_header *headers,
		  size_t header_count, struct err *err)
{
	struct world_log *log = &world.logs[kafka->outputs[output]][partition];
	const struct world_record *from = record->message;

	if (kafka_put(kafka, output, partition, key, record->value, NULL, 0, NULL, err) < 0)
		return -1;
	log->records[log->count - 1].only = from->only;
	log->records[log->count - 1].arrived = from->arrived;
	for (size_t i = 0; i < header_count; i++)
		if (strcmp(headers[i].name, ARRIVED_HEADER) == 0)
			log->records[log->count - 1].arrived = world_copy(headers[i].value);
	return 0;
}

/* So much fits: a step that is larger is set aside, as with a broker. */
enum { WORLD_RECORD_MAX_BYTES = 200000 };

size_t kafka_record_max_bytes(const struct kafka *kafka)
{
	(void)kafka;
	return WORLD_RECORD_MAX_BYTES;
}

size_t kafka_bytes_of(struct slice key, struct slice value, const struct kafka_header *headers,
		      size_t header_count)
{
	(void)headers;
	return key.len + value.len + 100 * header_count;
}

size_t kafka_record_bytes(const struct kafka_record *record)
{
	return kafka_bytes_of(record->key, record->value, NULL, 0);
}

struct slice kafka_record_header(const struct kafka_record *record, const char *name)
{
	const struct world_record *of = record->message;

	if (strcmp(name, ARRIVED_HEADER) == 0)
		return of->arrived;
	return of->only && strcmp(name, ONLY_HEADER) == 0 ? *of->only : slice_of(NULL, 0);
}

size_t kafka_record_headers(const struct kafka_record *record, struct kafka_header *ret, size_t max)
{
	(void)record, (void)ret, (void)max;
	return 0;
}

static void world_end_transaction(const struct kafka *kafka, bool committed)
{
	for (unsigned t = 0; t < WORLD_TOPICS; t++) {
		for (int p = 0; p < WORLD_PARTITIONS; p++) {
			struct world_log *log = &world.logs[t][p];

			for (int64_t i = 0; i < log->count; i++) {
				if (log->records[i].writer != kafka)
					continue;
				log->records[i].writer = NULL;
				log->records[i].committed = committed;
			}
		}
	}
}

void kafka_read_stamps(struct kafka *kafka, struct kafka_position *positions, size_t count)
{
	(void)kafka;
	for (size_t i = 0; i < count; i++)
		positions[i].last_ms = positions[i].offset > 0 ? world.stamp_ms : 0;
}

int kafka_check(struct kafka *kafka, struct err *err)
{
	(void)kafka, (void)err;
	return 0;
}

int kafka_flush(struct kafka *kafka, int64_t *ret_broker_ms, struct err *err)
{
	(void)kafka, (void)err;
	*ret_broker_ms = world.broker_ms ? world.broker_ms : INT64_MIN;
	return 0;
}

void kafka_abort(struct kafka *kafka)
{
	world_end_transaction(kafka, false);
}

/* A member that was replaced cannot commit (KIP-447). */
int kafka_commit(struct kafka *kafka, const struct kafka_position *positions, size_t count,
		 struct err *err)
{
	enum world_commit how = world.next_commit;

	world_point();
	for (size_t i = 0; i < count; i++)
		if (world.owner[positions[i].partition] != kafka)
			how = WORLD_ABORTS;
	world.next_commit = WORLD_COMMITS;
	for (size_t i = 0; i < count && how != WORLD_ABORTS; i++)
		world.committed[positions[i].partition] = positions[i];
	world_end_transaction(kafka, how != WORLD_ABORTS);
	world_point();
	return how == WORLD_COMMITS ? 0 : err_environment(err, "commit: nobody knows");
}

/* Whoever answers is not silent. */
void kafka_explain_silence(struct err *err)
{
	(void)err;
}

/* ---- the changelog ---- */

struct changelog {
	unsigned topic;
	bool is_read[WORLD_PARTITIONS];
	int64_t positions[WORLD_PARTITIONS];
	int32_t last; /* whose record came last: the next one is another's */
};

int changelog_open(struct changelog **ret, const char *brokers, const char *group,
		   const char *topic, struct err *err)
{
	(void)brokers, (void)group, (void)err;
	*ret = calloc(1, sizeof(**ret));
	(*ret)->topic = world_topic(topic);
	return 0;
}

void changelog_close(struct changelog **changelog)
{
	free(*changelog);
	*changelog = NULL;
}

int changelog_bounds(struct changelog *changelog, int32_t partition, int64_t *ret_first,
		     int64_t *ret_end, struct err *err)
{
	(void)err;
	*ret_first = 0;
	*ret_end = world.logs[changelog->topic][partition].count;
	return 0;
}

int changelog_written(const struct changelog *changelog, int32_t partition, int64_t *ret_end,
		      struct err *err)
{
	(void)err;
	*ret_end = world.logs[changelog->topic][partition].count;
	return 0;
}

int changelog_read(struct changelog *changelog, const struct changelog_start *starts, size_t count,
		   struct err *err)
{
	(void)err;
	memset(changelog->is_read, 0, sizeof(changelog->is_read));
	for (size_t i = 0; i < count; i++) {
		changelog->is_read[starts[i].partition] = true;
		changelog->positions[starts[i].partition] = starts[i].offset;
	}
	return 0;
}

static bool world_read_changelog(struct changelog *changelog, int32_t partition,
				 struct changelog_record *ret)
{
	const struct world_log *log = &world.logs[changelog->topic][partition];

	while (changelog->is_read[partition] && changelog->positions[partition] < log->count) {
		const struct world_record *record =
		    &log->records[changelog->positions[partition]++];

		if (!record->committed)
			continue;
		*ret = (struct changelog_record){.partition = partition,
						 .offset = changelog->positions[partition] - 1,
						 .key = record->key,
						 .value = record->value,
						 .due_ms = record->due_ms};
		return true;
	}
	return false;
}

/* The partitions take turns. */
int changelog_next(struct changelog *changelog, int wait_ms, struct changelog_record *ret,
		   struct err *err)
{
	(void)wait_ms, (void)err;
	for (int32_t i = 1; i <= WORLD_PARTITIONS; i++) {
		int32_t partition = (changelog->last + i) % WORLD_PARTITIONS;

		if (!world_read_changelog(changelog, partition, ret))
			continue;
		changelog->last = partition;
		return 1;
	}
	return 0;
}

int64_t changelog_position(const struct changelog *changelog, int32_t partition)
{
	return changelog->positions[partition];
}

#endif
