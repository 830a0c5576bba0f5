/*
 * stream_gather_test.c - what nobody waits for is gathered into one commit, and all else is not: over
 * the real loop, between a Kafka and a Redis in memory, killed and flushed at every point.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/stream/gather.h"
#include "stream_world_beside.h"
#include "stream_world_kafka.h"
#include "stream_world_redis.h"

#define START_MS INT64_C(1700000000000)
enum { INTERVAL_MS = 500, CUSTOMERS = 5, RECORDS = 60 };

static int64_t now_ms;

int64_t clock_wall_ms(void)
{
	return now_ms;
}

int64_t clock_monotonic_ms(void)
{
	return now_ms;
}

void clock_sleep_ms(int64_t ms)
{
	now_ms += ms;
}

enum { OUT, LATER };

/*
 * Counts the records of a customer.  The record says what is done besides: 'u' something that
 * somebody waits for, 'w' something that nobody does, 't' a timer is set, 'n' nothing.
 */
static int count(struct step *step, struct err *err)
{
	int64_t records = 0, due_ms = NEVER_MS;
	struct slice text;

	(void)err;
	if (step->state.len)
		memcpy(&records, step->state.bytes, sizeof(records));
	records += step->kind == STEP_RECORD;
	text = slice_text(arena_printf(step->arena, "%.*s %s %lld", SLICE_ARGS(step->customer),
				       step->kind == STEP_TIMER ? "timer" : "record",
				       (long long)records));
	if (step->kind == STEP_TIMER || step->value.bytes[0] == 'u')
		step_emit(step, OUT, text);
	else if (step->value.bytes[0] == 'w')
		step_emit(step, LATER, text);
	else if (step->value.bytes[0] == 't')
		due_ms = step->now_ms + 100;
	step_store(step,
		   slice_of(arena_copy(step->arena, &records, sizeof(records)), sizeof(records)),
		   due_ms);
	return 0;
}

static const struct stream_input inputs[] = {
    {"in", stream_identify_internal, .moves_misrouted = false}, {0}};
static const struct stream_output both[] = {
    [OUT] = {.topic = "out"}, [LATER] = {"later", .may_wait = true}, {0}};
static const struct stream_output all_wait[] = {
    [OUT] = {"out", .may_wait = true}, [LATER] = {"later", .may_wait = true}, {0}};
static struct common_config config = {.brokers = "",
				      .redis_url = "",
				      .instance = "a",
				      .topic_prefix = "",
				      .commit_interval_ms = INTERVAL_MS};

static struct stream *stream;
static struct kafka *kafka;
static const struct stream_output *outputs;
static int (*yield)(void *context, struct err *err);

static void publish(int i, const char *what)
{
	struct slice customer = slice_text(arena_printf(&world.memory, "c%d", i * 7 % CUSTOMERS));

	world_append(world_topic("in"), partition_of(customer, WORLD_PARTITIONS), customer,
		     slice_text(what))
	    ->committed = true;
}

static void join(void)
{
	const struct stream_options options = {.service = "gathers",
					       .inputs = inputs,
					       .outputs = outputs,
					       .changelog = "log",
					       .yield = yield,
					       .config = &config};
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

/* One turn of stream_run(). */
static int turn(void)
{
	struct step *step;
	struct err err;
	int r = stream_begin(stream, 0, &err);

	while (r == 0 && (step = stream_next(stream)))
		r = stream_done(stream, count(step, &err) < 0 ? &err : NULL, &err);
	if (r == 0 && !stream_put_off(stream))
		r = stream_pass_on(stream, &err);
	return r;
}

static int turns(int count_of)
{
	int r = 0;
	struct err err;

	for (int i = 0; r == 0 && i < count_of; i++)
		r = turn();
	return r == 0 ? stream_finish(stream, &err) : r;
}

static uint64_t commits(void)
{
	return stream->partitions[0].number + stream->partitions[1].number;
}

/* What readers see of a topic: all lines, each partition's in order. */
static size_t lines_of(const char *topic)
{
	size_t lines = 0;

	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		const struct world_log *log = &world.logs[world_topic(topic)][p];

		for (int64_t i = 0; i < log->count; i++)
			lines += log->records[i].committed && log->records[i].value.len > 0;
	}
	return lines;
}

static int64_t records_of(const char *customer)
{
	struct slice id = slice_text(customer);
	const struct index_state *found = world_find(partition_of(id, WORLD_PARTITIONS), id);
	int64_t records = 0;

	if (found && found->state.len)
		memcpy(&records, found->state.bytes, sizeof(records));
	return records;
}

static int64_t all_records(void)
{
	int64_t records = 0;

	for (int i = 0; i < CUSTOMERS; i++) {
		char id[16];

		snprintf(id, sizeof(id), "c%d", i);
		records += records_of(id);
	}
	return records;
}

