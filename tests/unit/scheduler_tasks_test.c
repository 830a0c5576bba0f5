/* scheduler_tasks_test.c - what a human was given to do, and its one end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_rows.h"

#define BASKET "0 ask a care 50 channel=task order=17 programme=basket action=basket\n0 run\n"
#define GIVEN "0 task\n0 task_created a\n"

static const struct row ends_rows[] = {
    {"an order that ends takes the task back, once", no_quiet,
     HELLO BASKET "5 cancel order=17\n6 cancel order=17\n7 cancel order=17 programme=basket\n",
     GIVEN "5 task cancelled a (order.refunded)\n"},
    {"another order does not", no_quiet, HELLO BASKET "5 cancel order=18\n", GIVEN},
    {"its programme, its request, or everything", no_quiet,
     HELLO BASKET "1 ask b care 50 channel=task programme=q\n1 ask c care 50 channel=task\n1 run\n"
		  "2 cancel programme=q reason=complaint.opened\n3 cancel request=c\n"
		  "4 cancel reason=customer.merged\n",
     GIVEN "1 task\n1 task_created b\n1 task\n1 task_created c\n"
	   "2 task cancelled b (complaint.opened)\n3 task cancelled c (order.refunded)\n"
	   "4 task cancelled a (customer.merged)\n"},
    {"what is done cannot be taken back", no_quiet, HELLO BASKET "5 done a\n6 cancel order=17\n",
     GIVEN},
    {"and what was taken back is not done", no_quiet,
     HELLO BASKET "5 cancel order=17\n6 done a\n7 cancel order=17\n",
     GIVEN "5 task cancelled a (order.refunded)\n"},
    {"done is that task alone", no_quiet,
     HELLO BASKET "1 ask b care 50 channel=task order=17\n1 run\n2 done b\n3 cancel order=17\n",
     GIVEN "1 task\n1 task_created b\n3 task cancelled a (order.refunded)\n"},
    {"its time runs out: that is its end", no_quiet,
     HELLO "0 ask a care 50 channel=task order=17 expires=5\n0 run\n5 cancel order=17\n", GIVEN},
    {"a millisecond before that it is not over", no_quiet,
     HELLO "0 ask a care 50 channel=task order=17 expires=5\n0 run\n4.999999 cancel order=17\n",
     GIVEN "5 task cancelled a (order.refunded)\n"},
    {"a call about a low score is owed after the refund as well, waiting or given out", no_quiet,
     HELLO "0 ask a care 50 channel=task order=17 outlives\n0 run\n"
	   "1 ask b care 50 channel=task order=17 due=9 outlives\n2 cancel order=17\n9 run\n"
	   "10 cancel order=17 programme=p\n",
     GIVEN "9 task\n9 task_created b\n10 task cancelled a (order.refunded)\n"
	   "10 task cancelled b (order.refunded)\n"},
    {"who is forgotten has no task, and the record says nothing of the person", no_quiet,
     "0 contact all=1 phone=0123 address=Quay\n"
     "0 ask a care 50 channel=task order=17 action=phone-call\n0 run\n"
     "1 contact erased\n2 cancel order=17\n",
     "0 task phone=0123\n0 task_created a\n1 task cancelled a (customer.erased)\n"},
    {"what waits and what was given out end alike, each in its own way", no_quiet,
     HELLO BASKET "1 ask b care 50 channel=task order=17 due=9\n2 cancel order=17\n9 run\n",
     GIVEN "2 cancelled b cancel (order.refunded)\n2 task cancelled a (order.refunded)\n"},
};

static const struct row needs_rows[] = {
    {"who calls needs the number, who writes the address", no_quiet,
     "0 contact all=1 phone=0123 address=Quay\n0 ask a care 50 channel=task action=phone-call\n"
     "0 ask b care 40 channel=task action=letter\n0 ask c care 30 channel=task action=basket\n0 "
     "run\n",
     "0 task phone=0123\n0 task_created a\n0 task address=Quay\n0 task_created b\n"
     "0 task\n0 task_created c\n"},
    {"or hears that nobody has told it", no_quiet,
     HELLO "0 ask a care 50 channel=task action=phone-call\n0 ask b care 40 channel=task "
	   "action=letter\n0 run\n",
     "0 task missing=phone\n0 task_created a\n0 task missing=address\n0 task_created b\n"},
    {"mail under way needs neither", no_quiet,
     "0 contact all=1 phone=0123\n0 ask a care 50\n0 run\n1 contact all=1 phone=0124\n"
     "2 contact all=0 phone=0124\n",
     "0 grant a\n2 contact\n"},
};

static void test_ends(void **state)
{
	(void)state;
	play(ends_rows, sizeof(ends_rows) / sizeof(ends_rows[0]));
}

static void test_needs(void **state)
{
	(void)state;
	play(needs_rows, sizeof(needs_rows) / sizeof(needs_rows[0]));
}

/* The newest SCHED_TASKS_MAX are remembered, and no more. */
static void test_bound(void **state)
{
	struct policy *policy = load(no_quiet);
	struct buf story = BUF_MAX(1 << 16);
	unsigned cancelled = 0;
	char *answer;

	(void)state;
	buf_text(&story, HELLO);
	for (unsigned i = 0; i < SCHED_TASKS_MAX + 3; i++)
		buf_printf(&story, "%u ask t%02u care 50 channel=task order=17\n%u run\n", i, i, i);
	buf_printf(&story, "%u cancel order=17\n", SCHED_TASKS_MAX + 3);
	answer = story_play(policy, story.bytes);
	for (const char *at = answer; (at = strstr(at, "task cancelled ")); at++)
		cancelled++;
	assert_int_equal(cancelled, SCHED_TASKS_MAX);
	assert_null(strstr(answer, "task cancelled t02"));
	assert_non_null(strstr(answer, "task cancelled t03"));
	free(answer);
	buf_free(&story);
	policy_free(policy);
}

