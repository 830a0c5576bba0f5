/*
 * stream_overlap_test.c - batches that are decided while the one before is committed decide what
 * they would have decided after it: over the real loop, between a Kafka and a Redis in memory,
 * killed and flushed at every point.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/process/log.h"
#include "common/stream/stream_internal.h"
#include "stream_world_beside.h"
#include "stream_world_kafka.h"
#include "stream_world_redis.h"

enum { CUSTOMERS = 5, RECORDS = 60, WAIT_MS = 4, LINES_MAX = 4 * RECORDS, LINE_BYTES = 96 };

/* What is known of a customer: records, timers, and what waits for the timer. */
struct known {
	int64_t records, timers, waiting, due_ms;
};

static int identify(struct slice key, struct slice value, bool want_time, struct arena *arena,
		    struct slice *ret_customer, int64_t *ret_time_ms, struct err *err)
{
	(void)want_time, (void)arena;
	*ret_customer = key;
	return text_int64(value, 0, INT64_MAX, ret_time_ms, err);
}

static void emit(struct step *step, const struct known *known, int64_t of_partition)
{
	step_emit(step, 0,
		  slice_text(arena_printf(
		      step->arena, "%.*s at %lld: %s, %lld records, %lld timers, the %lldth",
		      SLICE_ARGS(step->customer), (long long)step->now_ms,
		      step->kind == STEP_TIMER ? "timer" : "record", (long long)known->records,
		      (long long)known->timers, (long long)of_partition)));
}

/* Counts records and timers of the customer, and all steps of the partition. */
static int count(struct step *step, struct err *err)
{
	struct known known = {.due_ms = NEVER_MS};
	int64_t of_partition = 0;

	(void)err;
	if (step->state.len)
		memcpy(&known, step->state.bytes, sizeof(known));
	if (step->shared.len)
		memcpy(&of_partition, step->shared.bytes, sizeof(of_partition));
	if (step->kind == STEP_RECORD) {
		known.records++;
		if (known.waiting++ == 0)
			known.due_ms = step->now_ms + WAIT_MS;
	} else {
		assert_true(known.waiting > 0 && known.due_ms == step->time_ms);
		known.timers++;
		known.waiting = 0;
		known.due_ms = NEVER_MS;
	}
	of_partition++;
	emit(step, &known, of_partition);
	step_store(step, slice_of(arena_copy(step->arena, &known, sizeof(known)), sizeof(known)),
		   known.due_ms);
	step_store_shared(step,
			  slice_of(arena_copy(step->arena, &of_partition, sizeof(of_partition)),
				   sizeof(of_partition)));
	return 0;
}

static int check_shared(void *context, int32_t partition, int32_t partition_count,
			struct slice shared, struct err *err)
{
	(void)context, (void)partition, (void)partition_count, (void)shared, (void)err;
	return 0;
}

static const struct stream_input inputs[] = {{"in", identify, .moves_misrouted = false}, {0}};
static const struct stream_output outputs[] = {{.topic = "out"}, {0}};
static const struct common_config config = {
    .brokers = "", .redis_url = "", .instance = "a", .topic_prefix = "", .clock = CLOCK_EVENT};
static const struct stream_options options = {.service = "overlaps",
					      .inputs = inputs,
					      .outputs = outputs,
					      .changelog = "log",
					      .config = &config,
					      .check_shared = check_shared};

static struct stream *stream;
static struct kafka *kafka;
static unsigned overlapped; /* batches that were begun while another was under way */

static void publish(int from, int to)
{
	for (int i = from; i < to; i++) {
		struct slice customer =
		    slice_text(arena_printf(&world.memory, "c%d", i * 7 % CUSTOMERS));

		world_append(world_topic("in"), partition_of(customer, WORLD_PARTITIONS), customer,
			     slice_text(arena_printf(&world.memory, "%d", i)))
		    ->committed = true;
	}
}

static void join(void)
{
	struct err err;

	assert_int_equal(stream_open(&stream, &options, &err), 0);
	kafka = world.newest;
	kafka->wanted = 3;
	world.is_dead = false;
}

static void die(void)
{
	world.is_dead = true;
	world_end_transaction(kafka, false);
	stream_close(&stream);
}

/* As the loop does it, but with few records in a batch. */
static int batch(bool overlaps, size_t most)
{
	struct step *step;
	struct err err;
	int r;

	stream_limit(stream, most);
	r = stream_begin(stream, 0, &err);
	overlapped += r == 0 && stream->commit.under_way;
	while (r == 0 && (step = stream_next(stream)))
		r = stream_done(stream, count(step, &err) < 0 ? &err : NULL, &err);
	if (r == 0)
		r = overlaps ? stream_pass_on(stream, &err) : stream_commit(stream, &err);
	return r;
}

