/*
 * stream_shared_test.c - what the customers of a partition share is committed,
 * given up and restored with their own states: over the real loop, between a
 * Kafka and a Redis in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/process/log.h"
#include "stream_numbers.h"

static void steps_of_all_customers_share_it(void **state)
{
	struct member member;
	struct slice shared;

	(void)state;
	begin();
	publish(0, 20);
	member = join(3);
	work(&member);
	publish(20, 50);
	assert_int_equal(batch(&member), 0);
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		assert_true(stream_shared_changed(member.stream, p, &shared));
		assert_int_equal(number_of(shared), published[p]);
	}
	work(&member);
	assert_false(stream_shared_changed(member.stream, 0, &shared));
	assert_int_equal(world.restores, WORLD_PARTITIONS); /* the first, of nothing */
	die(&member);
	expect_all();
}

static void what_is_not_committed_has_never_been(void **state)
{
	struct member member;

	(void)state;
	for (int how = WORLD_ABORTS; how <= WORLD_COMMITS_AND_SAYS_NO; how++) {
		begin();
		publish(0, 20);
		member = join(3);
		work(&member);
		publish(20, 40);
		world.next_commit = how;
		assert_int_equal(batch(&member), -1);
		die(&member);
		publish(40, 60);
		member = join(3);
		work(&member);
		die(&member);
		expect_all();
	}
}

static void killed_between_decision_and_commit(void **state)
{
	struct member member;

	(void)state;
	begin();
	for (int i = 0; i < 5; i++) {
		publish(20 * i, 20 * i + 20);
		member = join(3);
		work(&member);
		publish(20 * i, 20 * i + 3);
		decide_only(&member);
		die(&member);
	}
	member = join(3);
	work(&member);
	die(&member);
	expect_all();
}

/* Between any two commands of an assignment and of batches. */
static void flushed_in_the_middle(void **state)
{
	struct member member;
	unsigned commands = 1000, at = 1;

	(void)state;
	for (; at <= commands; at++) {
		begin();
		publish(0, 20);
		member = join(3);
		work(&member);
		die(&member);
		world.commands = 0;
		world.flush_in = at;
		for (int i = 0; i < 3; i++) { /* also while it takes over */
			publish(20 * i, 20 * i + 20);
			member = i == 0 ? join(3) : member;
			work(&member);
		}
		commands = world.commands;
		die(&member);
		expect_all();
	}
	assert_true(at > 20);
}

static void restored_from_the_changelog(void **state)
{
	struct member member;

	(void)state;
	begin();
	publish(0, 30);
	member = join(3);
	work(&member);
	die(&member);
	memset(world.index, 0, sizeof(world.index));
	member = join(3);
	assert_int_equal(batch(&member), 0);
	assert_int_equal(world.restores, 2 * WORLD_PARTITIONS);
	for (int p = 0; p < WORLD_PARTITIONS; p++)
		assert_int_equal(checks.newest[p], published[p]);
	publish(30, 60);
	work(&member);
	die(&member);
	/* an older index: the rest is read behind its checkpoint */
	struct world_index old[WORLD_PARTITIONS];

	memcpy(old, world.index, sizeof(old));
	publish(60, 90);
	member = join(3);
	work(&member);
	die(&member);
	memcpy(world.index, old, sizeof(old));
	publish(90, 120);
	member = join(3);
	work(&member);
	die(&member);
	expect_all();
}

/* The one that was replaced has a batch open, and may finish it whenever it likes. */
static void taken_over_by_another_member(void **state)
{
	struct member first, second;
	struct err err;

	(void)state;
	begin();
	publish(0, 20);
	first = join(3);
	work(&first);
	publish(20, 40);
	decide_only(&first);
	second = join(2);
	assert_int_equal(batch(&second), 0);
	assert_true(checks.newest[1] > 0);
	assert_int_equal(stream_commit(first.stream, &err), -1);
	die(&first);
	second.kafka->wanted = 3;
	work(&second);
	publish(40, 60);
	work(&second);
	/* and gives one back, in order */
	second.kafka->wanted = 2;
	assert_int_equal(batch(&second), 0);
	first = join(1);
	publish(60, 80);
	work(&first);
	work(&second);
	die(&first);
	die(&second);
	expect_all();
}

/*
 * With the write that it is about, and when an index that was there is brought up to date: nobody
 * knows whom that is about.
 */
