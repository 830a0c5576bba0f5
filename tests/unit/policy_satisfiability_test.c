/*
 * Conditions that are said to hold for nobody, against random customers: none
 * of them may prove it wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/policy/load/satisfiability.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
enum { CASES = 100000, CUSTOMERS = 40, NODES_MAX = 200, SEGMENTS = 3, NUMBERS = 12 };

static uint64_t seed = 88172645463325252u;

static int random_below(int end)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)end);
}

static const char *const stages[] = {"prospect", "new", "active", "loyal", "slipping", "lapsed"};
static const char *const countries[] = {"DE", "AT", "GB"};
static const char *const categories[] = {"tents", "bags"};

static struct condition nodes[NODES_MAX];
static unsigned node_count;

static struct range random_range(void)
{
	int a = random_below(NUMBERS), b = random_below(NUMBERS), kind = random_below(3);

	return (struct range){kind != 0, kind != 1, a < b ? a : b, a < b ? b : a};
}

static struct condition random_condition(int depth, int segments);

static void random_children(struct condition *c, unsigned count, int depth, int segments)
{
	c->children = &nodes[node_count];
	c->child_count = count;
	node_count += count;
	for (unsigned i = 0; i < count; i++)
		c->children[i] = random_condition(depth - 1, segments);
}

/* Of a segment, only those before it are named. */
static struct condition random_condition(int depth, int segments)
{
	struct condition c = {.text = "", .range = random_range()};

	c.kind = (enum condition_kind)random_below(CONDITION_SINCE_BOUGHT + 1);
	if (depth > 0 && random_below(2))
		c.kind = (enum condition_kind)random_below(CONDITION_NOT + 1);
	if (c.kind <= CONDITION_NOT && (depth <= 0 || node_count + 3 > NODES_MAX))
		c.kind = CONDITION_ORDERS;
	if (c.kind == CONDITION_SEGMENT && segments == 0)
		c.kind = CONDITION_STAGE;
	if (c.kind <= CONDITION_NOT)
		random_children(&c, c.kind == CONDITION_NOT ? 1 : 1 + (unsigned)random_below(3),
				depth, segments);
	if (c.kind == CONDITION_SEGMENT)
		c.segment = (unsigned)random_below(segments);
	if (c.kind == CONDITION_STAGE)
		c.text = stages[random_below(COUNT_OF(stages))];
	if (c.kind == CONDITION_COUNTRY)
		c.text = countries[random_below(COUNT_OF(countries))];
	if (c.kind == CONDITION_BOUGHT || c.kind == CONDITION_SINCE_BOUGHT ||
	    c.kind == CONDITION_ORDER_CATEGORY)
		c.text = categories[random_below(COUNT_OF(categories))];
	if (c.kind == CONDITION_DAYS_SINCE_ORDER && random_below(3) == 0)
		c.over_usual_gap_permille = 1000 * (1 + (uint32_t)random_below(3));
	return c;
}

/* -1: there is none. */
struct customer {
	int orders, spent, since, customer_for, gap, amount, score;
	int since_bought[2];
	bool in_order[2];
	const char *stage, *country;
};

/* As services/segmenter/profile/facts.c has it. */
static const char *stage_of(const struct customer *c)
{
	if (c->orders == 0)
		return "prospect";
	if (c->since > 4 * c->gap)
		return "lapsed";
	if (c->since > 2 * c->gap)
		return "slipping";
	return c->orders == 1 ? "new" : c->orders >= 8 ? "loyal" : "active";
}

static struct customer random_customer(void)
{
	struct customer c = {
	    .orders = random_below(NUMBERS + 1),
	    .spent = random_below(NUMBERS + 1),
	    .gap = random_below(6),
	    .amount = random_below(NUMBERS + 2) - 1,
	    .score = random_below(NUMBERS + 2) - 1,
	    .country = countries[random_below(COUNT_OF(countries))],
	};

	c.since = c.orders ? random_below(NUMBERS + 2) : -1;
	c.customer_for = c.orders ? c.since + random_below(4) : -1;
	for (int i = 0; i < 2; i++) {
		c.since_bought[i] = random_below(NUMBERS + 3) - 1;
		c.in_order[i] = random_below(2);
	}
	c.stage = stage_of(&c);
	return c;
}

static bool in_range(const struct range *range, int value)
{
	return value >= 0 && (!range->has_min || value >= range->min) &&
	       (!range->has_max || value <= range->max);
}

