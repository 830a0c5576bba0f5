/* review_solicitor_step_test.c - the step when the policy changes, state is odd, and field by
 * field. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "review_solicitor_world.h"

#define ASK_A "7 email feedback-rating for rating A\n"
#define REMIND_A "12 email feedback-reminder for reminder:1 A\n"
#define ANSWER_A "cancel rating A because feedback.received\n"

static void expect_told(struct world *world, const char *told)
{
	assert_string_equal(world->told.bytes ? world->told.bytes : "", told);
	world_close(world);
}

static void test_off(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world.policy.feedback.off = true;
	world_tell(&world, "0 order.delivered A\n1 feedback.received A score=1", 400);
	/* Nobody is asked, but what is said is kept. */
	assert_int_equal(world_left(&world), 0);
	assert_int_not_equal(world.state_len, 0);
	expect_told(&world, "");
}

static void test_switched_off_later(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world_tell(&world,
		   "0 order.delivered A\n8 feedback.received A score=5 rung=review\n"
		   "9 order.delivered B",
		   10);
	world.policy.feedback.off = true;
	world_tell(&world, "11 order.delivered C", 40);
	world.policy.feedback.off = false;
	world_tell(&world, "50 order.delivered D", 58);
	expect_told(&world, ASK_A "8 " ANSWER_A "57 email feedback-rating for rating D\n");
}

static void test_erased_while_off(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world_tell(&world, "0 order.delivered A", 1);
	assert_int_not_equal(world.state_len, 0);
	world.policy.feedback.off = true;
	world_tell(&world, "2 customer.erased -", 3);
	/* The instant alone is left, so that the order is not asked about when it is told again. */
	assert_true(world.state_len > 0 && world.state_len < 22);
	world.policy.feedback.off = false;
	world_tell(&world, "4 order.delivered A time=1\n5 order.delivered B time=2", 40);
	assert_true(world.state_len < 22);
	world_tell(&world, "41 order.delivered C", 50);
	expect_told(&world, "48 email feedback-rating for rating C\n");
}

/* A repeat of the erasure does nothing to who came back. */
static void test_erased_twice_by_one(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world_tell(&world,
		   "2 customer.erased - id=first\n4 order.delivered A\n"
		   "5 customer.erased - id=first time=2",
		   12);
	expect_told(&world, "11 email feedback-rating for rating A\n");
}

/* Another one is heard, whatever day it is dated. */
static void test_erased_again(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world_tell(&world,
		   "2 customer.erased - id=first\n4 order.delivered A\n"
		   "5 customer.erased - id=second time=1\n6 order.delivered B time=2\n"
		   "6 customer.erased - id=first time=2",
		   30);
	assert_true(world.state_len > 0 && world.state_len < 30);
	/* more of them than are remembered: the newest ones are */
	for (unsigned i = 0; i < 20; i++) {
		char line[64];

		snprintf(line, sizeof(line), "%u customer.erased - id=n%u", 31 + i, i);
		world_tell(&world, line, 31 + i);
	}
	assert_true(world.state_len < 90);
	world_tell(&world, "60 order.delivered B\n61 customer.erased - id=n19 time=50", 68);
	expect_told(&world, "67 email feedback-rating for rating B\n");
}

static void test_reminders(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world.policy.feedback.reminders = 2;
	world_tell(&world, "0 order.delivered A\n18 feedback.received A", 60);
	expect_told(&world,
		    ASK_A REMIND_A "14 email feedback-review for review A\n"
				   "17 email feedback-reminder for reminder:2 A\n18 " ANSWER_A
				   "18 cancel reminder:1 A because feedback.received\n"
				   "18 cancel reminder:2 A because feedback.received\n");
	world_open(&world);
	world.policy.feedback.reminders = 0;
	world_tell(&world, "0 order.delivered A", 60);
	expect_told(&world, ASK_A "14 email feedback-review for review A\n");
}

static void test_no_ladder(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world.policy.feedback.rung_count = 0;
	world_tell(&world, "0 order.delivered A\n9 feedback.received A score=5", 60);
	expect_told(&world, ASK_A "9 " ANSWER_A);
}

