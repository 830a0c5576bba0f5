/* What an outcome says of its request, so that it can be joined with orders, mails and codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/message/outcome.h"

static struct message_class promotion = {.name = "promotion", .needs_consent = true};
static struct message_class notice = {.name = "transactional"};
static struct policy policy = {.hash = "0123456789abcdef", .holdout_permille = 100};

static Nurture__V1__Request request_of(const char *channel)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.id = "r1";
	request.programme = "feedback";
	request.message_class = "promotion";
	request.channel = (char *)channel;
	request.action = "feedback-rating";
	request.owner = "care";
	request.order = "17";
	request.rung = "rating";
	request.reminder = 1;
	request.holdout_permille = 500;
	return request;
}

static const char *line_of(const Nurture__V1__Request *request, enum status status,
			   const char *send, const char *coupon, const struct message_class *class)
{
	static char line[2000];
	const struct outcome_words words = {"o1",          "ann",   policy.hash, status,
					    1772366400000, "de-AT", send,        coupon};
	Nurture__V1__Outcome outcome = outcome_of_request(request, &words, &policy, class);
	struct buf out = BUF_MAX(2000), again = BUF_MAX(2000);
	struct arena arena = {0};
	Nurture__V1__Outcome *read;
	struct err err;

	outcome_encode(&outcome, OUTCOME_JSON, &out);
	snprintf(line, sizeof(line), "%.*s", (int)out.len, out.bytes);
	/* Through protobuf it says the same. */
	buf_reset(&out);
	outcome_encode(&outcome, OUTCOME_PROTOBUF, &out);
	assert_int_equal(outcome_decode(buf_slice(&out), &arena, &read, &err), 0);
	outcome_encode(read, OUTCOME_JSON, &again);
	assert_true(slice_is(buf_slice(&again), line));
	arena_free(&arena);
	buf_free(&out);
	buf_free(&again);
	return line;
}

static void a_mail(void **state)
{
	Nurture__V1__Request request = request_of("email");

	(void)state;
	assert_string_equal(
	    line_of(&request, STATUS_SENT, "m1", "", &promotion),
	    "{\"at\":\"2026-03-01T12:00:00Z\",\"channel\":\"email\",\"class\":\"promotion\","
	    "\"customer\":\"ann\",\"id\":\"o1\",\"locale\":\"de-AT\",\"order\":\"17\","
	    "\"owner\":\"care\",\"policy\":\"0123456789abcdef\",\"probability\":\"0.45\","
	    "\"programme\":\"feedback\",\"reminder\":1,\"request\":\"r1\",\"rung\":\"rating\","
	    "\"send\":\"m1\",\"status\":\"sent\",\"template\":\"feedback-rating\",\"version\":2}");
}

static void codes(void **state)
{
	Nurture__V1__Request request = request_of("email");
	Nurture__V1__Datum datum = NURTURE__V1__DATUM__INIT, *data[] = {&datum};

	(void)state;
	datum.name = "coupon";
	datum.value = "BACK10";
	request.data = data;
	request.n_data = 1;
	assert_non_null(
	    strstr(line_of(&request, STATUS_SENT, "m1", "", &promotion), "\"coupon\":\"BACK10\""));
	assert_non_null(strstr(line_of(&request, STATUS_SENT, "m1", "BACK-7KQ2", &promotion),
			       "\"coupon\":\"BACK-7KQ2\""));
	/* Nothing was said, so nothing was offered. */
	assert_null(strstr(line_of(&request, STATUS_EXPIRED, "", "", &promotion), "coupon"));
}

/* On every line that a holdout touched, whether the request says one or not. */
static void probabilities(void **state)
{
	Nurture__V1__Request request = request_of("task");

	(void)state;
	assert_non_null(strstr(line_of(&request, STATUS_DEFERRED, "", "", &promotion),
			       "\"probability\":\"0.45\""));
	assert_non_null(strstr(line_of(&request, STATUS_HOLDOUT, "", "", &promotion),
			       "\"probability\":\"0.55\""));
	assert_null(strstr(line_of(&request, STATUS_SENT, "m1", "", &notice), "probability"));
	request.always = true; /* no holdout could touch it */
	assert_null(strstr(line_of(&request, STATUS_SENT, "m1", "", &promotion), "probability"));
	request.always = false;
	request.probability_ppm = 225000;
	request.variant = "warm";
	assert_non_null(strstr(line_of(&request, STATUS_SENT, "m1", "", &promotion),
			       "\"probability\":\"0.225\""));
	assert_null(strstr(line_of(&request, STATUS_HOLDOUT, "", "", &promotion), "warm"));
}

static void what_is_no_mail_or_nobody(void **state)
{
	Nurture__V1__Request request = request_of("task");
	const char *line;

	(void)state;
	line = line_of(&request, STATUS_TASK_CREATED, "t1", "", &promotion);
	assert_non_null(strstr(line, "\"send\":\"t1\""));
	assert_null(strstr(line, "template"));
	assert_null(strstr(line, "locale"));
	assert_null(strstr(line_of(&request, STATUS_ERASED, "", "", &promotion), "\"order\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mail),
	    cmocka_unit_test(codes),
	    cmocka_unit_test(probabilities),
	    cmocka_unit_test(what_is_no_mail_or_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
