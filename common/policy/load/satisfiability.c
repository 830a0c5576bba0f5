/* satisfiability.c - see satisfiability.h: a search through the ways in which conditions could
 * hold. */
#include "satisfiability.h"

#include "constraints.h"

enum { STEPS_MAX = 2000 }; /* each step may be one more frame on the stack */

struct search {
	const struct policy *policy;
	unsigned steps;
	struct contradiction *contradiction; /* the contradiction of the way that went farthest */
	unsigned farthest;
};

/* A condition that must still hold, or must not hold; of a list, its entries from `from` on. */
struct goal {
	const struct condition *condition;
	bool holds;
	unsigned from;
	const struct goal *next;
};

static bool solve(struct search *s, const struct constraints *constraints,
		  const struct goal *goals);

/*
 * Goes on to the other goals, now that one more condition is in the constraints; or back, on a
 * contradiction.
 */
static bool go_on(struct search *s, struct constraints *constraints, bool is_possible,
		  const struct contradiction *contradiction, const struct goal *goals)
{
	constraints->condition_count++;
	if (is_possible)
		return solve(s, constraints, goals);
	if (constraints->condition_count > s->farthest) {
		s->farthest = constraints->condition_count;
		*s->contradiction = *contradiction;
	}
	return false;
}

static struct interval span_of(const struct range *range)
{
	return (struct interval){range->has_min ? range->min : INT64_MIN,
				 range->has_max ? range->max : INT64_MAX};
}

/* Narrows the constraints by a number, or by the time since a category was bought. */
static bool apply_span(struct constraints *constraints, const struct condition *c,
		       enum constrained_number number, struct interval span,
		       struct contradiction *contradiction)
{
	if (c->kind == CONDITION_SINCE_BOUGHT)
		return constrain_since_bought(constraints, c->text, span, contradiction);
	return constrain_present(constraints, number, true, contradiction) &&
	       constrain_number(constraints, number, span, contradiction);
}

static bool apply_absence(struct constraints *constraints, const struct condition *c,
			  enum constrained_number number, struct contradiction *contradiction)
{
	if (c->kind == CONDITION_SINCE_BOUGHT)
		return constrain_bought(constraints, c->text, false, contradiction);
	return constrain_present(constraints, number, false, contradiction);
}

/* Tries the three ways of not being in a range: below it, above it, or no number at all. */
static bool solve_range(struct search *s, const struct constraints *before, const struct goal *goal,
			enum constrained_number number)
{
	const struct condition *c = goal->condition;
	struct interval span = span_of(&c->range);
	struct contradiction contradiction;
	struct constraints constraints = *before;

	if (goal->holds)
		return go_on(s, &constraints,
			     apply_span(&constraints, c, number, span, &contradiction),
			     &contradiction, goal->next);
	if (c->range.has_min &&
	    go_on(s, &constraints,
		  apply_span(&constraints, c, number, (struct interval){INT64_MIN, span.min - 1},
			     &contradiction),
		  &contradiction, goal->next))
		return true;
	constraints = *before;
	if (c->range.has_max && span.max < INT64_MAX &&
	    go_on(s, &constraints,
		  apply_span(&constraints, c, number, (struct interval){span.max + 1, INT64_MAX},
			     &contradiction),
		  &contradiction, goal->next))
		return true;
	constraints = *before;
	return go_on(s, &constraints, apply_absence(&constraints, c, number, &contradiction),
		     &contradiction, goal->next);
}

static bool apply_word(struct constraints *constraints, const struct goal *goal,
		       struct contradiction *contradiction)
{
	const struct condition *c = goal->condition;

	if (c->kind == CONDITION_STAGE)
		return constrain_stage(constraints, c->text, goal->holds, contradiction);
	if (c->kind == CONDITION_COUNTRY)
		return constrain_country(constraints, c->text, goal->holds, contradiction);
	if (c->kind == CONDITION_BOUGHT)
		return constrain_bought(constraints, c->text, goal->holds, contradiction);
	if (c->kind == CONDITION_CHANNEL)
		return true; /* any word is one */
	if (c->kind == CONDITION_EXPECTED_ORDERS || c->kind == CONDITION_EXPECTED_VALUE ||
	    c->kind == CONDITION_RFM)
		return true; /* what a model says of whom is not looked into */
	if (c->kind == CONDITION_ORDER_CATEGORY)
		return constrain_order_category(constraints, c->text, goal->holds, contradiction);
	return constrain_over_gap(constraints, c->over_usual_gap_permille, goal->holds,
				  contradiction);
}

