/* satisfiability.c - see satisfiability.h: a search through the ways in which conditions could
 * hold. */
#include "satisfiability.h"

#include "satisfiability_box.h"

enum { STEPS_MAX = 2000 }; /* each may be one more frame on the stack */

struct search {
	const struct policy *policy;
	unsigned steps;
	struct reach_conflict *conflict; /* of the way that went farthest */
	unsigned farthest;
};

/* What must still hold, or not hold; of a list, its entries from `from` on. */
struct goal {
	const struct condition *condition;
	bool holds;
	unsigned from;
	const struct goal *next;
};

static bool solve(struct search *s, const struct reach_box *box, const struct goal *goals);

/* One more is said of the box: on from here, or back. */
static bool go_on(struct search *s, struct reach_box *box, bool is_possible,
		  const struct reach_conflict *conflict, const struct goal *goals)
{
	box->said++;
	if (is_possible)
		return solve(s, box, goals);
	if (box->said > s->farthest) {
		s->farthest = box->said;
		*s->conflict = *conflict;
	}
	return false;
}

static struct reach_span span_of(const struct range *range)
{
	return (struct reach_span){range->has_min ? range->min : INT64_MIN,
				   range->has_max ? range->max : INT64_MAX};
}

/* Narrows the box by a number, or by the time since a category was bought. */
static bool apply_span(struct reach_box *box, const struct condition *c, enum reach_number number,
		       struct reach_span span, struct reach_conflict *conflict)
{
	if (c->kind == CONDITION_SINCE_BOUGHT)
		return reach_since_bought(box, c->text, span, conflict);
	return reach_present(box, number, true, conflict) &&
	       reach_number(box, number, span, conflict);
}

static bool apply_absence(struct reach_box *box, const struct condition *c,
			  enum reach_number number, struct reach_conflict *conflict)
{
	if (c->kind == CONDITION_SINCE_BOUGHT)
		return reach_bought(box, c->text, false, conflict);
	return reach_present(box, number, false, conflict);
}

/* Outside of a range is below it, above it, or nowhere: there is no such number. */
static bool solve_range(struct search *s, const struct reach_box *before, const struct goal *goal,
			enum reach_number number)
{
	const struct condition *c = goal->condition;
	struct reach_span span = span_of(&c->range);
	struct reach_conflict conflict;
	struct reach_box box = *before;

	if (goal->holds)
		return go_on(s, &box, apply_span(&box, c, number, span, &conflict), &conflict,
			     goal->next);
	if (c->range.has_min &&
	    go_on(s, &box,
		  apply_span(&box, c, number, (struct reach_span){INT64_MIN, span.min - 1},
			     &conflict),
		  &conflict, goal->next))
		return true;
	box = *before;
	if (c->range.has_max && span.max < INT64_MAX &&
	    go_on(s, &box,
		  apply_span(&box, c, number, (struct reach_span){span.max + 1, INT64_MAX},
			     &conflict),
		  &conflict, goal->next))
		return true;
	box = *before;
	return go_on(s, &box, apply_absence(&box, c, number, &conflict), &conflict, goal->next);
}

static bool apply_word(struct reach_box *box, const struct goal *goal,
		       struct reach_conflict *conflict)
{
	const struct condition *c = goal->condition;

	if (c->kind == CONDITION_STAGE)
		return reach_stage(box, c->text, goal->holds, conflict);
	if (c->kind == CONDITION_COUNTRY)
		return reach_country(box, c->text, goal->holds, conflict);
	if (c->kind == CONDITION_BOUGHT)
		return reach_bought(box, c->text, goal->holds, conflict);
	if (c->kind == CONDITION_ORDER_CATEGORY)
		return reach_order_category(box, c->text, goal->holds, conflict);
	return reach_over_gap(box, c->over_usual_gap_permille, goal->holds, conflict);
}

static bool solve_word(struct search *s, const struct reach_box *before, const struct goal *goal)
{
	struct reach_conflict conflict;
	struct reach_box box = *before;

	return go_on(s, &box, apply_word(&box, goal, &conflict), &conflict, goal->next);
}

/* All of a list: its first, and then the rest of it. */
static bool solve_all(struct search *s, const struct reach_box *box, const struct goal *goal)
{
	const struct condition *c = goal->condition;
	struct goal rest = *goal, first;

	if (goal->from == c->child_count)
		return solve(s, box, goal->next);
	rest.from++;
	first = (struct goal){&c->children[goal->from], goal->holds, 0, &rest};
	return solve(s, box, &first);
}

static bool solve_any(struct search *s, const struct reach_box *box, const struct goal *goal)
{
	const struct condition *c = goal->condition;

	for (unsigned i = 0; i < c->child_count; i++) {
		struct goal one = {&c->children[i], goal->holds, 0, goal->next};

		if (solve(s, box, &one))
			return true;
	}
	return false;
}

static bool solve_other(struct search *s, const struct reach_box *box,
			const struct condition *condition, bool holds, const struct goal *next)
{
	struct goal goal = {condition, holds, 0, next};

	return solve(s, box, &goal);
}

/* The number that a range is about. */
static enum reach_number number_of(const struct condition *c)
{
	switch (c->kind) {
	case CONDITION_ORDERS:
		return REACH_ORDERS;
	case CONDITION_SPENT:
		return REACH_SPENT;
	case CONDITION_DAYS_SINCE_ORDER:
		return c->over_usual_gap_permille ? REACH_NUMBER_COUNT : REACH_SINCE;
	case CONDITION_SINCE_BOUGHT:
		return REACH_SINCE;
	case CONDITION_CUSTOMER_FOR:
		return REACH_CUSTOMER_FOR;
	case CONDITION_ORDER_AMOUNT:
		return REACH_AMOUNT;
	case CONDITION_SCORE:
		return REACH_SCORE;
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_NOT:
	case CONDITION_SEGMENT:
	case CONDITION_BOUGHT:
	case CONDITION_STAGE:
	case CONDITION_COUNTRY:
	case CONDITION_ORDER_CATEGORY:
		break;
	}
	return REACH_NUMBER_COUNT;
}

static bool solve(struct search *s, const struct reach_box *box, const struct goal *goal)
{
	const struct condition *c;
	enum reach_number number;

	if (!goal || s->steps++ >= STEPS_MAX)
		return true;
	c = goal->condition;
	if (c->kind == CONDITION_ALL || c->kind == CONDITION_ANY)
		return (c->kind == CONDITION_ALL) == goal->holds ? solve_all(s, box, goal)
								 : solve_any(s, box, goal);
	if (c->kind == CONDITION_NOT)
		return solve_other(s, box, c->children, !goal->holds, goal->next);
	if (c->kind == CONDITION_SEGMENT)
		return solve_other(s, box, &s->policy->segments[c->segment].condition, goal->holds,
				   goal->next);
	number = number_of(c);
	if (number == REACH_NUMBER_COUNT)
		return solve_word(s, box, goal);
	return solve_range(s, box, goal, number);
}

bool conditions_can_hold(const struct policy *policy, const struct condition *a,
			 const struct condition *b, struct reach_conflict *ret)
{
	struct search s = {.policy = policy, .conflict = ret};
	struct goal second = {b, true, 0, NULL};
	struct goal first = {a, true, 0, b ? &second : NULL};
	struct reach_box box;

	reach_box_init(&box);
	return solve(&s, &box, &first);
}
