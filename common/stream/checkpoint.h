/*
 * checkpoint.h - the checkpoint of a partition, the number of its last batch, as it is written
 * in three places: with the offsets, in the changelog and in Redis.  Pure.
 */
#ifndef NURTURE_STREAM_CHECKPOINT_H
#define NURTURE_STREAM_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "common/io/redis/index.h"
#include "common/io/kafka/kafka.h"
#include "merge_point.h"
#include "nurture/v1/checkpoint.pb-c.h"

/*
 * The reserved keys of a changelog: no customer id has a NUL in it.  The checkpoint
 * is in the changelog alone; the shared state of a partition is kept as a
 * customer's is, in the index too.
 */
struct slice checkpoint_key(void);
struct slice shared_key(void);

enum { SKIPS_MAX = 4 };
/* So many producers' progress has room in the metadata; it is needed on the event clock alone. */
enum { LANES_MAX = 240 };

/*
 * The metadata of an input's offset: "NUMBER CLOCK PROGRESS DECIDED
 * PARTITIONS STAMP CHANGELOG MISROUTED", and "!OFFSET" for each record that is to
 * be skipped.  An input with a lane for each producer (partition.h) has besides "@TIME LANE OFFSET
 * UNTIL", which is its merge point and the end of what may have been taken, and the progress of each
 * lane ("-" for none).  Older versions wrote no last four, which are read as 0, 0, -1 and 0, and no
 * lanes.
 */
struct metadata {
	uint64_t number;          /* of the batch */
	int64_t clock_ms;         /* of the partition */
	int64_t progress_ms;      /* nothing earlier will follow on this input */
	int64_t decided_ms;       /* event time: all records and timers before it are decided */
	int32_t partitions;       /* by which customers are told apart; 0: not known */
	int64_t stamp_ms;         /* Kafka's timestamp of the last record taken; 0: not known */
	int64_t misrouted_count;  /* event time: records that were on this partition and belong on
				     another */
	int64_t skips[SKIPS_MAX]; /* offsets ahead that an operator said to pass over */
	unsigned skip_count;
	/* The checkpoint of an earlier batch stands there; -1: not known. */
	int64_t changelog_offset;
	struct merge_point point;
	int64_t again_until;
	int64_t lanes[LANES_MAX]; /* their progress */
	unsigned lane_count;      /* 0: the input has but one */
};
void metadata_write(char text[KAFKA_METADATA_BYTES], const struct metadata *metadata);
/* Returns false when it is no metadata of ours. */
bool metadata_read(const char *text, struct metadata *ret);

/* Under which version of its service a partition is decided, and who has not been looked at under
 * it. */
enum { VERSION_BYTES = 24 };
struct version_checkpoint {
	char version[VERSION_BYTES]; /* no spaces; "": not known */
	uint64_t
	    left; /* customers with a place below it are still to be looked at (sweep.h); 0: nobody */
	int64_t since_ms; /* when it became this version */
};

/* Reads it from a checkpoint of the changelog; NULL gives all zeros. */
struct version_checkpoint version_of(const Nurture__V1__PartitionCheckpoint *checkpoint);

/*
 * In Redis: "NUMBER OFFSET WALL_MS VERSION LEFT SINCE_MS"; offset is that of
 * the checkpoint in the changelog.  The last three are not there when the version is
 * not known.
 */
void index_checkpoint_write(char checkpoint[INDEX_CHECKPOINT_BYTES], uint64_t number,
			    int64_t offset, int64_t wall_ms,
			    const struct version_checkpoint *version);
bool index_checkpoint_read(const char *checkpoint, uint64_t *ret_number, int64_t *ret_offset,
			   int64_t *ret_wall_ms);
/* Returns false, and sets *ret to all zeros, when the checkpoint has no version. */
bool index_checkpoint_read_version(const char *checkpoint, struct version_checkpoint *ret);
/* Written while a restore is under way: no reader takes it for a number. */
void index_checkpoint_restoring(char checkpoint[INDEX_CHECKPOINT_BYTES], uint64_t token);

#endif
