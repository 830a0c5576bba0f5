/*
 * handover.h - what a customer who ended by customer.merged hands to the id that goes on.  Pure.
 *
 * Each stateful service has a topic of handovers of its own, keyed by the id that goes on, and
 * reads it itself.  The transaction that ends the old id writes its state there; every record that
 * comes for that id later is passed on the same way.
 *
 * Who receives a handover may have ended as well: it is passed on along the chain.  Ids that were
 * merged in a circle are one person all the same, who lives under the id that the newest merge of the
 * circle named; of several at one instant, that whose old id comes first by its bytes.
 */
#ifndef NURTURE_MESSAGE_HANDOVER_H
#define NURTURE_MESSAGE_HANDOVER_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "nurture/v1/event.pb-c.h"
#include "nurture/v1/handover.pb-c.h"

/*
 * The path has every id that it came by, so a circle is known by the id that stands there already.
 * This is for the record's size alone: in practice no chain ends where it is.
 */
enum { HANDOVER_PATH_MAX = 256 };

/* Reads and checks a record of such a topic.  -1: it is none. */
int handover_decode(struct slice bytes, struct arena *arena, Nurture__V1__Handover **ret,
		    struct err *err);

/* Where an ended customer goes on. */
struct handover_goal {
	const char *id;
	int64_t merged_ms; /* the time of the customer.merged that said so */
};

/* When the newest of the merges that it came by was said. */
int64_t handover_merged_ms(const Nurture__V1__Handover *handover);

/* The state of `from`, who ends now. */
struct slice handover_of_state(const char *from, const struct handover_goal *goal,
			       struct slice state, int64_t now_ms, struct arena *arena);
/* A record for `from`, who has ended. arrived_ms as step->arrived_ms. */
struct slice handover_of_record(const char *from, const struct handover_goal *goal,
				struct slice record, int64_t arrived_ms, int64_t now_ms,
				struct arena *arena);
/* The same for a service that hands records of several inputs over: Handover.input says which. */
struct slice handover_of_input(unsigned input, const char *from, const struct handover_goal *goal,
			       struct slice record, int64_t arrived_ms, int64_t now_ms,
			       struct arena *arena);
/* What came for `from`, who has ended as well. */
struct slice handover_on(const Nurture__V1__Handover *handover, const char *from,
			 const struct handover_goal *goal, int64_t now_ms, struct arena *arena);

/*
 * The event that was passed on, as if it had come for own when it came: *arrived_ms, that of the
 * handover, becomes that of the event, where it is earlier.  -1: the record is none.
 */
int handover_event(const Nurture__V1__Handover *handover, const char *own, struct arena *arena,
		   Nurture__V1__Event **ret, int64_t *arrived_ms, struct err *err);

/*
 * own, who receives the handover, has ended and goes on at the goal: does the handover go there,
 * too?  false: it has come round a circle, of which the person lives on under own from now on.
 */
bool handover_goes_on(const Nurture__V1__Handover *handover, const char *own,
		      const struct handover_goal *goal);

#endif
