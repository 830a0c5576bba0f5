/* scheduler_parts_test.c - mails that go out in one, codes and addresses, one short story each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_rows.h"

static const char narrow[] =
    CLASSES "caps:\n"
	    "  - {name: gap, min_gap: 20h, classes: [care, feedback, promotion]}\n"
	    "  - {name: p-week, limit: 1, per: 7d, programme: p}\n"
	    "  - {name: tents, limit: 1, per: 5d, category: tents}\n"
	    "quiet_hours: off\njust_bought: off\nprogrammes:\n"
	    "  p: {owner: o, on: order.placed, task: t, class: care}\n";

static const struct row parts_rows[] = {
    {"one mail for the group, in order; it counts once", no_quiet,
     HELLO "0 ask c care 40 merge=g\n0 ask b care 50 merge=g\n0 ask a care 50 value=1 merge=g\n"
	   "0 ask d care 50\n0 ask e care 30 merge=h\n20 run\n",
     "0 grant a +b +c\n0 deferred d gap 1/1 until=20 by=a\n0 deferred e gap 1/1 until=20 by=a\n"
     "20 grant d\n20 deferred e gap 1/1 until=40 by=d\n"},
    {"whoever waits for a cap goes as a part, whoever is not due does not", no_quiet,
     HELLO "0 elsewhere x care\n1 ask a care 50 merge=g\n2 ask b care 90 merge=g due=30\n"
	   "3 ask t care 10 merge=g channel=task\n3 ask c care 95 exempt merge=g\n60 run\n",
     "1 deferred a gap 1/1 until=20 by=x\n3 grant c +a\n3 task\n3 task_created t\n"
     "30 grant b\n"},
    {"one that needs no rule to be asked still must be wanted", no_quiet,
     "0 contact all=1 feedback=0\n0 ask a care 50 merge=g\n0 ask b feedback 40 merge=g\n0 run\n",
     "0 contact\n0 no_consent b consent (feedback)\n0 grant a\n"},
    {"nor is it held by a case, nor outside its window", no_quiet,
     "0 contact all=1 case=late:1\n0 ask a care 50 merge=g\n0 ask b promotion 40 merge=g\n"
     "0 ask c care 30 merge=g send=780-840\n1 run\n",
     "0 grant a\n0 deferred b open_case (late:1)\n0 deferred c gap 1/1 until=25 by=a\n"},
    {"rules about a programme or a category count parts, and bind them", narrow,
     HELLO "0 ask a care 50 merge=g programme=q\n0 ask b care 40 merge=g\n"
	   "0 ask c care 30 merge=g\n0 ask d care 20 merge=g programme=q category=tents\n"
	   "0 ask e care 10 merge=g programme=q category=tents\n400 run\n",
     "0 grant a +b +d\n0 deferred c p-week 1/1 until=168 by=b\n"
     "0 deferred e tents 1/1 until=120 by=d\n120 grant e\n168 grant c\n"},
    {"at most eight", no_quiet,
     HELLO "0 ask a care 50 merge=g\n0 ask b care 50 merge=g\n0 ask c care 50 merge=g\n"
	   "0 ask d care 50 merge=g\n0 ask e care 50 merge=g\n0 ask f care 50 merge=g\n"
	   "0 ask h care 50 merge=g\n0 ask i care 50 merge=g\n0 ask j care 50 merge=g\n"
	   "0 ask k care 50 merge=g\n20 run\n",
     "0 grant a +b +c +d +e +f +h +i +j\n0 deferred k gap 1/1 until=20 by=a\n20 grant k\n"},
    {"what follows a part follows it, but not into the same mail", no_quiet,
     HELLO "0 ask r feedback 50 merge=g follows=b\n0 ask a care 50 merge=g\n"
	   "0 ask b care 40 merge=g\n0 run\n0 ask b care 40 merge=g\n30 run\n",
     "0 grant a +b\n0 deferred r gap 1/1 until=20 by=a\n20 grant r\n"},
    {"who waited for the part is looked at", no_quiet,
     HELLO "0 ask high promotion 80 due=10 merge=g\n0 ask low care 20\n"
	   "10 ask a transactional 90 merge=g\n40 run\n",
     "0 deferred low look_ahead until=30 by=high\n10 grant a +high\n10 grant low\n"},
};

static const char signs[] =
    CLASSES "caps: off\nquiet_hours: off\njust_bought: off\n"
	    "coupons:\n  back: {signed: true, prefix: BACK, length: 12}\n"
	    "  pool: {pool: codes.txt}\n"
	    "segments: {vip: {orders: {at_least: 8}}}\n"
	    "addresses:\n"
	    "  - {segment: vip, class: care, reply_to: \"Anna <anna@s.example>\"}\n"
	    "  - {class: feedback, sender: \"Ask <ask@s.example>\", reply_to: \"in@s.example\"}\n";

static const struct row address_rows[] = {
    {"the first entry that fits", signs,
     "0 contact all=1 segment=vip\n0 ask a care 50\n0 ask b feedback 40\n0 ask c promotion 30\n"
     "0 run\n1 contact all=1\n1 ask d care 50\n1 run\n",
     "0 grant a (Anna <anna@s.example>)\n0 grant b (in@s.example)\n0 grant c\n1 grant d\n"},
    {"a source that is not there ends it", signs,
     HELLO "0 ask a care 50 coupon=pool\n0 ask b care 50 coupon=gone\n"
	   "0 ask c care 50 coupon=back\n0 run\n",
     "0 grant a\n0 undeliverable b coupons (gone is not in the policy any more)\n"
     "0 grant c\n"},
};

static void parts(void **state)
{
	(void)state;
	PLAY(parts_rows);
}

static void addresses(void **state)
{
	(void)state;
	PLAY(address_rows);
}

static struct driver driver;

static const Nurture__V1__Dispatch *dispatch_at(size_t i)
{
	assert_true(i < driver.output_count);
	assert_non_null(driver.outputs[i].dispatch);
	return driver.outputs[i].dispatch->dispatch;
}

static void ask(const char *id, int32_t priority, char *merge)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Datum datum = NURTURE__V1__DATUM__INIT, *data[] = {&datum};

	datum.name = "order.amount";
	datum.value = "12.50";
	request.data = data;
	request.n_data = 1;
	request.id = (char *)id;
	request.programme = "p";
	request.channel = "email";
	request.message_class = "care";
	request.coupon = "back";
	request.merge = merge;
	request.variant = "warm";
	request.probability_ppm = 450000;
	request.priority = priority;
	request.due_ms = STORY_BEGIN_MS;
	request.expires_ms = STORY_BEGIN_MS + DAY_MS;
	assert_int_equal(driver_request(&driver, STORY_BEGIN_MS, &request), 0);
}

static void begin(const struct policy *policy)
{
	Nurture__V1__ConsentState yes = NURTURE__V1__CONSENT_STATE__INIT, *consent[] = {&yes};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__Allowance allowance = NURTURE__V1__ALLOWANCE__INIT;
	Nurture__V1__Allowance *allowances[] = {&allowance};

	driver_open(&driver, policy);
	driver.service.coupon_key = slice_text("0123456789abcdef");
	yes.message_class = "all";
	yes.given = true;
	contact.email = "x@y.example";
	contact.consent = consent;
	contact.n_consent = 1;
	allowance.limit = 9;
	allowance.window_ms = DAY_MS;
	contact.allowances = allowances;
	contact.n_allowances = 1;
	assert_int_equal(driver_contact(&driver, STORY_BEGIN_MS, &contact), 0);
}

/* A mail carries its parts whole, each with its own code, and what was seen. */
static void a_dispatch_says_everything(void **state)
{
	struct policy *policy = load(signs);
	const Nurture__V1__Dispatch *dispatch;

	(void)state;
	begin(policy);
	ask("a", 50, "g");
	ask("b", 40, "g");
	ask("c", 30, "");
	driver_run(&driver, STORY_BEGIN_MS);
	dispatch = dispatch_at(0);
	assert_int_equal(dispatch->n_parts, 1);
	assert_string_equal(dispatch->parts[0]->request->id, "b");
	assert_string_equal(dispatch->parts[0]->request->variant, "warm");
	assert_string_equal(dispatch->parts[0]->request->data[0]->value, "12.50");
	assert_int_equal(dispatch->n_allowances, 1);
	assert_int_equal(dispatch->allowances[0]->limit, 9);
	assert_int_equal(strlen(dispatch->coupon), 5 + 12);
	assert_memory_equal(dispatch->coupon, "BACK-", 5);
	assert_string_not_equal(dispatch->coupon, dispatch->parts[0]->coupon);
	/* the ceiling and the person's own; b counts for neither */
	assert_int_equal(dispatch->decision->n_rules, 2);
	assert_string_equal(dispatch->decision->rules[0]->rule, "ceiling");
	assert_string_equal(dispatch->decision->rules[1]->rule, "own_allowance");
	assert_int_equal(dispatch->decision->rules[1]->count, 0);
	assert_int_equal(dispatch->decision->rules[1]->limit, 9);
	assert_int_equal(dispatch->decision->rules[1]->window_s, 86400);
	assert_int_equal(dispatch->decision->n_considered, 2);
	assert_string_equal(dispatch->decision->considered[0]->request, "b");
	assert_string_equal(dispatch->decision->considered[1]->request, "c");
	assert_int_equal(dispatch->parts[0]->decision->n_rules, 0);
	assert_string_equal(dispatch->parts[0]->decision->considered[0]->request, "a");
	assert_int_equal(dispatch_at(1)->decision->rules[1]->count, 1);
	driver_close(&driver);
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts),
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(a_dispatch_says_everything),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
