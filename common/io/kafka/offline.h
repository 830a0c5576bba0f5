/*
 * offline.h - repairs of what the services remember in Kafka, while they are stopped.
 *
 * Everything that a repair writes (records of any topics, positions of any
 * groups) is one transaction: it is done whole or not at all, and may be begun
 * again after a kill.
 */
#ifndef NURTURE_IO_KAFKA_OFFLINE_H
#define NURTURE_IO_KAFKA_OFFLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"
#include "kafka.h"

struct offline;

struct offline_record {
	const char *topic;
	int32_t partition;
	int64_t offset;
	struct slice key, value; /* value.bytes NULL: a tombstone, or a tick */
	int64_t timestamp_ms;    /* Kafka's; -1: none */
	int64_t stamped_ms;      /* by the broker's clock; 0: the topic keeps its producers' time */
	bool is_tick;
	void *message; /* private: its headers */
};

struct offline_position {
	const char *topic;
	int32_t partition;
	int64_t offset; /* the next to read */
	char metadata[KAFKA_METADATA_BYTES];
};

/* name: of the repair, also its transactional id: a second one that is begun ends the first. */
int offline_open(struct offline **ret, const char *brokers, const char *name, struct err *err);
/* Gives up what was not committed. NULL-safe, sets NULL. */
void offline_close(struct offline **offline);

/* How many members a group has; one that was killed counts until its session has run out. */
int offline_members(struct offline *offline, const char *group, int *ret, struct err *err);

/* What a partition has: first offset, and behind the last record that is written, committed or
 * not. */
int offline_bounds(struct offline *offline, const char *topic, int32_t partition,
		   int64_t *ret_first, int64_t *ret_end, struct err *err);
/*
 * Every committed record of a partition from one offset to before another, in
 * order; until all transactions before `to` have ended.  take() may end it
 * with -1.
 */
int offline_scan(struct offline *offline, const char *topic, int32_t partition, int64_t from,
		 int64_t to,
		 int (*take)(void *context, const struct offline_record *record, struct err *err),
		 void *context, struct err *err);
/* The headers of a record that take() was given, at most max. Returns how many. */
size_t offline_headers(const struct offline_record *record, struct kafka_header *ret, size_t max);

/* The bytes that a record takes at most, as kafka_bytes_of() counts, for the topic to take it. */
int offline_record_max_bytes(struct offline *offline, const char *topic, size_t *ret,
			     struct err *err);
int offline_put(struct offline *offline, const char *topic, int32_t partition, struct slice key,
		struct slice value, const struct kafka_header *headers, size_t header_count,
		struct err *err);
/* The last header of this name; .bytes NULL: there is none. */
struct slice offline_header(const struct offline_record *record, const char *name);
/* A record as it is, to a partition of its own topic, with these headers besides. */
int offline_forward(struct offline *offline, const struct offline_record *record, int32_t partition,
		    const struct kafka_header *more, size_t more_count, struct err *err);
int offline_set_positions(struct offline *offline, const char *group,
			  const struct offline_position *positions, size_t count, struct err *err);
/* Commits all that was put and set since the last commit. */
int offline_commit(struct offline *offline, struct err *err);

/* ERR_ENVIRONMENT when there is no such topic. */
int offline_partitions(struct offline *offline, const char *topic, int32_t *ret, struct err *err);
/* Gives a topic more partitions; 0 as well when it has so many already. */
int offline_grow(struct offline *offline, const char *topic, int32_t partitions, struct err *err);

/*
 * Waits until everything that is used here knows of so many partitions; ERR_ENVIRONMENT when that
 * takes too long.
 */
int offline_await(struct offline *offline, const char *topic, int32_t partitions, struct err *err);

#endif
