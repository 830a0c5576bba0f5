/*
 * The email-sender's decisions as stories: every way from a dispatch to its
 * one terminal outcome, repeats, retries, contact changes, and a crash at
 * every point (a new owner).
 */
#include "../../services/email-sender/journal.h"
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
		 "undeliverable@0[the address is none that mail can be sent to]"},
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

/* 15 min, 30 min, 60 min, each +-20 %, the same at every replay; then it is given up. */
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
			assert_in_range(pause_ms, (base_ms << (attempt - 1)) * 8 / 10,
					(base_ms << (attempt - 1)) * 12 / 10);
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
	world_dispatch(&w, (struct ask){.id = "a", .expires_ms = 10 * MINUTE_MS});
	world_result(&w, "a", 1, SEND_LATER, 421, "busy");
	assert_said(&w, "expired@0[after attempt 1: 421 busy]");
	/* Or found expired when the service was away for long. */
	world_dispatch(&w, (struct ask){.id = "b", .expires_ms = 30 * MINUTE_MS});
	world_result(&w, "b", 1, SEND_LATER, 421, "busy");
	w.now_ms = T0 + 30 * MINUTE_MS;
	world_timer(&w);
	assert_said(&w, "expired@1800[after attempt 1]");
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

static void in_doubt_by_class(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	w.now_ms += 9000;
	world_result(&w, "a", 1, SEND_IN_DOUBT, 0, "no answer in time (at end of mail)");
	assert_said(&w, "in_doubt@0[no answer in time (at end of mail)]");
	world_dispatch(&w, (struct ask){.id = "b", .class_name = "transactional"});
	world_result(&w, "b", 1, SEND_IN_DOUBT, 0, "closed");
	assert_true(strncmp(w.said, "deferred@9(retry until ", 23) == 0);
	world_due(&w);
	assert_said(&w, "effect:b/2");
	world_result(&w, "b", 2, SEND_SENT, 250, "");
	assert_non_null(strstr(w.said, "sent@"));
}

/* A server that hangs up after every dot gets a transactional mail only so often. */
static void doubt_without_end(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "b", .class_name = "transactional"});
	for (unsigned attempt = 1; attempt < 4; attempt++) {
		world_result(&w, "b", attempt, SEND_IN_DOUBT, 0, "closed");
		assert_true(strncmp(w.said, "deferred@", 9) == 0);
		world_due(&w);
	}
	world_result(&w, "b", 4, SEND_IN_DOUBT, 0, "closed");
	assert_non_null(strstr(w.said, "in_doubt@"));
	assert_non_null(strstr(w.said, "[gave up after 4 attempts: closed]"));
}

/* What may have been delivered is never said to have been refused. */
static void doubt_outlives_a_refusal(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "b", .class_name = "transactional"});
	world_result(&w, "b", 1, SEND_IN_DOUBT, 0, "closed");
	world_due(&w);
	world_result(&w, "b", 2, SEND_REFUSED, 550, "no");
	assert_non_null(strstr(w.said, "in_doubt@"));
	assert_non_null(strstr(w.said, "[an earlier attempt may have been delivered; then "
				       "rejected: 550 5.1.1 no]"));
}

static void crash_while_in_flight(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_timer(&w); /* the same owner: nothing to do */
	assert_said(&w, "");
	assert_int_equal(w.due_ms, STEP_DUE_NEW_OWNER);
	w.owner = 2;
	w.now_ms += 60000;
	world_timer(&w);
	assert_said(&w, "in_doubt@0[the sender stopped before it had an answer]");
	world_result(&w, "a", 1, SEND_SENT, 250, ""); /* of the owner before */
	assert_said(&w, "");
}

static void crash_while_in_flight_resent(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a", .class_name = "transactional"});
	for (uint64_t owner = 2; owner <= 4; owner++) {
		w.owner = owner;
		world_timer(&w);
		assert_string_equal(w.said, owner == 2	 ? "effect:a/2"
					    : owner == 3 ? "effect:a/3"
							 : "effect:a/4");
	}
	w.owner = 5; /* a mail that kills its sender is not tried for ever */
	world_timer(&w);
	assert_said(&w, "in_doubt@0[gave up after 4 attempts: the sender stopped before it had an "
			"answer]");
}

