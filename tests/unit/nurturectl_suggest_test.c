/*
 * The cadence of happy customers: whose days count, the numbers of a small
 * shop that can be reckoned by hand, and that the lines are a policy.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "policy_fixture.h"
#include "services/nurturectl/suggest/suggest.h"

enum { OUTPUT_BYTES = 1 << 20, LOVERS = 40 };

static struct zones *zones;
static char path[64];

static int set_up(void **state)
{
	int fd;

	(void)state;
	zones = fixture_zones();
	snprintf(path, sizeof(path), "/tmp/nurturectl_suggest_XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	zones_free(zones);
	return unlink(path);
}

static void put_row(FILE *file, const char *who, int number, int day, const char *kind,
		    const char *category)
{
	struct civil_date date = civil_from_days(19723 + day); /* from 2024-01-01 */

	fprintf(file, "%s%d,%04d-%02d-%02d,%s,%s\n", who, number, date.year, date.month, date.day,
		kind, category);
}

/*
 * 40 who drink coffee: five visits, 10 to 49 days apart, each his own gap. One
 * came twice only, one complained, one bought twice on each of three days.
 */
static void write_shop(int lovers)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("customer,time,kind,category,order\n", file);
	for (int i = 0; i < lovers; i++)
		for (int visit = 0; visit < 5; visit++)
			put_row(file, "lover", i, visit * (10 + i), "order",
				visit ? "coffee" : "coffee|mug \"x\"");
	for (int visit = 0; visit < 2; visit++)
		put_row(file, "twice", 0, visit * 3, "order", "coffee");
	for (int visit = 0; visit < 4; visit++)
		put_row(file, "angry", 0, visit * 2, visit < 3 ? "order" : "cancelled", "coffee");
	for (int visit = 0; visit < 6; visit++)
		put_row(file, "pairs", 0, visit / 2 * 20, "order", "tea");
	assert_int_equal(fclose(file), 0);
}

static struct suggest count(int lovers)
{
	const struct orders_options options = {
	    .file = path,
	    .columns = "customer=customer,time=time,kind=kind,category=category",
	    .delivered_after_ms = -1,
	    .currency = ""};
	struct suggest suggest;
	struct orders orders;
	struct err err;

	write_shop(lovers);
	if (orders_read(&options, &orders, &err) < 0)
		fail_msg("%s", err.text);
	suggest_count(&orders, zones_find(zones, slice_text("Europe/London")), &suggest);
	orders_free(&orders);
	return suggest;
}

static void assert_value(const struct suggest *suggest, enum suggest_line line, double expected)
{
	double value;

	assert_true(suggest_value(suggest, line, &value));
	assert_true(value == expected);
}

static void by_hand(void **state)
{
	struct suggest suggest = count(LOVERS);
	const struct suggest_category *coffee = &suggest.categories[0];
	double days;

	(void)state;
	assert_int_equal(suggest.customers, LOVERS + 3);
	assert_int_equal(suggest.happy, LOVERS + 1); /* "pairs" came on three days */
	assert_true(suggest.knows_troubles);
	assert_int_equal(suggest.visits, LOVERS * 5 + 3);
	assert_int_equal(suggest.gaps.n, LOVERS * 4 + 2);
	/* Gaps 10 to 49, four of each, and 20 twice more: the 17th of 162 is the first 14. */
	assert_true(suggest.gaps.at[SUGGEST_Q10] == 14);
	assert_true(suggest.gaps.at[SUGGEST_Q90] == 45);
	assert_true(suggest.usual.at[SUGGEST_Q50] == 29);
	/* 41 * 0.5 -+ 1.96 * sqrt(41 / 4) = 14.2 and 26.8: the 15th and the 27th value. */
	assert_true(suggest.usual.low[SUGGEST_Q50] == 23);
	assert_true(suggest.usual.high[SUGGEST_Q50] == 35);
	assert_true(suggest.ratios.n == LOVERS * 2 && suggest.ratios.at[SUGGEST_Q90] == 1);
	assert_string_equal(coffee->name, "coffee");
	assert_int_equal(coffee->again.n, LOVERS * 4);
	assert_int_equal(coffee->first.n, LOVERS);
	assert_true(suggest_window(coffee, &days) && days == 29);
	assert_false(suggest_window(&suggest.categories[1], &days)); /* tea, by one */
	assert_value(&suggest, SUGGEST_MIN_GAP, 14);
	assert_value(&suggest, SUGGEST_LIMIT, 1);
	assert_value(&suggest, SUGGEST_SLIPPING, 1);
	assert_value(&suggest, SUGGEST_GONE, 45);
	assert_value(&suggest, SUGGEST_ASK, 10);
	assert_value(&suggest, SUGGEST_ASK_AGAIN, 29);
	suggest_free(&suggest);
}

