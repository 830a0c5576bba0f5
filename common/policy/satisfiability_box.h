/*
 * satisfiability_box.h - private to reach.c and reach_box.c: what is known about a
 * customer at some point of the search; each function narrows it and returns
 * false, with the conflict, when nobody is left.
 */
#ifndef NURTURE_POLICY_SATISFIABILITY_BOX_H
#define NURTURE_POLICY_SATISFIABILITY_BOX_H

#include "satisfiability.h"

enum reach_number {
	REACH_ORDERS,
	REACH_SPENT,
	REACH_SINCE,        /* the last order; with orders only */
	REACH_CUSTOMER_FOR, /* since the first order; with orders only */
	REACH_AMOUNT,       /* of the triggering order */
	REACH_SCORE,
	REACH_NUMBER_COUNT
};

struct reach_span {
	int64_t min, max;
};

enum { REACH_NAMES_MAX = 8 }; /* what is beyond is not looked at */

struct reach_category {
	const char *name;
	int8_t bought, of_order; /* 1 yes, -1 no, 0 not known */
	struct reach_span since; /* bought */
};

struct reach_box {
	struct reach_span numbers[REACH_NUMBER_COUNT];
	int8_t has_amount, has_score;    /* 1 yes, -1 no, 0 not known */
	uint32_t stages;                 /* bit set */
	uint32_t over_gap, not_over_gap; /* permille; 0 and UINT32_MAX: not known */
	const char *country;             /* NULL: not known */
	const char *other_than[REACH_NAMES_MAX];
	unsigned other_count;
	struct reach_category categories[REACH_NAMES_MAX];
	unsigned category_count;
	unsigned said; /* how many conditions it was narrowed by */
};

void reach_box_init(struct reach_box *box);
bool reach_number(struct reach_box *box, enum reach_number number, struct reach_span span,
		  struct reach_conflict *ret);
/* Whether the number is there at all: an order, a score. */
bool reach_present(struct reach_box *box, enum reach_number number, bool present,
		   struct reach_conflict *ret);
bool reach_over_gap(struct reach_box *box, uint32_t permille, bool holds,
		    struct reach_conflict *ret);
bool reach_stage(struct reach_box *box, const char *stage, bool holds, struct reach_conflict *ret);
bool reach_country(struct reach_box *box, const char *country, bool holds,
		   struct reach_conflict *ret);
bool reach_bought(struct reach_box *box, const char *category, bool holds,
		  struct reach_conflict *ret);
bool reach_since_bought(struct reach_box *box, const char *category, struct reach_span span,
			struct reach_conflict *ret);
bool reach_order_category(struct reach_box *box, const char *category, bool holds,
			  struct reach_conflict *ret);

#endif
