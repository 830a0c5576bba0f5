/*
 * step.h - one decision about one customer: what goes in, what comes out.
 *
 * A stateful service is a pure function of this shape.  The loop (stream.h)
 * and the simulator (services/nurturectl) both drive it: they fill the first
 * half, call it, and carry out the second.  All bytes that the step returns
 * live in `arena`; the driver takes what it needs of them and resets it before
 * the next step.
 */
#ifndef NURTURE_STREAM_STEP_H
#define NURTURE_STREAM_STEP_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/civil.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum step_kind {
	STEP_RECORD, /* a record of input `input` */
	STEP_TIMER,  /* the time that the state asked for has come */
	STEP_RESULT, /* what came of an effect (value is the service's own) */
	/*
	 * The service has another version (stream.h) than when this state was written,
	 * so the customer is evaluated again: once per change of the version.  Without
	 * an answer all stays as it was, the due time as well.
	 */
	STEP_REEVALUATE,
};

/* Why a record changes nothing; a metric and the log tell the reason. */
enum step_ignored {
	STEP_HEARD,
	STEP_IGNORED_ERASED, /* it is older than the erasure, or repeats it */
	/* it is older than what is remembered: it may be a repeat, and sets nothing off */
	STEP_IGNORED_OLD,
	STEP_IGNORED_REASONS
};

/* Where an output goes: an index into the service's list of topics, or one of these. */
enum { STEP_EFFECT = -1 }; /* handed to the service itself once the commit is done */

/*
 * A due time that means: when the partition has a new owner, and not before.
 * It is for work that only a crash leaves open, and counts as the earliest of all.
 */
#define STEP_DUE_NEW_OWNER (-(INT64_C(1) << 62))

struct step_output {
	struct step_output *next;
	int topic;
	struct slice key; /* len 0: the customer */
	struct slice value;
	int64_t time_ms;
	const void *note; /* for the service's note_output(), which counts; NULL: nothing */
};

struct step {
	/* asked */
	const void *context; /* the service's constants: policy, templates, keys */
	struct arena *arena;
	int64_t now_ms; /* the clock: every decision is made at this instant */
	enum step_kind kind;
	unsigned input;
	/*
	 * RECORD: the record's own time.  TIMER: when it was due.  REEVALUATE: when the
	 * version changed, or when the timer was due if that was before and has not fired.
	 */
	int64_t time_ms;
	/*
	 * RECORD, by the wall clock: when the record came, by the broker's clock where the topic
	 * is stamped with it, else when it was read; never after now_ms.  A later time that the
	 * record claims does not count.  0: time is what the records say (event clock).
	 */
	int64_t arrived_ms;
	uint64_t owner; /* of this assignment of the partition; changes with every owner */
	struct slice customer;
	struct slice value;
	struct slice state; /* len 0: nothing is known of this customer */
	int32_t partition, partition_count;
	/* the state that all customers of the partition share, for a service that has one */
	struct slice shared;

	/* answered */
	bool state_changed;
	struct slice new_state; /* len 0: forget the customer (a tombstone) */
	int64_t due_ms; /* when to be called with STEP_TIMER; NEVER_MS. Only with state_changed */
	/*
	 * Event clock, and due_ms is STEP_DUE_NEW_OWNER: should the batch come to this time before it
	 * ends, it is a STEP_TIMER as well.  After the batch, results say what is due.
	 */
	int64_t wake_ms;
	bool shared_changed;
	struct slice new_shared;
	/* RECORD: by how much the time that it claims was after its arrival; 0: it was not */
	int64_t ahead_ms;
	const char *unknown_zone;  /* RECORD: it names a time zone that tzdata has not; else NULL */
	const char *unknown_class; /* RECORD: of consent to a class that no policy has; else NULL */
	const char *unknown_tag;   /* RECORD: it puts on a tag that no policy has; else NULL */
	enum step_ignored ignored; /* RECORD */
	bool forgets; /* a person was erased: older states must leave the index's disk, too */
	struct step_output *outputs;
	struct step_output **last_output;
};

/*
 * 0, or -1 for a record that cannot be understood: it goes to the dead
 * letters with err's text, and nothing else of the step is carried out.
 * A step of another kind never fails but for a state that cannot be read.
 */
typedef int (*step_function)(struct step *step, struct err *err);

/* For the driver: clears the answer. */
static inline void step_prepare(struct step *step)
{
	step->state_changed = false;
	step->new_state = slice_of(NULL, 0);
	step->due_ms = step->wake_ms = NEVER_MS;
	step->shared_changed = false;
	step->new_shared = slice_of(NULL, 0);
	step->ahead_ms = 0;
	step->unknown_zone = NULL;
	step->unknown_class = NULL;
	step->unknown_tag = NULL;
	step->ignored = STEP_HEARD;
	step->forgets = false;
	step->outputs = NULL;
	step->last_output = &step->outputs;
}

/*
 * value and note must live in step->arena (or for ever). The record's key is the customer.  note:
 * what the loop tells the service when it carries the step out; NULL: nothing.
 */
static inline void step_emit_noted(struct step *step, int topic, struct slice value,
				   const void *note)
{
	struct step_output *output = arena_alloc(step->arena, sizeof(*output));

	*output = (struct step_output){
	    .topic = topic, .value = value, .time_ms = step->now_ms, .note = note};
	*step->last_output = output;
	step->last_output = &output->next;
}

static inline void step_emit(struct step *step, int topic, struct slice value)
{
	step_emit_noted(step, topic, value, NULL);
}

/*
 * The same with another key than the customer, in step->arena as well: the record goes to that key's
 * partition.  Only to a topic that `spreads` (stream.h).
 */
static inline void step_emit_noted_to(struct step *step, int topic, struct slice key,
				      struct slice value, const void *note)
{
	struct step_output **last = step->last_output;

	step_emit_noted(step, topic, value, note);
	if (!slice_equal(step->customer, key))
		(*last)->key = key;
}

static inline void step_emit_to(struct step *step, int topic, struct slice key, struct slice value)
{
	step_emit_noted_to(step, topic, key, value, NULL);
}

/* The same with the bytes of a buffer, which is freed: those of the step's arena, or a copy. */
static inline void step_emit_buf(struct step *step, int topic, struct buf *value)
{
	struct slice bytes = buf_slice(value);

	if (value->arena != step->arena)
		bytes = slice_of(arena_copy(step->arena, bytes.bytes, bytes.len), bytes.len);
	step_emit(step, topic, bytes);
	buf_free(value);
}

/* The same with a key of its own, a text in step->arena; to the customer it is as without. */
static inline void step_emit_buf_to(struct step *step, int topic, const char *key,
				    struct buf *value)
{
	struct step_output **last = step->last_output;

	step_emit_buf(step, topic, value);
	if (!slice_is(step->customer, key))
		(*last)->key = slice_text(key);
}

static inline void step_store(struct step *step, struct slice state, int64_t due_ms)
{
	step->state_changed = true;
	step->new_state = state;
	step->due_ms = due_ms;
}

/*
 * The next step of the partition sees the shared state, whichever customer it is about.  Only
 * for a service that has one (check_shared in stream.h).
 */
static inline void step_store_shared(struct step *step, struct slice shared)
{
	step->shared_changed = true;
	step->new_shared = shared;
}

#endif