static bool holds(const struct policy *policy, const struct condition *c,
		  const struct customer *who)
{
	unsigned met = 0;
	int category = strcmp(c->text, categories[0]) == 0 ? 0 : 1;

	for (unsigned i = 0; i < c->child_count; i++)
		met += holds(policy, &c->children[i], who);
	switch (c->kind) {
	case CONDITION_ALL:
		return met == c->child_count;
	case CONDITION_ANY:
		return met > 0;
	case CONDITION_NOT:
		return met == 0;
	case CONDITION_SEGMENT:
		return holds(policy, &policy->segments[c->segment].condition, who);
	case CONDITION_ORDERS:
		return in_range(&c->range, who->orders);
	case CONDITION_SPENT:
		return in_range(&c->range, who->spent);
	case CONDITION_DAYS_SINCE_ORDER:
		if (!c->over_usual_gap_permille)
			return in_range(&c->range, who->since);
		return who->orders && who->gap &&
		       who->since * 1000 > who->gap * (int)c->over_usual_gap_permille;
	case CONDITION_ORDER_AMOUNT:
		return in_range(&c->range, who->amount);
	case CONDITION_BOUGHT:
		return who->since_bought[category] >= 0;
	case CONDITION_STAGE:
		return strcmp(c->text, who->stage) == 0;
	case CONDITION_COUNTRY:
		return strcmp(c->text, who->country) == 0;
	case CONDITION_SCORE:
		return in_range(&c->range, who->score);
	case CONDITION_CUSTOMER_FOR:
		return in_range(&c->range, who->customer_for);
	case CONDITION_CHANNEL: /* of no customer here */
	case CONDITION_EXPECTED_ORDERS:
	case CONDITION_EXPECTED_VALUE:
	case CONDITION_RFM:
		return false;
	case CONDITION_ORDER_CATEGORY:
		return who->in_order[category];
	case CONDITION_SINCE_BOUGHT:
		return in_range(&c->range, who->since_bought[category]);
	}
	return false;
}

static void test_nobody_proves_it_wrong(void **state)
{
	struct segment segments[SEGMENTS];
	struct policy policy = {.segments = segments, .segment_count = SEGMENTS};
	unsigned refused = 0;

	(void)state;
	for (int i = 0; i < CASES; i++) {
		struct condition a, b;
		struct contradiction conflict = {""};

		node_count = 0;
		for (int s = 0; s < SEGMENTS; s++)
			segments[s].condition = random_condition(2, s);
		a = random_condition(3, SEGMENTS);
		b = random_condition(2, SEGMENTS);
		if (conditions_can_hold(&policy, &a, &b, &conflict))
			continue;
		refused++;
		assert_true(conflict.text[0]);
		for (int n = 0; n < CUSTOMERS; n++) {
			struct customer who = random_customer();

			if (holds(&policy, &a, &who) && holds(&policy, &b, &who))
				fail_msg("case %d holds: %s", i, conflict.text);
		}
	}
	assert_in_range(refused, CASES / 50, CASES / 2);
}

/* Each segment twice in the next: what takes too long to tell may hold. */
static void test_too_long_to_tell(void **state)
{
	enum { CHAIN = 30 };
	struct segment segments[CHAIN + 1];
	struct condition children[CHAIN + 1][2];
	struct policy policy = {.segments = segments, .segment_count = CHAIN + 1};
	struct contradiction conflict;
	const struct condition few = {
	    .kind = CONDITION_ORDERS, .text = "", .range = {.has_max = true, .max = 1}};
	const struct condition many = {
	    .kind = CONDITION_ORDERS, .text = "", .range = {.has_min = true, .min = 2}};

	(void)state;
	segments[0].condition = few;
	for (unsigned i = 1; i <= CHAIN; i++) {
		children[i][0] = children[i][1] =
		    (struct condition){.kind = CONDITION_SEGMENT, .text = "", .segment = i - 1};
		segments[i].condition = (struct condition){
		    .kind = CONDITION_ANY, .text = "", .children = children[i], .child_count = 2};
	}
	assert_false(conditions_can_hold(&policy, &segments[3].condition, &many, &conflict));
	assert_string_equal(conflict.text, "orders at least 2 and at most 1");
	assert_true(conditions_can_hold(&policy, &segments[CHAIN].condition, &many, &conflict));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nobody_proves_it_wrong),
	    cmocka_unit_test(test_too_long_to_tell),
	};

	return cmocka_run_group_tests_name("policy_satisfiability", tests, NULL, NULL);
}
