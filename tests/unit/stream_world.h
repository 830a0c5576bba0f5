/*
 * stream_world.h - Kafka and Redis in memory, in place of common/io's, for the
 * real loop: transactions that commit, abort or end unknown, a group whose
 * members come and go, an index that is flushed between any two commands.
 *
 * A test program that includes it defines all symbols of kafka.h, index.h and
 * changelog.h, so the linker leaves the real ones out.
 */
#ifndef NURTURE_TESTS_STREAM_WORLD_H
#define NURTURE_TESTS_STREAM_WORLD_H

#include <stdio.h>
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/io/changelog.h"
#include "common/io/index.h"
#include "common/io/kafka.h"

enum { WORLD_PARTITIONS = 2, WORLD_TOPICS = 4, WORLD_RECORDS = 512, WORLD_ENTRIES = 64 };

struct world_record {
	struct slice key, value;
	int64_t due_ms;
	const struct kafka *writer; /* of the open transaction */
	bool committed;
};

struct world_log {
	struct world_record records[WORLD_RECORDS];
	int64_t count;
};

struct world_index {
	char mark[INDEX_MARK_BYTES];
	struct index_state entries[WORLD_ENTRIES];
	size_t count;
};

enum world_commit { WORLD_COMMITS, WORLD_ABORTS, WORLD_COMMITS_AND_SAYS_NO };

static struct {
	struct arena memory;
	const char *topics[WORLD_TOPICS];
	struct world_log logs[WORLD_TOPICS][WORLD_PARTITIONS];
	struct kafka_position committed[WORLD_PARTITIONS]; /* of the one input */
	const struct kafka *owner[WORLD_PARTITIONS];
	struct world_index index[WORLD_PARTITIONS];
	enum world_commit next_commit;
	unsigned flush_in; /* so many commands from now; 0: never */
	unsigned commands;
	unsigned restores; /* claims */
	struct kafka *newest; /* of the members */
} world;

static void world_begin(void)
{
	arena_free(&world.memory);
	memset(&world, 0, sizeof(world));
	for (int p = 0; p < WORLD_PARTITIONS; p++)
		world.committed[p].offset = -1;
}

static struct slice world_copy(struct slice bytes)
{
	return slice_of(bytes.bytes ? arena_copy(&world.memory, bytes.bytes, bytes.len) : NULL,
			bytes.len);
}

static unsigned world_topic(const char *name)
{
	unsigned i = 0;

	for (; world.topics[i]; i++)
		if (strcmp(world.topics[i], name) == 0)
			return i;
	world.topics[i] = arena_text(&world.memory, name);
	return i;
}

static struct world_record *world_append(unsigned topic, int32_t partition, struct slice key,
					 struct slice value)
{
	struct world_log *log = &world.logs[topic][partition];
	struct world_record *record = &log->records[log->count++];

	if (log->count == WORLD_RECORDS)
		abort();
	*record = (struct world_record){
		.key = world_copy(key), .value = world_copy(value), .due_ms = NEVER_MS};
	return record;
}

static void world_publish(const char *topic, int32_t partition, struct slice key)
{
	world_append(world_topic(topic), partition, key, slice_text("x"))->committed = true;
}

/* ---- Kafka ---- */

struct kafka {
	struct kafka_options options;
	unsigned wanted, assigned; /* partitions, as bits */
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

void kafka_close(struct kafka **kafka)
{
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
		positions[count++].partition = p;
	}
	kafka->assigned = kafka->wanted;
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

		if (!(kafka->assigned >> p & 1) || kafka->next[p] == log->count)
			continue;
		*ret = (struct kafka_record){.partition = p,
					     .offset = kafka->next[p]++,
					     .key = record->key,
					     .value = record->value};
		return 1;
	}
	return 0;
}

void kafka_release(struct kafka_record *record)
{
	(void)record;
}

int kafka_pause(struct kafka *kafka, unsigned input, int32_t partition, bool pause, struct err *err)
{
	(void)kafka, (void)input, (void)partition, (void)pause, (void)err;
	return 0;
}

