/*
 * What the arbiter asked before the grant and may have changed since, asked again
 * before every attempt: an open case, what was just bought, a cancellation, a class.
 */
#include "services/email-sender/journal.h"
#include "email_sender_world.h"

static struct world w;

static int set_up(void **state)
{
	(void)state;
	world_open(&w);
	w.classes[PROMOTION].holds_on_open_case = w.classes[PROMOTION].skips_just_bought = true;
	w.policy.just_bought.default_ms = 90 * DAY_MS;
	w.caps[0].limit = 9;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_close(&w);
	return 0;
}

static void hear(const char *open_case, const char *bought)
{
	w.contact_case = open_case;
	w.contact_bought = bought;
	world_contact(&w, "ann@customers.example", "all", false, "");
}

static void a_case_holds_what_waits_for_a_retry(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_dispatch(&w, (struct ask){.id = "t", .class_name = "transactional"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_result(&w, "t", 1, SEND_LATER, 451, "x");
	hear("complaint:9", NULL);
	assert_said(&w, ""); /* the pause that the server was promised is not over */
	w.now_ms = T0 + HOUR_MS;
	world_timer(&w);
	assert_said(&w, "deferred@3600(open_case until 0)[complaint:9] effect:t/2");
	world_result(&w, "t", 2, SEND_SENT, 250, "");
	assert_int_equal(w.due_ms, T0 + 8 * DAY_MS); /* nobody knows when: it is too late then */
	hear("complaint:9", NULL);
	assert_said(&w, ""); /* told once */
	hear("return:4", NULL);
	assert_said(&w, "deferred@3600(open_case until 0)[return:4]");
	hear(NULL, NULL);
	assert_said(&w, "effect:a/2");
}

static void a_case_that_stays_open(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	hear("late:17", NULL);
	world_due(&w);
	world_due(&w);
	assert_said(&w, "expired@691200(open_case until 0)[late:17]");
}

/*
 * Nobody tells of the person what comes later than eight days after the grant, be it an
 * unsubscribe or an erasure: by then the mail is over, however late it expires.
 */
static void no_mail_waits_beyond_what_is_told(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .expires_ms = 40 * DAY_MS});
	world_dispatch(&w, (struct ask){.id = "b", .expires_ms = 40 * DAY_MS});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_result(&w, "b", 1, SEND_LATER, 451, "x");
	w.contact_paused_until_ms = T0 + 8 * DAY_MS - 1;
	hear(NULL, NULL);
	w.now_ms = T0 + DAY_MS;
	world_timer(&w);
	assert_non_null(strstr(w.said, "deferred@86400(paused until 691199)"));
	w.contact_paused_until_ms = T0 + 8 * DAY_MS;
	hear(NULL, NULL);
	world_due(&w);
	assert_non_null(strstr(w.said, "expired@"));
	assert_non_null(strstr(w.said, "(paused until 691200)"));
	assert_null(strstr(w.said, "effect"));
}

/* An id may have 200 bytes, and the name of a case has its kind before it. */
static void a_case_with_a_long_name_is_heard(void **state)
{
	char name[212] = "complaint:";

	(void)state;
	memset(name + 10, 'x', 200);
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	hear(name, NULL);
	world_due(&w);
	assert_non_null(strstr(w.said, "(open_case until 0)[complaint:xxx"));
}

