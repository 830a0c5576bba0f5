/* satisfiability_box.c - see satisfiability_box.h. */
#include "satisfiability_box.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"

/* How many orders each stage of life is about (services/segmenter/profile/facts.h). */
static const struct {
	const char *name;
	struct reach_span orders;
} stages[] = {
    {"prospect", {0, 0}},         {"new", {1, 1}},
    {"active", {2, 7}},           {"loyal", {8, INT64_MAX}},
    {"slipping", {1, INT64_MAX}}, {"lapsed", {1, INT64_MAX}},
};
enum { STAGE_COUNT = sizeof(stages) / sizeof(stages[0]) };

static const char *const number_names[REACH_NUMBER_COUNT] = {
    "orders", "spent", "days_since_order", "customer_for", "order_amount", "score"};

void reach_box_init(struct reach_box *box)
{
	*box = (struct reach_box){.stages = (1U << STAGE_COUNT) - 1, .not_over_gap = UINT32_MAX};
	for (int i = 0; i < REACH_NUMBER_COUNT; i++)
		box->numbers[i] = (struct reach_span){INT64_MIN, INT64_MAX};
	box->numbers[REACH_ORDERS].min = 0;
}

enum { NUMBER_BYTES = 32 };

static const char *number_text(enum reach_number number, int64_t value, char buf[NUMBER_BYTES])
{
	if (number == REACH_SPENT || number == REACH_AMOUNT)
		return money_text(value, buf, NUMBER_BYTES);
	if (number == REACH_SINCE || number == REACH_CUSTOMER_FOR)
		return duration_text(value, buf, NUMBER_BYTES);
	snprintf(buf, NUMBER_BYTES, "%" PRId64, value);
	return buf;
}

static bool is_empty(enum reach_number number, const char *name, struct reach_span span,
		     struct reach_conflict *ret)
{
	char least[NUMBER_BYTES], most[NUMBER_BYTES];

	if (span.min <= span.max)
		return false;
	snprintf(ret->text, sizeof(ret->text), "%s at least %s and at most %s", name,
		 number_text(number, span.min, least), number_text(number, span.max, most));
	return true;
}

static void narrow(struct reach_span *span, struct reach_span by)
{
	if (by.min > span->min)
		span->min = by.min;
	if (by.max < span->max)
		span->max = by.max;
}

static bool conflict(struct reach_conflict *ret, const char *what, const char *name)
{
	snprintf(ret->text, sizeof(ret->text), what, name);
	return false;
}

/* Orders limit the stages, and stages the orders. */
static bool agree_on_stage(struct reach_box *box, struct reach_conflict *ret)
{
	struct reach_span hull = {INT64_MAX, INT64_MIN};
	struct reach_span *orders = &box->numbers[REACH_ORDERS];
	struct reach_span all = *orders;

	for (int i = 0; i < STAGE_COUNT; i++) {
		const struct reach_span *of = &stages[i].orders;

		if (!(box->stages & 1U << i))
			continue;
		if (of->min < hull.min)
			hull.min = of->min;
		if (of->max > hull.max)
			hull.max = of->max;
		if (of->min > orders->max || of->max < orders->min)
			box->stages &= ~(1U << i);
	}
	narrow(&all, hull);
	if (is_empty(REACH_ORDERS, "orders", all, ret))
		return false;
	*orders = all;
	return box->stages || conflict(ret, "a %s of life that so many orders exclude", "stage");
}

bool reach_number(struct reach_box *box, enum reach_number number, struct reach_span span,
		  struct reach_conflict *ret)
{
	const struct reach_span *since = &box->numbers[REACH_SINCE];
	const struct reach_span *customer = &box->numbers[REACH_CUSTOMER_FOR];

	narrow(&box->numbers[number], span);
	if (is_empty(number, number_names[number], box->numbers[number], ret))
		return false;
	if (since->min > customer->max) /* the first order is not after the last */
		return conflict(ret, "%s longer ago than the first order", "the last order");
	return number != REACH_ORDERS || agree_on_stage(box, ret);
}

