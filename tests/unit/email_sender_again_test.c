/*
 * What is asked again before every attempt: caps, quiet hours, and what the newest
 * contact says.
 */
#include "email_sender_world.h"

static struct world w;

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
	world_dispatch(&w,
		       (struct ask){.id = "b", .class_name = "care", .time_zone = "Europe/Vienna"});
	assert_said(&w, "deferred@30600(quiet_hours until 68400)"); /* 7:00 London */
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	world_due(&w);
	assert_said(&w, "effect:b/1");
	/* Caps and quiet hours together: the week ends at 20:30, which is quiet in Vienna. */
	world_dispatch(&w,
		       (struct ask){.id = "c", .class_name = "care", .time_zone = "Europe/Vienna"});
	assert_said(&w, "deferred@68400(week until 673200)");
	world_dispatch(&w, (struct ask){.id = "d", .class_name = "promotion"});
	assert_said(&w, "deferred@68400(week until 635400)"); /* has no quiet hours */
	/* Quiet until it has expired. */
	w.now_ms = T0 + 10 * HOUR_MS + DAY_MS;
	world_dispatch(
	    &w, (struct ask){.id = "e", .class_name = "care", .expires_ms = DAY_MS + 12 * HOUR_MS});
	assert_non_null(strstr(w.said, "displaced@"));
	w.now_ms = T0 + 8 * DAY_MS + 10 * HOUR_MS;
	world_dispatch(
	    &w,
	    (struct ask){.id = "f", .class_name = "care", .expires_ms = 8 * DAY_MS + 12 * HOUR_MS});
	assert_said(&w, "expired@727200(quiet_hours until 763200)");
}

/*
 * Of whom only the country is known: the night of all its zones, but for a mail that was granted
 * in a window of which that leaves nothing.  8 to 9 in New York is night in Los Angeles.
 */
static void whose_night_is_asked_again(void **state)
{
	(void)state;
	w.policy.quiet_hours = (struct quiet_hours){.from_min = 21 * 60, .to_min = 8 * 60};
	fixture_zone(w.zones, "America/New_York", "EST5EDT,M3.2.0,M11.1.0");
	fixture_zone(w.zones, "America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0");
	zones_add_country(w.zones, "US", "America/Los_Angeles");
	zones_add_country(w.zones, "US", "America/New_York");
	w.now_ms = T0 + 90 * MINUTE_MS; /* 13:30 UTC: 8:30 in New York, 5:30 in Los Angeles */
	world_dispatch(&w, (struct ask){.id = "a",
					.class_name = "care",
					.country = "US",
					.best_from_min = 8 * 60,
					.best_to_min = 9 * 60});
	assert_said(&w, "effect:a/1");
	world_dispatch(&w, (struct ask){.id = "b", .class_name = "care", .country = "US"});
	assert_said(&w, "deferred@5400(quiet_hours until 14400)");
	/* A window that leaves the west some of it: its night counts, though the east is awake. */
	world_dispatch(&w, (struct ask){.id = "c",
					.class_name = "care",
					.country = "US",
					.best_from_min = 10 * 60,
					.best_to_min = 12 * 60});
	assert_said(&w, "deferred@5400(quiet_hours until 14400)");
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
	assert_said(&w, "cancelled@0(class_removed until 0)[of-an-older-policy]");
	world_contact(&w, "ann@customers.example", NULL, false, "");
	assert_said(&w, "no_consent@0");
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

/* Who was forgotten and comes back is a new person: what was under way is never said to that
 * one. */
static void erased_and_back(void **state)
{
	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_contact(&w, "", NULL, true, "");
	assert_said(&w, "recall:a/1");
	world_contact(&w, "back@customers.example", "promotion", false, "");
	assert_null(memmem(w.state, w.state_len, "back@", 5));
	world_result(&w, "a", 1, SEND_LATER, 451, "x");
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

static void anew(void)
{
	struct err err;

	assert_int_equal(world_step(&w, STEP_REEVALUATE, slice_of("", 0), &err), 0);
}

/* What a rule held goes when the rule does; a retry keeps its pause, and nothing is said twice. */
static void another_policy_lets_go(void **state)
{
	int64_t due_ms;

	(void)state;
	world_dispatch(&w, (struct ask){.id = "a"});
	world_dispatch(&w, (struct ask){.id = "b"});
	world_dispatch(&w, (struct ask){.id = "c"});
	world_dispatch(&w, (struct ask){.id = "d", .class_name = "transactional"});
	world_result(&w, "a", 1, SEND_SENT, 250, "");
	world_result(&w, "b", 1, SEND_SENT, 250, "");
	world_result(&w, "d", 1, SEND_LATER, 451, "x");
	due_ms = w.due_ms;
	w.now_ms = T0 + MINUTE_MS;
	anew();
	assert_said(&w, "");
	assert_int_equal(w.due_ms, due_ms);
	w.caps[0].limit = 3;
	anew();
	assert_said(&w, "effect:c/1");
	anew();
	assert_said(&w, "");
	world_result(&w, "c", 1, SEND_SENT, 250, "");
	assert_int_equal(w.due_ms, due_ms);
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
	    TEST(caps_are_asked_again),
	    TEST(quiet_hours_are_asked_again),
	    TEST(whose_night_is_asked_again),
	    TEST(one_allowance_one_mail),
	    TEST(does_not_stand_in_its_own_way),
	    TEST(consent_withdrawn),
	    TEST(silence_is_no_consent),
	    TEST(consent_withdrawn_in_flight),
	    TEST(erased),
	    TEST(erased_and_back),
	    TEST(another_address),
	    TEST(a_contact_alone_is_nothing),
	    TEST(another_policy_lets_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
