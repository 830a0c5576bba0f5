/*
 * The email-sender's decisions as stories: from a dispatch to its one terminal
 * outcome, repeats, retries, and input that cannot be read.
 */
#include "email_sender_world.h"

static struct world w;

static void sent_at_once(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	assert_said(&w, "effect:a/1");
	assert_int_equal(w.due_ms, STEP_DUE_NEW_OWNER);
	w.now_ms += 3000;
	world_result(&w, "a", 1, SEND_SENT, 250, "ok queued as 17");
	assert_said(&w, "sent@0"); /* the instant at which the permission was used; no queue id */
	assert_int_equal(w.due_ms, T0 + 8 * DAY_MS);
	world_due(&w);
	assert_said(&w, "");
	assert_int_equal(w.state_len, 0); /* forgotten */
	assert_int_equal(w.due_ms, NEVER_MS);
}

static void repeats_change_nothing(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_dispatch(&w, (struct ask){.id = "a"});
	assert_false(w.step.state_changed);
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	assert_false(w.step.state_changed);
	world_dispatch(&w, (struct ask){.id = "a"});
	assert_false(w.step.state_changed);
	world_result(&w, "never", 1, SEND_SENT, 250, "");
	assert_false(w.step.state_changed);
}

static void ends_before_an_attempt(void **state)
{
	static const struct {
		struct ask ask;
		const char *said;
	} cases[] = {
	    {{.id = "a", .expires_ms = -1}, "expired@0"},
	    {{.id = "a", .email = ""}, "undeliverable@0[no address]"},
	    {{.id = "a", .email = "a@b\r\nRCPT TO:<x@y.example>"},
	     "undeliverable@0[not an address]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		world_close(&w);
		world_open(&w);
		world_dispatch(&w, cases[i].ask);
		assert_said(&w, cases[i].said);
		world_dispatch(&w, cases[i].ask); /* once, whatever comes again */
		assert_said(&w, "");
	}
}

static void refused_for_good(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	w.now_ms += 1000;
	world_result(&w, "a", 1, SEND_REFUSED, 550, "no such user");
	assert_said(&w, "rejected@0[550 5.1.1 no such user]");
	world_dispatch(&w, (struct ask){.id = "b"}); /* what was not delivered is not counted */
	world_result(&w, "b", 1, SEND_SENT, 250, "");
	world_dispatch(&w, (struct ask){.id = "c"});
	assert_said(&w, "effect:c/1");
}

static void unprintable_answers_stay_out(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_REFUSED, 554, "go\r\naway");
	assert_said(&w, "rejected@0[554 an answer that is not printable]");
}

/* Up to 30 min, 60 min, 2 h, the same at every replay; then it is given up. */
static void later_and_given_up(void **state)
{
	int64_t base_ms = 15 * MINUTE_MS, due_ms[3];

	(void)state;
	for (int run = 0; run < 2; run++) {
		world_close(&w);
		world_open(&w);
		world_dispatch(&w, (struct ask){.id = "a"});
		for (unsigned attempt = 1; attempt <= 3; attempt++) {
			int64_t pause_ms;

			world_result(&w, "a", attempt, SEND_LATER, 451, "try again");
			pause_ms = w.due_ms - w.now_ms;
			assert_non_null(strstr(w.said, "deferred@"));
			assert_non_null(strstr(w.said, "(retry until "));
			assert_non_null(strstr(w.said, "[451 try again]"));
			assert_in_range(pause_ms, MINUTE_MS, base_ms << attempt);
			if (run == 0)
				due_ms[attempt - 1] = w.due_ms;
			assert_int_equal(w.due_ms, due_ms[attempt - 1]);
			w.now_ms = w.due_ms - 1;
			world_timer(&w); /* never early */
			assert_said(&w, "");
			world_due(&w);
			say(&w, "|");
			assert_string_equal(w.said, attempt == 1   ? "effect:a/2|"
						    : attempt == 2 ? "effect:a/3|"
								   : "effect:a/4|");
		}
		w.now_ms += 5000;
		world_result(&w, "a", 4, SEND_LATER, 0, "cannot connect");
		assert_non_null(strstr(w.said, "rejected@"));
		assert_non_null(strstr(w.said, "[gave up after 4 attempts: cannot connect]"));
	}
}

static void never_past_its_expiry(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .expires_ms = MINUTE_MS});
	world_result(&w, "a", 1, SEND_LATER, 421, "busy");
	assert_said(&w, "expired@0[after attempt 1: 421 busy]");
	/* Or found expired when the service was away for long. */
	world_dispatch(&w, (struct ask){.id = "b", .expires_ms = 31 * MINUTE_MS});
	world_result(&w, "b", 1, SEND_LATER, 421, "busy");
	w.now_ms = T0 + 31 * MINUTE_MS;
	world_timer(&w);
	assert_said(&w, "expired@1860[after attempt 1]");
}

static void not_sent_is_no_failure(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	for (unsigned attempt = 1; attempt < 20; attempt++) {
		world_result(&w, "a", attempt, SEND_NOT_SENT, 0, "not begun");
		assert_said(&w, "");
		assert_int_equal(w.due_ms, w.now_ms + 1000);
		world_due(&w);
		assert_true(strncmp(w.said, "effect:a/", 9) == 0);
	}
	world_result(&w, "a", 20, SEND_SENT, 250, "");
	assert_said(&w, "sent@19");
}

static void old_results_are_ignored(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	assert_said(&w, "");
	world_due(&w);
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	assert_said(&w, "");
	world_result(&w, "a", 2, SEND_SENT, 250, "");
	assert_non_null(strstr(w.said, "sent@"));
}

static void unreadable_input(void **state)
{
	static const uint8_t junk[] = {0xff, 0xff, 0xff}, time_alone[9] = {0x09, 1};
	struct err err;

	(void)state;
	assert_int_equal(world_step(&w, STEP_RECORD, slice_of(junk, 3), &err), -1);
	assert_string_equal(err.text, "not a readable nurture.v1.DispatchRecord");
	assert_int_equal(world_step(&w, STEP_RECORD, slice_of(time_alone, 9), &err), -1);
	assert_string_equal(
	    err.text,
	    "$: expected a dispatch, a contact, a cancel or an inbox_word, found none of them");
	assert_int_equal(world_step(&w, STEP_RESULT, slice_of(junk, 3), &err), 0);
	assert_false(w.step.state_changed);
	memcpy(w.state, junk, 3);
	w.state_len = 3;
	assert_int_equal(world_step(&w, STEP_RECORD, slice_of("", 0), &err), -1);
	assert_string_equal(err.text, "state: not readable (3 bytes)");
	assert_int_equal(world_step(&w, STEP_TIMER, slice_of("", 0), &err), 0);
	assert_int_equal(w.due_ms, NEVER_MS);
	assert_int_equal(w.state_len, 3);
}

static int setup(void **state)
{
	(void)state;
	world_open(&w);
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
	    TEST(sent_at_once),
	    TEST(repeats_change_nothing),
	    TEST(ends_before_an_attempt),
	    TEST(refused_for_good),
	    TEST(unprintable_answers_stay_out),
	    TEST(later_and_given_up),
	    TEST(never_past_its_expiry),
	    TEST(not_sent_is_no_failure),
	    TEST(old_results_are_ignored),
	    TEST(unreadable_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