static void test_rung_gone_from_policy(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world_tell(&world, "0 feedback.received A score=5 rung=review", 1);
	assert_int_not_equal(world.state_len, 0);
	world_tell(&world, "1 feedback.received B score=5 rung=review", 2);
	world.policy.feedback.rung_count = 2;
	world_tell(&world, "", 400);
	expect_told(&world, ""); /* it was for 30 and 120 */
}

/* Feedback about no order: a call, and one rung, though nothing names them but the event. */
static void test_without_order(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world_tell(&world,
		   "0 feedback.received - score=1 id=f\n1 feedback.received - score=1 id=f\n"
		   "2 feedback.received - score=5\n",
		   60);
	expect_told(&world, "0 task phone-call for ?\n7 email feedback-review for ?\n"
			    "37 email feedback-referral for ?\n");
}

/* The same event id changes nothing, also after other feedback has come. */
static void test_repeated_feedback(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world_tell(&world,
		   "0 feedback.received A score=5 id=f\n1 feedback.received A score=5 id=f\n"
		   "2 feedback.received B score=3 id=g\n3 feedback.received B score=3 id=g\n"
		   "4 feedback.received A score=5 id=f",
		   60);
	expect_told(&world, "7 email feedback-review for review A\n"
			    "37 email feedback-referral for referral A\n");
}

/*
 * Who is asked to publish a review does not depend on any answer: of people
 * with every score, and of those who never answer, each is asked on the same day.
 */
static void test_review_is_asked_alike(void **state)
{
	(void)state;
	for (int score = 0; score <= 5; score++) {
		struct world world;
		char story[200];
		const char *review = "14 email feedback-review for review A\n";

		world_open(&world);
		snprintf(story, sizeof(story),
			 "0 order.delivered A\n9 feedback.received A score=%d", score);
		if (score == 0)
			story[strlen("0 order.delivered A")] = '\0';
		world_tell(&world, story, 60);
		if (!world.told.bytes || !strstr(world.told.bytes, review))
			fail_msg("score %d: %s", score, world.told.bytes);
		assert_int_equal(strstr(world.told.bytes, "task phone-call") != NULL,
				 score == 1 || score == 2);
		assert_int_equal(strstr(world.told.bytes, "feedback-referral") != NULL, score > 2);
		world_close(&world);
	}
}

static void test_state_is_small(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world_tell(&world,
		   "0 order.delivered 10000001\n1 order.delivered 10000002\n"
		   "2 order.delivered 10000003\n8 feedback.received 10000001 score=3\n"
		   "10 order.delivered 10000004\n11 order.delivered 10000005",
		   200);
	print_message("largest state of 5 orders: %zu bytes\n", world.largest_state_len);
	assert_true(world.largest_state_len < 320);
	world_close(&world);
}

static void test_state_is_bounded(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	for (int i = 0; i < 600; i++) {
		char story[200];

		snprintf(story, sizeof(story),
			 "%g order.delivered o%d\n%g return.opened c%d\n%g feedback.received f%d "
			 "score=3",
			 i * 0.01, i, i * 0.01, i, i * 0.01, i);
		world_tell(&world, story, i * 0.01);
	}
	print_message("largest state: %zu bytes\n", world.largest_state_len);
	assert_true(world.largest_state_len < 32 * 1024);
	world_close(&world);
}