static const char golden[] =
    "# Learnt from 43 customers' orders, 2024-01-01 to 2024-07-15: the cadence of the 41 happy "
    "ones.\n"
    "# Happy: ordered on at least 3 different days and never cancelled, returned, was refunded or "
    "complained.\n"
    "# Orders of one day are one visit, a gap is the days between two visits. In [] is the 95 % "
    "interval\n"
    "# of the quantile that decides. Who never came back is in no gap: take long gaps for longer "
    "still.\n"
    "# These lines are what people do by themselves. What mails change, only a holdout can say.\n"
    "caps:\n"
    "  # nine of ten came back by themselves only after longer; gaps in days, n=162: 10 % 14 "
    "[12..15], 25 % 20, 50 % 29, 75 % 39, 90 % 45\n"
    "  - {name: breathing-space, min_gap: 14d}\n"
    "  # no more often than the quicker quarter comes; usual gap of each in days, n=41: 10 % 14, "
    "25 % 20 [14..24], 50 % 29, 75 % 39, 90 % 45\n"
    "  - {name: month, limit: 1, per: 30d}\n"
    "just_bought:\n"
    "  default: 90d  # as before: not learnt\n"
    "  categories:\n"
    "    # until half have bought it again by themselves; days, n=160: 10 % 13, 25 % 19, 50 % 29 "
    "[26..33], 75 % 39, 90 % 45\n"
    "    \"coffee\": 29d\n"
    "  # not proposed: 2 categories that fewer than 30 bought again\n"
    "segments:\n"
    "  # nine of ten were back before; gaps as times of the person's usual one until then, n=80: "
    "10 % 1, 25 % 1, 50 % 1, 75 % 1, 90 % 1 [1..1]\n"
    "  slipping: {orders: {at_least: 3}, days_since_order: {over_usual_gap: 1.0}}\n"
    "  # the same without looking at the person: gaps in days, n=162: 10 % 14, 25 % 20, 50 % 29, "
    "75 % 39, 90 % 45 [44..47]\n"
    "  quiet-for-long: {orders: {at_least: 3}, days_since_order: {at_least: 45d}}\n"
    "feedback:\n"
    "  # asked half way to the next visit of the quicker quarter, asked again once in a usual gap; "
    "days, n=41: 10 % 14, 25 % 20, 50 % 29 [23..35], 75 % 39, 90 % 45\n"
    "  ask: {wait: 10d}\n"
    "  ladder: [{rung: rating}, {rung: review, gap: 29d}, {rung: referral, gap: 29d}]\n"
    "# How soon they came for the second time, by what they bought first; days\n"
    "#   \"coffee\": n=40: 10 % 13, 25 % 19, 50 % 29 [23..36], 75 % 39, 90 % 45\n"
    "#   \"mug \\\"x\\\"\": n=40: 10 % 13, 25 % 19, 50 % 29 [23..36], 75 % 39, 90 % 45\n"
    "#   and 1 more, most of them with fewer than 30 customers\n";

static void the_lines_are_a_policy(void **state)
{
	struct suggest suggest = count(LOVERS);
	struct buf out = BUF_MAX(OUTPUT_BYTES), whole = BUF_MAX(OUTPUT_BYTES);
	struct policy *policy;
	struct err err;

	(void)state;
	suggest_yaml(&suggest, NULL, &out);
	assert_string_equal(out.bytes, golden);
	buf_text(&whole,
		 "shop: {name: Shop, time_zone: UTC, sender: \"Shop <a@shop.example>\"}\n"
		 "classes: {care: {}, feedback: {}, promotion: {holds_on_open_case: true}}\n"
		 "quiet_hours: off\n");
	buf_text(&whole, out.bytes);
	if (policy_load(buf_slice(&whole), "suggested.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(policy->cap_count, 2);
	assert_int_equal(policy->caps[0].window_ms, 14 * DAY_MS);
	assert_int_equal(policy_just_bought_ms(policy, slice_text("coffee")), 29 * DAY_MS);
	assert_int_equal(policy->segment_count, 2);
	assert_int_equal(policy->feedback.wait_ms, 10 * DAY_MS);
	policy_free(policy);
	suggest_free(&suggest);
	buf_free(&whole);
	buf_free(&out);
}

static void of_few_nothing_is_proposed(void **state)
{
	struct suggest suggest = count(3);
	struct buf out = BUF_MAX(OUTPUT_BYTES);
	double value;

	(void)state;
	for (int line = 0; line < SUGGEST_LINES; line++)
		assert_false(suggest_value(&suggest, (enum suggest_line)line, &value));
	suggest_yaml(&suggest, NULL, &out);
	for (const char *line = out.bytes; *line; line = strchr(line, '\n') + 1)
		assert_int_equal(*line, '#');
	assert_non_null(strstr(out.bytes, "# caps: not proposed, of only 4 one cannot say\n"));
	buf_reset(&out);
	suggest_json(&suggest, &out);
	assert_non_null(strstr(out.bytes, "\"proposed\":{}"));
	assert_non_null(strstr(out.bytes, "\"category\":\"mug \\\"x\\\"\""));
	suggest_free(&suggest);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_hand),
	    cmocka_unit_test(the_lines_are_a_policy),
	    cmocka_unit_test(of_few_nothing_is_proposed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
