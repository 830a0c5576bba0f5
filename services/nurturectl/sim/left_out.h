/*
 * left_out.h - what of a file did not become an event: how often, why, and where first.  Pure.
 */
#ifndef NURTURE_NURTURECTL_SIM_LEFT_OUT_H
#define NURTURE_NURTURECTL_SIM_LEFT_OUT_H

#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/buf.h"

enum left_reason {
	LEFT_KIND,       /* a word of the kind column that is no event */
	LEFT_CUSTOMER,   /* neither a customer nor an address */
	LEFT_ADDRESS,    /* the row counts, what stands in its column email does not */
	LEFT_BIRTHDAY,   /* likewise */
	LEFT_LOCALE,     /* likewise */
	LEFT_ITEMS,      /* likewise: a cell of items */
	LEFT_FIELDS,     /* fields at the end of a row, which are taken as empty */
	LEFT_EVENT_TIME, /* a word says that it happened, no column when */
	LEFT_UNDATED,    /* likewise, and it ends an order: it counts as of when that was placed */
	LEFT_REPEATED,   /* an order that was placed before */
	LEFT_PEOPLE,     /* lines of one order that name different customers */
	LEFT_SIZE,       /* an event that is larger than anybody reads */
	LEFT_LINE,       /* a line of events that is none */
	LEFT_FOREIGN,    /* an order in another currency than the shop's */
	LEFT_CLASS,      /* consent to a class that the policy has not */
	LEFT_CURRENCY,   /* of a policy without a currency: one that an order is in */
	LEFT_NUMBER,     /* a customer of whom the list of customers has no number */
	LEFT_CATEGORY,   /* an item of which the catalogue knows no category */
	LEFT_DOT, /* an amount whose dot may stand between thousands, taken as the decimals' */
};

struct left_out {
	struct left_out *next;
	enum left_reason reason;
	const char *word; /* "" where the reason says it all */
	size_t count;
	int first_line;
};

enum { LEFT_WORDS_MAX = 64 };

/* Words beyond LEFT_WORDS_MAX are counted together. The word is copied into the arena. */
void left_out_add(struct left_out **list, enum left_reason reason, struct slice word, int line,
		  struct arena *arena);
/* Adds what another list counts. */
void left_out_join(struct left_out **list, const struct left_out *more, struct arena *arena);
/* In the order of their first lines, behind the first `after` of them. */
void left_out_sort(struct left_out **list, size_t after);
/* "12 rows left out, the first in line 3: their kind is \"pending\"". */
void left_out_say(const struct left_out *left, struct buf *out);

#endif
