/* The report's numbers, its words, and that nothing a customer wrote becomes HTML; why's story. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/policy/desk.h"
#include "golden.h"
#include "nurturectl_outcomes.h"
#include "policy_fixture.h"
#include "services/nurturectl/report/report.h"
#include "services/nurturectl/report/report_page.h"
#include "services/nurturectl/explain/why.h"
#include "services/nurturectl/outcomes/labels.h"

enum { PAGE_BYTES = 1 << 20 };
#define WEEK_S 604800

/* ann hears two of three and waits for one; bob has a name that is no HTML, and a task. */
static const struct line with_caps[] = {
    HELD("ann", "r1", "1", "tips", "care", 0, "quiet_hours", 0, 0, 0),
    LINE("ann", "r1", "2", "tips", "care", "sent", HOUR_MS),
    LINE("ann", "r2", "3", "tips", "care", "in_doubt", 2 * DAY_MS),
    HELD("ann", "r3", "4", "sale", "promotion", 3 * DAY_MS, "week", 2, 2, WEEK_S),
    HELD("ann", "r3", "5", "sale", "promotion", 5 * DAY_MS, "week", 2, 2, WEEK_S),
    LINE("ann", "r3", "6", "sale", "promotion", "displaced", 6 * DAY_MS),
    HELD("ann", "r4", "7", "sale", "promotion", 9 * DAY_MS, "week", 2, 2, WEEK_S),
    LINE("bob<b>", "r5", "8", "tips", "care", "task_created", 0),
    LINE("bob<b>", "r6", "9", "<i>", "care", "no_consent", 0),
};
static const struct line without_caps[] = {
    LINE("ann", "r1", "2", "tips", "care", "sent", 0),
    LINE("ann", "r2", "3", "tips", "care", "sent", 2 * DAY_MS),
    LINE("ann", "r3", "6", "sale", "promotion", "sent", 3 * DAY_MS),
    LINE("ann", "r4", "7", "sale", "promotion", "sent", 9 * DAY_MS),
};

struct fixture {
	struct zones *zones;
	struct policy policy;
	struct order_event event;
	struct orders orders;
	struct outcome_table with, without;
	struct report_input input;
};

static void open_fixture(struct fixture *f)
{
	f->zones = fixture_zones();
	static const struct desk no_desk;

	f->policy = *list_policy();
	f->policy.desk = &no_desk;
	f->policy.feedback.owner = "care";
	f->policy.feedback.low_task = "phone-call";
	f->policy.shop_zone = zones_find(f->zones, slice_text("UTC"));
	f->event = (struct order_event){.customer = slice_text("ann"),
					.time_ms = BEGIN,
					.kind = ORDER_PLACED,
					.order = "1",
					.amount = "12.50"};
	f->orders = (struct orders){.events = &f->event,
				    .count = 1,
				    .rows = 1,
				    .customers = 1,
				    .placed = 1,
				    .first_ms = BEGIN,
				    .last_ms = BEGIN,
				    .last_placed_ms = BEGIN,
				    .assumed = {.consent = true}};
	f->with = table_of(with_caps, COUNT_OF(with_caps));
	f->without = table_of(without_caps, COUNT_OF(without_caps));
	f->input = (struct report_input){.policy = &f->policy,
					 .orders = &f->orders,
					 .lives = &f->orders,
					 .with = &f->with,
					 .without = &f->without,
					 .until_ms = BEGIN + 20 * DAY_MS,
					 .orders_file = "o.csv"};
}

static void close_fixture(struct fixture *f)
{
	outcome_table_free(&f->with);
	outcome_table_free(&f->without);
	zones_free(f->zones);
}

static void sides(void **state)
{
	struct fixture f;
	struct report report;
	struct err err;

	(void)state;
	open_fixture(&f);
	assert_int_equal(report_count(&f.input, &report, &err), 0);
	assert_int_equal(report.weeks, 3);
	assert_int_equal(report.with.mails, 2);
	assert_int_equal(report.with.customers, 1);
	assert_int_equal(report.with.most_7d, 2);
	assert_string_equal(report.with.who_7d, "ann");
	assert_int_equal(report.without.mails, 4);
	assert_int_equal(report.without.most_7d, 3);
	assert_int_equal(report.without.most_30d, 4);
	assert_int_equal(report.with.busy[2], 1);
	assert_int_equal(report.without.busy[3], 1);
	assert_int_equal(report.without.busy[1], 1);
	assert_int_equal(report.without.by_week[0], 3);
	assert_int_equal(report.without.by_week[1], 1);
	report_free(&report);
	close_fixture(&f);
}

