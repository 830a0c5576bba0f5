/*
 * stream_world.h - Kafka and Redis in memory, in place of common/io's, for the
 * real loop: transactions that commit, abort or end unknown, a group whose
 * members come and go, an index that is flushed between any two commands.
 *
 * stream_world_kafka.h and stream_world_redis.h define all symbols of kafka.h,
 * changelog.h and index.h for a test program, so the linker leaves the real
 * ones out.
 */
#ifndef NURTURE_TESTS_STREAM_WORLD_H
#define NURTURE_TESTS_STREAM_WORLD_H

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/io/kafka/changelog.h"
#include "common/io/redis/index.h"
#include "common/io/kafka/kafka.h"

enum { WORLD_PARTITIONS = 2, WORLD_TOPICS = 5, WORLD_RECORDS = 2048, WORLD_ENTRIES = 64 };

struct world_record {
	struct slice key, value;
	int64_t due_ms;
	const struct slice *only;   /* the header that names who it is for; NULL: none */
	struct slice arrived;       /* the header that says when it came first; .bytes NULL: none */
	int64_t stamped_ms;         /* by the broker */
	const struct kafka *writer; /* of the open transaction */
	bool committed;
};

struct world_log {
	struct world_record records[WORLD_RECORDS];
	int64_t count;
};

struct world_index {
	char checkpoint[INDEX_CHECKPOINT_BYTES];
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
	int64_t stamp_ms;  /* of every record; 0: none */
	int64_t copied_ms; /* the broker's stamp of what we write */
	int64_t broker_ms; /* when the broker takes what is written; 0: it does not say */
	unsigned flush_in; /* so many commands from now; 0: never */
	unsigned fail_in;  /* the so-manieth answer to a write is an error; 0: none */
	unsigned writes;   /* answers to writes so far */
	unsigned commands;
	unsigned points;   /* calls at which a process can be killed, so far */
	unsigned kill_in;  /* so many of them from now; 0: never */
	jmp_buf killed;    /* where the test goes on then */
	bool is_late;      /* what runs beside runs when it is waited for; else when it is begun */
	bool is_dead;      /* and then never */
	unsigned restores; /* claims */
	unsigned wishes;   /* writes of the index that forget */
	struct kafka *newest; /* of the members */
} world;

static void world_begin(void)
{
	arena_free(&world.memory);
	memset(&world, 0, sizeof(world));
	for (int p = 0; p < WORLD_PARTITIONS; p++)
		world.committed[p].offset = -1;
}

/* kill -9 may come here. */
static void world_point(void)
{
	world.points++;
	if (world.kill_in > 0 && --world.kill_in == 0) {
		world.is_dead = true;
		longjmp(world.killed, 1);
	}
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

static inline void world_publish(const char *topic, int32_t partition, struct slice key)
{
	world_append(world_topic(topic), partition, key, slice_text("x"))->committed = true;
}

#endif
