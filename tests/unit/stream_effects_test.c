/*
 * stream_effects_test.c - what leaves the process after a commit, and what came of it: over the real
 * loop, between a Kafka and a Redis in memory.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/stream/stream_internal.h"
#include "stream_world_beside.h"
#include "stream_world_kafka.h"
#include "stream_world_redis.h"

enum { FLIGHT_MAX = 8, LATE_MS = 20000 };

/* What a service has sent off and has no answer to. */
static struct {
	struct stream *stream;
	struct slice customers[FLIGHT_MAX];
	int32_t partitions[FLIGHT_MAX];
	size_t count;
	bool is_ready_when_taken_over;
} service;

/* A record is sent off once its intent is committed; the next owner sends again what was open. */
static int send_off(struct step *step, struct err *err)
{
	(void)err;
	if (step->kind == STEP_RESULT) {
		step_emit(step, 0, slice_text("sent"));
		step_store(step, slice_of(NULL, 0), NEVER_MS);
		return 0;
	}
	step_emit(step, STEP_EFFECT, slice_text("send"));
	step_store(step, slice_text("intended"), STEP_DUE_NEW_OWNER);
	return 0;
}

static int take_effects(void *context, struct stream *stream, struct err *err)
{
	struct stream_effect effect;

	(void)context, (void)err;
	while (stream_next_effect(stream, &effect)) {
		assert_true(service.count < FLIGHT_MAX);
		service.partitions[service.count] = effect.partition;
		service.customers[service.count++] = world_copy(effect.customer);
	}
	return 0;
}

static int hand_in_results(void *context, struct err *err)
{
	(void)context;
	for (size_t i = 0; i < service.count; i++)
		stream_result(service.stream, service.partitions[i], service.customers[i],
			      slice_text("250"));
	service.count = 0;
	return stream_begin(service.stream, -1, err) < 0
		   ? -1
		   : stream_decide(service.stream, send_off, err);
}

static int taken_over(void *context, int32_t partition, uint64_t owner, struct err *err)
{
	char reason[64];

	(void)context, (void)partition, (void)owner, (void)err;
	service.is_ready_when_taken_over = stream_ready(service.stream, reason, sizeof(reason));
	return 0;
}

static const struct stream_input inputs[] = {
    {"in", stream_identify_internal, .moves_misrouted = false}, {0}};
static const struct stream_output outputs[] = {{.topic = "out"}, {0}};
static const struct common_config config = {
    .brokers = "", .redis_url = "", .instance = "a", .topic_prefix = ""};
static const struct stream_options options = {.service = "sends",
					      .inputs = inputs,
					      .outputs = outputs,
					      .changelog = "log",
					      .config = &config,
					      .yield = hand_in_results,
					      .taken_over = taken_over,
					      .after_batch = take_effects};

static int begin(void **state)
{
	(void)state;
	world_begin();
	memset(&service, 0, sizeof(service));
	return 0;
}

static void join(const struct stream_options *with)
{
	struct err err;

	service.count = 0;
	assert_int_equal(stream_open(&service.stream, with, &err), 0);
	world.newest->wanted = 3;
}

static int batch(struct err *err)
{
	return stream_begin(service.stream, 0, err) < 0
		   ? -1
		   : stream_decide(service.stream, send_off, err);
}

static void work(void)
{
	struct err err;

	for (int i = 0; i < 4; i++)
		if (batch(&err) < 0)
			fail_msg("%s", err.text);
}

/* A record for another customer of partition 0. */
static void publish(void)
{
	static int last;
	struct slice customer;

	do
		customer = slice_text(arena_printf(&world.memory, "c%d", ++last));
	while (partition_of(customer, WORLD_PARTITIONS) != 0);
	world_publish("in", 0, customer);
}

/* How many records of a topic are committed. */
static int committed(const char *topic)
{
	const struct world_log *log = &world.logs[world_topic(topic)][0];
	int count = 0;

	for (int64_t i = 0; i < log->count; i++)
		count += log->records[i].committed;
	return count;
}

static void results_are_committed_before_partitions_go(void **state)
{
	(void)state;
	publish();
	join(&options);
	work();
	assert_int_equal(service.count, 1);
	assert_int_equal(committed("out"), 0);
	stream_close(&service.stream);
	assert_int_equal(committed("out"), 1);
}

/* One batch is sent off, and the clock is wrong for the next one, and right again afterwards. */
static void give_a_batch_up(struct err *why)
{
	publish();
	join(&options);
	world.broker_ms = clock_wall_ms();
	work();
	assert_int_equal(service.count, 1);
	publish();
	world.broker_ms = clock_wall_ms() - HOUR_MS;
	assert_int_equal(batch(why), -1);
	world.broker_ms = clock_wall_ms();
}

/*
 * A last batch would commit offsets behind the records of the one that was given up, and nobody
 * would decide them any more.
 */
static void nothing_is_committed_after_a_batch_that_was_given_up(void **state)
{
	struct err why;
	int in_log;

	(void)state;
	give_a_batch_up(&why);
	in_log = committed("log");
	stream_close(&service.stream);
	assert_int_equal(committed("out"), 0);
	assert_int_equal(committed("log"), in_log);
	assert_int_equal(world.committed[0].offset, 1);

	join(&options);
	work();
	assert_int_equal(service.count, 2);
	stream_close(&service.stream);
	assert_int_equal(committed("out"), 2);
	assert_int_equal(world.committed[0].offset, 2);
}

