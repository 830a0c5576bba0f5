/* constraints.c - see constraints.h. */
#include "constraints.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/policy/stage.h"

static const struct {
	const char *name;
	struct interval orders;
} stages[STAGE_COUNT] = {
#define X(name, word, least, most) {word, {least, most}},
    STAGES(X)
#undef X
};

static const char *const number_names[CONSTRAINT_NUMBER_COUNT] = {
    "orders", "spent", "days_since_order", "customer_for", "order_amount", "score"};

void constraints_init(struct constraints *constraints)
{
	*constraints =
	    (struct constraints){.stages = (1U << STAGE_COUNT) - 1, .not_over_gap = UINT32_MAX};
	for (int i = 0; i < CONSTRAINT_NUMBER_COUNT; i++)
		constraints->numbers[i] = (struct interval){INT64_MIN, INT64_MAX};
	constraints->numbers[CONSTRAINT_ORDERS].min = 0;
}

enum { NUMBER_BYTES = 32 };

static const char *number_text(enum constrained_number number, int64_t value,
			       char buf[NUMBER_BYTES])
{
	if (number == CONSTRAINT_SPENT || number == CONSTRAINT_AMOUNT)
		return money_text(value, buf, NUMBER_BYTES);
	if (number == CONSTRAINT_SINCE || number == CONSTRAINT_CUSTOMER_FOR)
		return duration_text(value, buf, NUMBER_BYTES);
	snprintf(buf, NUMBER_BYTES, "%" PRId64, value);
	return buf;
}

static bool is_empty(enum constrained_number number, const char *name, struct interval span,
		     struct contradiction *ret)
{
	char least[NUMBER_BYTES], most[NUMBER_BYTES];

	if (span.min <= span.max)
		return false;
	snprintf(ret->text, sizeof(ret->text), "%s at least %s and at most %s", name,
		 number_text(number, span.min, least), number_text(number, span.max, most));
	return true;
}

static void narrow(struct interval *span, struct interval by)
{
	if (by.min > span->min)
		span->min = by.min;
	if (by.max < span->max)
		span->max = by.max;
}

static bool contradict(struct contradiction *ret, const char *what, const char *name)
{
	snprintf(ret->text, sizeof(ret->text), what, name);
	return false;
}

/* Lets orders limit the stages, and stages the orders; false when they contradict each other. */
static bool agree_on_stage(struct constraints *constraints, struct contradiction *ret)
{
	struct interval hull = {INT64_MAX, INT64_MIN};
	struct interval *orders = &constraints->numbers[CONSTRAINT_ORDERS];
	struct interval all = *orders;

	for (int i = 0; i < STAGE_COUNT; i++) {
		const struct interval *of = &stages[i].orders;

		if (!(constraints->stages & 1U << i))
			continue;
		if (of->min < hull.min)
			hull.min = of->min;
		if (of->max > hull.max)
			hull.max = of->max;
		if (of->min > orders->max || of->max < orders->min)
			constraints->stages &= ~(1U << i);
	}
	narrow(&all, hull);
	if (is_empty(CONSTRAINT_ORDERS, "orders", all, ret))
		return false;
	*orders = all;
	return constraints->stages ||
	       contradict(ret, "a %s of life that so many orders exclude", "stage");
}

bool constrain_number(struct constraints *constraints, enum constrained_number number,
		      struct interval span, struct contradiction *ret)
{
	const struct interval *since = &constraints->numbers[CONSTRAINT_SINCE];
	const struct interval *customer = &constraints->numbers[CONSTRAINT_CUSTOMER_FOR];

	narrow(&constraints->numbers[number], span);
	if (is_empty(number, number_names[number], constraints->numbers[number], ret))
		return false;
	if (since->min > customer->max) /* the first order is not after the last */
		return contradict(ret, "%s longer ago than the first order", "the last order");
	return number != CONSTRAINT_ORDERS || agree_on_stage(constraints, ret);
}

static bool agree(int8_t *known, bool holds, const char *what, const char *name,
		  struct contradiction *ret)
{
	int8_t now = holds ? 1 : -1;

