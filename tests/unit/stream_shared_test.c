/*
 * stream_shared_test.c - what the customers of a partition share is committed,
 * given up and restored with their own states: over the real loop, between a
 * Kafka and a Redis in memory.
 *
 * Every step takes the partition's next number.  Whatever happens, the numbers
 * that readers see are 1, 2, 3 ... in each partition.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/log.h"
#include "common/stream/mark.h"
#include "common/stream/stream.h"
#include "stream_world.h"

struct checks {
	unsigned count;
	int64_t newest[WORLD_PARTITIONS];
	bool refuses;
};

static int64_t number_of(struct slice shared)
{
	int64_t number = 0;

	assert_true(shared.len == 0 || shared.len == sizeof(number));
	if (shared.len)
		memcpy(&number, shared.bytes, sizeof(number));
	return number;
}

static int check_shared(void *context, int32_t partition, int32_t partition_count,
			struct slice shared, struct err *err)
{
	struct checks *checks = context;

	assert_int_equal(partition_count, WORLD_PARTITIONS);
	checks->count++;
	checks->newest[partition] = number_of(shared);
	return checks->refuses ? err_config(err, "not with me") : 0;
}

static int take_number(struct step *step, struct err *err)
{
	int64_t number = number_of(step->shared) + 1;
	struct slice text = slice_text(arena_printf(step->arena, "%d", (int)number));

	if (step->customer.len == 0)
		return err_set(err, "about nobody");
	assert_int_equal(partition_of(step->customer, step->partition_count), step->partition);
	step_store_shared(step, slice_of(arena_copy(step->arena, &number, sizeof(number)),
					 sizeof(number)));
	if (step->customer.bytes[0] == '!')
		return err_set(err, "cannot be understood");
	step_emit(step, 0, text);
	step_store(step, text, NEVER_MS);
	return 0;
}

static const struct stream_input inputs[] = {{"in", stream_identify_internal, false}, {0}};
static const struct stream_output outputs[] = {{"out", false}, {0}};
static const struct common_config config = {
	.brokers = "", .redis_url = "", .instance = "a", .topic_prefix = ""};
static struct checks checks;

struct member {
	struct stream *stream;
	struct kafka *kafka;
};

/* A member of the group; it gets its partitions, as bits, at the next batch. */
static struct member join_as(unsigned partitions, bool shares)
{
	const struct stream_options options = {.service = "numbers",
					       .inputs = inputs,
					       .outputs = outputs,
					       .changelog = "log",
					       .config = &config,
					       .check_shared = shares ? check_shared : NULL,
					       .effects_context = &checks};
	struct member member;
	struct err err;

	assert_int_equal(stream_open(&member.stream, &options, &err), 0);
	member.kafka = world.newest;
	member.kafka->wanted = partitions;
	return member;
}

static struct member join(unsigned partitions)
{
	return join_as(partitions, true);
}

static int batch(struct member *member)
{
	struct err err;
	int r = stream_begin(member->stream, 0, &err);

	return r < 0 ? r : stream_decide(member->stream, take_number, &err);
}

static void work(struct member *member)
{
	for (int i = 0; i < 5; i++)
		assert_int_equal(batch(member), 0);
}

/* Decides a batch, and then nobody hears of it any more for a while. */
static void decide_only(struct member *member)
{
	struct step *step;
	struct err err, why;
	int r = stream_begin(member->stream, 0, &err);

	while (r == 0 && (step = stream_next(member->stream)))
		r = stream_done(member->stream, take_number(step, &why) < 0 ? &why : NULL, &err);
	assert_int_equal(r, 0);
}

/* kill -9: what was not committed has never been. */
static void die(struct member *member)
{
	world_end_transaction(member->kafka, false);
	stream_close(&member->stream);
}

static int64_t published[WORLD_PARTITIONS];

static void begin(void)
{
	world_begin();
	memset(&checks, 0, sizeof(checks));
	memset(published, 0, sizeof(published));
}

/* About so many customers, on both partitions. */
static void publish(int from, int to)
{
	for (int i = from; i < to; i++) {
		struct slice customer = slice_text(arena_printf(&world.memory, "c%d", i % 7));
		int32_t partition = partition_of(customer, WORLD_PARTITIONS);

		world_publish("in", partition, customer);
		published[partition]++;
	}
}

/* Each partition's readers have seen 1, 2, 3 ... and one for every record. */
static void expect_all(void)
{
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		const struct world_log *log = &world.logs[world_topic("out")][p];
		int64_t seen = 0;

		for (int64_t i = 0; i < log->count; i++) {
			char expected[24];

			if (!log->records[i].committed)
				continue;
			snprintf(expected, sizeof(expected), "%d", (int)++seen);
			if (!slice_equal(log->records[i].value, slice_text(expected)))
				fail_msg("partition %d: %.*s, expected %s", p,
					 SLICE_ARGS(log->records[i].value), expected);
		}
		assert_int_equal(seen, published[p]);
	}
	assert_true(published[0] > 0 && published[1] > 0);
}

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
	/* an older index: the rest is read behind its mark */
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
		world_publish("in", p, mark_key());
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
