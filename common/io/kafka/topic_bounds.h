/*
 * topic_bounds.h - where a partition begins and ends, asked of whoever leads it now.
 *
 * A client that has been idle does not hear that a broker died: it goes on asking the one that it
 * knows, for as long as it is let.  So it is let for some seconds, and is then told who leads.
 */
#ifndef NURTURE_IO_KAFKA_TOPIC_BOUNDS_H
#define NURTURE_IO_KAFKA_TOPIC_BOUNDS_H

#include <librdkafka/rdkafka.h>
#include <stdint.h>

#include "common/base/err.h"

enum { BOUNDS_PATIENCE_MS = 60000 }; /* of who cannot go on without them */

/*
 * Asks again while there is no leader (a topic that was just made, a broker that died or just came
 * up), for patience_ms at most.  A right that is missing is said at once.  operation is what this is
 * for, "Read" or "Describe", the right that err then names.
 */
int topic_bounds(rd_kafka_t *client, const char *topic, int32_t partition, const char *operation,
		 int64_t patience_ms, int64_t *ret_first, int64_t *ret_end, struct err *err);

#endif
