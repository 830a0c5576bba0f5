/* desk_life_test.c - what becomes of a task: told, claimed, put off, tried again, and its one end. */
#include "desk_world.h"
#include "services/desk/book.h"

static void check_told(struct desk_world *world, const char *expected)
{
	buf_add(&world->told, "", 1);
	assert_string_equal((const char *)world->told.bytes, expected);
	buf_reset(&world->told);
}

static void at(struct desk_world *world, const char *time)
{
	desk_world_run(world, desk_time(time));
}

static void nobody_does_it(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	/* A Thursday afternoon: eight hours of work end on Friday at 15:00. */
	at(&world, "2026-01-08T15:00:00Z");
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	at(&world, "2026-02-28T00:00:00Z");
	check_told(&world, "2026-01-09T11:00 t reminder to=house\n"
			   "2026-01-09T14:00 t reminder to=house\n"
			   "2026-01-09T16:00 t escalation to=boss step=1\n"
			   "2026-01-12T11:00 t escalation to=garden step=2\n"
			   "2026-01-13T15:00 t expired\n"
			   "2026-01-13T15:00 t expired to=house\n");
	assert_int_equal(world.state.len, 0); /* forgotten in the end */
	desk_world_close(&world);
}

/* The desk was away from Thursday afternoon to Friday noon: nobody has more time for that. */
static void heard_late_it_began_when_it_was_given(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-09T12:00:00Z");
	desk_world_hear_task(&world, "t", "basket", desk_time("2026-01-08T15:00:00Z"), 5 * DAY_MS);
	at(&world, "2026-02-28T00:00:00Z");
	check_told(&world, "2026-01-09T12:00 t reminder to=house\n"
			   "2026-01-09T14:00 t reminder to=house\n"
			   "2026-01-09T16:00 t escalation to=boss step=1\n"
			   "2026-01-12T11:00 t escalation to=garden step=2\n"
			   "2026-01-13T15:00 t expired\n"
			   "2026-01-13T15:00 t expired to=house\n");
	desk_world_close(&world);
}

/* By the wall clock: what was done while the desk was away is read after its time had come. */
static void a_desk_that_was_away_listens_first(void **state)
{
	struct desk_world world;
	struct err err;

	(void)state;
	desk_world_open(&world);
	world.service.is_wall = true;
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "done", "basket", 5 * DAY_MS);
	desk_world_open_task(&world, "forgotten", "basket", 5 * DAY_MS);
	/* Its timers were to fire from Thursday, 13:00 on; it is back after all of them. */
	world.now_ms = desk_time("2026-01-13T10:00:00Z");
	assert_true(desk_world_step(&world, STEP_TIMER, 0, slice_of(NULL, 0), &err));
	check_told(&world, "");
	world.now_ms += MINUTE_MS;
	desk_world_say(&world, "e1", "task.done", "done", "");
	desk_world_hear_task(&world, "history", "basket", desk_time("2026-01-02T10:00:00Z"),
			     5 * DAY_MS);
	at(&world, "2026-01-14T00:00:00Z");
	check_told(&world, "2026-01-13T10:01 done done\n"
			   "2026-01-13T10:10 forgotten expired\n"
			   "2026-01-13T10:10 post crm\n"
			   "2026-01-13T10:10 forgotten expired to=house\n"
			   /* and nobody's telephone rings for what was over before */
			   "2026-01-13T10:11 history expired reason=unheard\n");
	desk_world_close(&world);
}

static void done_is_the_end(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T10:00:00Z");
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	at(&world, "2026-01-08T11:00:00Z");
	desk_world_say(&world, "e1", "task.done", "t", ",\"result\":\"room 12\",\"by\":\"eve\"");
	desk_world_say(&world, "e2", "task.done", "t", "");
	desk_world_say(&world, "e3", "task.failed", "t", "");
	desk_world_cancel_task(&world, "t");
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	at(&world, "2026-01-20T00:00:00Z");
	check_told(&world, "2026-01-08T11:00 t done result=room 12 by=eve\n");
	desk_world_close(&world);
}