static bool agree(int8_t *known, bool holds, const char *what, const char *name,
		  struct reach_conflict *ret)
{
	int8_t now = holds ? 1 : -1;

	if (*known && *known != now)
		return conflict(ret, what, name);
	*known = now;
	return true;
}

bool reach_present(struct reach_box *box, enum reach_number number, bool present,
		   struct reach_conflict *ret)
{
	if (number == REACH_AMOUNT)
		return agree(&box->has_amount, present, "%s both with and without an order",
			     "something", ret);
	if (number == REACH_SCORE)
		return agree(&box->has_score, present, "%s both with and without a score",
			     "something", ret);
	if (number == REACH_SINCE || number == REACH_CUSTOMER_FOR)
		return reach_number(
		    box, REACH_ORDERS,
		    present ? (struct reach_span){1, INT64_MAX} : (struct reach_span){0, 0}, ret);
	return present || conflict(ret, "no %s", number_names[number]);
}

bool reach_over_gap(struct reach_box *box, uint32_t permille, bool holds,
		    struct reach_conflict *ret)
{
	if (holds && permille > box->over_gap)
		box->over_gap = permille;
	if (!holds && permille < box->not_over_gap)
		box->not_over_gap = permille;
	if (box->over_gap >= box->not_over_gap)
		return conflict(ret, "%s both over the usual gap and not", "days_since_order");
	return !holds || reach_present(box, REACH_SINCE, true, ret);
}

bool reach_stage(struct reach_box *box, const char *stage, bool holds, struct reach_conflict *ret)
{
	for (int i = 0; i < STAGE_COUNT; i++) {
		if (strcmp(stages[i].name, stage) == 0)
			box->stages &= holds ? 1U << i : ~(1U << i);
	}
	if (!box->stages)
		return conflict(ret, "stage %s together with what excludes it", stage);
	return agree_on_stage(box, ret);
}

bool reach_country(struct reach_box *box, const char *country, bool holds,
		   struct reach_conflict *ret)
{
	if (holds) {
		if (box->country && strcmp(box->country, country) != 0)
			return conflict(ret, "country %s and another one", country);
		box->country = country;
	} else if (box->other_count < REACH_NAMES_MAX) {
		box->other_than[box->other_count++] = country;
	}
	for (unsigned i = 0; box->country && i < box->other_count; i++) {
		if (strcmp(box->country, box->other_than[i]) == 0)
			return conflict(ret, "country %s and not", country);
	}
	return true;
}

/* NULL: there is no room to remember it. */
static struct reach_category *category_of(struct reach_box *box, const char *name)
{
	struct reach_category *category;

	for (unsigned i = 0; i < box->category_count; i++) {
		if (strcmp(box->categories[i].name, name) == 0)
			return &box->categories[i];
	}
	if (box->category_count == REACH_NAMES_MAX)
		return NULL;
	category = &box->categories[box->category_count++];
	*category = (struct reach_category){.name = name, .since = {INT64_MIN, INT64_MAX}};
	return category;
}

bool reach_bought(struct reach_box *box, const char *name, bool holds, struct reach_conflict *ret)
{
	struct reach_category *category = category_of(box, name);

	return !category || agree(&category->bought, holds, "bought %.100s and never", name, ret);
}

bool reach_since_bought(struct reach_box *box, const char *name, struct reach_span span,
			struct reach_conflict *ret)
{
	struct reach_category *category = category_of(box, name);

	if (!category)
		return true;
	narrow(&category->since, span);
	return !is_empty(REACH_SINCE, "since_bought", category->since, ret) &&
	       reach_bought(box, name, true, ret);
}

bool reach_order_category(struct reach_box *box, const char *name, bool holds,
			  struct reach_conflict *ret)
{
	struct reach_category *category = category_of(box, name);

	return !category ||
	       agree(&category->of_order, holds, "order_category %.100s and not", name, ret);
}
