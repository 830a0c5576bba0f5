/*
 * stream.h - the loop of every stateful service, written once.
 *
 * Kafka is the truth, Redis is its index.  A batch is: a few records of the
 * inputs and the timers that are due, the newest states of the customers they
 * are about, one pure step for each, and then one Kafka transaction that holds
 * the outputs, the new states (in a compacted changelog), the input offsets
 * and a sequence number; after it one compare-and-set of the same states into
 * Redis.  A batch decides only on an index that is exactly what its owner
 * wrote last; whenever it is not, the partition is restored from the
 * changelog first.  Whatever is lost or killed costs time, never a decision.
 *
 * stream_run() is the loop of a service:
 *
 *	while (r >= 0 && !stop_requested()) {
 *		r = before_batch(context, stream, &wait_ms, &err);
 *		if (r >= 0)
 *			r = stream_begin(stream, wait_ms, &err);
 *		while (r >= 0 && (step = stream_next(stream)))
 *			r = stream_done(stream, decide(step, &why) < 0 ? &why : NULL, &err);
 *		if (r >= 0)
 *			r = stream_commit(stream, &err);
 *	}
 *
 * What a service does before and after a batch is an option of its stream.
 *
 * With much to do the loop overlaps: a thread commits the batch and writes it
 * to the index while the next batch is read and decided.  One batch is under way
 * at a time.  What it has changed, the next one takes from it and not from the
 * index (ahead.c); if it is not committed, the process ends, and the next one with
 * it, which nobody has heard of yet.  A service with effects commits before it goes
 * on: an effect may leave only after its commit.
 *
 * Time.  With CLOCK_WALL the clock is read once per batch; records come
 * before timers.  With CLOCK_EVENT time is what the records say: records and
 * timers of a partition merge in time order, the records of an instant before
 * its timers; several inputs wait for each other, and every batch passes on,
 * as a tick, the instant before which nothing more will come.  Then what
 * happens to a customer depends on that customer's records alone.
 *
 * The files, in the order in which a batch passes them:
 *
 *	run.c		the loop
 *	stream.c	opens and closes it; begins a batch
 *	  gather.c	  what nobody waits for makes no batch of its own
 *	poll.c		records from Kafka into the queues of their partitions
 *	identify.c	the customer that a record is about, and its time
 *	rebalance.c	meanwhile partitions are assigned and revoked
 *	  still_there.c	  are the topics still those that were decided from?
 *	  restore.c	  the indexes of partitions, made from the changelog
 *	    restore_writes.c	    its slices on their way into the index
 *	give_back.c	with nothing to do: the memory of a backlog
 *	read.c		chooses records and timers, and reads the states of their customers
 *	  ahead.c	  what the batch under way knows better than the index
 *	  pace.c	  how many of them can be done in time
 *	  sweep_read.c	  and the customers to be evaluated again (sweep.c)
 *	decide.c	calls one step after the other, and keeps what each one answers
 *	  batch.c	  the customers of the batch, and the next timer among them
 *	  step_size.c	  what is too large for one transaction
 *	  claims.c	  counts and logs what a step says beyond its decision
 *	  dead_letter.c	  a record that cannot be understood
 *	  trace.c	  to which trace that belongs
 *	  outputs.c	  what the steps say, until there is a transaction for it
 *	commit.c	hands the batch over, and hears what became of it
 *	  seal.c	  what it will say of its partitions: checkpoints, ticks, offsets
 *	  checkpoint.c	  the number of the last batch, as Kafka and the index have it
 *	  transact.c	  beside the loop: the transaction, then the states into the index
 *	  clock_check.c	  before it: does our clock agree with the brokers'?
 *
 * partition.c is what all of them know of one partition.
 *
 * Any failure is for the caller to report and exit with (111, or 100 for
 * settings).  Nothing is lost by that: what was not committed comes again.
 */
#ifndef NURTURE_STREAM_STREAM_H
#define NURTURE_STREAM_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/io/config/config.h"
#include "common/message/record_kind.h"
#include "step.h"

struct stream;