static void who_claims_it_is_not_hurried(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "claimed", "phone-call", 20 * DAY_MS);
	desk_world_open_task(&world, "silent", "phone-call", 20 * DAY_MS);
	at(&world, "2026-01-08T10:00:00Z");
	desk_world_say(&world, "e1", "task.claimed", "claimed", ",\"by\":\"eve\"");
	at(&world, "2026-01-09T09:30:00Z");
	check_told(&world, "2026-01-08T11:00 silent escalation to=boss step=1\n"
			   "2026-01-08T16:00 claimed reminder to=house\n"
			   "2026-01-08T16:00 silent reminder to=house\n"
			   /* due at 17:00, when nobody works: told the next morning */
			   "2026-01-09T09:00 claimed escalation to=boss step=1\n");
	desk_world_close(&world);
}

static void it_sleeps_and_comes_back(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "t", "basket", 20 * DAY_MS);
	desk_world_say(&world, "e1", "task.snoozed", "t",
		       ",\"by\":\"eve\",\"until\":\"2026-01-10T12:00:00Z\"");
	at(&world, "2026-01-12T12:00:00Z");
	/* A Saturday noon is Monday morning, and all times begin there. */
	check_told(&world, "2026-01-12T09:00 t reminder to=house\n");
	at(&world, "2026-01-13T10:00:00Z");
	check_told(&world, "2026-01-12T13:00 t reminder to=house\n"
			   "2026-01-12T16:00 t reminder to=house\n"
			   "2026-01-13T10:00 t escalation to=boss step=1\n");
	/* One that is over already wakes nobody. */
	desk_world_say(&world, "e2", "task.snoozed", "t", ",\"until\":\"2026-01-13T09:00:00Z\"");
	at(&world, "2026-01-13T13:00:00Z");
	check_told(&world, "2026-01-13T13:00 t escalation to=garden step=2\n");
	desk_world_close(&world);
}

static void nobody_answers_the_telephone(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "t", "phone-call", 20 * DAY_MS);
	desk_world_say(&world, "e1", "task.failed", "t", ",\"result\":\"no_answer\"");
	desk_world_say(&world, "e1", "task.failed", "t", ",\"result\":\"no_answer\"");
	desk_world_say(&world, "e2", "task.failed", "t", ",\"result\":\"busy\"");
	at(&world, "2026-01-08T13:00:00Z");
	check_told(&world, "2026-01-08T13:00 t reminder to=house\n");
	desk_world_say(&world, "e3", "task.failed", "t",
		       ",\"result\":\"no_answer\",\"by\":\"eve\"");
	at(&world, "2026-02-08T13:00:00Z");
	check_told(&world, "2026-01-08T13:00 t failed result=no_answer by=eve\n"
			   "2026-01-08T13:00 event call.unanswered of t\n");
	desk_world_close(&world);
}

static void a_wrong_number_is_not_tried_again(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "t", "phone-call", 20 * DAY_MS);
	desk_world_say(&world, "e1", "task.failed", "t", ",\"result\":\"wrong number\"");
	check_told(&world, "2026-01-08T09:00 t failed result=wrong number\n"
			   "2026-01-08T09:00 event call.unanswered of t\n");
	desk_world_close(&world);
}

static void its_reason_goes(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	desk_world_cancel_task(&world, "t");
	desk_world_say(&world, "e1", "task.done", "t", "");
	at(&world, "2026-02-08T13:00:00Z");
	check_told(&world, "2026-01-08T09:00 t cancelled reason=order.cancelled\n");
	desk_world_close(&world);
}

