/*
 * Mails of which nobody knows whether they were delivered: no answer to the final
 * dot, or a crash at any point (a new owner), with and without the journal.
 */
#include "services/email-sender/journal.h"
#include "email_sender_world.h"

static struct world w;

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
		assert_string_equal(w.said, owner == 2   ? "effect:a/2"
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

/* What the owner before left in the journal of attempts decides over an open intent. */
static void the_journal_knows(void **state)
{
	static const struct {
		const char *left; /* in the journal: nothing, begun, or a verdict */
		uint64_t owner;
		bool is_event_time;
		const char *said;
	} cases[] = {
	    {"begun", 1, false, "in_doubt@0[the sender stopped before it had an answer]"},
	    {"sent", 1, false, "sent@0"},
	    {"sent", 9, false, "in_doubt@0[the sender stopped before it had an answer]"},
	    {"refused", 1, false, "rejected@0[550 5.1.1 no]"},
	    {"nothing", 1, false, "effect:a/2"},
	    {"nothing", 1, true, "effect:a/1"},
	    {"nothing", 9, false, "in_doubt@0[the sender stopped before it had an answer]"},
	    {"junk", 1, false, "in_doubt@0[the sender stopped before it had an answer]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;
		struct buf bytes = BUF_MAX(1000);
		struct attempt_left attempt = {.id = slice_text("a:1")};
		struct attempts_left left = {
		    .owner = cases[i].owner, .attempts = &attempt, .count = 1};
		struct send_journal journal = {.left = &left, .count = 1};

		world_close(&w);
		world_open(&w);
		result.id = (char *)"a";
		result.attempt = 1;
		result.verdict = strcmp(cases[i].left, "refused") == 0 ? 1 : 0;
		result.code = result.verdict ? 550 : 250;
		result.enhanced = result.verdict ? "5.1.1" : "";
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
	    TEST(in_doubt_by_class),
	    TEST(doubt_without_end),
	    TEST(doubt_outlives_a_refusal),
	    TEST(crash_while_in_flight),
	    TEST(crash_while_in_flight_resent),
	    TEST(crash_while_waiting),
	    TEST(crash_after_the_end),
	    TEST(the_journal_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
