/*
 * Several requests in one mail: one end each, the mail's verdict for those that
 * went, another lead when the first may not go, and what an outcome carries.
 */
#include "email_sender_world.h"

static struct world w;

static const struct ask two[] = {{.id = "b", .class_name = "care", .programme = "tips"},
				 {.id = "c", .class_name = "care", .programme = "thanks"}};
#define WITH_TWO                                                                                   \
	(struct ask)                                                                               \
	{                                                                                          \
		.id = "a", .class_name = "care", .parts = two, .part_count = 2                     \
	}

static void one_verdict(void **state)
{
	static const struct {
		enum send_verdict verdict;
		int code;
		const char *said;
	} cases[] = {
	    {SEND_SENT, 250, "a:sent@0 b:sent@0 in a c:sent@0 in a"},
	    {SEND_REFUSED, 550,
	     "a:rejected@0[550 5.1.1 text] b:rejected@0[550 5.1.1 text] in a "
	     "c:rejected@0[550 5.1.1 text] in a"},
	    {SEND_IN_DOUBT, 0,
	     "a:in_doubt@0[text] b:in_doubt@0[text] in a c:in_doubt@0[text] in a"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		world_close(&w);
		world_open(&w);
		w.names = true;
		world_dispatch(&w, WITH_TWO);
		assert_said(&w, "effect:a/1");
		w.now_ms += 5000;
		world_result(&w, "a", 1, cases[i].verdict, cases[i].code, "text");
		assert_said(&w, cases[i].said);
		world_result(&w, "a", 1, cases[i].verdict, cases[i].code, "text");
		assert_said(&w, ""); /* once */
	}
}

/* Only the lead's deferrals are told; the parts come along to the next attempt. */
static void later_together(void **state)
{
	(void)state;
	world_dispatch(&w, WITH_TWO);
	world_result(&w, "a", 1, SEND_LATER, 451, "busy");
	assert_true(strncmp(w.said, "a:deferred@0(retry until ", 25) == 0);
	assert_null(strstr(w.said, "b:"));
	world_due(&w);
	assert_said(&w, "effect:a/2");
	world_result(&w, "a", 2, SEND_SENT, 250, "");
	assert_non_null(strstr(w.said, "c:sent@"));
}

/* What has lost its consent, its time or its block stays out; the mail goes. */
static void parts_stay_behind(void **state)
{
	static const struct ask mixed[] = {
	    {.id = "b", .class_name = "promotion"},
	    {.id = "c", .class_name = "care", .expires_ms = MINUTE_MS},
	    {.id = "d", .class_name = "care"}};

	(void)state;
	world_dispatch(
	    &w, (struct ask){.id = "a", .class_name = "care", .parts = mixed, .part_count = 3});
	assert_said(&w, "effect:a/1");
	world_contact(&w, "ann@customers.example", "-promotion", false, "");
	/* No consent to promotion: the mail that is not begun yet is called back. */
	assert_said(&w, "recall:a/1");
	world_result(&w, "a", 1, SEND_NOT_SENT, 0, "not begun");
	assert_said(&w, "b:no_consent@0 effect:a/2");
	world_result(&w, "a", 2, SEND_LATER, 451, "busy");
	world_due(&w);
	assert_non_null(strstr(w.said, "c:expired@"));
	assert_null(strstr(w.said, "in a"));
	assert_non_null(strstr(w.said, " effect:a/3"));
	world_result(&w, "a", 3, SEND_SENT, 250, "");
	assert_non_null(strstr(w.said, "d:sent@"));
	assert_null(strstr(w.said, "b:"));
	assert_null(strstr(w.said, "c:"));
}

/* Consent that came back in time changes nothing: nobody was left out yet. */
static void consent_comes_back(void **state)
{
	(void)state;
	world_dispatch(&w, WITH_TWO);
	world_contact(&w, "ann@customers.example", NULL, false, "");
	assert_said(&w, "recall:a/1");
	world_contact(&w, "ann@customers.example", "all", false, "");
	world_result(&w, "a", 1, SEND_SENT, 250, ""); /* it was begun before the recall */
	assert_said(&w, "a:sent@0 b:sent@0 in a c:sent@0 in a");
}

/* The lead's time is over, a part's is not: the same mail goes with another lead. */
static void another_lead(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a",
					.class_name = "care",
					.expires_ms = MINUTE_MS,
					.parts = two,
					.part_count = 2});
	world_result(&w, "a", 1, SEND_LATER, 451, "busy");
	assert_true(strncmp(w.said,
			    "a:expired@0[after attempt 1: 451 busy] b:deferred@0(retry until ",
			    60) == 0);
	world_due(&w);
	assert_said(&w, "effect:a/2");
	world_result(&w, "a", 2, SEND_SENT, 250, "");
	assert_non_null(strstr(w.said, "b:sent@"));
	assert_non_null(strstr(w.said, " in b"));
	assert_null(strstr(w.said, "a:"));
}