static void a_word_waits_for_its_task(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_say(&world, "e1", "task.claimed", "t", ",\"by\":\"eve\"");
	desk_world_say(&world, "e2", "task.done", "t", ",\"by\":\"eve\"");
	check_told(&world, "");
	at(&world, "2026-01-08T09:05:00Z");
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	check_told(&world, "2026-01-08T09:05 t done by=eve\n");
	/* One whose task never comes is forgotten. */
	desk_world_say(&world, "e3", "task.done", "other", "");
	at(&world, "2026-01-17T00:00:00Z");
	desk_world_open_task(&world, "other", "flowers", DAY_MS);
	check_told(&world, "");
	desk_world_close(&world);
}

static void a_person_is_forgotten(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	desk_world_open_task(&world, "u", "flowers", 5 * DAY_MS);
	desk_world_say(&world, "e1", "customer.erased", "-", "");
	/* The arbiter takes them back as well. */
	desk_world_cancel_task(&world, "t");
	at(&world, "2026-01-20T00:00:00Z");
	check_told(&world, "2026-01-08T09:00 t cancelled reason=customer.erased\n"
			   "2026-01-08T09:00 u cancelled reason=customer.erased\n");
	desk_world_close(&world);
}

static void of_an_action_without_rules_only_the_end_is_told(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "t", "flowers", 3 * DAY_MS);
	at(&world, "2026-01-20T00:00:00Z");
	check_told(&world, "2026-01-11T09:00 t expired\n"
			   "2026-01-11T09:00 t expired to=garden\n");
	desk_world_close(&world);
}

/* The service was away over the afternoon: what was missed is told once, and not at night. */
static void what_was_missed_is_told_when_people_work(void **state)
{
	struct desk_world world;
	struct err err;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	world.now_ms = desk_time("2026-01-08T20:00:00Z");
	assert_true(desk_world_step(&world, STEP_TIMER, 0, slice_of(NULL, 0), &err));
	check_told(&world, "");
	at(&world, "2026-01-09T09:00:00Z");
	check_told(&world, "2026-01-09T09:00 t reminder to=house\n");
	desk_world_close(&world);
}

static void the_customer_with_too_many_tasks(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	at(&world, "2026-01-08T09:00:00Z");
	for (int i = 0; i <= DSK_TASKS_MAX; i++) {
		char id[32];

		snprintf(id, sizeof(id), "t%d", i);
		desk_world_open_task(&world, id, "flowers", 5 * DAY_MS);
	}
	check_told(&world, "2026-01-08T09:00 t0 expired reason=too_many\n"
			   "2026-01-08T09:00 t0 expired to=garden\n");
	desk_world_close(&world);
}

static void a_task_without_an_id_is_refused(void **state)
{
	struct desk_world world;
	struct err err;

	(void)state;
	desk_world_open(&world);
	world.now_ms = desk_time("2026-01-08T09:00:00Z");
	assert_false(desk_world_step(&world, STEP_RECORD, DSK_TASKS,
				     slice_text("{\"action\":\"basket\"}"), &err));
	assert_string_equal(err.text, "$.id: expected the task's id, found none");
	assert_false(desk_world_step(&world, STEP_RECORD, DSK_TASKS, slice_text("{"), &err));
	desk_world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_does_it),
	    cmocka_unit_test(heard_late_it_began_when_it_was_given),
	    cmocka_unit_test(a_desk_that_was_away_listens_first),
	    cmocka_unit_test(done_is_the_end),
	    cmocka_unit_test(who_claims_it_is_not_hurried),
	    cmocka_unit_test(it_sleeps_and_comes_back),
	    cmocka_unit_test(nobody_answers_the_telephone),
	    cmocka_unit_test(a_wrong_number_is_not_tried_again),
	    cmocka_unit_test(its_reason_goes),
	    cmocka_unit_test(a_word_waits_for_its_task),
	    cmocka_unit_test(a_person_is_forgotten),
	    cmocka_unit_test(of_an_action_without_rules_only_the_end_is_told),
	    cmocka_unit_test(what_was_missed_is_told_when_people_work),
	    cmocka_unit_test(the_customer_with_too_many_tasks),
	    cmocka_unit_test(a_task_without_an_id_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