static void begin(const struct stream_output *says)
{
	world_begin();
	now_ms = START_MS;
	outputs = says;
	config.commit_interval_ms = INTERVAL_MS;
	join();
	publish(0, "n");
	assert_int_equal(turns(3), 0);
	now_ms += 10 * INTERVAL_MS;
	assert_int_equal(turns(1), 0);
}

static void after_quiet_nothing_waits(void **state)
{
	(void)state;
	begin(both);
	assert_int_equal(all_records(), 1);
	publish(1, "n");
	assert_int_equal(turns(1), 0);
	assert_int_equal(all_records(), 2);
	die();
}

static void what_sets_nothing_off_waits_for_the_interval(void **state)
{
	uint64_t before;

	(void)state;
	begin(both);
	publish(0, "n");
	assert_int_equal(turns(1), 0);
	before = commits();
	for (int i = 0; i < 9; i++) {
		now_ms += INTERVAL_MS / 10;
		publish(0, i % 2 ? "n" : "w");
		assert_int_equal(turns(2), 0);
		assert_int_equal(commits(), before);
		assert_true(stream_gather_ms(stream) > 0);
	}
	assert_int_equal(lines_of("later"), 0);
	now_ms += INTERVAL_MS / 10;
	assert_int_equal(turns(1), 0);
	assert_int_equal(commits(), before + 1);
	assert_int_equal(lines_of("later"), 5);
	assert_int_equal(records_of("c0"), 11);
	die();
}

static void what_somebody_waits_for_takes_the_rest_along(void **state)
{
	uint64_t before;

	(void)state;
	begin(both);
	publish(0, "n");
	assert_int_equal(turns(1), 0);
	before = commits();
	publish(0, "w");
	assert_int_equal(turns(2), 0);
	assert_int_equal(commits(), before);
	publish(0, "u");
	assert_int_equal(turns(1), 0);
	assert_int_equal(commits(), before + 1);
	assert_int_equal(lines_of("later"), 1);
	assert_int_equal(lines_of("out"), 1);
	assert_int_equal(records_of("c0"), 4);
	die();
}

static void a_timer_that_is_set_or_heard_does_not_wait(void **state)
{
	(void)state;
	begin(both);
	publish(0, "n");
	assert_int_equal(turns(1), 0);
	publish(0, "t");
	assert_int_equal(turns(1), 0);
	assert_int_equal(records_of("c0"), 3);
	now_ms += 100;
	assert_int_equal(turns(1), 0);
	assert_int_equal(lines_of("out"), 1);
	die();
}

static void who_says_nothing_urgent_reads_nothing_before(void **state)
{
	uint64_t before;
	unsigned commands;

	(void)state;
	begin(all_wait);
	publish(0, "u");
	assert_int_equal(turns(1), 0);
	assert_int_equal(lines_of("out"), 1);
	before = commits();
	commands = world.commands;
	for (int i = 0; i < 9; i++) {
		now_ms += INTERVAL_MS / 10;
		publish(0, i == 3 ? "t" : "u");
		assert_int_equal(turns(2), 0);
	}
	assert_int_equal(commits(), before);
	assert_int_equal(world.commands, commands); /* nor is Redis asked */
	now_ms += INTERVAL_MS / 10;
	assert_int_equal(turns(1), 0);
	assert_int_equal(commits(), before + 1);
	assert_int_equal(lines_of("out"), 9);
	now_ms += INTERVAL_MS;
	assert_int_equal(turns(1), 0);
	die();
}

static void much_to_do_does_not_wait(void **state)
{
	(void)state;
	begin(all_wait);
	publish(0, "u");
	assert_int_equal(turns(1), 0);
	for (int i = 0; i < 499; i++)
		publish(i, "u");
	assert_int_equal(turns(2), 0);
	assert_int_equal(all_records(), 2);
	publish(499, "u");
	assert_int_equal(turns(2), 0);
	assert_int_equal(all_records(), 502);
	die();
}

/* A batch is decided again with every record that comes, so it is not put off for long. */
static void many_records_are_not_put_off(void **state)
{
	(void)state;
	begin(both);
	publish(0, "n");
	assert_int_equal(turns(1), 0);
	for (int i = 0; i < 50; i++)
		publish(i, "n");
	assert_int_equal(turns(2), 0);
	assert_int_equal(all_records(), 2);
	publish(50, "n");
	assert_int_equal(turns(2), 0);
	assert_int_equal(all_records(), 53);
	die();
}

static void without_an_interval_nothing_waits(void **state)
{
	(void)state;
	begin(both);
	config.commit_interval_ms = 0;
	for (int i = 0; i < 10; i++) {
		publish(i, "n");
		assert_int_equal(turns(1), 0);
		assert_int_equal(all_records(), 2 + i);
	}
	die();
}