static void a_batch_after_it_is_refused_for_the_same_reason(void **state)
{
	struct err why, again;

	(void)state;
	give_a_batch_up(&why);
	assert_int_equal(hand_in_results(NULL, &again), -1);
	assert_string_equal(again.text, why.text);
	publish();
	assert_int_equal(batch(&again), -1);
	assert_string_equal(again.text, why.text);
	stream_close(&service.stream);
	assert_int_equal(world.committed[0].offset, 1);
}

/* Without yield() batches overlap, and effects would get lost in silence. */
static void an_effect_of_a_service_that_has_no_yield_aborts(void **state)
{
	struct stream_options without = options;
	int status = 0;
	pid_t child;

	(void)state;
	without.yield = NULL;
	publish();
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		join(&without);
		work();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* A restore that took long ends with an answer of Redis, and so does a commit. */
static void redis_is_up_after_whatever_it_answered(void **state)
{
	char reason[64];
	struct err err;

	(void)state;
	publish();
	join(&options);
	service.stream->redis_ok_ms -= LATE_MS;
	assert_int_equal(stream_begin(service.stream, 0, &err), 0);
	assert_int_equal(world.restores, WORLD_PARTITIONS);
	assert_true(service.is_ready_when_taken_over);
	service.stream->redis_ok_ms -= LATE_MS;
	assert_false(stream_ready(service.stream, reason, sizeof(reason)));
	assert_string_equal(reason, "Redis does not answer");
	assert_int_equal(stream_decide(service.stream, send_off, &err), 0);
	assert_true(stream_ready(service.stream, reason, sizeof(reason)));
	assert_int_equal(service.count, 1);
	stream_close(&service.stream);
}

static void ready_are_those_that_have_a_partition(void **state)
{
	char reason[64];

	(void)state;
	join(&options);
	assert_false(stream_ready(service.stream, reason, sizeof(reason)));
	assert_string_equal(reason, "no partition assigned");
	work();
	assert_true(stream_ready(service.stream, reason, sizeof(reason)));
	world.newest->wanted = 2;
	work();
	assert_true(stream_ready(service.stream, reason, sizeof(reason)));
	world.newest->wanted = 0;
	work();
	assert_false(stream_ready(service.stream, reason, sizeof(reason)));
	stream_close(&service.stream);
}

/* Event time: customer c17 comes at 17 ms. */
static int identify_by_number(struct slice key, struct slice value, bool want_time,
			      struct arena *arena, struct slice *ret_customer, int64_t *ret_time_ms,
			      struct err *err)
{
	(void)value, (void)want_time, (void)arena;
	*ret_customer = key;
	return text_int64(slice_of(key.bytes + 1, key.len - 1), 0, INT64_MAX, ret_time_ms, err);
}

static void hand_in_first(void)
{
	stream_result(service.stream, service.partitions[0], service.customers[0],
		      slice_text("250"));
	service.count = 0;
}

/* What it waits for is heard, and until then nothing counts as decided and no record is taken. */
static void a_held_partition_takes_nothing_but_results(void **state)
{
	static const struct stream_input timed[] = {
	    {"in", identify_by_number, .moves_misrouted = false}, {0}};
	static const struct common_config event_time = {.brokers = "",
							.redis_url = "",
							.instance = "a",
							.topic_prefix = "",
							.clock = CLOCK_EVENT};
	struct stream_options by_event = options;
	const struct partition *partition;
	struct err err;

	(void)state;
	by_event.inputs = timed;
	by_event.config = &event_time;
	publish();
	join(&by_event);
	partition = &service.stream->partitions[0];
	for (int i = 0; i < 4 && service.count == 0; i++)
		assert_int_equal(batch(&err), 0);
	assert_int_equal(service.count, 1);

	stream_hold(service.stream, 0, true);
	publish();
	work();
	assert_int_equal(service.count, 1);
	assert_int_equal(world.committed[0].offset, 1);
	hand_in_first();
	work();
	assert_int_equal(committed("out"), 1);
	assert_int_equal(service.count, 0);
	assert_true(partition->decided_ms < partition->bound_ms);

	stream_hold(service.stream, 0, false);
	assert_int_equal(batch(&err), 0);
	assert_int_equal(service.count, 1);
	assert_int_equal(world.committed[0].offset, 2);
	hand_in_first();
	work();
	assert_int_equal(partition->decided_ms, partition->bound_ms);
	stream_close(&service.stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(results_are_committed_before_partitions_go, begin),
	    cmocka_unit_test_setup(nothing_is_committed_after_a_batch_that_was_given_up, begin),
	    cmocka_unit_test_setup(a_batch_after_it_is_refused_for_the_same_reason, begin),
	    cmocka_unit_test_setup(an_effect_of_a_service_that_has_no_yield_aborts, begin),
	    cmocka_unit_test_setup(redis_is_up_after_whatever_it_answered, begin),
	    cmocka_unit_test_setup(ready_are_those_that_have_a_partition, begin),
	    cmocka_unit_test_setup(a_held_partition_takes_nothing_but_results, begin),
	};
	int r;

	setenv("LOG_LEVEL", "error", 1);
	log_open("test");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_begin(); /* frees its memory */
	return r;
}
