/*
 * topic_tail.h - what is written to a few topics from now on.
 *
 * For listening: it joins no group and commits nothing, so every instance
 * hears everything.  Only what was committed is heard (read_committed).
 * Ticks are passed over.
 */
#ifndef NURTURE_IO_KAFKA_TOPIC_TAIL_H
#define NURTURE_IO_KAFKA_TOPIC_TAIL_H

#include "common/base/err.h"
#include "common/base/slice.h"

struct topic_tail;

struct tail_options {
	const char *brokers;       /* kept by reference */
	const char *name;          /* of the client, as brokers show it */
	const char *const *topics; /* ends with NULL; kept by reference */
};

struct tail_record {
	unsigned topic;          /* index into the topics */
	struct slice key, value; /* valid until the next call; value.bytes NULL: a tombstone */
};

/*
 * When it returns 0, all that is written later will be heard.  May take a few
 * seconds when brokers do not answer.
 */
int topic_tail_open(struct topic_tail **ret, const struct tail_options *options, struct err *err);
/* 1: *ret is a record.  0: none within wait_ms.  -1: nothing will come any more; close it. */
int topic_tail_next(struct topic_tail *tail, int wait_ms, struct tail_record *ret, struct err *err);
/* Of the record that came last; an empty slice when it has no such header. */
struct slice topic_tail_header(const struct topic_tail *tail, const char *name);
/* NULL-safe, sets NULL. */
void topic_tail_close(struct topic_tail **tail);

#endif