static int work(bool overlaps, size_t most, int batches)
{
	struct err err;
	int r = 0;

	for (int i = 0; r == 0 && i < batches; i++)
		r = batch(overlaps, most);
	return r == 0 ? stream_finish(stream, &err) : r;
}

struct lines {
	size_t count;
	char text[LINES_MAX][LINE_BYTES];
};

static void read_lines(struct lines lines[WORLD_PARTITIONS])
{
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		const struct world_log *log = &world.logs[world_topic("out")][p];

		lines[p].count = 0;
		for (int64_t i = 0; i < log->count; i++) {
			if (!log->records[i].committed || !log->records[i].value.len)
				continue;
			assert_true(lines[p].count < LINES_MAX);
			snprintf(lines[p].text[lines[p].count++], LINE_BYTES, "%.*s",
				 SLICE_ARGS(log->records[i].value));
		}
	}
}

static struct lines expected[WORLD_PARTITIONS], found[WORLD_PARTITIONS];

static void expect_the_same(void)
{
	read_lines(found);
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		for (size_t i = 0; i < found[p].count && i < expected[p].count; i++)
			assert_string_equal(found[p].text[i], expected[p].text[i]);
		assert_int_equal(found[p].count, expected[p].count);
	}
}

/* One batch after the other, and nothing happens meanwhile. */
static void expect_what_one_by_one_gives(void)
{
	world_begin();
	publish(0, RECORDS);
	join();
	assert_int_equal(work(false, 0, 6), 0);
	die();
	read_lines(expected);
	assert_true(expected[0].count > RECORDS / 4 && expected[1].count > RECORDS / 4);
}

static void begin(bool is_late)
{
	world_begin();
	world.is_late = is_late;
	overlapped = 0;
	publish(0, RECORDS);
}

static void decides_what_it_would_have_decided_after(void **state)
{
	(void)state;
	expect_what_one_by_one_gives();
	for (size_t most = 2; most <= 20; most += 2) {
		for (int is_late = 0; is_late < 2; is_late++) {
			begin(is_late);
			join();
			assert_int_equal(work(true, most, 3 * RECORDS), 0);
			assert_true(overlapped > 2);
			assert_int_equal(world.restores, WORLD_PARTITIONS); /* of nothing */
			die();
			expect_the_same();
		}
	}
}

static void flushed_at_every_point(void **state)
{
	unsigned commands;

	(void)state;
	expect_what_one_by_one_gives();
	for (int is_late = 0; is_late < 2; is_late++) {
		commands = 1000;
		for (unsigned at = 1; at <= commands; at++) {
			begin(is_late);
			join();
			assert_int_equal(batch(true, 6), 0);
			world.flush_in = at;
			assert_int_equal(work(true, 6, 3 * RECORDS), 0);
			commands = world.commands < 250 ? world.commands : 250;
			die();
			expect_the_same();
		}
	}
}

static void killed_at_every_point(void **state)
{
	volatile unsigned at, points;
	volatile int is_late;

	(void)state;
	expect_what_one_by_one_gives();
	for (is_late = 0; is_late < 2; is_late++) {
		points = 1000;
		for (at = 1; at <= points; at++) {
			begin(is_late);
			join();
			assert_int_equal(batch(true, 6), 0);
			world.kill_in = at;
			if (setjmp(world.killed) == 0)
				assert_int_equal(work(true, 6, 3 * RECORDS), 0);
			points = world.is_dead ? at + 1 : at;
			die();
			join();
			assert_int_equal(work(true, 6, 3 * RECORDS), 0);
			die();
			expect_the_same();
		}
		assert_true(at > 300);
	}
}

/* Then what was decided on the batch is given up with it. */
static void what_does_not_commit_takes_its_follower_along(void **state)
{
	(void)state;
	expect_what_one_by_one_gives();
	for (int how = WORLD_ABORTS; how <= WORLD_COMMITS_AND_SAYS_NO; how++) {
		for (int before = 1; before < 8; before++) {
			for (int is_late = 0; is_late < 2; is_late++) {
				begin(is_late);
				join();
				for (int i = 0; i < before; i++)
					assert_int_equal(batch(true, 6), 0);
				world.next_commit = how;
				assert_int_equal(work(true, 6, 3), -1);
				die();
				join();
				assert_int_equal(work(true, 6, 3 * RECORDS), 0);
				die();
				expect_the_same();
			}
		}
	}
}

/*
 * An owner that was replaced has a batch under way and another one decided; neither counts, and the
 * new owner decides on neither.
 */
