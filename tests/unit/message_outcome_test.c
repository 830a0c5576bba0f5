/* message_outcome_test.c - the canonical line, both formats, and what a reader refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/base/civil.h"
#include "common/message/outcome.h"

#define AT_MS INT64_C(1772366400000) /* 2026-03-01T12:00:00Z */

static void encode(const Nurture__V1__Outcome *outcome, const char *expected)
{
	struct buf out = BUF_MAX(4096);

	outcome_encode(outcome, OUTCOME_JSON, &out);
	assert_false(buf_failed(&out));
	assert_string_equal(out.bytes, expected);
	buf_free(&out);
}

static Nurture__V1__Outcome sent(void)
{
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;

	outcome.at_ms = AT_MS;
	outcome.id = "i";
	outcome.request = "r";
	outcome.customer = "c \"1\"\n\x01\xc3\xa9";
	outcome.programme = "tips";
	outcome.message_class = "care";
	outcome.channel = "email";
	outcome.category = "tents";
	outcome.status = "sent";
	outcome.triggered_ms = AT_MS - 1;
	outcome.policy = "0123456789abcdef";
	return outcome;
}

static void line_is_sorted_and_escaped(void **state)
{
	Nurture__V1__Outcome outcome = sent();
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;

	(void)state;
	outcome.reason = &reason; /* empty: left out */
	encode(&outcome,
	       "{\"at\":\"2026-03-01T12:00:00Z\",\"category\":\"tents\",\"channel\":\"email\","
	       "\"class\":\"care\",\"customer\":\"c \\\"1\\\"\\n\\u0001\xc3\xa9\",\"id\":\"i\","
	       "\"policy\":\"0123456789abcdef\",\"programme\":\"tips\",\"request\":\"r\","
	       "\"status\":\"sent\",\"triggered_at\":\"2026-03-01T11:59:59.999Z\"}");
}

static void absent_members_are_left_out(void **state)
{
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;

	(void)state;
	outcome.at_ms = AT_MS;
	outcome.id = "i";
	outcome.customer = "bad \xff utf8";
	encode(&outcome, "{\"at\":\"2026-03-01T12:00:00Z\",\"customer\":\"bad \xef\xbf\xbd utf8\","
			 "\"id\":\"i\"}");
}

