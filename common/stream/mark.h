/*
 * mark.h - one number in three places: how it is written with the offsets, in
 * the changelog and in Redis.  Pure.
 */
#ifndef NURTURE_STREAM_MARK_H
#define NURTURE_STREAM_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "common/io/redis/index.h"
#include "common/io/kafka/kafka.h"
#include "nurture/v1/mark.pb-c.h"

/*
 * The reserved keys of a changelog: no customer id has a NUL in it.  The mark
 * is in the changelog alone; the shared state of a partition is kept as a
 * customer's is, in the index too.
 */
struct slice mark_key(void);
struct slice shared_key(void);

enum { SKIPS_MAX = 4 };

/*
 * What stands with the offsets of an input: "NUMBER CLOCK PROGRESS DECIDED
 * PARTITIONS STAMP CHANGELOG STRAYS", and "!OFFSET" for each record that is to
 * be passed over.  Before the last four were there: 0, 0, -1 and 0.
 */
struct metadata {
	uint64_t number;     /* of the batch */
	int64_t clock_ms;    /* of the partition */
	int64_t progress_ms; /* nothing earlier will follow on this input */
	int64_t decided_ms;  /* event time: all records and timers before it are decided */
	int32_t partitions;  /* by which customers are told apart; 0: not known */
	int64_t stamp_ms;    /* Kafka's timestamp of the last record taken; 0: not known */
	int64_t strays; /* event time: records that were on this partition and belong on another */
	int64_t skips[SKIPS_MAX]; /* offsets ahead that an operator said to pass over */
	unsigned skip_count;
	int64_t changelog_offset; /* the mark of an earlier batch stands there; -1: not known */
};
void metadata_write(char text[KAFKA_METADATA_BYTES], const struct metadata *metadata);
/* false: somebody else wrote it, or nobody. */
bool metadata_read(const char *text, struct metadata *ret);

/* Under which version of its service a partition is decided, and who has not been looked at under
 * it. */
enum { VERSION_BYTES = 24 };
struct version_mark {
	char version[VERSION_BYTES]; /* no spaces; "": not known */
	uint64_t left;               /* those with a place below it (sweep.h); 0: nobody */
	int64_t since_ms;            /* when it became this version */
};

/* As the changelog has it; NULL: all zero. */
struct version_mark version_of(const Nurture__V1__PartitionMark *mark);

/*
 * In Redis: "NUMBER OFFSET WALL_MS VERSION LEFT SINCE_MS"; offset is that of
 * the mark in the changelog.  The last three are not there when the version is
 * not known.
 */
void index_mark_write(char mark[INDEX_MARK_BYTES], uint64_t number, int64_t offset, int64_t wall_ms,
		      const struct version_mark *version);
bool index_mark_read(const char *mark, uint64_t *ret_number, int64_t *ret_offset,
		     int64_t *ret_wall_ms);
/* false, and *ret is all zero: it says none. */
bool index_mark_read_version(const char *mark, struct version_mark *ret);
/* While a restore is under way: no reader takes it for a number. */
void index_mark_restoring(char mark[INDEX_MARK_BYTES], uint64_t token);

#endif
