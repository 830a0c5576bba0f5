/*
 * Pauses after an attempt, what kind of answer costs what, and the event of an
 * address that is refused for good.
 */
#include "services/email-sender/retry.h"
#include "email_sender_world.h"

static struct world w;

/* Between floor and ceiling, spread over all of it, and the same for ever. */
static void full_jitter(void **state)
{
	static const struct {
		uint32_t failures;
		const char *rule;
		int64_t least_ms, most_ms;
	} cases[] = {
	    {1, "retry", MINUTE_MS, 30 * MINUTE_MS},
	    {2, "retry", MINUTE_MS, 60 * MINUTE_MS},
	    {5, "retry", MINUTE_MS, 6 * HOUR_MS},
	    {4000000, "retry", MINUTE_MS, 6 * HOUR_MS},
	    {1, "greylisted", 15 * MINUTE_MS, 30 * MINUTE_MS},
	    {2, "greylisted", MINUTE_MS, 60 * MINUTE_MS},
	    {0, "slowed", MINUTE_MS, 15 * MINUTE_MS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t span_ms = cases[i].most_ms - cases[i].least_ms;
		unsigned quarters[4] = {0};

		for (unsigned n = 0; n < 1000; n++) {
			const char *id = arena_printf(&w.arena, "send-%u", n);
			int64_t pause_ms =
			    send_pause_ms(&w.policy, id, n % 7, cases[i].failures, cases[i].rule);

			assert_in_range(pause_ms, cases[i].least_ms, cases[i].most_ms);
			assert_int_equal(pause_ms, send_pause_ms(&w.policy, id, n % 7,
								 cases[i].failures, cases[i].rule));
			quarters[(pause_ms - cases[i].least_ms) * 4 / (span_ms + 1)]++;
		}
		for (int q = 0; q < 4; q++)
			assert_in_range(quarters[q], 190, 310);
	}
	w.policy.retry.first_ms = w.policy.retry.max_ms = SECOND_MS;
	assert_int_equal(send_pause_ms(&w.policy, "a", 1, 9, "retry"), SECOND_MS);
}

static void learn(const char *id, uint32_t attempt, enum send_verdict verdict, const char *rule,
		  int64_t wait_ms)
{
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;

	result.id = (char *)(uintptr_t)id;
	result.attempt = attempt;
	result.verdict = (Nurture__V1__DeliveryResult__Verdict)verdict;
	result.code = verdict == SEND_LATER ? 421 : 0;
	result.rule = (char *)(uintptr_t)rule;
	result.text = (char *)"text";
	result.wait_ms = wait_ms;
	world_learn(&w, result);
}

/* The server wants less from us: no matter how often, the mail has not failed. */
static void slowed_is_no_failure(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	for (unsigned attempt = 1; attempt <= 9; attempt++) {
		learn("a", attempt, SEND_LATER, "slowed", 0);
		assert_non_null(strstr(w.said, "(slowed until "));
		world_due(&w);
	}
	for (unsigned attempt = 10; attempt <= 12; attempt++) {
		learn("a", attempt, SEND_LATER, "retry", 0);
		assert_non_null(strstr(w.said, "deferred@"));
		world_due(&w);
	}
	learn("a", 13, SEND_LATER, "blocked", 0);
	assert_non_null(strstr(w.said, "[gave up after 4 attempts: 421 text]"));
}

static void the_domain_knows_how_long(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	learn("a", 1, SEND_LATER, "blocked", 4 * HOUR_MS);
	assert_said(&w, "deferred@0(blocked until 14400)[421 text]");
	assert_int_equal(w.due_ms, T0 + 4 * HOUR_MS);
	w.now_ms = w.due_ms;
	world_timer(&w);
	assert_said(&w, "effect:a/2");
	/* Held before it began: it waits so long, to the millisecond, and nothing has failed. */
	learn("a", 2, SEND_NOT_SENT, "rate", 77000);
	assert_said(&w, "deferred@14400(rate until 14477)[text]");
	world_due(&w);
	assert_said(&w, "effect:a/3");
	learn("a", 3, SEND_NOT_SENT, "warm_up", 20 * DAY_MS);
	assert_said(&w, "expired@14477[text]");
}

static void held_and_withdrawn(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_contact(&w, "ann@customers.example", "-promotion", false, "");
	assert_said(&w, "recall:a/1");
	learn("a", 1, SEND_NOT_SENT, "rate", 77000);
	assert_said(&w, "no_consent@0");
}

/* A replay has no time that could pass: what is held goes on at once. */
static void nothing_is_held_in_event_time(void **state)
{
	(void)state;
	w.sender.is_event_time = true;
	world_dispatch(&w, (struct ask){.id = "a"});
	learn("a", 1, SEND_NOT_SENT, "rate", 77000);
	assert_said(&w, "effect:a/1");
}

static void refuse(const char *id, uint32_t attempt, enum send_verdict verdict, bool bad_address)
{
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;

	result.id = (char *)(uintptr_t)id;
	result.attempt = attempt;
	result.verdict = (Nurture__V1__DeliveryResult__Verdict)verdict;
	result.code = 550;
	result.text = (char *)"no";
	result.bad_address = bad_address;
	world_learn(&w, result);
}

static void a_bad_address_is_an_event(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	w.now_ms += 5000;
	refuse("a", 1, SEND_REFUSED, true);
	assert_said(&w, "message.bounced:a/hard@0 rejected@0[550 no]");
	/* A refusal of us or of the mail says nothing of the person. */
	world_dispatch(&w, (struct ask){.id = "b"});
	refuse("b", 1, SEND_REFUSED, false);
	assert_said(&w, "rejected@5[550 no]");
	/* No such domain today: only when there is none to the end. */
	w.policy.retry.attempts = 2;
	world_dispatch(&w, (struct ask){.id = "c"});
	refuse("c", 1, SEND_LATER, true);
	assert_non_null(strstr(w.said, "deferred@5(retry until "));
	world_due(&w);
	assert_said(&w, "effect:c/2");
	refuse("c", 2, SEND_LATER, true);
	assert_non_null(strstr(w.said, "message.bounced:c/hard@"));
	assert_non_null(strstr(w.said, "[gave up after 2 attempts: 550 no]"));
	refuse("c", 2, SEND_LATER, true); /* a repeat */
	assert_said(&w, "");
}

/* "Mailbox full" to the end: five such mails end an address, as five reports would. */
static void a_full_mailbox_counts_when_its_mail_is_given_up(void **state)
{
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;

	(void)state;
	w.policy.retry.attempts = 2;
	world_dispatch(&w, (struct ask){.id = "a"});
	result.id = (char *)"a";
	result.attempt = 1;
	result.verdict = NURTURE__V1__DELIVERY_RESULT__VERDICT__LATER;
	result.rule = (char *)"retry";
	result.code = 452;
	result.text = (char *)"full";
	result.soft = true;
	world_learn(&w, result);
	assert_null(strstr(w.said, "message.bounced"));
	world_due(&w);
	result.attempt = 2;
	world_learn(&w, result);
	assert_non_null(strstr(w.said, "message.bounced:a/soft@"));
	assert_non_null(strstr(w.said, "rejected"));
	/* And at once, when nobody can tell why. */
	world_dispatch(&w, (struct ask){.id = "b"});
	result.id = (char *)"b";
	result.attempt = 1;
	result.verdict = NURTURE__V1__DELIVERY_RESULT__VERDICT__REFUSED;
	result.rule = (char *)"";
	world_learn(&w, result);
	assert_non_null(strstr(w.said, "message.bounced:b/soft@"));
}

static int open_world(void **state)
{
	(void)state;
	world_open(&w);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world_close(&w);
	return 0;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
	    TEST(full_jitter),
	    TEST(slowed_is_no_failure),
	    TEST(the_domain_knows_how_long),
	    TEST(held_and_withdrawn),
	    TEST(nothing_is_held_in_event_time),
	    TEST(a_bad_address_is_an_event),
	    TEST(a_full_mailbox_counts_when_its_mail_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