static void numbers_of_a_reason_stand_together(void **state)
{
	static const struct {
		Nurture__V1__Reason reason;
		const char *expected;
	} rows[] = {
	    {{.rule = "quiet_hours", .eligible_at_ms = AT_MS},
	     "{\"eligible_at\":\"2026-03-01T12:00:00Z\",\"rule\":\"quiet_hours\"}"},
	    {{.rule = "week", .count = 2, .limit = 2, .window_s = 604800, .won_by = "w"},
	     "{\"count\":2,\"limit\":2,\"rule\":\"week\",\"window_s\":604800,\"won_by\":"
	     "\"w\"}"},
	    {{.rule = "none", .window_s = 60, .detail = "d"},
	     "{\"count\":0,\"detail\":\"d\",\"limit\":0,\"rule\":\"none\",\"window_s\":60}"},
	    {{.rule = "odd", .count = 7}, "{\"rule\":\"odd\"}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
		Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
		char expected[256];

		reason.rule = rows[i].reason.rule;
		reason.count = rows[i].reason.count;
		reason.limit = rows[i].reason.limit;
		reason.window_s = rows[i].reason.window_s;
		reason.eligible_at_ms = rows[i].reason.eligible_at_ms;
		if (rows[i].reason.won_by)
			reason.won_by = rows[i].reason.won_by;
		if (rows[i].reason.detail)
			reason.detail = rows[i].reason.detail;
		outcome.reason = &reason;
		snprintf(expected, sizeof(expected), "{\"reason\":%s}", rows[i].expected);
		encode(&outcome, expected);
	}
}

/* Rules, rivals, variant, chance and the mail that carried it; zeros that mean something stay. */
static void what_a_decision_has_seen(void **state)
{
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
	Nurture__V1__Trial trials[2] = {NURTURE__V1__TRIAL__INIT, NURTURE__V1__TRIAL__INIT};
	Nurture__V1__Trial *rules[2] = {&trials[0], &trials[1]};
	Nurture__V1__Rival rivals[2] = {NURTURE__V1__RIVAL__INIT, NURTURE__V1__RIVAL__INIT};
	Nurture__V1__Rival *considered[2] = {&rivals[0], &rivals[1]};

	(void)state;
	outcome.id = "i";
	outcome.merged_into = "m";
	outcome.policy = "p";
	outcome.probability_ppm = 450000;
	outcome.programme = "tips";
	outcome.variant = "warm";
	trials[0].rule = "week";
	trials[0].count = 1;
	trials[0].limit = 2;
	trials[0].window_s = 604800;
	trials[1].rule = "none";
	outcome.rules = rules;
	outcome.n_rules = 2;
	rivals[0].request = "r1";
	rivals[0].programme = "sale";
	rivals[0].priority = 30;
	rivals[0].value_e4 = 125000;
	rivals[0].held_by = "week";
	rivals[1].request = "r2";
	rivals[1].priority = -1;
	outcome.considered = considered;
	outcome.n_considered = 2;
	encode(&outcome,
	       "{\"considered\":[{\"held_by\":\"week\",\"priority\":30,\"programme\":\"sale\","
	       "\"request\":\"r1\",\"value\":\"12.5\"},{\"priority\":-1,\"request\":\"r2\"}],"
	       "\"id\":\"i\",\"merged_into\":\"m\",\"policy\":\"p\",\"probability\":\"0.45\","
	       "\"programme\":\"tips\",\"rules\":[{\"count\":1,\"limit\":2,\"rule\":\"week\","
	       "\"window_s\":604800},{\"count\":0,\"limit\":0,\"rule\":\"none\",\"window_s\":0}],"
	       "\"variant\":\"warm\"}");
}

/* A chance is text, exact, without zeros at its end. */
static void chances_are_exact(void **state)
{
	static const struct {
		uint32_t ppm;
		const char *text;
	} rows[] = {{1, "0.000001"},      {450000, "0.45"}, {500000, "0.5"},
		    {999999, "0.999999"}, {1000000, "1"},   {30, "0.00003"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Nurture__V1__Outcome outcome = sent(), *back;
		struct buf out = BUF_MAX(4096);
		struct arena arena = {0};
		char expected[64];
		struct err err;

		outcome.customer = "c";
		outcome.probability_ppm = rows[i].ppm;
		outcome_encode(&outcome, OUTCOME_JSON, &out);
		snprintf(expected, sizeof(expected), ",\"probability\":\"%s\",", rows[i].text);
		assert_non_null(strstr(out.bytes, expected));
		assert_int_equal(outcome_decode(buf_slice(&out), &arena, &back, &err), 0);
		assert_int_equal(back->probability_ppm, rows[i].ppm);
		buf_free(&out);
		arena_free(&arena);
	}
}

static void both_formats_come_back_the_same(void **state)
{
	Nurture__V1__Outcome outcome = sent();
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
	Nurture__V1__Trial trial = NURTURE__V1__TRIAL__INIT, *rules[] = {&trial, &trial};
	Nurture__V1__Rival rival = NURTURE__V1__RIVAL__INIT, *considered[] = {&rival};
	struct buf line = BUF_MAX(4096), again = BUF_MAX(4096), wire = BUF_MAX(4096);
	struct arena arena = {0};
	Nurture__V1__Outcome *back;
	struct err err;

	(void)state;
	outcome.customer = "c \"1\"";
	reason.rule = "week";
	reason.limit = 2;
	reason.window_s = 604800;
	outcome.reason = &reason;
	outcome.status = "deferred";
	trial.rule = "week";
	trial.count = INT64_C(1000000000000000);
	rival.request = "r2";
	rival.value_e4 = 1;
	rival.priority = 100;
	outcome.rules = rules;
	outcome.n_rules = 2;
	outcome.considered = considered;
	outcome.n_considered = 1;
	outcome.variant = "plain";
	outcome.probability_ppm = 333333;
	outcome.merged_into = "r3";
	outcome_encode(&outcome, OUTCOME_JSON, &line);
	outcome_encode(&outcome, OUTCOME_PROTOBUF, &wire);
	assert_int_equal(wire.bytes[0], 0x09); /* at, fixed64, is first on the wire */
	for (int i = 0; i < 2; i++) {
		buf_reset(&again);
		assert_int_equal(outcome_decode(buf_slice(i ? &wire : &line), &arena, &back, &err),
				 0);
		outcome_encode(back, OUTCOME_JSON, &again);
		assert_string_equal(again.bytes, line.bytes);
	}
	buf_free(&line);
	buf_free(&again);
	buf_free(&wire);
	arena_free(&arena);
}

static void bad_outcomes_are_refused(void **state)
{
#define GOOD "\"at\":\"2026-03-01T12:00:00Z\",\"id\":\"i\",\"request\":\"r\",\"customer\":\"c\""
	static const struct {
		const char *text, *error;
	} rows[] = {
	    {"", "empty: expected JSON"},
	    {"\x09garbage", "not a readable"},
	    {"{", "not JSON at byte 1: expected a string, found the end"},
	    {"{}", "$.at: expected a time, found nothing"},
	    {"{" GOOD "}", "$.status: expected a status, found nothing"},
	    {"{" GOOD ",\"status\":\"sended\"}", "$.status: expected a status, found \"sended\""},
	    {"{" GOOD ",\"status\":\"sent\"} x",
	     "not JSON at byte 84: expected nothing more, found 'x'"},
	    {"{" GOOD ",\"status\":\"sent\",\"id\":\"j\"}", "the key \"id\" stands twice"},
	    {"{" GOOD ",\"status\":\"sent\",\"reason\":{\"count\":1.5}}",
	     "$.reason.count: expected a whole number"},
	    {"{" GOOD ",\"status\":\"sent\",\"reason\":{\"eligible_at\":\"soon\"}}",
	     "$.reason.eligible_at: expected a time like"},
	    {"{" GOOD ",\"status\":\"sent\",\"probability\":0.45}",
	     "$.probability: expected a number from 0 to 1 with at most 6 decimals, in quotes, "
	     "found 0.45"},
	    {"{" GOOD ",\"status\":\"sent\",\"probability\":\"1.000001\"}",
	     "$.probability: expected a number from 0 to 1"},
	    {"{" GOOD ",\"status\":\"sent\",\"probability\":\"0.1234567\"}",
	     "$.probability: expected a number from 0 to 1"},
	    {"{" GOOD ",\"status\":\"sent\",\"probability\":\"-0\"}", "$.probability: expected"},
	    {"{" GOOD ",\"status\":\"sent\",\"rules\":{}}", "$.rules: expected a list"},
	    {"{" GOOD ",\"status\":\"sent\",\"rules\":[{},{\"count\":-1}]}",
	     "$.rules[1].count: expected a whole number from 0"},
	    {"{" GOOD ",\"status\":\"sent\",\"rules\":[1]}",
	     "$.rules[0]: expected an object, found 1"},
	    {"{" GOOD ",\"status\":\"sent\",\"considered\":[{},{},{},{},{},{},{},{},{}]}",
	     "$.considered: expected at most 8 entries, found 9"},
	    {"{" GOOD ",\"status\":\"sent\",\"considered\":[{\"value\":\"1.\"}]}",
	     "$.considered[0].value: expected a number from 0"},
	    {"{" GOOD ",\"status\":1}", "$.status: expected a status, in quotes, found 1"},
	};
	struct arena arena = {0};
	Nurture__V1__Outcome *back = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(outcome_decode(slice_text(rows[i].text), &arena, &back, &err), -1);
		if (!strstr(err.text, rows[i].error))
			fail_msg("%s: %s", rows[i].text, err.text);
		assert_null(back);
	}
	assert_int_equal(outcome_decode(slice_text("{" GOOD ",\"status\":\"sent\",\"new\":[1]}"),
					&arena, &back, &err),
			 0);
	arena_free(&arena);
}

static void order_is_customer_at_id(void **state)
{
	Nurture__V1__Outcome a = sent(), b = sent(), c = sent(), d = sent();
	Nurture__V1__Outcome *all[] = {&d, &c, &b, &a};

	(void)state;
	a.customer = b.customer = c.customer = "a";
	d.customer = "b";
	b.id = "j";
	c.at_ms++;
	qsort(all, 4, sizeof(all[0]), outcome_compare);
	assert_ptr_equal(all[0], &a);
	assert_ptr_equal(all[1], &b);
	assert_ptr_equal(all[2], &c);
	assert_ptr_equal(all[3], &d);
}

static void statuses_have_names(void **state)
{
	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++)
		assert_int_equal(status_from_text(slice_text(status_text((enum status)i))), i);
	assert_int_equal(status_from_text(slice_text("Sent")), -1);
	assert_int_equal(status_from_text(slice_text("")), -1);
}