static bool solve_word(struct search *s, const struct constraints *before, const struct goal *goal)
{
	struct contradiction contradiction;
	struct constraints constraints = *before;

	return go_on(s, &constraints, apply_word(&constraints, goal, &contradiction),
		     &contradiction, goal->next);
}

/* Tries to meet all conditions of a list: the first one, and then the others. */
static bool solve_all(struct search *s, const struct constraints *constraints,
		      const struct goal *goal)
{
	const struct condition *c = goal->condition;
	struct goal rest = *goal, first;

	if (goal->from == c->child_count)
		return solve(s, constraints, goal->next);
	rest.from++;
	first = (struct goal){&c->children[goal->from], goal->holds, 0, &rest};
	return solve(s, constraints, &first);
}

static bool solve_any(struct search *s, const struct constraints *constraints,
		      const struct goal *goal)
{
	const struct condition *c = goal->condition;

	for (unsigned i = 0; i < c->child_count; i++) {
		struct goal one = {&c->children[i], goal->holds, 0, goal->next};

		if (solve(s, constraints, &one))
			return true;
	}
	return false;
}

static bool solve_other(struct search *s, const struct constraints *constraints,
			const struct condition *condition, bool holds, const struct goal *next)
{
	struct goal goal = {condition, holds, 0, next};

	return solve(s, constraints, &goal);
}

/* Returns the number that a range is about. */
static enum constrained_number number_of(const struct condition *c)
{
	switch (c->kind) {
	case CONDITION_ORDERS:
		return CONSTRAINT_ORDERS;
	case CONDITION_SPENT:
		return CONSTRAINT_SPENT;
	case CONDITION_DAYS_SINCE_ORDER:
		return c->over_usual_gap_permille ? CONSTRAINT_NUMBER_COUNT : CONSTRAINT_SINCE;
	case CONDITION_SINCE_BOUGHT:
		return CONSTRAINT_SINCE;
	case CONDITION_CUSTOMER_FOR:
		return CONSTRAINT_CUSTOMER_FOR;
	case CONDITION_ORDER_AMOUNT:
		return CONSTRAINT_AMOUNT;
	case CONDITION_SCORE:
		return CONSTRAINT_SCORE;
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_NOT:
	case CONDITION_SEGMENT:
	case CONDITION_BOUGHT:
	case CONDITION_STAGE:
	case CONDITION_COUNTRY:
	case CONDITION_ORDER_CATEGORY:
	case CONDITION_CHANNEL:
	case CONDITION_EXPECTED_ORDERS:
	case CONDITION_EXPECTED_VALUE:
	case CONDITION_RFM:
		break;
	}
	return CONSTRAINT_NUMBER_COUNT;
}

static bool solve(struct search *s, const struct constraints *constraints, const struct goal *goal)
{
	const struct condition *c;
	enum constrained_number number;

	if (!goal || s->steps++ >= STEPS_MAX)
		return true;
	c = goal->condition;
	if (c->kind == CONDITION_ALL || c->kind == CONDITION_ANY)
		return (c->kind == CONDITION_ALL) == goal->holds ? solve_all(s, constraints, goal)
								 : solve_any(s, constraints, goal);
	if (c->kind == CONDITION_NOT)
		return solve_other(s, constraints, c->children, !goal->holds, goal->next);
	if (c->kind == CONDITION_SEGMENT)
		return solve_other(s, constraints, &s->policy->segments[c->segment].condition,
				   goal->holds, goal->next);
	number = number_of(c);
	if (number == CONSTRAINT_NUMBER_COUNT)
		return solve_word(s, constraints, goal);
	return solve_range(s, constraints, goal, number);
}

bool conditions_can_hold(const struct policy *policy, const struct condition *a,
			 const struct condition *b, struct contradiction *ret)
{
	struct search s = {.policy = policy, .contradiction = ret};
	struct goal second = {b, true, 0, NULL};
	struct goal first = {a, true, 0, b ? &second : NULL};
	struct constraints constraints;

	constraints_init(&constraints);
	return solve(&s, &constraints, &first);
}