/*
 * Who a record is about and when it happened.  key may be empty.  want_time is
 * false with the wall clock: then *ret_time_ms need not be set.  -1: not
 * readable; the step is called all the same, with whatever is known, and
 * says why.
 */
typedef int (*stream_identify)(struct slice key, struct slice value, bool want_time,
			       struct arena *arena, struct slice *ret_customer,
			       int64_t *ret_time_ms, struct err *err);

/*
 * Of which producer a record of the partition is, by its header PRODUCER_HEADER (common/base/tick.h),
 * where there are so many; what does not say so is in order with those of the same partition.
 */
unsigned stream_producer_of(struct slice header, unsigned producers, int32_t partition);

/* For messages between our services: the key is the customer, field 1 is a fixed64 time. */
int stream_identify_internal(struct slice key, struct slice value, bool want_time,
			     struct arena *arena, struct slice *ret_customer, int64_t *ret_time_ms,
			     struct err *err);

/* For events from outside: the key, or customer.id where a publisher gave no key. */
int stream_identify_event(struct slice key, struct slice value, bool want_time, struct arena *arena,
			  struct slice *ret_customer, int64_t *ret_time_ms, struct err *err);

struct stream_input {
	const char *topic; /* without the prefix: "requests" */
	stream_identify identify;
	/*
	 * A record on another partition than its customer's (a producer with
	 * another partitioner): true: move it there, in the same transaction;
	 * false: pass it over, somebody else moves it.
	 */
	bool moves_misrouted;
	/*
	 * Any partition of its producer may write to any of its own (`spreads`), so event time waits
	 * for all of them.
	 */
	bool many_producers;
};

struct stream_output {
	const char *topic;
	bool ticks;            /* a service of ours reads it: pass time on */
	enum record_kind kind; /* what its records are; in protobuf where the setting says so */
	/* Nobody is kept waiting when it comes a commit interval later (gather.c). */
	bool may_wait;
	/* Records have keys of their own (step_emit_to()) and go where those belong. */
	bool spreads;
	/*
	 * Records have keys of their own (step_emit_to()), and stay with their customer: no stateful
	 * service reads them, and of each key the newest one counts.
	 */
	bool has_own_keys;
};

struct stream_options {
	const char *service;               /* "scheduler": group, keys, transactional id */
	const struct stream_input *inputs; /* ends with a NULL topic */
	/*
	 * So many of them, the last ones, are not read on the event clock: their records come from
	 * all partitions (step_emit_to()), so that nobody could say up to when they have come.
	 */
	unsigned wall_inputs;
	const struct stream_output *outputs; /* ends with a NULL topic; step_emit()'s index */
	/* What the inputs' records are, where traces find the request in them; NULL: in none. */
	const enum record_kind *input_kinds;
	const char *changelog;
	/*
	 * What decides, in a word of at most 20 bytes without a space: the hash of
	 * the policy.  When a partition was decided under another one before,
	 * every customer of it gets one STEP_REEVALUATE: within SWEEP_SPREAD_MS by the
	 * wall clock, before all else in event time.  NULL: nobody does.
	 */
	const char *version;
	const void *context; /* step->context */
	const struct common_config *config;
	/*
	 * Must be set by a service with effects (STEP_EFFECT), and NULL in any
	 * other: without it batches overlap, and an effect aborts.  Called when
	 * the partitions are about to go to another owner, to hand in what
	 * results there are with stream_result() and commit them in a last batch;
	 * not after a commit that failed.
	 */
	int (*yield)(void *loop_context, struct err *err);
	/* A partition is ours now, as `owner`: before its first batch. May be NULL. */
	int (*taken_over)(void *loop_context, int32_t partition, uint64_t owner, struct err *err);
	/*
	 * Not NULL: the service has a state that all customers of a partition
	 * share (step->shared).  It is loaded, committed and restored with
	 * theirs.  Called when a partition is ours, before its first batch, with
	 * what is in it (len 0: nothing yet), to refuse what cannot go on.
	 */
	int (*check_shared)(void *loop_context, int32_t partition, int32_t partition_count,
			    struct slice shared, struct err *err);
	/*
	 * For stream_run().  Before each batch: a place for stream_limit() and
	 * stream_result(); *wait_ms is what stream_begin() gets, and may be changed.
	 * May be NULL.
	 */
	int (*before_batch)(void *loop_context, struct stream *stream, int *wait_ms,
			    struct err *err);
	/*
	 * After a batch was committed, or when there was nothing to commit: a place for
	 * stream_next_effect(). May be NULL.
	 */
	int (*after_batch)(void *loop_context, struct stream *stream, struct err *err);
	/*
	 * Of each output that a step gave a note: its decision is carried out.  May be NULL.  A
	 * batch that is not committed ends the process, and its counts with it.
	 */
	void (*note_output)(void *loop_context, const void *note);
	void *loop_context; /* the context of these six functions */
	size_t batch_max; /* records and timers of one batch, when it is done quickly; 0: 10,000 */
};