static void crash_while_waiting(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	w.owner = 2;
	world_timer(&w);
	assert_said(&w, "");
	world_due(&w);
	assert_said(&w, "effect:a/2");
	w.owner = 3; /* and now in flight of owner 2 */
	world_timer(&w);
	assert_non_null(strstr(w.said, "in_doubt@"));
}

static void crash_after_the_end(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	w.owner = 2;
	world_timer(&w);
	assert_said(&w, "");
	world_dispatch(&w, (struct ask){.id = "a"});
	assert_said(&w, "");
}

static void caps_are_asked_again(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	w.now_ms = T0 + DAY_MS;
	world_dispatch(&w, (struct ask){.id = "b"}); /* in flight counts like sent */
	world_dispatch(&w, (struct ask){.id = "c"});
	assert_said(&w, "deferred@86400(week until 604800)");
	world_result(&w, "b", 1, SEND_SENT, 250, "");
	assert_int_equal(w.due_ms, T0 + 7 * DAY_MS);
	w.now_ms = T0 + 7 * DAY_MS - 1;
	world_timer(&w);
	assert_said(&w, "");
	world_due(&w);
	assert_said(&w, "effect:c/1");
	world_dispatch(&w, (struct ask){.id = "d", .expires_ms = 8 * DAY_MS});
	assert_said(&w, "displaced@604800(week until 691200)");
	world_dispatch(&w, (struct ask){.id = "e", .class_name = "transactional"});
	assert_said(&w, "effect:e/1");
}

/* T0 is noon; quiet is 21 to 8 by the customer's own clock. */
static void quiet_hours_are_asked_again(void **state)
{
	(void)state;
	w.policy.quiet_hours = (struct quiet_hours){.from_min = 21 * 60, .to_min = 8 * 60};
	w.now_ms = T0 + 8 * HOUR_MS + HOUR_MS / 2; /* 20:30 in London, 21:30 in Vienna */
	world_dispatch(&w, (struct ask){.id = "a", .class_name = "care"});
	assert_said(&w, "effect:a/1");
	world_dispatch(&w, (struct ask){
				   .id = "b", .class_name = "care", .time_zone = "Europe/Vienna"});
	assert_said(&w, "deferred@30600(quiet_hours until 68400)"); /* 7:00 London */
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	world_due(&w);
	assert_said(&w, "effect:b/1");
	/* Caps and quiet hours together: the week ends at 20:30, which is quiet in Vienna. */
	world_dispatch(&w, (struct ask){
				   .id = "c", .class_name = "care", .time_zone = "Europe/Vienna"});
	assert_said(&w, "deferred@68400(week until 673200)");
	world_dispatch(&w, (struct ask){.id = "d", .class_name = "promotion"});
	assert_said(&w, "deferred@68400(week until 635400)"); /* has no quiet hours */
	/* Quiet until it has expired. */
	w.now_ms = T0 + 10 * HOUR_MS + DAY_MS;
	world_dispatch(&w, (struct ask){.id = "e", .class_name = "care",
					.expires_ms = DAY_MS + 12 * HOUR_MS});
	assert_non_null(strstr(w.said, "displaced@"));
	w.now_ms = T0 + 8 * DAY_MS + 10 * HOUR_MS;
	world_dispatch(&w, (struct ask){.id = "f", .class_name = "care",
					.expires_ms = 8 * DAY_MS + 12 * HOUR_MS});
	assert_said(&w, "expired@727200(quiet_hours until 763200)");
}

/* Two that wait for the same allowance do not both get it. */
static void one_allowance_one_mail(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_dispatch(&w, (struct ask){.id = "b"});
	world_dispatch(&w, (struct ask){.id = "c"});
	assert_said(&w, "deferred@0(week until 604800)");
	world_dispatch(&w, (struct ask){.id = "d"});
	world_result(&w, "b", 1, SEND_LATER, 451, "x"); /* its allowance is free again */
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	world_due(&w);
	assert_said(&w, "effect:b/2");
	w.now_ms = T0 + 7 * DAY_MS;
	world_timer(&w);
	assert_true(strncmp(w.said, "effect:c/1 deferred@604800(week until ", 38) == 0);
}