int kafka_put(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
	      struct slice value, const struct kafka_header *headers, size_t header_count,
	      int64_t *ret_offset, struct err *err)
{
	unsigned topic = kafka->outputs[output];
	struct world_record *record = world_append(topic, partition, key, value);

	record->writer = kafka;
	if (header_count && text_int64(headers->value, INT64_MIN, INT64_MAX, &record->due_ms, err))
		abort();
	if (ret_offset)
		*ret_offset = world.logs[topic][partition].count - 1;
	return 0;
}

int kafka_forward(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
		  const struct kafka_record *record, const struct kafka_header *headers,
		  size_t header_count, struct err *err)
{
	(void)headers, (void)header_count;
	return kafka_put(kafka, output, partition, key, record->value, NULL, 0, NULL, err);
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

/* A member that was replaced cannot commit (KIP-447). */
int kafka_commit(struct kafka *kafka, const struct kafka_position *positions, size_t count,
		 struct err *err)
{
	enum world_commit how = world.next_commit;

	for (size_t i = 0; i < count; i++)
		if (world.owner[positions[i].partition] != kafka)
			how = WORLD_ABORTS;
	world.next_commit = WORLD_COMMITS;
	for (size_t i = 0; i < count && how != WORLD_ABORTS; i++)
		world.committed[positions[i].partition] = positions[i];
	world_end_transaction(kafka, how != WORLD_ABORTS);
	return how == WORLD_COMMITS ? 0 : err_environment(err, "commit: nobody knows");
}

/* ---- Redis: commands are carried out when they are asked ---- */

struct world_answer {
	struct index_state *states;
	size_t count;
	char mark[INDEX_MARK_BYTES];
	int written;
	int64_t next_due_ms;
};

struct index {
	struct world_answer answers[64];
	size_t asked, taken;
};

static struct world_answer *world_command(struct index *index)
{
	world.commands++;
	if (world.flush_in > 0 && --world.flush_in == 0)
		memset(world.index, 0, sizeof(world.index));
	if (index->taken == index->asked)
		index->taken = index->asked = 0;
	return memset(&index->answers[index->asked++], 0, sizeof(*index->answers));
}

static const struct world_answer *world_answer(struct index *index)
{
	if (index->taken == index->asked)
		abort();
	return &index->answers[index->taken++];
}

static struct index_state *world_find(int32_t partition, struct slice customer)
{
	struct world_index *in = &world.index[partition];

	for (size_t i = 0; i < in->count; i++)
		if (slice_equal(in->entries[i].customer, customer))
			return &in->entries[i];
	return NULL;
}

int index_open(struct index **ret, const char *urls, const char *prefix, const char *service,
	       struct err *err)
{
	(void)urls, (void)prefix, (void)service, (void)err;
	*ret = calloc(1, sizeof(**ret));
	return 0;
}

void index_close(struct index **index)
{
	free(*index);
	*index = NULL;
}

void index_reset(struct index *index)
{
	index->asked = index->taken = 0;
}

void index_ask_states(struct index *index, int32_t partition, const struct slice *customers,
		      size_t count)
{
	struct world_answer *answer = world_command(index);

	answer->states = arena_zalloc(&world.memory, (count + 1) * sizeof(*answer->states));
	for (size_t i = 0; i < count; i++) {
		const struct index_state *found = world_find(partition, customers[i]);

		answer->states[i].due_ms = NEVER_MS;
		if (found)
			answer->states[i] = *found;
	}
}

/* Nobody in these tests is ever due. */
void index_ask_due(struct index *index, int32_t partition, bool apart, int64_t until_ms,
		   size_t limit)
{
	(void)partition, (void)apart, (void)until_ms, (void)limit;
	world_command(index);
}

void index_ask_mark(struct index *index, int32_t partition)
{
	struct world_answer *answer = world_command(index);

	memcpy(answer->mark, world.index[partition].mark, INDEX_MARK_BYTES);
}

int index_take_states(struct index *index, int32_t partition, size_t count, struct arena *arena,
		      struct index_state *ret, struct err *err)
{
	(void)partition, (void)arena, (void)err;
	memcpy(ret, world_answer(index)->states, count * sizeof(*ret));
	return 0;
}

int index_take_due(struct index *index, int32_t partition, struct arena *arena,
		   struct index_state **ret, size_t *ret_count, struct err *err)
{
	(void)partition, (void)arena, (void)err;
	world_answer(index);
	*ret = NULL;
	*ret_count = 0;
	return 0;
}

int index_take_mark(struct index *index, int32_t partition, char mark[INDEX_MARK_BYTES],
		    struct err *err)
{
	(void)partition, (void)err;
	memcpy(mark, world_answer(index)->mark, INDEX_MARK_BYTES);
	return 0;
}

/* One name a page, so that a flush may come between any two. */
int index_list(struct index *index, int32_t partition, char cursor[INDEX_CURSOR_BYTES],
	       struct arena *arena, struct slice **ret, size_t *ret_count,
	       char mark[INDEX_MARK_BYTES], struct err *err)
{
	size_t at = (size_t)strtoul(cursor, NULL, 10);
	const struct world_index *in = &world.index[partition];

	(void)err;
	world_command(index);
	world_answer(index);
	*ret = arena_alloc(arena, sizeof(**ret));
	*ret_count = at < in->count && in->entries[at].state.len > 0;
	(*ret)[0] = in->entries[at].customer;
	memcpy(mark, in->mark, INDEX_MARK_BYTES);
	snprintf(cursor, INDEX_CURSOR_BYTES, "%zu", at + 1 < in->count ? at + 1 : 0);
	return 0;
}

void index_ask_write(struct index *index, int32_t partition, const char *expected,
		     const char *next, const struct index_change *changes, size_t count)
{
	struct world_answer *answer = world_command(index);
	struct world_index *in = &world.index[partition];

	answer->next_due_ms = NEVER_MS;
	answer->written = strcmp(in->mark, expected) == 0;
	if (!answer->written)
		return;
	snprintf(in->mark, sizeof(in->mark), "%s", next);
	for (size_t i = 0; i < count; i++) {
		struct index_state *to = world_find(partition, changes[i].customer);

		if (!to)
			to = &in->entries[in->count++];
		*to = (struct index_state){.customer = world_copy(changes[i].customer),
					   .state = world_copy(changes[i].state),
					   .due_ms = changes[i].due_ms};
	}
}

int index_take_write(struct index *index, int32_t partition, int64_t *ret_next_due_ms,
		     struct err *err)
{
	const struct world_answer *answer = world_answer(index);

	(void)partition, (void)err;
	*ret_next_due_ms = answer->next_due_ms;
	return answer->written;
}

int index_claim(struct index *index, int32_t partition, const char *expected, const char *token,
		bool clear, struct err *err)
{
	struct world_index *in = &world.index[partition];

	(void)index, (void)err;
	if (strcmp(in->mark, expected) != 0)
		return 0;
	if (clear)
		in->count = 0;
	snprintf(in->mark, sizeof(in->mark), "%s", token);
	world.restores++;
	return 1;
}

/* ---- the changelog ---- */

struct changelog {
	unsigned topic;
	int32_t partition;
	int64_t position;
};

int changelog_open(struct changelog **ret, const char *brokers, const char *topic, struct err *err)
{
	(void)brokers, (void)err;
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

int changelog_seek(struct changelog *changelog, int32_t partition, int64_t offset, struct err *err)
{
	(void)err;
	changelog->partition = partition;
	changelog->position = offset;
	return 0;
}

int changelog_next(struct changelog *changelog, int wait_ms, struct changelog_record *ret,
		   struct err *err)
{
	const struct world_log *log = &world.logs[changelog->topic][changelog->partition];

	(void)wait_ms, (void)err;
	while (changelog->position < log->count) {
		const struct world_record *record = &log->records[changelog->position++];

		if (!record->committed)
			continue;
		*ret = (struct changelog_record){.offset = changelog->position - 1,
						 .key = record->key,
						 .value = record->value,
						 .due_ms = record->due_ms};
		return 1;
	}
	return 0;
}

int64_t changelog_position(const struct changelog *changelog)
{
	return changelog->position;
}

#endif