static void an_ask_waits_whatever_its_class_says(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a",
					.class_name = "care",
					.on_open_case = NURTURE__V1__ON_OPEN_CASE__WAITS});
	world_dispatch(&w, (struct ask){.id = "b", .class_name = "care"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_result(&w, "b", 1, SEND_LATER, 451, "x");
	hear("complaint:9", NULL);
	w.now_ms = T0 + HOUR_MS;
	world_timer(&w);
	assert_said(&w, "deferred@3600(open_case until 0)[complaint:9] effect:b/2");
}

static void what_was_just_bought_is_not_offered(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .category = "laptops"});
	world_dispatch(&w, (struct ask){.id = "b", .category = "tents"});
	world_dispatch(&w, (struct ask){.id = "c", .class_name = "care", .category = "laptops"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_result(&w, "b", 1, SEND_LATER, 451, "x");
	world_result(&w, "c", 1, SEND_LATER, 451, "x");
	hear(NULL, "laptops");
	w.now_ms = T0 + HOUR_MS;
	world_timer(&w);
	assert_said(&w,
		    "just_bought@3600(just_bought until 7776000)[laptops] effect:b/2 effect:c/2");
}

static void a_cancellation_reaches_what_waits(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .order = "17"});
	world_dispatch(&w, (struct ask){.id = "b", .order = "18"});
	world_dispatch(&w, (struct ask){.id = "c", .programme = "tips", .order = "17"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_result(&w, "b", 1, SEND_LATER, 451, "x");
	world_result(&w, "c", 1, SEND_LATER, 451, "x");
	world_cancel(&w, NULL, "win-back", "17");
	assert_said(&w, "cancelled@0(cancel until 0)[order.refunded]");
	world_cancel(&w, "request-b", NULL, NULL);
	assert_said(&w, "cancelled@0(cancel until 0)[order.refunded]");
	world_cancel(&w, NULL, NULL, "19");
	assert_said(&w, "");
	world_cancel(&w, NULL, NULL, NULL); /* all that there is */
	assert_said(&w, "cancelled@0(cancel until 0)[order.refunded]");
	assert_int_equal(w.due_ms, T0 + 8 * DAY_MS); /* nothing is open any more */
}

/* Queued for a connection: it is taken back. If it was too late, its answer counts. */
static void what_is_handed_over_is_recalled(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .category = "laptops"});
	hear("complaint:9", NULL);
	assert_said(&w, "recall:a/1");
	hear("complaint:9", "laptops");
	assert_said(&w, ""); /* once is enough */
	world_result(&w, "a", 1, SEND_NOT_SENT, 0, "not begun");
	assert_said(&w, "just_bought@0(just_bought until 7776000)[laptops]");
	hear(NULL, NULL);
	world_dispatch(&w, (struct ask){.id = "b", .order = "17"});
	world_cancel(&w, NULL, NULL, "17");
	assert_said(&w, "recall:b/1");
	hear(NULL, NULL); /* a contact takes no cancellation back */
	world_result(&w, "b", 1, SEND_LATER, 451, "x");
	assert_said(&w, "cancelled@0(cancel until 0)[order.refunded]");
	world_dispatch(&w, (struct ask){.id = "c", .order = "18"});
	world_cancel(&w, NULL, NULL, "18");
	world_result(&w, "c", 1, SEND_SENT, 250, "");
	assert_said(&w, "sent@0");
}

static void held_after_a_recall(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	hear("complaint:9", NULL);
	world_result(&w, "a", 1, SEND_NOT_SENT, 0, "not begun");
	assert_said(&w, "deferred@0(open_case until 0)[complaint:9]");
	hear(NULL, NULL);
	assert_said(&w, "effect:a/2");
}

/* The intent was committed, the case came, the owner was killed: nobody begins with it unasked. */
static void the_next_owner_asks_as_well(void **state)
{
	struct attempts_left left = {.owner = 1};
	struct send_journal journal = {.left = &left, .count = 1};

	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	hear("complaint:9", NULL);
	w.sender.journal = &journal;
	w.owner = 2;
	world_timer(&w);
	assert_said(&w, "deferred@0(open_case until 0)[complaint:9]");
}

/* On the event clock a mail has gone at its instant, whatever later records of its batch say. */
static void on_the_event_clock_an_intent_is_a_mail(void **state)
{
	struct attempts_left left = {.owner = 1};
	struct send_journal journal = {.left = &left, .count = 1};

	(void)state;
	w.sender.is_event_time = true;
	world_dispatch(&w, (struct ask){.id = "a", .order = "17"});
	w.now_ms = T0 + DAY_MS;
	hear("complaint:9", NULL);
	assert_said(&w, "");
	world_cancel(&w, NULL, NULL, "17");
	assert_said(&w, "");
	world_result(&w, "a", 1, SEND_NOT_SENT, 0, "not begun"); /* a stop */
	assert_said(&w, "effect:a/1");
	w.sender.journal = &journal;
	w.owner = 2;
	world_timer(&w);
	assert_said(&w, "effect:a/1");
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	assert_said(&w, "sent@0");
	/* But one that is told "later" is asked again. */
	hear(NULL, NULL);
	world_dispatch(&w, (struct ask){.id = "b", .order = "18"});
	world_cancel(&w, NULL, NULL, "18");
	world_result(&w, "b", 1, SEND_LATER, 451, "x");
	assert_said(&w, "cancelled@86400(cancel until 0)[order.refunded]");
}