static void consent_withdrawn(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_dispatch(&w, (struct ask){.id = "t", .class_name = "transactional"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_result(&w, "t", 1, SEND_LATER, 451, "x");
	world_contact(&w, "ann@customers.example", "-promotion", false, "");
	assert_said(&w, "no_consent@0");
	world_due(&w);
	assert_said(&w, "effect:t/2");
	/* A dispatch that comes after the contact was granted by somebody who knew it. */
	world_dispatch(&w, (struct ask){.id = "b"});
	assert_said(&w, "effect:b/1");
}

static void silence_is_no_consent(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_contact(&w, "ann@customers.example", NULL, false, "");
	assert_said(&w, "no_consent@0");
	world_dispatch(&w, (struct ask){.id = "b"});
	world_result(&w, "b", 1, SEND_LATER, 451, "x");
	world_contact(&w, "ann@customers.example", "other", false, ""); /* and "all" is given */
	assert_said(&w, "");
	world_dispatch(&w, (struct ask){.id = "c", .class_name = "of-an-older-policy"});
	world_result(&w, "c", 1, SEND_LATER, 451, "x");
	world_contact(&w, "ann@customers.example", NULL, false, "");
	assert_said(&w, "no_consent@0 no_consent@0");
}

/* Its own earlier attempt, which may have been delivered, is no reason to hold it back. */
static void does_not_stand_in_its_own_way(void **state)
{
	(void)state;
	w.caps[0].classes = ALL_CLASSES;
	w.caps[0].limit = 1;
	world_dispatch(&w, (struct ask){.id = "a", .class_name = "transactional"});
	world_result(&w, "a", 1, SEND_IN_DOUBT, 0, "closed");
	world_dispatch(&w, (struct ask){.id = "b"}); /* but of others it is */
	assert_non_null(strstr(w.said, "(week until "));
	world_due(&w);
	assert_said(&w, "effect:a/2");
}

/* What the owner before left in the journal of attempts decides over an open intent. */
static void the_journal_knows(void **state)
{
	static const struct {
		const char *left; /* in the journal: nothing, begun, or a verdict */
		uint64_t owner;
		bool trusted, is_event_time;
		const char *said;
	} cases[] = {
		{"begun", 1, true, false, "in_doubt@0[the sender stopped before it had an answer]"},
		{"sent", 1, true, false, "sent@0"},
		{"sent", 1, false, false, "in_doubt@0[the sender stopped before it had an answer]"},
		{"sent", 9, true, false, "in_doubt@0[the sender stopped before it had an answer]"},
		{"refused", 1, true, false, "rejected@0[550 5.1.1 no]"},
		{"nothing", 1, true, false, "effect:a/2"},
		{"nothing", 1, true, true, "effect:a/1"},
		{"nothing", 1, false, false, "in_doubt@0[the sender stopped before it had an answer]"},
		{"junk", 1, true, false, "in_doubt@0[the sender stopped before it had an answer]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;
		struct buf bytes = BUF_MAX(1000);
		struct attempt_left attempt = {.id = slice_text("a:1")};
		struct attempts_left left = {.trusted = cases[i].trusted, .owner = cases[i].owner,
					     .attempts = &attempt, .count = 1};
		struct send_journal journal = {.left = &left, .count = 1};

		world_close(&w);
		world_open(&w);
		result.id = (char *)"a";
		result.attempt = 1;
		result.verdict = strcmp(cases[i].left, "refused") == 0 ? 1 : 0;
		result.code = result.verdict ? 550 : 250;
		result.enhanced = (char *)(result.verdict ? "5.1.1" : "");
		result.text = (char *)"no";
		send_result_encode(&result, &bytes);
		if (strcmp(cases[i].left, "nothing") == 0)
			left.count = 0;
		else if (strcmp(cases[i].left, "junk") == 0)
			attempt.result = slice_text("junk");
		else if (strcmp(cases[i].left, "begun") != 0)
			attempt.result = buf_slice(&bytes);
		w.sender.journal = &journal;
		w.sender.is_event_time = cases[i].is_event_time;
		world_dispatch(&w, (struct ask){.id = "a"});
		w.owner = 2;
		w.now_ms += 1000;
		world_timer(&w);
		assert_said(&w, cases[i].said);
		world_timer(&w); /* once */
		assert_said(&w, "");
		buf_free(&bytes);
	}
}

static void consent_withdrawn_in_flight(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_contact(&w, "ann@customers.example", "-promotion", false, "");
	assert_said(&w, "recall:a/1");
	world_contact(&w, "ann@customers.example", "-promotion", false, "");
	assert_said(&w, "");
	world_result(&w, "a", 1, SEND_NOT_SENT, 0, "not begun");
	assert_said(&w, "no_consent@0");
	/* Too late: it was sent, and that is what is said. */
	world_dispatch(&w, (struct ask){.id = "b"});
	world_contact(&w, "ann@customers.example", NULL, false, "");
	world_result(&w, "b", 1, SEND_SENT, 250, "");
	assert_said(&w, "sent@0");
	/* Withdrawn and given again before the retry. */
	world_dispatch(&w, (struct ask){.id = "c"});
	world_contact(&w, "ann@customers.example", "-promotion", false, "");
	world_contact(&w, "ann@customers.example", "promotion", false, "");
	world_result(&w, "c", 1, SEND_LATER, 451, "x");
	assert_non_null(strstr(w.said, "(retry until "));
}

static void erased(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_dispatch(&w, (struct ask){.id = "b"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_contact(&w, "", NULL, true, "");
	assert_said(&w, "erased@0 recall:b/1");
	assert_null(memmem(w.state, w.state_len, "ann@", 4));
	assert_null(memmem(w.state, w.state_len, "Archer", 6));
	world_result(&w, "b", 1, SEND_LATER, 451, "x");
	assert_said(&w, "erased@0");
}

static void another_address(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
	world_contact(&w, "new@customers.example", "promotion", false, "");
	assert_said(&w, "");
	world_due(&w);
	assert_said(&w, "effect:a/2");
	assert_non_null(memmem(w.step.outputs->value.bytes, w.step.outputs->value.len,
			       "new@customers.example", 21));
	world_result(&w, "a", 2, SEND_LATER, 451, "x");
	world_contact(&w, "new@customers.example", "promotion", false, "bounced: 5.1.1");
	assert_non_null(strstr(w.said, "undeliverable@"));
	assert_non_null(strstr(w.said, "[bounced: 5.1.1]"));
}

static void a_contact_alone_is_nothing(void **state)
{
	(void)state;
	world_contact(&w, "", NULL, true, "");
	assert_false(w.step.state_changed);
	assert_int_equal(w.state_len, 0);
}

static void unreadable_input(void **state)
{
	static const uint8_t junk[] = {0xff, 0xff, 0xff}, time_alone[9] = {0x09, 1};
	struct err err;

	(void)state;
	assert_int_equal(world_step(&w, STEP_RECORD, slice_of(junk, 3), &err), -1);
	assert_string_equal(err.text, "not a readable nurture.v1.DispatchRecord");
	assert_int_equal(world_step(&w, STEP_RECORD, slice_of(time_alone, 9), &err), -1);
	assert_string_equal(err.text, "$: expected a dispatch or a contact, found neither");
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
		TEST(in_doubt_by_class),
		TEST(doubt_without_end),
		TEST(doubt_outlives_a_refusal),
		TEST(crash_while_in_flight),
		TEST(crash_while_in_flight_resent),
		TEST(crash_while_waiting),
		TEST(crash_after_the_end),
		TEST(caps_are_asked_again),
		TEST(quiet_hours_are_asked_again),
		TEST(one_allowance_one_mail),
		TEST(consent_withdrawn),
		TEST(silence_is_no_consent),
		TEST(does_not_stand_in_its_own_way),
		TEST(the_journal_knows),
		TEST(consent_withdrawn_in_flight),
		TEST(erased),
		TEST(another_address),
		TEST(a_contact_alone_is_nothing),
		TEST(unreadable_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
