/*
 * kafka.h - read, write and remember in one transaction: a group consumer and
 * a transactional producer, bound together as KIP-447 has it.
 *
 * The inputs are co-partitioned topics: partition p of every input belongs to
 * the same member (range assignor), and what is derived from partition p is
 * written to partition p.  Nothing is visible to a reader, and no offset
 * moves, before kafka_commit() returns 0.  When it returns -1 nobody can say
 * what happened: the caller must leave (exit 111) and come back with a new
 * producer epoch, which fences whatever may still be under way.
 */
#ifndef NURTURE_IO_KAFKA_KAFKA_H
#define NURTURE_IO_KAFKA_KAFKA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/message/record_kind.h"

/* Brokers take up to 4096 bytes of metadata (offset.metadata.max.bytes) unless told otherwise. */
enum { KAFKA_INPUTS_MAX = 4, KAFKA_METADATA_BYTES = 4000 };

struct kafka;

/* One record; slices are valid until kafka_release(). */
struct kafka_record {
	unsigned input; /* index into the inputs given at open */
	int32_t partition;
	int64_t offset;
	struct slice key, value;
	int64_t stamped_ms; /* by the broker's clock, as it came; 0: the topic keeps its producers'
			       time */
	int64_t timestamp_ms; /* Kafka's of it, whoever gave it; -1: none */
	bool is_tick;         /* a record that carries only time (common/base/tick.h) */
	int64_t tick_ms;
	void *message; /* private */
};

/* Where one partition of one input stands in the group. */
struct kafka_position {
	unsigned input;
	int32_t partition;
	int64_t offset;     /* -1: the group knows none */
	int64_t first, end; /* when assigned: what the topic has, end being behind the last one */
	int64_t last_ms; /* kafka_read_stamps(): Kafka's timestamp of the record before `offset`; 0:
			    not known */
	char metadata[KAFKA_METADATA_BYTES];
};

/*
 * Called from inside kafka_poll() when partitions come and go.  assigned()
 * gets what the group has committed and may change `offset` to where reading
 * is to begin (-1: the beginning).  revoked() means all of them; unless
 * `lost`, a last commit is still possible inside it.
 */
struct kafka_listener {
	void *context;
	/*
	 * Told first, at every rebalance: what the group has committed of all partitions, whoever
	 * has them.
	 */
	int (*known)(void *context, const struct kafka_position *positions, size_t count,
		     struct err *err);
	int (*assigned)(void *context, struct kafka_position *positions, size_t count,
			struct err *err);
	int (*revoked)(void *context, bool lost, struct err *err);
};

struct kafka_options {
	const char *brokers;
	const char *group; /* also the prefix of the client id */
	/* stable per instance, so that a restart aborts what it left */
	const char *transactional_id;
	const char *const *inputs;
	unsigned input_count;
	const char *const *outputs; /* every topic that will be written to */
	/* Of each output, what kafka_put() says of a record with a value and no headers. */
	const enum record_kind *output_kinds;
	unsigned output_count;
	const char *state_output; /* which of them holds what the caller knows; NULL: none */
	int64_t session_timeout_ms;
	struct kafka_listener listener;
};

/* Also checks that all topics exist with the same number of partitions. */
int kafka_open(struct kafka **ret, const struct kafka_options *options, struct err *err);
/* Leaves the group (revoked() is called) and frees. NULL-safe, sets NULL. */
void kafka_close(struct kafka **kafka);

int32_t kafka_partitions(const struct kafka *kafka);
/*
 * -1 with the reason when the topics have changed so that nobody can go on: a
 * stop (common/io/process/stop.h) was requested then, for the caller to end in good order.
 */
int kafka_check(struct kafka *kafka, struct err *err);
/* Puts behind err's text why a connection has failed in the last minute, if so. From any thread. */
void kafka_explain_silence(struct err *err);

/* Sets last_ms of positions that were assigned, by looking at what stands there. From assigned()
 * only. */
void kafka_read_stamps(struct kafka *kafka, struct kafka_position *positions, size_t count);

/* 1: *ret is a record, kafka_release() it.  0: none within wait_ms.  -1: failed. */
int kafka_poll(struct kafka *kafka, int wait_ms, struct kafka_record *ret, struct err *err);
void kafka_release(struct kafka_record *record);
/* One partition of one input. */
struct kafka_place {
	unsigned input;
	int32_t partition;
};

/*
 * Back-pressure: fetches no more of it. What was fetched and not polled yet is fetched again when it
 * is resumed.
 */
int kafka_pause(struct kafka *kafka, const struct kafka_place *place, struct err *err);
/* Fetches again, at least one of them. */
int kafka_resume(struct kafka *kafka, const struct kafka_place *places, size_t count,
		 struct err *err);

struct kafka_header {
	const char *name;
	struct slice value;
};

/*
 * Adds a record to the open transaction, opening one if there is none. Everything is copied.
 * value.bytes NULL: a tombstone. A value has the headers of its output's kind, and these. ret_offset
 * may be NULL; else the record's offset stands there once kafka_commit() has returned.
 */
int kafka_put(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
	      struct slice value, const struct kafka_header *headers, size_t header_count,
	      int64_t *ret_offset, struct err *err);
/* The same for a record taken from an input: to an output topic, with key, value and headers as
 * they are. */
int kafka_forward(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
		  const struct kafka_record *record, const struct kafka_header *headers,
		  size_t header_count, struct err *err);
/*
 * The bytes that a record takes at most (key, value, headers and what frames
 * them, not compressed) for every output topic to take it.
 */
size_t kafka_record_max_bytes(const struct kafka *kafka);
size_t kafka_bytes_of(struct slice key, struct slice value, const struct kafka_header *headers,
		      size_t header_count);
/* The bytes of a record that was read, with its headers. */
size_t kafka_record_bytes(const struct kafka_record *record);
/* The last header of this name; .bytes NULL: there is none. */
struct slice kafka_record_header(const struct kafka_record *record, const char *name);
/*
 * The first headers of the record, at most max; they live as long as the record. Returns how many.
 */
size_t kafka_record_headers(const struct kafka_record *record, struct kafka_header *ret,
			    size_t max);

/*
 * Sends what was put, and waits until the brokers have it: still in the open
 * transaction.  *ret_broker_ms is when, by a broker's clock; INT64_MIN when no
 * topic among them is stamped by the broker.
 */
int kafka_flush(struct kafka *kafka, int64_t *ret_broker_ms, struct err *err);
/* Gives up what was put; if that fails, it is given up by our next start. */
void kafka_abort(struct kafka *kafka);
/*
 * Commits what was put together with the positions (offset = next to read, and metadata).  Not when
 * an output has taken a record where it had one already, and so is another topic than it was.
 */
int kafka_commit(struct kafka *kafka, const struct kafka_position *positions, size_t count,
		 struct err *err);

#endif
