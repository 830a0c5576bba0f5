/* desk_merge_test.c - tasks of a customer who goes on under another id. */
#include "desk_world.h"
#include "services/desk/book.h"

static void check_told(struct desk_world *world, const char *expected)
{
	buf_add(&world->told, "", 1);
	assert_string_equal((const char *)world->told.bytes, expected);
	buf_reset(&world->told);
}

static void open_at(struct desk_world *world, const char *customer, const char *time)
{
	desk_world_open(world);
	world->service.is_wall = true;
	world->customer = customer;
	world->now_ms = desk_time(time);
}

static void merge(struct desk_world *world, const char *into)
{
	struct buf bytes = BUF_MAX(64 * 1024);
	char at[RFC3339_BYTES];

	buf_printf(&bytes,
		   "{\"id\":\"m-%s-%s\",\"type\":\"customer.merged\",\"time\":\"%s\",\"customer\":"
		   "{\"id\":\"%s\"},\"merge\":{\"into\":\"%s\"}}",
		   world->customer, into, rfc3339_text(world->now_ms, at), world->customer, into);
	desk_world_record(world, DSK_EVENTS, buf_slice(&bytes));
	buf_free(&bytes);
}

static void erase(struct desk_world *world)
{
	struct buf bytes = BUF_MAX(64 * 1024);
	char at[RFC3339_BYTES];

	buf_printf(&bytes,
		   "{\"id\":\"x-%s\",\"type\":\"customer.erased\",\"time\":\"%s\",\"customer\":{"
		   "\"id\":\"%s\"}}",
		   world->customer, rfc3339_text(world->now_ms, at), world->customer);
	desk_world_record(world, DSK_EVENTS, buf_slice(&bytes));
	buf_free(&bytes);
}

/* What `from` has handed over arrives at its goal. */
static void hand(struct desk_world *from, struct desk_world *to)
{
	assert_string_equal(from->handed_to, to->customer);
	to->now_ms = from->now_ms;
	desk_world_record(to, DSK_HANDED, buf_slice(&from->handed));
}

static void tasks_go_on_under_the_id_that_lives(void **state)
{
	struct desk_world old, lives;

	(void)state;
	open_at(&old, "ann-old", "2026-01-08T09:00:00Z");
	open_at(&lives, "ann", "2026-01-08T09:00:00Z");
	desk_world_open_task(&old, "t", "basket", 5 * DAY_MS);
	desk_world_open_task(&old, "u", "basket", 5 * DAY_MS);
	desk_world_say(&old, "e1", "task.done", "u", "");
	check_told(&old, "2026-01-08T09:00 u done\n");
	merge(&old, "ann");
	hand(&old, &lives);
	/* The old id is silent from now on, and the other keeps the times. */
	desk_world_run(&old, desk_time("2026-03-01T00:00:00Z"));
	check_told(&old, "");
	desk_world_run(&lives, desk_time("2026-01-08T13:00:00Z"));
	check_told(&lives, "2026-01-08T13:00 post crm\n"
			   "2026-01-08T13:00 t reminder to=house\n");
	desk_world_cancel_task(&lives, "t");
	desk_world_cancel_task(&lives, "u"); /* it has ended before */
	check_told(&lives, "2026-01-08T13:00 t cancelled reason=order.cancelled\n");
	desk_world_close(&old);
	desk_world_close(&lives);
}

static void what_people_say_of_the_old_id_is_passed_on(void **state)
{
	struct desk_world old, lives;

	(void)state;
	open_at(&old, "ann-old", "2026-01-08T09:00:00Z");
	open_at(&lives, "ann", "2026-01-08T09:00:00Z");
	desk_world_open_task(&old, "t", "basket", 5 * DAY_MS);
	merge(&old, "ann");
	hand(&old, &lives);
	desk_world_say(&old, "e1", "task.done", "t", ",\"by\":\"eve\"");
	hand(&old, &lives);
	/* A task of the scheduler that came late under the old id, and is taken back under the new. */
	desk_world_open_task(&old, "late", "basket", 5 * DAY_MS);
	hand(&old, &lives);
	desk_world_cancel_task(&lives, "late");
	check_told(&lives, "2026-01-08T09:00 t done by=eve\n"
			   "2026-01-08T09:00 late cancelled reason=order.cancelled\n");
	check_told(&old, "");
	desk_world_close(&old);
	desk_world_close(&lives);
}

/* The scheduler of the id that lives may take a task back before it has come here. */
static void a_cancellation_may_be_quicker_than_its_task(void **state)
{
	struct desk_world old, lives;

	(void)state;
	open_at(&old, "ann-old", "2026-01-08T09:00:00Z");
	open_at(&lives, "ann", "2026-01-08T09:00:00Z");
	desk_world_open_task(&old, "t", "basket", 5 * DAY_MS);
	desk_world_cancel_task(&lives, "t");
	check_told(&lives, "");
	merge(&old, "ann");
	hand(&old, &lives);
	check_told(&lives, "2026-01-08T09:00 t cancelled reason=order.cancelled\n");
	desk_world_close(&old);
	desk_world_close(&lives);
}