static void all_forgotten(void **state)
{
	(void)state;
	world_dispatch(&w, WITH_TWO);
	world_result(&w, "a", 1, SEND_LATER, 451, "busy");
	world_contact(&w, "ann@customers.example", "all", true, "");
	assert_said(&w, "b:erased@0 c:erased@0 a:erased@0");
	world_due(&w);
	assert_said(&w, "");
}

/* A part is counted by rules about its programme, and by no other. */
static void parts_and_caps(void **state)
{
	static const struct ask again = {.id = "y", .class_name = "care", .programme = "tips"};

	(void)state;
	w.policy.cap_count = 2;
	w.caps[1] = w.caps[0];
	w.caps[1].name = "tips-week";
	w.caps[1].limit = 1;
	w.caps[1].programme = "tips";
	world_dispatch(&w, WITH_TWO);
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	w.now_ms += DAY_MS;
	/* The mail counts once under "week" (2), so there is room; tips were in it. */
	world_dispatch(
	    &w, (struct ask){.id = "x", .class_name = "care", .parts = &again, .part_count = 1});
	assert_said(&w, "y:displaced@86400(tips-week until 0) effect:x/1");
	world_result(&w, "x", 1, SEND_SENT, 250, "");
	world_dispatch(&w, (struct ask){.id = "z", .class_name = "care"});
	assert_true(strncmp(w.said, "z:deferred@86400(week until ", 28) == 0);
}

/* The person's own allowance and pause are asked again before a late mail. */
static void own_allowances(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .class_name = "care"});
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	world_dispatch(
	    &w, (struct ask){
		    .id = "b", .class_name = "care", .own_limit = 1, .own_window_ms = 2 * DAY_MS});
	assert_said(&w, "b:deferred@0(own_allowance until 172800)");
	world_dispatch(&w, (struct ask){.id = "c",
					.class_name = "transactional",
					.own_limit = 1,
					.own_window_ms = 2 * DAY_MS});
	assert_said(&w, "effect:c/1");
	world_result(&w, "c", 1, SEND_SENT, 250, "");
	world_due(&w);
	assert_said(&w, "effect:b/1");
	world_result(&w, "b", 1, SEND_LATER, 451, "busy");
	w.contact_paused_until_ms = w.now_ms + 3 * DAY_MS;
	world_contact(&w, "ann@customers.example", "all", false, "");
	world_due(&w);
	assert_true(strstr(w.said, "(paused until 432000)") != NULL);
	world_due(&w);
	assert_said(&w, "effect:b/2");
}