int stream_open(struct stream **ret, const struct stream_options *options, struct err *err);
/* Leaves the group. Call it with no batch open. NULL-safe, sets NULL. */
void stream_close(struct stream **stream);

/*
 * The next batches take at most so many records, and as many timers, of all
 * partitions together, but one of each partition; 0: batch_max.
 */
void stream_limit(struct stream *stream, size_t most);
/*
 * While a partition is held, the batches take neither records nor timers of it; its results go
 * along as ever.  So its clock stands still, and those of the others go on.
 */
void stream_hold(struct stream *stream, int32_t partition, bool is_held);
/* How many partitions there are, ours or not. */
int32_t stream_partitions(const struct stream *stream);
/*
 * Waits up to wait_ms for something to do and reads it; the batch may be
 * empty.  wait_ms < 0: does not look for new records at all (for yield()).
 */
int stream_begin(struct stream *stream, int wait_ms, struct err *err);
/* The next decision, or NULL at the end of the batch. Answer it, then stream_done(). */
struct step *stream_next(struct stream *stream);
/*
 * Carries the answer out.  With why (the step's error) the record goes to the
 * dead letters instead; only ERR_INPUT does, anything else is returned.
 */
int stream_done(struct stream *stream, const struct err *why, struct err *err);
/*
 * Commits the batch, all of it or nothing.  -1: leave the process, do not go on;
 * every later commit is refused with the same reason.
 */
int stream_commit(struct stream *stream, struct err *err);

/* Makes all decisions of the batch that was begun, and commits it. */
int stream_decide(struct stream *stream, step_function decide, struct err *err);
/* Runs the loop until a stop is requested (common/io/process/stop.h). Returns 0 or -1. */
int stream_run(struct stream *stream, step_function decide, struct err *err);

/* What steps emitted with STEP_EFFECT in the batch just committed; valid until the next
 * stream_begin(). */
struct stream_effect {
	int32_t partition;
	struct slice customer, value;
};
bool stream_next_effect(struct stream *stream, struct stream_effect *ret);
/*
 * Hands in what came of an effect: a STEP_RESULT of the next batch.  Copied.
 * Ignored when the partition is not ours any more: its new owner has heard of
 * the open effect by STEP_DUE_NEW_OWNER.
 */
void stream_result(struct stream *stream, int32_t partition, struct slice customer,
		   struct slice value);

/*
 * Whether the batch just committed has changed what the customers of a
 * partition share; *ret is valid until the next stream_begin().
 */
bool stream_shared_changed(const struct stream *stream, int32_t partition, struct slice *ret);

/* Whether results that were handed in are not committed yet. */
bool stream_has_results(const struct stream *stream);
/* The number under which a partition is ours, new with every assignment; 0: it is not ours. */
uint64_t stream_owner(const struct stream *stream, int32_t partition);

/*
 * After the loop has ended: 0, or -1 with the reason when it was we who asked
 * for the stop, because the topics are not what they were.
 */
int stream_check(struct stream *stream, struct err *err);

/* For /readyz: partitions assigned and Redis answering in the last batch. */
bool stream_ready(void *stream, char *reason, size_t size);

/*
 * Serves /livez, /readyz and /metrics at the addresses of the settings, for a service that has no
 * other pages.  The caller closes the server before the stream.
 */
struct http_server;
int stream_serve_health(struct stream *stream, struct http_server **ret, struct err *err);

#endif