static void what_is_forgotten_is_wished_off_the_disk(void **state)
{
	struct member member;
	unsigned before;

	(void)state;
	begin();
	publish(0, 20);
	member = join(3);
	work(&member);
	assert_int_equal(world.wishes, 0); /* restored, of nothing */
	publish(20, 40);
	work(&member);
	assert_int_equal(world.wishes, 0);
	forgets = true;
	publish(40, 41);
	work(&member);
	assert_int_equal(world.wishes, 1);
	/* committed, and the index was never told */
	publish(41, 42);
	world.next_commit = WORLD_COMMITS_AND_SAYS_NO;
	assert_int_equal(batch(&member), -1);
	die(&member);
	forgets = false;
	before = world.wishes;
	publish(42, 60);
	member = join(3);
	work(&member);
	assert_int_equal(world.wishes, before + 1);
	/* flushed: what was in it stands in the file before the flush */
	memset(world.index, 0, sizeof(world.index));
	forgets = true;
	publish(60, 61);
	work(&member);
	assert_int_equal(world.wishes, before + 2);
	forgets = false;
	die(&member);
	expect_all();
}

static void who_cannot_go_on_from_it_says_so(void **state)
{
	struct member member;
	struct err err;

	(void)state;
	begin();
	publish(0, 20);
	member = join(3);
	work(&member);
	assert_int_equal(checks.count, WORLD_PARTITIONS);
	die(&member);
	checks.refuses = true;
	member = join(3);
	assert_int_equal(stream_begin(member.stream, 0, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, "not with me");
	die(&member);
}

/* A step that fails keeps nothing; and nobody can publish about a key of our own. */
static void records_that_do_not_count(void **state)
{
	const struct slice bad = slice_text("!x");
	const struct world_log *dead;
	struct member member;
	int64_t dead_count = 0;

	(void)state;
	begin();
	publish(0, 10);
	world_publish("in", partition_of(bad, WORLD_PARTITIONS), bad);
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		world_publish("in", p, shared_key());
		world_publish("in", p, checkpoint_key());
	}
	publish(10, 20);
	member = join(3);
	work(&member);
	publish(20, 30);
	work(&member);
	die(&member);
	expect_all();
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		dead = &world.logs[world_topic("deadletter")][p];
		for (int64_t i = 0; i < dead->count; i++)
			dead_count += dead->records[i].committed;
	}
	assert_int_equal(dead_count, 1 + 2 * WORLD_PARTITIONS);
}

static int ignore_it(struct step *step, struct err *err)
{
	(void)err;
	assert_int_equal(step->shared.len, 0);
	step_store(step, slice_text("s"), NEVER_MS);
	return 0;
}

static unsigned shared_records(void)
{
	unsigned count = 0;

	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		const struct world_log *log = &world.logs[world_topic("log")][p];

		for (int64_t i = 0; i < log->count; i++)
			count += slice_equal(log->records[i].key, shared_key());
	}
	return count;
}

static void only_who_asks_pays(void **state)
{
	struct member member;
	struct err err;

	(void)state;
	begin();
	publish(0, 20);
	member = join_as(3, false);
	assert_int_equal(stream_begin(member.stream, 0, &err), 0);
	assert_int_equal(stream_decide(member.stream, ignore_it, &err), 0);
	assert_int_equal(checks.count, 0);
	assert_int_equal(shared_records(), 0);
	for (int p = 0; p < WORLD_PARTITIONS; p++)
		assert_null(world_find(p, shared_key()));
	die(&member);
	/* one record per partition and batch, however many steps */
	publish(20, 60);
	member = join(3);
	assert_int_equal(batch(&member), 0);
	assert_int_equal(shared_records(), WORLD_PARTITIONS);
	die(&member);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(steps_of_all_customers_share_it),
	    cmocka_unit_test(what_is_not_committed_has_never_been),
	    cmocka_unit_test(killed_between_decision_and_commit),
	    cmocka_unit_test(flushed_in_the_middle),
	    cmocka_unit_test(restored_from_the_changelog),
	    cmocka_unit_test(taken_over_by_another_member),
	    cmocka_unit_test(what_is_forgotten_is_wished_off_the_disk),
	    cmocka_unit_test(who_cannot_go_on_from_it_says_so),
	    cmocka_unit_test(records_that_do_not_count),
	    cmocka_unit_test(only_who_asks_pays),
	};
	int r;

	setenv("LOG_LEVEL", "error", 1);
	log_open("test");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_begin(); /* frees its memory */
	return r;
}