/* What the arbiter has seen stands on the outcome of each. */
static void carried_through(void **state)
{
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request requests[2] = {
	    world_request(&w, &(struct ask){.id = "a"}),
	    world_request(&w, &(struct ask){.id = "b"}),
	};
	Nurture__V1__Part part = NURTURE__V1__PART__INIT, *parts[] = {&part};
	Nurture__V1__Trial trial = NURTURE__V1__TRIAL__INIT, *rules[] = {&trial};
	Nurture__V1__Rival rival = NURTURE__V1__RIVAL__INIT, *considered[] = {&rival};
	Nurture__V1__Decision decisions[2] = {NURTURE__V1__DECISION__INIT,
					      NURTURE__V1__DECISION__INIT};
	const struct step_output *output;
	Nurture__V1__Outcome *outcome;
	struct err err;

	(void)state;
	trial.rule = (char *)"week";
	trial.count = 1;
	trial.limit = 2;
	trial.window_s = 604800;
	rival.request = (char *)"request-r";
	rival.programme = (char *)"sale";
	rival.priority = 30;
	decisions[0].rules = decisions[1].rules = rules;
	decisions[0].n_rules = decisions[1].n_rules = 1;
	decisions[1].considered = considered;
	decisions[1].n_considered = 1;
	requests[0].variant = (char *)"warm";
	requests[0].probability_ppm = 450000;
	part.request = &requests[1];
	part.decision = &decisions[1];
	dispatch.id = (char *)"a";
	dispatch.request = &requests[0];
	dispatch.decision = &decisions[0];
	dispatch.email = (char *)"ann@customers.example";
	dispatch.parts = parts;
	dispatch.n_parts = 1;
	world_send(&w, &dispatch);
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	output = w.step.outputs;
	assert_int_equal(outcome_decode(output->value, &w.arena, &outcome, &err), 0);
	assert_string_equal(outcome->variant, "warm");
	assert_int_equal(outcome->probability_ppm, 450000);
	assert_int_equal(outcome->n_rules, 1);
	assert_string_equal(outcome->rules[0]->rule, "week");
	assert_int_equal(outcome->rules[0]->window_s, 604800);
	assert_int_equal(outcome->n_considered, 0);
	assert_int_equal(outcome_decode(output->next->value, &w.arena, &outcome, &err), 0);
	assert_string_equal(outcome->merged_into, "request-a");
	assert_string_equal(outcome->variant, "");
	assert_int_equal(outcome->n_considered, 1);
	assert_string_equal(outcome->considered[0]->programme, "sale");
	assert_null(output->next->next);
}

static void too_many(void **state)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request request = world_request(&w, &(struct ask){.id = "a"});
	Nurture__V1__Part part = NURTURE__V1__PART__INIT, *parts[9];
	uint8_t bytes[4096];
	struct err err;

	(void)state;
	for (int i = 0; i < 9; i++)
		parts[i] = &part;
	part.request = &request;
	dispatch.id = (char *)"a";
	dispatch.request = &request;
	dispatch.email = (char *)"ann@customers.example";
	dispatch.parts = parts;
	dispatch.n_parts = 9;
	record.time_ms = (uint64_t)w.now_ms;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
	record.dispatch = &dispatch;
	assert_int_equal(
	    world_step(&w, STEP_RECORD,
		       slice_of(bytes, nurture__v1__dispatch_record__pack(&record, bytes)), &err),
	    -1);
	assert_string_equal(err.text, "$.dispatch.parts: expected at most 8 entries, found 9");
	dispatch.n_parts = 1;
	part.request = NULL;
	assert_int_equal(
	    world_step(&w, STEP_RECORD,
		       slice_of(bytes, nurture__v1__dispatch_record__pack(&record, bytes)), &err),
	    -1);
	assert_string_equal(err.text,
			    "$.dispatch.parts[0].request: expected an object, found nothing");
}

static int setup(void **state)
{
	(void)state;
	world_open(&w);
	w.names = true;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&w);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_verdict),        TEST(later_together), TEST(parts_stay_behind),
	    TEST(consent_comes_back), TEST(another_lead),   TEST(all_forgotten),
	    TEST(parts_and_caps),     TEST(own_allowances), TEST(carried_through),
	    TEST(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