static void requests_and_rules(void **state)
{
	struct fixture f;
	struct report report;
	struct err err;

	(void)state;
	open_fixture(&f);
	assert_int_equal(report_count(&f.input, &report, &err), 0);
	assert_int_equal(report.requests, 6);
	assert_int_equal(report.held, 3);
	assert_int_equal(report.by_status[STATUS_DEFERRED], 1);
	assert_int_equal(report.by_status[STATUS_SENT], 1);
	assert_int_equal(report.by_status[STATUS_TASK_CREATED], 1);
	assert_int_equal(report.rule_count, 2);
	assert_string_equal(report.rules[0].rule, "week");
	assert_int_equal(report.rules[0].requests, 2);
	assert_int_equal(report.rules[0].ended, 1);
	assert_int_equal(report.rules[0].waiting, 1);
	assert_int_equal(report.rules[1].later, 1);
	assert_int_equal(report.programme_count, 3);
	assert_string_equal(report.programmes[0].name, "tips");
	assert_int_equal(report.programmes[0].wanted, 3);
	assert_int_equal(report.programmes[0].heard, 2);
	assert_int_equal(report.programmes[0].tasks, 1);
	assert_int_equal(report.programmes[1].unsaid, 1);
	assert_int_equal(report.programmes[1].waiting, 1);
	report_free(&report);
	close_fixture(&f);
}

static void pages(void **state)
{
	struct buf page = BUF_MAX(PAGE_BYTES), text = BUF_MAX(PAGE_BYTES);
	struct fixture f;
	struct report report;
	struct err err;

	(void)state;
	open_fixture(&f);
	assert_int_equal(report_count(&f.input, &report, &err), 0);
	report_html(&f.input, &report, &page);
	golden("report.html", &page);
	report_text(&f.input, &report, &text);
	assert_false(buf_failed(&page) || buf_failed(&text));
	assert_non_null(strstr(page.bytes, "Shop &amp; Sons: who heard what"));
	assert_null(strstr(page.bytes, "<b>bob"));
	assert_null(strstr(page.bytes, "<i>"));
	assert_non_null(strstr(page.bytes, "&lt;i&gt;"));
	assert_null(strstr(page.bytes, "src=")); /* nothing from elsewhere */
	assert_null(strstr(page.bytes, "href="));
	assert_null(strstr(page.bytes, "url("));
	assert_null(strstr(page.bytes, "nan"));
	assert_non_null(strstr(page.bytes, "The books balance"));
	assert_non_null(strstr(text.bytes,
			       "most in any 7 days: 2 (customer ann); without caps it would have "
			       "been 3\n"));
	assert_non_null(strstr(text.bytes, "cap week: at most 2 in 7 days\n"));
	assert_non_null(strstr(text.bytes, "WHAT PEOPLE ARE GIVEN TO DO"));
	assert_non_null(strstr(text.bytes, "every message has exactly one end, or waits"));
	buf_free(&page);
	buf_free(&text);
	report_free(&report);
	close_fixture(&f);
}

static const char work_policy[] =
    "shop: {name: S, time_zone: UTC, sender: \"S <s@s.example>\"}\n"
    "classes: {care: {}}\ncaps: off\nquiet_hours: off\njust_bought: off\n"
    "programmes:\n"
    "  back: {owner: house, on: order.placed, do: [{task: basket}, {email: hello}, {task: "
    "flowers}],"
    " class: care}\n"
    "  sorry: {owner: house, on: order.late, task: basket, class: care}\n"
    "  call: {owner: care, on: order.late, task: phone-call, class: care}\n"
    "desk:\n"
    "  hours: {days: [monday, friday], from: \"09:00\", to: \"12:00\"}\n"
    "  actions: {basket: {minutes: 30, within: 1d}, flowers: {minutes: 6}, phone-call: {within: "
    "1d}}\n";

/* ann has two baskets and one bunch of flowers in the first week, and a basket in the third. */
static const struct line work[] = {
    LINE("ann", "r1", "1", "back", "care", "task_created", 0),
    LINE("ann", "r2", "2", "back", "care", "sent", 0),
    LINE("ann", "r3", "3", "back", "care", "task_created", 0),
    LINE("ann", "r4", "4", "sorry", "care", "task_created", DAY_MS),
    LINE("ann", "r5", "5", "sorry", "care", "task_created", 15 * DAY_MS),
    LINE("bob", "r6", "6", "back", "care", "task_created", 2 * DAY_MS),
    LINE("bob", "r7", "7", "back", "care", "task_created", 2 * DAY_MS),
    LINE("bob", "r8", "8", "call", "care", "task_created", 2 * DAY_MS),
};

