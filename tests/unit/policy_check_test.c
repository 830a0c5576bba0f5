/* policy_check_test.c - what only the whole file shows: programmes and segments for nobody. */
#include "policy_refusal.h"

#define BIG "{segment: big}"
#define TIPS "on: order.placed, email: tips,"
#define NOBODY "10: segments.both: nobody can ever be in it: "
#define EXPECTED "; expected conditions that can hold together"

static const struct refusal segments[] = {
    {BIG, "{segment: big, orders: {at_most: 1}}",
     NOBODY "orders at least 2 and at most 1" EXPECTED},
    {BIG, "{all: [{orders: {at_least: 5}}, {not: {orders: {at_least: 4}}}]}",
     NOBODY "orders at least 5 and at most 3" EXPECTED},
    {BIG, "{not: {any: [{orders: {at_most: 3}}, {orders: {at_least: 4}}]}}",
     NOBODY "orders at least 4 and at most 3" EXPECTED},
    {BIG, "{not: {not: {spent: {at_least: \"5.50\"}}}, spent: {at_most: \"5.49\"}}",
     NOBODY "spent at least 5.50 and at most 5.49" EXPECTED},
    {BIG, "{stage: loyal, orders: {at_most: 7}}",
     NOBODY "orders at least 8 and at most 7" EXPECTED},
    {BIG, "{stage: prospect, segment: big}", NOBODY "orders at least 2 and at most 0" EXPECTED},
    {BIG, "{stage: new, not: {orders: {at_most: 1}}}",
     NOBODY "orders at least 2 and at most 1" EXPECTED},
    {BIG, "{all: [{stage: new}, {stage: active}]}",
     NOBODY "stage active together with what excludes it" EXPECTED},
    {BIG, "{stage: prospect, days_since_order: {at_least: 1d}}",
     NOBODY "orders at least 1 and at most 0" EXPECTED},
    {BIG, "{customer_for: {at_most: 30d}, days_since_order: {at_least: 31d}}",
     NOBODY "the last order longer ago than the first order" EXPECTED},
    {BIG,
     "{all: [{days_since_order: {over_usual_gap: 3.0}}, {not: {days_since_order: "
     "{over_usual_gap: 2.0}}}]}",
     NOBODY "days_since_order both over the usual gap and not" EXPECTED},
    {BIG, "{all: [{country: DE}, {country: AT}]}", NOBODY "country AT and another one" EXPECTED},
    {BIG, "{country: DE, not: {any: [{country: DE}, {country: AT}]}}",
     NOBODY "country DE and not" EXPECTED},
    {BIG, "{bought: tents, not: {bought: tents}}", NOBODY "bought tents and never" EXPECTED},
    {BIG, "{since_bought: {category: tents, at_least: 1d}, not: {bought: tents}}",
     NOBODY "bought tents and never" EXPECTED},
    {BIG,
     "{all: [{since_bought: {category: a, at_least: 30d}}, {since_bought: {category: a, at_most: "
     "29d}}]}",
     NOBODY "since_bought at least 30d and at most 29d" EXPECTED},
    {BIG, "{any: [{all: [{stage: new}, {stage: loyal}]}, {orders: {at_most: 3}, stage: loyal}]}",
     NOBODY "stage loyal together with what excludes it" EXPECTED},
};

static const struct refusal conditions[] = {
    {TIPS, "on_enter: big, if: {orders: {at_most: 1}}, email: tips,",
     "12: programmes.tips.if: can never hold for who enters big: orders at least 2 and at most "
     "1" EXPECTED},
    {TIPS,
     "on: order.placed, if: {order_amount: {at_least: \"5\"}, not: {order_amount: {at_most: "
     "\"9\", at_least: \"5\"}}, all: [{order_amount: {at_most: \"9\"}}]}, email: tips,",
     "12: programmes.tips.if: can never hold: order_amount at least 9.0001 and at most "
     "9.00" EXPECTED},
    {TIPS,
     "on: feedback.received, if: {all: [{score: {at_least: 4}}, {score: {at_most: 3}}]}, task: t,",
     "12: programmes.tips.if: can never hold: score at least 4 and at most 3" EXPECTED},
    {TIPS,
     "on: order.placed, if: {order_category: a, not: {any: [{order_category: a}, {country: "
     "DE}]}}, email: tips,",
     "12: programmes.tips.if: can never hold: order_category a and not" EXPECTED},
};

#define DATE(at, rest) "on_date: \"12-06\", at: \"" at "\", " rest " email: tips,"
static const struct refusal times[] = {
    {TIPS, DATE("22:00", "expires: 2h,"),
     "12: programmes.tips.expires: never sent: due at 22:00, it may go out at 08:00, but expires "
     "after 2h; expected another time or a longer one"},
    {TIPS, DATE("09:00", "wait: 36h, expires: 30m,"),
     "12: programmes.tips.expires: never sent: due at 21:00, it may go out at 08:00, but expires "
     "after 30m; expected another time or a longer one"},
    {TIPS, DATE("13:00", "expires: 1h, send_at: \"10:00\","),
     "12: programmes.tips.expires: never sent: due at 13:00, it may go out at 10:00, but expires "
     "after 1h; expected another time or a longer one"},
    {"email: tips,", "email: tips, send_at: {from: \"21:00\", to: \"24:00\"},",
     "12: programmes.tips.send_at: all of the window is in the quiet hours from 21:00 to 08:00; "
     "expected a time outside of them"},
    {"email: tips,", "email: tips, send_at: \"06:00\",",
     "12: programmes.tips.send_at: all of the window is in the quiet hours from 21:00 to 08:00; "
     "expected a time outside of them"},
    {"feedback:\n",
     "  best: {owner: o, on: order.placed, email: tips, class: care, send_at: best}\n"
     "send_time: {fallback: \"04:00\"}\nfeedback:\n",
     "14: programmes.best.send_at: all of the window at send_time.fallback is in the quiet hours "
     "from 21:00 to 08:00; expected a time outside of them"},
    {"segments:",
     "quiet_days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]\nsegments:",
     "8: quiet_days: no day is left; expected a day that is not quiet"},
    {"ask: {wait: 7d}", "expires: 3d\n  ask: {wait: 7d, remind_after: 12d}",
     "16: feedback.ask.remind_after: the ask has long expired by then; expected at most 8d more "
     "than expires: 11d"},
};

