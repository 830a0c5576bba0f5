/*
 * group_watch.h - how far a consumer group has come, seen from outside.
 *
 * Asks for committed offsets without joining, so nobody's partitions move.
 */
#ifndef NURTURE_IO_KAFKA_GROUP_WATCH_H
#define NURTURE_IO_KAFKA_GROUP_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "kafka.h"

struct group_watch;

/*
 * topics: at most KAFKA_INPUTS_MAX, all with the same number of partitions; may_differ: of those
 * that they have in common.
 */
int group_watch_open(struct group_watch **ret, const char *brokers, const char *group,
		     const char *const *topics, unsigned topic_count, bool may_differ,
		     struct err *err);
int32_t group_watch_partitions(const struct group_watch *watch);
/*
 * ret[topic * partitions + partition], the caller's.  input is the topic's
 * index; offset is -1 where nothing was committed.
 */
int group_watch_read(struct group_watch *watch, struct kafka_position *ret, struct err *err);
/*
 * How many records of a partition, of those that its log has now, wait for a group that is at
 * `offset`, as group_watch_read() tells it.
 */
int group_watch_lag(struct group_watch *watch, unsigned topic, int32_t partition, int64_t offset,
		    int64_t *ret, struct err *err);
/* NULL-safe, sets NULL. */
void group_watch_close(struct group_watch **watch);

#endif