static void parts_are_asked_again(void **state)
{
	const struct ask parts[] = {{.id = "b", .category = "laptops"},
				    {.id = "c", .order = "17", .programme = "tips"}};

	(void)state;
	w.names = true;
	world_dispatch(&w, (struct ask){.id = "a", .parts = parts, .part_count = 2});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_cancel(&w, NULL, NULL, "17");
	assert_said(&w, "c:cancelled@0(cancel until 0)[order.refunded]");
	hear(NULL, "laptops");
	world_due(&w);
	assert_non_null(strstr(w.said, "b:just_bought@"));
	assert_non_null(strstr(w.said, "effect:a/2"));
}

static void the_lead_goes_and_a_part_leads(void **state)
{
	const struct ask parts[] = {{.id = "b"}};

	(void)state;
	w.names = true;
	world_dispatch(&w, (struct ask){.id = "a", .order = "17", .parts = parts, .part_count = 1});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_cancel(&w, NULL, NULL, "17");
	assert_said(&w, "a:cancelled@0(cancel until 0)[order.refunded]");
	world_due(&w);
	assert_said(&w, "effect:a/2");
	world_result(&w, "a", 2, SEND_SENT, 250, "");
	assert_true(strncmp(w.said, "b:sent@", 7) == 0);
}

/* What may have been delivered is in doubt, whatever is said later. */
static void an_earlier_attempt_may_have_been_delivered(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .class_name = "transactional", .order = "17"});
	world_result(&w, "a", 1, SEND_IN_DOUBT, 0, "no answer");
	world_cancel(&w, NULL, NULL, "17");
	assert_non_null(strstr(w.said, "in_doubt@0"));
	assert_non_null(strstr(w.said, "then cancelled: order.refunded"));
}

/* Longer than any window of the policy: what went is remembered for it, and counted. */
static void an_own_allowance_counts_as_far_back_as_it_says(void **state)
{
	const int64_t own_window_ms = 91 * DAY_MS;

	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .own_limit = 1, .own_window_ms = own_window_ms});
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	assert_int_equal(w.due_ms, T0 + own_window_ms);
	w.now_ms = T0 + 85 * DAY_MS;
	world_dispatch(&w, (struct ask){.id = "b",
					.own_limit = 1,
					.own_window_ms = own_window_ms,
					.expires_ms = 100 * DAY_MS});
	assert_said(&w, "deferred@7344000(own_allowance until 7862400)");
	world_due(&w);
	assert_said(&w, "effect:b/1");
}

/* The newest word says for how long, also when no mail is open any more. */
static void an_own_allowance_that_changes_changes_the_memory(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	assert_int_equal(w.due_ms, T0 + 8 * DAY_MS);
	w.contact_own_window_ms = 91 * DAY_MS;
	hear(NULL, NULL);
	assert_int_equal(w.due_ms, T0 + 91 * DAY_MS);
	w.now_ms = T0 + 20 * DAY_MS;
	hear(NULL, NULL);
	assert_false(w.step.state_changed); /* nothing new */
	w.contact_own_window_ms = 30 * DAY_MS;
	hear(NULL, NULL);
	assert_int_equal(w.due_ms, T0 + 30 * DAY_MS);
	world_contact(&w, "", NULL, true,
		      ""); /* erased: nothing that the person asked for is left */
	assert_true(w.step.forgets);
	assert_int_equal(w.state_len, 0);
}

/* Nobody can ask for more than 400 days, whatever a record says. */
static void an_own_allowance_has_an_end(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .own_limit = 1, .own_window_ms = 400 * DAY_MS});
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	assert_int_equal(w.due_ms, T0 + 400 * DAY_MS);
	world_due(&w);
	assert_int_equal(w.state_len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_case_holds_what_waits_for_a_retry, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_case_that_stays_open, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_mail_waits_beyond_what_is_told, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_case_with_a_long_name_is_heard, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_ask_waits_whatever_its_class_says, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(what_was_just_bought_is_not_offered, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_cancellation_reaches_what_waits, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_handed_over_is_recalled, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(held_after_a_recall, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_next_owner_asks_as_well, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(on_the_event_clock_an_intent_is_a_mail, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(an_own_allowance_counts_as_far_back_as_it_says, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(an_own_allowance_that_changes_changes_the_memory,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_own_allowance_has_an_end, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(parts_are_asked_again, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_lead_goes_and_a_part_leads, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_earlier_attempt_may_have_been_delivered, set_up,
					    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