static void test_reach(void **state)
{
	(void)state;
	refusal_check_all(segments, sizeof(segments) / sizeof(segments[0]));
	refusal_check_all(conditions, sizeof(conditions) / sizeof(conditions[0]));
}

static void test_times(void **state)
{
	(void)state;
	refusal_check_all(times, sizeof(times) / sizeof(times[0]));
}

static const char *const accepted[] = {
    "{any: [{all: [{stage: new}, {stage: loyal}]}, {stage: active}]}",
    "{not: {stage: prospect}, orders: {at_most: 1}}",
    "{stage: loyal, orders: {at_least: 8, at_most: 8}}",
    "{stage: slipping, orders: {at_most: 1}}",
    "{not: {days_since_order: {at_least: 0s}}, orders: {at_most: 0}}",
    "{days_since_order: {at_least: 30d}, customer_for: {at_most: 30d}}",
    "{not: {any: [{bought: tents}, {since_bought: {category: tents, at_least: 0s}}]}}",
    "{not: {since_bought: {category: tents, at_least: 10d}}, bought: tents}",
    "{days_since_order: {over_usual_gap: 2.0}, not: {days_since_order: {over_usual_gap: 3.0}}}",
    "{not: {all: [{country: DE}, {country: AT}]}}",
};

static void test_what_can_hold_is_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		struct refusal row = {BIG, accepted[i], ""};
		struct buf text = BUF_MAX(64 * 1024);

		refusal_text(&row, &text);
		assert_string_equal(refusal_error(buf_slice(&text)).text, "");
		buf_free(&text);
	}
}

/* Others of its class go out, but this one never. */
static void test_a_programme_that_a_cap_blocks(void **state)
{
	static const char text[] =
	    "shop: {name: S, time_zone: UTC, sender: a@b.example}\nclasses: {care: {}}\n"
	    "caps:\n"
	    "  - {name: week, limit: 2, per: 7d}\n"
	    "  - {name: none, limit: 0, per: 1d, category: a}\n"
	    "quiet_hours: off\njust_bought: off\n"
	    "programmes:\n"
	    "  some: {owner: o, on: order.placed, email: tips, class: care}\n"
	    "  any: {owner: o, on: order.placed, email: tips, class: care, category: order}\n"
	    "  loud: {owner: o, on: order.late, email: tips, class: care, category: a, exempt: "
	    "true}\n";
	struct buf more = BUF_MAX(4096);

	(void)state;
	assert_string_equal(refusal_error(slice_text(text)).text, "");
	buf_text(&more, text);
	buf_text(&more,
		 "  dead: {owner: o, on: order.late, email: tips, class: care, category: a}\n");
	refusal_check(
	    buf_slice(&more),
	    "5: caps[1].limit: a limit of 0 lets nothing of dead out; expected at least 1, "
	    "a narrower cap, or no such programme");
	buf_free(&more);
}

/* Amounts of orders are in the shop's currency, and what they are compared with is as well. */
static void test_amounts(void **state)
{
	static const struct {
		const char *currency, *amount, *error;
	} cases[] = {
	    {"CLP", "139.980",
	     "6: segments.big.all[1].spent.at_least: expected an amount of CLP with at most 0 "
	     "decimals, "
	     "found \"139.980\""},
	    {"EUR", "1.000",
	     "6: segments.big.all[1].spent.at_least: expected an amount of EUR with at most 2 "
	     "decimals, "
	     "found \"1.000\""},
	    {"KWD", "1.000", ""},
	    {"EUR", "1000.00", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1000];
		struct err err;

		snprintf(text, sizeof(text),
			 "shop: {name: S, time_zone: UTC, currency: %s}\nclasses: {care: "
			 "{}}\ncaps: off\n"
			 "quiet_hours: off\njust_bought: off\n"
			 "segments: {big: {all: [{stage: loyal}, {spent: {at_least: \"%s\"}}]}}\n",
			 cases[i].currency, cases[i].amount);
		if (cases[i].error[0]) {
			refusal_check(slice_text(text), cases[i].error);
			continue;
		}
		err = refusal_error(slice_text(text));
		assert_string_equal(err.text, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_amounts),
	    cmocka_unit_test(test_what_can_hold_is_accepted),
	    cmocka_unit_test(test_a_programme_that_a_cap_blocks),
	    cmocka_unit_test(test_reach),
	    cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests_name("policy_check", tests, NULL, NULL);
}