	if (*known && *known != now)
		return contradict(ret, what, name);
	*known = now;
	return true;
}

bool constrain_present(struct constraints *constraints, enum constrained_number number,
		       bool present, struct contradiction *ret)
{
	if (number == CONSTRAINT_AMOUNT)
		return agree(&constraints->has_amount, present, "%s both with and without an order",
			     "something", ret);
	if (number == CONSTRAINT_SCORE)
		return agree(&constraints->has_score, present, "%s both with and without a score",
			     "something", ret);
	if (number == CONSTRAINT_SINCE || number == CONSTRAINT_CUSTOMER_FOR)
		return constrain_number(
		    constraints, CONSTRAINT_ORDERS,
		    present ? (struct interval){1, INT64_MAX} : (struct interval){0, 0}, ret);
	return present || contradict(ret, "no %s", number_names[number]);
}

bool constrain_over_gap(struct constraints *constraints, uint32_t permille, bool holds,
			struct contradiction *ret)
{
	if (holds && permille > constraints->over_gap)
		constraints->over_gap = permille;
	if (!holds && permille < constraints->not_over_gap)
		constraints->not_over_gap = permille;
	if (constraints->over_gap >= constraints->not_over_gap)
		return contradict(ret, "%s both over the usual gap and not", "days_since_order");
	return !holds || constrain_present(constraints, CONSTRAINT_SINCE, true, ret);
}

bool constrain_stage(struct constraints *constraints, const char *stage, bool holds,
		     struct contradiction *ret)
{
	for (int i = 0; i < STAGE_COUNT; i++) {
		if (strcmp(stages[i].name, stage) == 0)
			constraints->stages &= holds ? 1U << i : ~(1U << i);
	}
	if (!constraints->stages)
		return contradict(ret, "stage %s together with what excludes it", stage);
	return agree_on_stage(constraints, ret);
}

bool constrain_country(struct constraints *constraints, const char *country, bool holds,
		       struct contradiction *ret)
{
	if (holds) {
		if (constraints->country && strcmp(constraints->country, country) != 0)
			return contradict(ret, "country %s and another one", country);
		constraints->country = country;
	} else if (constraints->other_count < CONSTRAINT_NAMES_MAX) {
		constraints->other_than[constraints->other_count++] = country;
	}
	for (unsigned i = 0; constraints->country && i < constraints->other_count; i++) {
		if (strcmp(constraints->country, constraints->other_than[i]) == 0)
			return contradict(ret, "country %s and not", country);
	}
	return true;
}

/* Finds or adds the category; NULL when there is no room to remember it. */
static struct category_constraint *category_of(struct constraints *constraints, const char *name)
{
	struct category_constraint *category;

	for (unsigned i = 0; i < constraints->category_count; i++) {
		if (strcmp(constraints->categories[i].name, name) == 0)
			return &constraints->categories[i];
	}
	if (constraints->category_count == CONSTRAINT_NAMES_MAX)
		return NULL;
	category = &constraints->categories[constraints->category_count++];
	*category = (struct category_constraint){.name = name, .since = {INT64_MIN, INT64_MAX}};
	return category;
}

bool constrain_bought(struct constraints *constraints, const char *name, bool holds,
		      struct contradiction *ret)
{
	struct category_constraint *category = category_of(constraints, name);

	return !category || agree(&category->bought, holds, "bought %.100s and never", name, ret);
}

bool constrain_since_bought(struct constraints *constraints, const char *name, struct interval span,
			    struct contradiction *ret)
{
	struct category_constraint *category = category_of(constraints, name);

	if (!category)
		return true;
	narrow(&category->since, span);
	return !is_empty(CONSTRAINT_SINCE, "since_bought", category->since, ret) &&
	       constrain_bought(constraints, name, true, ret);
}

bool constrain_order_category(struct constraints *constraints, const char *name, bool holds,
			      struct contradiction *ret)
{
	struct category_constraint *category = category_of(constraints, name);

	return !category ||
	       agree(&category->of_order, holds, "order_category %.100s and not", name, ret);
}
