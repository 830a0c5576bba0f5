/*
 * topic_reader.h - a whole topic, or one partition of it, as it stands.
 *
 * For looking, not for working: it joins no group and commits nothing.  Only
 * what was committed is seen (read_committed).  Ticks are passed over.
 */
#ifndef NURTURE_IO_KAFKA_TOPIC_READER_H
#define NURTURE_IO_KAFKA_TOPIC_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"

struct topic_reader;

struct topic_record {
	int32_t partition;
	int64_t offset;
	int64_t time_ms;         /* Kafka's timestamp; -1: none */
	struct slice key, value; /* valid until the next call; value.bytes NULL: a tombstone */
};

struct topic_reader_options {
	const char *brokers, *topic;
	struct slice key; /* .len > 0: only the partition that this key is on */
	/* 0: all; else about so many of each partition's newest records */
	int64_t newest;
	bool follow; /* go on for ever */
};

int topic_reader_open(struct topic_reader **ret, const struct topic_reader_options *options,
		      struct err *err);
/*
 * 1: *ret is a record.  0: the end of all partitions was reached; with follow:
 * nothing came within wait_ms.  Without follow wait_ms is how long the brokers
 * may be silent before that is an error.
 */
int topic_reader_next(struct topic_reader *reader, int wait_ms, struct topic_record *ret,
		      struct err *err);
/* The last header of this name of the record that came last; .bytes NULL: there is none. */
struct slice topic_reader_header(const struct topic_reader *reader, const char *name);
/* Of the topic, whatever is read of it. */
int32_t topic_reader_partitions(const struct topic_reader *reader);
/* About how many older records were passed over for `newest`. */
int64_t topic_reader_skipped(const struct topic_reader *reader);
/* NULL-safe, sets NULL. */
void topic_reader_close(struct topic_reader **reader);

#endif