static void expect_data(const Nurture__V1__Request *request)
{
	static const char *const names[] = {"order.id", "page", "public_link"};

	assert_int_equal(request->n_data, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(request->data[i]->name, names[i]);
	assert_memory_equal(request->data[1]->value, "https://care.shop.example/f/v1.", 31);
}

/* What the scheduler is told, field by field. */
static void test_request(void **state)
{
	struct world world;
	struct step step = {
	    .kind = STEP_TIMER, .now_ms = STORY_MS + 8 * DAY_MS, .customer = slice_text(CUSTOMER)};
	Nurture__V1__RequestRecord *record;
	struct err err;

	(void)state;
	world_open(&world);
	world_tell(&world, "0 order.delivered A", 1);
	step.context = &world.sol;
	step.arena = &world.arena;
	step.state = slice_of(world.state, world.state_len);
	step_prepare(&step);
	assert_int_equal(sol_step(&step, &err), 0);
	assert_int_equal(step.outputs->topic, SOL_ASKS);
	record = nurture__v1__request_record__unpack(NULL, step.outputs->value.len,
						     step.outputs->value.bytes);
	assert_string_equal(record->request->programme, "feedback");
	assert_string_equal(record->request->message_class, "feedback");
	assert_string_equal(record->request->channel, "email");
	assert_string_equal(record->request->category, "");
	assert_string_equal(record->request->owner, "care");
	assert_string_equal(record->request->order, "A");
	assert_int_equal(record->request->priority, 50);
	assert_int_equal(record->request->triggered_ms, STORY_MS);
	assert_int_equal(record->request->due_ms, STORY_MS + 8 * DAY_MS);
	assert_int_equal(record->request->expires_ms, STORY_MS + 29 * DAY_MS);
	expect_data(record->request);
	nurture__v1__request_record__free_unpacked(record, NULL);
	world_close(&world);
}

static void test_unreadable_state(void **state)
{
	struct world world;
	struct step step = {.kind = STEP_TIMER, .now_ms = STORY_MS};

	(void)state;
	world_open(&world);
	world.state = malloc(2);
	world.state_len = 2;
	memcpy(world.state, "\x0a\x7f", 2);
	assert_int_equal(world_step(&world, &step), 0);
	assert_int_equal(world.state_len, 2);
	world_tell(&world, "0 order.delivered A", 1);
	expect_told(&world, "refused\n");
}

static void anew(struct world *world, int day)
{
	struct step step = {.kind = STEP_REEVALUATE,
			    .now_ms = STORY_MS + day * DAY_MS,
			    .time_ms = STORY_MS + day * DAY_MS};

	assert_int_equal(world_step(world, &step), 0);
}

/* Who was asked lately is reminded as the new rules say; who was asked long ago is left alone. */
static void test_reminders_are_new(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	world.policy.feedback.reminders = 0;
	world_tell(&world, "0 order.delivered A\n40 order.delivered B", 48);
	world.policy.feedback.reminders = 1;
	anew(&world, 49);
	anew(&world, 50);
	world_advance(&world, STORY_MS + 200 * DAY_MS);
	expect_told(&world, ASK_A "14 email feedback-review for review A\n"
				  "47 email feedback-rating for rating B\n"
				  "52 email feedback-reminder for reminder:1 B\n");
}

static void test_nothing_is_due(void **state)
{
	struct world world;
	int64_t due_ms;

	(void)state;
	world_open(&world);
	world_tell(&world, "0 order.delivered A", 1);
	due_ms = world.due_ms;
	anew(&world, 2);
	assert_int_equal(world.due_ms, due_ms);
	world_advance(&world, STORY_MS + 8 * DAY_MS);
	expect_told(&world, ASK_A);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_off),
	    cmocka_unit_test(test_switched_off_later),
	    cmocka_unit_test(test_erased_while_off),
	    cmocka_unit_test(test_erased_twice_by_one),
	    cmocka_unit_test(test_erased_again),
	    cmocka_unit_test(test_reminders),
	    cmocka_unit_test(test_no_ladder),
	    cmocka_unit_test(test_rung_gone_from_policy),
	    cmocka_unit_test(test_without_order),
	    cmocka_unit_test(test_repeated_feedback),
	    cmocka_unit_test(test_review_is_asked_alike),
	    cmocka_unit_test(test_state_is_small),
	    cmocka_unit_test(test_state_is_bounded),
	    cmocka_unit_test(test_request),
	    cmocka_unit_test(test_reminders_are_new),
	    cmocka_unit_test(test_nothing_is_due),
	    cmocka_unit_test(test_unreadable_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