static void ids_depend_on_both_parts(void **state)
{
	char a[33], b[33];

	(void)state;
	outcome_id(a, "r1", "end");
	outcome_id(b, "r1", "deferred:1");
	assert_string_not_equal(a, b);
	outcome_id(b, "r1", "end");
	assert_string_equal(a, b);
}

static void task_has_its_data_sorted(void **state)
{
	Nurture__V1__Task task = NURTURE__V1__TASK__INIT;
	Nurture__V1__Datum one = NURTURE__V1__DATUM__INIT, two = one, again = one;
	Nurture__V1__Datum *data[] = {&two, &one, &again};
	struct buf out = BUF_MAX(4096);

	(void)state;
	task.time_ms = AT_MS;
	task.id = "s";
	task.request = "r";
	task.customer = "c";
	task.owner = "guest-relations";
	task.coupon = "BACK-7KQ2";
	task.action = "gift-basket";
	task.due_ms = AT_MS;
	task.expires_ms = AT_MS + DAY_MS;
	one.name = again.name = "order.amount";
	one.value = "1.00";
	again.value = "2.00";
	two.name = "orders";
	task.data = data;
	task.n_data = 3;
	task_encode(&task, OUTCOME_JSON, &out);
	assert_string_equal(out.bytes,
			    "{\"action\":\"gift-basket\",\"coupon\":\"BACK-7KQ2\",\"customer\":"
			    "\"c\",\"data\":{\"order."
			    "amount\":\"2.00\","
			    "\"orders\":\"\"},\"due\":\"2026-03-01T12:00:00Z\",\"expires\":\"2026-"
			    "03-02T12:00:00Z\","
			    "\"id\":\"s\",\"owner\":\"guest-relations\",\"request\":\"r\","
			    "\"time\":\"2026-03-01T12:00:00Z\"}");
	buf_reset(&out);
	task_encode(&task, OUTCOME_PROTOBUF, &out);
	assert_int_equal(out.len, nurture__v1__task__get_packed_size(&task));
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(line_is_sorted_and_escaped),
	    cmocka_unit_test(absent_members_are_left_out),
	    cmocka_unit_test(numbers_of_a_reason_stand_together),
	    cmocka_unit_test(what_a_decision_has_seen),
	    cmocka_unit_test(chances_are_exact),
	    cmocka_unit_test(both_formats_come_back_the_same),
	    cmocka_unit_test(bad_outcomes_are_refused),
	    cmocka_unit_test(order_is_customer_at_id),
	    cmocka_unit_test(statuses_have_names),
	    cmocka_unit_test(ids_depend_on_both_parts),
	    cmocka_unit_test(task_has_its_data_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
