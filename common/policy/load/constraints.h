/*
 * constraints.h - private to satisfiability.c and constraints.c: what must be true of a
 * customer at some point of the search.  Each function adds a constraint, and returns
 * false, with the contradiction, when no customer can meet them all.
 */
#ifndef NURTURE_POLICY_LOAD_CONSTRAINTS_H
#define NURTURE_POLICY_LOAD_CONSTRAINTS_H

#include "satisfiability.h"

enum constrained_number {
	CONSTRAINT_ORDERS,
	CONSTRAINT_SPENT,
	CONSTRAINT_SINCE,        /* the last order; with orders only */
	CONSTRAINT_CUSTOMER_FOR, /* since the first order; with orders only */
	CONSTRAINT_AMOUNT,       /* of the triggering order */
	CONSTRAINT_SCORE,
	CONSTRAINT_NUMBER_COUNT
};

struct interval {
	int64_t min, max;
};

enum { CONSTRAINT_NAMES_MAX = 8 }; /* names beyond so many are not compared */

struct category_constraint {
	const char *name;
	int8_t bought, of_order; /* 1 yes, -1 no, 0 not known */
	struct interval since;   /* bought */
};

struct constraints {
	struct interval numbers[CONSTRAINT_NUMBER_COUNT];
	int8_t has_amount, has_score;    /* 1 yes, -1 no, 0 not known */
	uint32_t stages;                 /* bit set */
	uint32_t over_gap, not_over_gap; /* permille; 0 and UINT32_MAX: not known */
	const char *country;             /* NULL: not known */
	const char *other_than[CONSTRAINT_NAMES_MAX];
	unsigned other_count;
	struct category_constraint categories[CONSTRAINT_NAMES_MAX];
	unsigned category_count;
	unsigned condition_count; /* how many conditions have narrowed it */
};

void constraints_init(struct constraints *constraints);
bool constrain_number(struct constraints *constraints, enum constrained_number number,
		      struct interval span, struct contradiction *ret);
/* Constrains whether the number is there at all: whether the customer has an order, a score. */
bool constrain_present(struct constraints *constraints, enum constrained_number number,
		       bool present, struct contradiction *ret);
bool constrain_over_gap(struct constraints *constraints, uint32_t permille, bool holds,
			struct contradiction *ret);
bool constrain_stage(struct constraints *constraints, const char *stage, bool holds,
		     struct contradiction *ret);
bool constrain_country(struct constraints *constraints, const char *country, bool holds,
		       struct contradiction *ret);
bool constrain_bought(struct constraints *constraints, const char *category, bool holds,
		      struct contradiction *ret);
bool constrain_since_bought(struct constraints *constraints, const char *category,
			    struct interval span, struct contradiction *ret);
bool constrain_order_category(struct constraints *constraints, const char *category, bool holds,
			      struct contradiction *ret);

#endif