static void nobody_decides_on_what_another_owner_has_under_way(void **state)
{
	struct stream *first;
	struct kafka *first_kafka;
	unsigned refused = 0;
	struct err err;

	(void)state;
	expect_what_one_by_one_gives();
	for (int before = 1; before < 8; before++) {
		begin(true);
		join();
		for (int i = 0; i < before; i++)
			assert_int_equal(batch(true, 6), 0);
		first = stream;
		first_kafka = kafka;
		join();
		assert_int_equal(work(true, 6, 2), 0);
		if (first->commit.under_way) {
			assert_int_equal(stream_finish(first, &err), -1);
			refused++;
		}
		world_end_transaction(first_kafka, false);
		stream_close(&first);
		assert_int_equal(work(true, 6, 3 * RECORDS), 0);
		die();
		expect_the_same();
	}
	assert_true(refused > 4);
}

/*
 * The new owner is killed at any point, also when its batch is committed and the index does not say
 * so yet; then the old one hears that it does not count, and a third one goes on.
 */
static void nor_does_the_owner_after_the_next(void **state)
{
	static struct stream *first;
	static struct kafka *first_kafka;
	volatile unsigned at, points = 1000;
	struct err err;

	(void)state;
	expect_what_one_by_one_gives();
	for (at = 1; at <= points; at++) {
		begin(true);
		join();
		for (int i = 0; i < 3; i++)
			assert_int_equal(batch(true, 6), 0);
		assert_true(stream->commit.under_way);
		first = stream;
		first_kafka = kafka;
		join();
		world.kill_in = at;
		if (setjmp(world.killed) == 0)
			assert_int_equal(work(true, 6, 3), 0);
		points = world.is_dead ? at + 1 : at;
		die();
		world.is_dead = false;
		world.kill_in = 0;
		assert_int_equal(stream_finish(first, &err), -1);
		world_end_transaction(first_kafka, false);
		stream_close(&first);
		join();
		assert_int_equal(work(true, 6, 3 * RECORDS), 0);
		die();
		expect_the_same();
	}
	assert_true(at > 30);
}

/* The partitions go while a batch is under way: it is heard of before they do. */
static void the_batch_under_way_is_finished_before_partitions_go(void **state)
{
	(void)state;
	expect_what_one_by_one_gives();
	for (int before = 2; before < 8; before++) {
		begin(true);
		join();
		for (int i = 0; i < before; i++)
			assert_int_equal(batch(true, 6), 0);
		kafka->wanted = 2;
		assert_int_equal(work(true, 6, 10), 0);
		kafka->wanted = 3;
		assert_int_equal(work(true, 6, 3 * RECORDS), 0);
		die();
		expect_the_same();
	}
}

/* Few records are no reason to make two batches of them. */
static void little_to_do_waits_for_the_batch_under_way(void **state)
{
	(void)state;
	begin(true);
	join();
	assert_int_equal(batch(true, 0), 0);
	assert_int_equal(batch(true, 0), 0);
	publish(RECORDS, RECORDS + 4);
	assert_int_equal(work(true, 0, 4), 0);
	assert_int_equal(overlapped, 0);
	die();
}

static void what_a_backlog_took_goes_back(void **state)
{
	struct err err;

	(void)state;
	begin(false);
	join();
	for (int i = 0; i < 4; i++) {
		assert_int_equal(stream_begin(stream, 0, &err), 0);
		arena_alloc(&stream->arena, 5 << 20);
		assert_int_equal(stream_decide(stream, count, &err), 0);
	}
	assert_true(arena_room(&stream->arena) >= 5 << 20);
	stream_limit(stream, 0);
	assert_int_equal(stream_begin(stream, 1, &err), 0);
	assert_int_equal(stream_decide(stream, count, &err), 0);
	assert_true(arena_room(&stream->arena) + arena_room(&stream->commit.arena) < 1 << 20);
	for (int p = 0; p < WORLD_PARTITIONS; p++)
		assert_int_equal(
		    stream->partitions[p].taken_room + stream->commit.parts[p].taken_room, 0);
	publish(RECORDS, RECORDS + 20);
	assert_int_equal(work(true, 4, RECORDS), 0);
	assert_int_equal(world.restores, WORLD_PARTITIONS);
	die();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decides_what_it_would_have_decided_after),
	    cmocka_unit_test(flushed_at_every_point),
	    cmocka_unit_test(killed_at_every_point),
	    cmocka_unit_test(what_does_not_commit_takes_its_follower_along),
	    cmocka_unit_test(nobody_decides_on_what_another_owner_has_under_way),
	    cmocka_unit_test(nor_does_the_owner_after_the_next),
	    cmocka_unit_test(the_batch_under_way_is_finished_before_partitions_go),
	    cmocka_unit_test(little_to_do_waits_for_the_batch_under_way),
	    cmocka_unit_test(what_a_backlog_took_goes_back),
	};
	int r;

	setenv("LOG_LEVEL", "error", 1);
	log_open("test");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_begin(); /* frees its memory */
	return r;
}
