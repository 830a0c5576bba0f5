/*
 * changelog.h - reads partitions of a compacted topic, each from an offset on.
 *
 * Only committed records are seen.  The reader joins no group, but librdkafka wants the name of
 * one, and brokers with ACLs want to be asked for it.
 */
#ifndef NURTURE_IO_KAFKA_CHANGELOG_H
#define NURTURE_IO_KAFKA_CHANGELOG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"

struct changelog;

struct changelog_record {
	int32_t partition;
	int64_t offset;
	struct slice key, value; /* value.bytes NULL: a tombstone; valid until the next call */
	int64_t due_ms;          /* of the header "due"; NEVER_MS without */
};

#define CHANGELOG_DUE_HEADER "due"

/* All texts are borrowed. */
int changelog_open(struct changelog **ret, const char *brokers, const char *group,
		   const char *topic, struct err *err);
void changelog_close(struct changelog **changelog);

/* Finds the first offset, and the offset behind the last record that a reader may see by now. */
int changelog_bounds(struct changelog *changelog, int32_t partition, int64_t *ret_first,
		     int64_t *ret_end, struct err *err);
/*
 * Finds the offset behind the last record, open transactions included. This is slow, so it is asked
 * only in doubt.
 */
int changelog_written(const struct changelog *changelog, int32_t partition, int64_t *ret_end,
		      struct err *err);
struct changelog_start {
	int32_t partition;
	int64_t offset; /* within the bounds */
};
/*
 * Reads these partitions from now on, each from its offset, and no other ones; their records come
 * mixed, those of a partition in order. count 0: none is read any more.
 */
int changelog_read(struct changelog *changelog, const struct changelog_start *starts, size_t count,
		   struct err *err);
/*
 * 1: a record.  0: nothing more for now, or the end of a partition; ask changelog_position().
 * -1: failed.
 */
int changelog_next(struct changelog *changelog, int wait_ms, struct changelog_record *ret,
		   struct err *err);
/*
 * The offset that would be read next of a partition that is read: passes over what aborted
 * transactions and markers left.
 */
int64_t changelog_position(const struct changelog *changelog, int32_t partition);

#endif