/* By team, by action and by programme; for whom; how long it takes, and what one could do. */
static void what_people_are_given_to_do(void **state)
{
	struct buf text = BUF_MAX(PAGE_BYTES);
	struct policy *policy;
	struct fixture f;
	struct report report;
	struct err err;

	(void)state;
	open_fixture(&f);
	outcome_table_free(&f.with);
	f.with = table_of(work, COUNT_OF(work));
	if (policy_load(slice_text(work_policy), "work.yaml", f.zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	f.input.policy = policy;
	assert_int_equal(report_count(&f.input, &report, &err), 0);
	report_text(&f.input, &report, &text);
	buf_add(&text, "", 1);
	assert_non_null(strstr(
	    text.bytes,
	    "                              tasks     a week  busiest week  customers  hours a week "
	    " busiest week\n"
	    "  house                           6        2.0             5          2           0.7 "
	    "          1.7\n"
	    "    basket                        4        1.3             3          2           0.7 "
	    "          1.5  back, sorry\n"
	    "    flowers                       2        0.7             2          2           0.1 "
	    "          0.2  back\n"
	    "    one person, at work in all 6.0 hours of the team's week, could do 16 of these; "
	    "the "
	    "busiest week takes 29 %\n"
	    "  care                            1        0.3             1          1             - "
	    "            -\n"
	    "    phone-call                    1        0.3             1          1             - "
	    "            -  call\n"
	    "    how long a phone-call takes is not said: desk.actions.phone-call.minutes\n"));
	buf_free(&text);
	report_free(&report);
	policy_free(policy);
	close_fixture(&f);
}

static void nothing_at_all(void **state)
{
	struct buf page = BUF_MAX(PAGE_BYTES);
	struct outcome_table none = {0};
	struct fixture f;
	struct report report;
	struct err err;

	(void)state;
	open_fixture(&f);
	f.input.with = f.input.without = &none;
	f.input.until_ms = BEGIN;
	assert_int_equal(report_count(&f.input, &report, &err), 0);
	report_html(&f.input, &report, &page);
	report_text(&f.input, &report, &page);
	assert_non_null(strstr(page.bytes, "Nobody heard anything."));
	assert_null(strstr(page.bytes, "nan"));
	assert_null(strstr(page.bytes, "inf"));
	buf_free(&page);
	report_free(&report);
	close_fixture(&f);
}

static void why_ann(void **state)
{
	static const struct line lines[] = {
	    LINE("ann", "r1", "1", "tips", "care", "sent", 0),
	    {.customer = "ann",
	     .request = "r2",
	     .id = "2",
	     .programme = "sale",
	     .message_class = "promotion",
	     .status = "deferred",
	     .after_ms = DAY_MS,
	     .rule = "week",
	     .count = 2,
	     .limit = 2,
	     .window_s = WEEK_S,
	     .won_by = "r1"},
	    LINE("ann", "r2", "3", "sale", "promotion", "sent", 2 * DAY_MS),
	};
	const char *story =
	    "ann: 2 requests; 2 sent or permitted, 0 given to people, 0 waiting, 0 not sent\n"
	    "\nsale (promotion, email)\n"
	    "    2024-10-05T00:00:00Z  held back: cap week: 2 of 2 in 7 days; possible from "
	    "2024-10-06T00:00:00Z; went first: tips (2024-10-04T00:00:00Z)\n"
	    "    2024-10-06T00:00:00Z  sent\n"
	    "    by policy 0123456789abcdef\n";
	struct outcomes list = list_of(lines, COUNT_OF(lines));
	struct why_options options = {.programme = "sale", .at_ms = NEVER_MS};
	struct buf out = BUF_MAX(PAGE_BYTES);

	(void)state;
	assert_int_equal(why_tell(&list, &options, &out), 1);
	assert_string_equal(out.bytes, story);
	buf_reset(&out);
	options.at_ms = BEGIN + DAY_MS;
	assert_int_equal(why_tell(&list, &options, &out), 1);
	assert_non_null(strstr(out.bytes, "1 waiting"));
	assert_non_null(strstr(out.bytes, "    was waiting then\n"));
	options.at_ms = BEGIN - 1;
	assert_int_equal(why_tell(&list, &options, &out), 0);
	outcomes_free(&list);
	buf_free(&out);
}

static void words(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} durations[] = {{DAY_MS, "1 day"},          {7 * DAY_MS, "7 days"},
			 {20 * HOUR_MS, "20 hours"}, {90 * SECOND_MS, "90 seconds"},
			 {1500, "1500 ms"},          {36 * HOUR_MS, "36 hours"}};
	static const struct {
		int64_t number;
		const char *text;
	} numbers[] = {{0, "0"},          {999, "999"},
		       {1000, "1,000"},   {1234567, "1,234,567"},
		       {-1000, "-1,000"}, {INT64_MIN, "-9,223,372,036,854,775,808"}};
	char text[48];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(durations); i++)
		assert_string_equal(label_duration(durations[i].ms, text, sizeof(text)),
				    durations[i].text);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		assert_string_equal(label_number(numbers[i].number, text, sizeof(text)),
				    numbers[i].text);
	for (int i = 0; i < STATUS_COUNT; i++)
		assert_non_null(label_status((enum status)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sides),          cmocka_unit_test(requests_and_rules),
	    cmocka_unit_test(pages),          cmocka_unit_test(what_people_are_given_to_do),
	    cmocka_unit_test(nothing_at_all), cmocka_unit_test(why_ann),
	    cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