static void an_erasure_ends_what_was_given_to_that_id(void **state)
{
	struct desk_world old, lives;

	(void)state;
	open_at(&old, "ann-old", "2026-01-08T09:00:00Z");
	open_at(&lives, "ann", "2026-01-08T09:00:00Z");
	desk_world_open_task(&old, "t", "basket", 5 * DAY_MS);
	desk_world_open_task(&lives, "own", "basket", 5 * DAY_MS);
	merge(&old, "ann");
	hand(&old, &lives);
	old.now_ms += MINUTE_MS;
	erase(&old);
	hand(&old, &lives);
	check_told(&lives, "2026-01-08T09:01 t cancelled reason=customer.erased\n");
	/* Of the one that lives an erasure ends the rest, and a handover of before brings nothing. */
	erase(&lives);
	check_told(&lives, "2026-01-08T09:01 own cancelled reason=customer.erased\n");
	desk_world_close(&old);
	open_at(&old, "ann-older", "2026-01-08T09:00:00Z");
	desk_world_open_task(&old, "v", "basket", 5 * DAY_MS);
	merge(&old, "ann");
	old.now_ms = lives.now_ms;
	hand(&old, &lives);
	check_told(&lives, "2026-01-08T09:01 v cancelled reason=customer.erased\n");
	desk_world_run(&lives, desk_time("2026-03-01T00:00:00Z"));
	check_told(&lives, "");
	assert_int_equal(lives.state.len, 0);
	desk_world_close(&old);
	desk_world_close(&lives);
}

/* Also when the id that was forgotten has ended by a merge itself: nothing comes to a third one. */
static void what_was_forgotten_goes_on_nowhere(void **state)
{
	struct desk_world old, lives;

	(void)state;
	open_at(&old, "ann-old", "2026-01-08T09:00:00Z");
	open_at(&lives, "ann", "2026-01-08T09:01:00Z");
	desk_world_open_task(&old, "t", "basket", 5 * DAY_MS);
	merge(&old, "ann");
	erase(&lives);
	lives.now_ms += MINUTE_MS;
	merge(&lives, "third");
	buf_reset(&lives.handed);
	old.now_ms = lives.now_ms;
	hand(&old, &lives);
	assert_int_equal(lives.handed.len, 0);
	check_told(&lives, "2026-01-08T09:02 t cancelled reason=customer.erased\n");
	desk_world_close(&old);
	desk_world_close(&lives);
}

static void chains_and_circles_end(void **state)
{
	struct desk_world a, b;

	(void)state;
	open_at(&a, "a", "2026-01-08T09:00:00Z");
	open_at(&b, "b", "2026-01-08T09:00:00Z");
	desk_world_open_task(&a, "t", "basket", 5 * DAY_MS);
	merge(&a, "b");
	b.now_ms += MINUTE_MS;
	merge(&b, "a");
	hand(&a, &b); /* b has ended: on to a, under which the newest merge lets them live */
	hand(&b, &a);
	desk_world_run(&a, desk_time("2026-01-08T13:00:00Z"));
	check_told(&a, "2026-01-08T13:00 post crm\n"
		       "2026-01-08T13:00 t reminder to=house\n");
	desk_world_close(&a);
	desk_world_close(&b);
}

/* There a merger would be a message through time. */
static void on_the_event_clock_nothing_is_handed_over(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	world.now_ms = desk_time("2026-01-08T09:00:00Z");
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	merge(&world, "bob");
	assert_int_equal(world.handed.len, 0);
	desk_world_say(&world, "e1", "task.done", "t", "");
	check_told(&world, "2026-01-08T09:00 t done\n");
	desk_world_close(&world);
}

/* More ends in one step than the book had ended before. */
static void many_end_at_once(void **state)
{
	struct desk_world world;
	char id[16];

	(void)state;
	open_at(&world, "ann", "2026-01-08T09:00:00Z");
	for (int i = 0; i < DSK_TASKS_MAX; i++) {
		snprintf(id, sizeof(id), "t%d", i);
		desk_world_open_task(&world, id, "basket", 5 * DAY_MS);
	}
	erase(&world);
	buf_reset(&world.told);
	for (int i = 0; i < DSK_TASKS_MAX; i++) {
		snprintf(id, sizeof(id), "t%d", i);
		desk_world_open_task(&world, id, "basket", 5 * DAY_MS);
	}
	check_told(&world, "");
	desk_world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tasks_go_on_under_the_id_that_lives),
	    cmocka_unit_test(what_people_say_of_the_old_id_is_passed_on),
	    cmocka_unit_test(a_cancellation_may_be_quicker_than_its_task),
	    cmocka_unit_test(an_erasure_ends_what_was_given_to_that_id),
	    cmocka_unit_test(what_was_forgotten_goes_on_nowhere),
	    cmocka_unit_test(chains_and_circles_end),
	    cmocka_unit_test(on_the_event_clock_nothing_is_handed_over),
	    cmocka_unit_test(many_end_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
