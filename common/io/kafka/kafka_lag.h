/*
 * kafka_lag.h - how many records of each partition that we own wait to be decided.
 *
 * nurture_input_lag_records{topic,partition}: the end of the partition, as the
 * last fetch has said, without what is committed.  A marker of a transaction
 * counts as a record, so an idle partition has a lag of 1 or so.  Asked for
 * when somebody reads the metrics; costs no request.  A partition has a metric
 * once it was ours: a topic may have thousands of which we never own most.
 */
#ifndef NURTURE_IO_KAFKA_KAFKA_LAG_H
#define NURTURE_IO_KAFKA_KAFKA_LAG_H

#include "kafka.h"

struct kafka_lag;

/*
 * How many records of a partition wait for whoever decides from `offset` on (-1: nothing was
 * decided), when its log begins at `first` and ends at `end`.  What retention has deleted waits for
 * nobody; never less than 0.
 */
int64_t kafka_lag_records(int64_t offset, int64_t first, int64_t end);

/* topics are borrowed; the client is rd_kafka_t, which must outlive it. */
struct kafka_lag *kafka_lag_open(void *client, const char *const *topics, unsigned topic_count,
				 int32_t partition_count);
void kafka_lag_close(struct kafka_lag **lag); /* NULL-safe */

/* Where the decisions of these are: assigned, or committed.  An offset of -1: nothing yet. */
void kafka_lag_note(struct kafka_lag *lag, const struct kafka_position *positions, size_t count);
/* No partition is ours any more. */
void kafka_lag_forget(struct kafka_lag *lag);

#endif
