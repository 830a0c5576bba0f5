/*
 * case_event.h - which cases an event means that opens or closes one.  Pure.
 *
 * One rule for the segmenter and the review-solicitor, each of which keeps a list of its own.
 * The events of a case may come in any order, and name it by its id, by its order, or by both:
 * one that was opened by its order alone may be closed by an id, and the other way round.
 */
#ifndef NURTURE_POLICY_CASE_EVENT_H
#define NURTURE_POLICY_CASE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"

#define CASE_NEVER_MS INT64_MIN

struct case_event {
	const char *type;       /* "return.opened" and its like */
	const char *id, *order; /* of the case, and what it is about; "": not said, but not both */
};

struct case_known {
	const char *order; /* that it is about; "": nobody said */
	bool was_opened;   /* as far as the list can tell */
	int64_t closed_ms; /* the newest closing; CASE_NEVER_MS */
};

struct case_list {
	const void *cases;
	/* False when there is none of that name (case_name.h). */
	bool (*find)(const void *cases, const char *name, struct case_known *ret);
};

/*
 * When all was closed that the order is known to have, by its order alone: a closing may
 * come first.  CASE_NEVER_MS: nobody said so.
 */
int64_t case_closed_early_ms(const struct case_event *opening, struct case_list list,
			     struct arena *arena);

/* What a closing closes; NULL: none.  Names are the arena's. */
struct case_closing {
	const char *name;    /* the case that it names */
	const char *unnamed; /* the one that was opened by the order alone */
	bool all_of_order;   /* and every one of its kind about the order (case_is_of_order) */
};
struct case_closing case_closing(const struct case_event *closing, struct case_list list,
				 struct arena *arena);

#endif