/* The topic says it in JSON with sorted keys; one that is open says no state. */
static void test_json(void **state)
{
	struct driver *d = malloc(sizeof(*d));
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;
	struct policy *policy = load(no_quiet);

	(void)state;
	assert_non_null(d);
	driver_open(d, policy);
	d->service.format = OUTCOME_JSON;
	request.id = "r";
	request.programme = "basket";
	request.message_class = "care";
	request.channel = "task";
	request.action = "letter";
	request.owner = "desk";
	request.order = cancel.order = "17";
	request.due_ms = STORY_BEGIN_MS;
	request.expires_ms = STORY_BEGIN_MS + HOUR_MS;
	cancel.reason = "order.cancelled";
	assert_int_equal(driver_request(d, STORY_BEGIN_MS, &request), 0);
	driver_run(d, STORY_BEGIN_MS);
	assert_true(
	    slice_is(d->outputs[0].bytes,
		     "{\"action\":\"letter\",\"customer\":\"c1\","
		     "\"due\":\"2026-01-05T12:00:00Z\",\"expires\":\"2026-01-05T13:00:00Z\","
		     "\"id\":\"4afc187427b382df61aa640c5d7dfd62\",\"missing\":[\"address\"],"
		     "\"owner\":\"desk\","
		     "\"programme\":\"basket\",\"request\":\"r\","
		     "\"time\":\"2026-01-05T12:00:00Z\"}"));
	assert_int_equal(driver_cancel(d, STORY_BEGIN_MS + 1000, &cancel), 0);
	assert_true(
	    slice_is(d->outputs[2].bytes,
		     "{\"action\":\"letter\",\"customer\":\"c1\","
		     "\"id\":\"4afc187427b382df61aa640c5d7dfd62\",\"owner\":\"desk\","
		     "\"programme\":\"basket\",\"reason\":\"order.cancelled\",\"request\":\"r\","
		     "\"state\":\"cancelled\",\"time\":\"2026-01-05T12:00:01Z\"}"));
	driver_close(d);
	free(d);
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_needs),
	    cmocka_unit_test(test_bound),
	    cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