static int no_yield(void *context, struct err *err)
{
	(void)context, (void)err;
	return 0;
}

/* With effects only their results wait, and only until there is a batch. */
static void results_go_along_with_the_next_batch(void **state)
{
	uint64_t before;

	(void)state;
	yield = no_yield;
	begin(both);
	publish(0, "u");
	assert_int_equal(turns(1), 0);
	before = commits();
	stream_result(stream, partition_of(slice_text("c1"), WORLD_PARTITIONS), slice_text("c1"),
		      slice_text("w"));
	assert_int_equal(turns(2), 0);
	assert_int_equal(commits(), before);
	assert_true(stream_has_results(stream));
	publish(0, "n");
	assert_int_equal(turns(1), 0);
	assert_false(stream_has_results(stream));
	assert_int_equal(lines_of("later"), 1);
	stream_result(stream, partition_of(slice_text("c2"), WORLD_PARTITIONS), slice_text("c2"),
		      slice_text("w"));
	now_ms += INTERVAL_MS - 1;
	assert_int_equal(turns(1), 0);
	assert_int_equal(lines_of("later"), 1);
	now_ms += 1;
	assert_int_equal(turns(1), 0);
	assert_int_equal(lines_of("later"), 2);
	die();
	yield = NULL;
}

/* A record every 60 ms; every eighth is one that somebody waits for. */
static int live(int from)
{
	int r = 0;

	for (int i = from; r == 0 && i < RECORDS; i++) {
		now_ms += 60;
		publish(i, i % 8 == 7 ? "u" : i % 3 ? "w" : "n");
		r = turns(2);
	}
	now_ms += INTERVAL_MS;
	return r == 0 ? turns(3) : r;
}

static void expect_all(void)
{
	size_t urgent = 0, patient = 0;

	for (int i = 0; i < RECORDS; i++) {
		urgent += i % 8 == 7;
		patient += i % 8 != 7 && i % 3 != 0;
	}
	assert_int_equal(all_records(), RECORDS + 1);
	assert_int_equal(lines_of("out"), urgent);
	assert_int_equal(lines_of("later"), patient);
}

static void killed_at_every_point(void **state)
{
	const struct stream_output *const says[] = {both, all_wait};
	volatile unsigned at, points;
	volatile int kind;
	int done;

	(void)state;
	for (kind = 0; kind < 4; kind++) {
		points = 1000;
		for (at = 1; at <= points; at++) {
			begin(says[kind % 2]);
			world.is_late = kind / 2;
			world.kill_in = at;
			if (setjmp(world.killed) == 0)
				assert_int_equal(live(0), 0);
			points = world.is_dead ? at + 1 : at;
			die();
			join();
			done = (int)(world.logs[world_topic("in")][0].count +
				     world.logs[world_topic("in")][1].count) -
			       1;
			assert_int_equal(turns(3), 0);
			assert_int_equal(live(done), 0);
			expect_all();
			die();
		}
		assert_true(at > 50);
	}
}

static void flushed_at_every_point(void **state)
{
	const struct stream_output *const says[] = {both, all_wait};

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		unsigned commands = 1000;

		for (unsigned at = 1; at <= commands; at++) {
			begin(says[kind % 2]);
			world.is_late = kind / 2;
			world.commands = 0;
			world.flush_in = at;
			assert_int_equal(live(0), 0);
			assert_int_equal(turns(3), 0);
			commands = world.commands;
			if (world.flush_in == 0) { /* all states may be gone from the index */
				for (int i = 0; i < CUSTOMERS; i++)
					publish(i, "n");
				for (int i = 0; i < 4; i++) {
					now_ms += INTERVAL_MS;
					assert_int_equal(turns(1), 0);
				}
				assert_int_equal(all_records(), RECORDS + 1 + CUSTOMERS);
			} else {
				expect_all();
			}
			die();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(after_quiet_nothing_waits),
	    cmocka_unit_test(what_sets_nothing_off_waits_for_the_interval),
	    cmocka_unit_test(what_somebody_waits_for_takes_the_rest_along),
	    cmocka_unit_test(a_timer_that_is_set_or_heard_does_not_wait),
	    cmocka_unit_test(who_says_nothing_urgent_reads_nothing_before),
	    cmocka_unit_test(much_to_do_does_not_wait),
	    cmocka_unit_test(many_records_are_not_put_off),
	    cmocka_unit_test(without_an_interval_nothing_waits),
	    cmocka_unit_test(results_go_along_with_the_next_batch),
	    cmocka_unit_test(killed_at_every_point),
	    cmocka_unit_test(flushed_at_every_point),
	};
	int r;

	setenv("LOG_LEVEL", "error", 1);
	log_open("test");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_begin(); /* frees its memory */
	return r;
}
