/*
 * stream_arrived_test.c - a copy that we made ourselves arrived when the first one did: over the
 * real loop, between a Kafka and a Redis in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/stream/stream.h"
#include "stream_world_kafka.h"
#include "stream_world_redis.h"

#define TEN_OCLOCK_MS INT64_C(1700042400000)
enum { HEARD_MAX = 16 };

static int64_t heard_ms[HEARD_MAX];
static size_t heard;

static int hear(struct step *step, struct err *err)
{
	(void)err;
	assert_int_equal(partition_of(step->customer, step->partition_count), step->partition);
	assert_true(heard < HEARD_MAX);
	heard_ms[heard++] = step->arrived_ms;
	return 0;
}

static const struct stream_input inputs[] = {
    {"in", stream_identify_internal, .moves_misrouted = true}, {0}};
static const struct stream_output outputs[] = {{.topic = "out"}, {0}};
static const struct common_config config = {
    .brokers = "", .redis_url = "", .instance = "a", .topic_prefix = ""};
static const struct slice customer = {(const uint8_t *)"c1", 2};

static int begin(void **state)
{
	(void)state;
	world_begin();
	heard = 0;
	return 0;
}

static void work(void)
{
	const struct stream_options options = {.service = "hears",
					       .inputs = inputs,
					       .outputs = outputs,
					       .changelog = "log",
					       .config = &config};
	struct stream *stream;
	struct err err;

	assert_int_equal(stream_open(&stream, &options, &err), 0);
	world.newest->wanted = 3;
	for (int i = 0; i < 5; i++) {
		if (stream_begin(stream, 0, &err) < 0 || stream_decide(stream, hear, &err) < 0)
			fail_msg("%s", err.text);
	}
	stream_close(&stream);
}

static struct world_record *publish(int32_t partition, int64_t stamped_ms, const char *arrived)
{
	struct world_record *record =
	    world_append(world_topic("in"), partition, customer, slice_text("x"));

	record->committed = true;
	record->stamped_ms = stamped_ms;
	if (arrived)
		record->arrived = slice_text(arena_text(&world.memory, arrived));
	return record;
}

static int32_t home(void)
{
	return partition_of(customer, WORLD_PARTITIONS);
}

static void what_was_moved_arrived_where_it_was(void **state)
{
	(void)state;
	publish(1 - home(), TEN_OCLOCK_MS, NULL);
	world.copied_ms = TEN_OCLOCK_MS + HOUR_MS;
	work();
	assert_int_equal(heard, 1);
	assert_int_equal(heard_ms[0], TEN_OCLOCK_MS);
}

/* A copy that is moved once more still came when the first one did. */
static void what_was_copied_and_moved_arrived_first(void **state)
{
	(void)state;
	publish(1 - home(), TEN_OCLOCK_MS + HOUR_MS, "1700042400000");
	world.copied_ms = TEN_OCLOCK_MS + 2 * HOUR_MS;
	work();
	assert_int_equal(heard, 1);
	assert_int_equal(heard_ms[0], TEN_OCLOCK_MS);
}

static void a_header_never_makes_newer(void **state)
{
	static const char *const headers[] = {
	    "1700046000000", "9223372036854775807", "0", "-5", "", "ten",
	    "17000424000x",  "99999999999999999999"};

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		publish(home(), TEN_OCLOCK_MS, headers[i]);
	publish(home(), TEN_OCLOCK_MS + 5 * MINUTE_MS, "1700042400000");
	work();
	assert_int_equal(heard, sizeof(headers) / sizeof(*headers) + 1);
	for (size_t i = 0; i < heard; i++)
		assert_int_equal(heard_ms[i], TEN_OCLOCK_MS);
}

/* A stamp of the future (the broker's clock is ahead) says that it came by now; so does its
 * copy. */
static void a_stamp_of_the_future_came_by_now(void **state)
{
	int64_t before_ms = clock_wall_ms(), far_ms = before_ms + 24 * HOUR_MS;

	(void)state;
	publish(1 - home(), far_ms, NULL);
	world.copied_ms = far_ms + MINUTE_MS;
	work();
	assert_int_equal(heard, 1);
	assert_in_range(heard_ms[0], before_ms, clock_wall_ms());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_was_moved_arrived_where_it_was, begin),
	    cmocka_unit_test_setup(what_was_copied_and_moved_arrived_first, begin),
	    cmocka_unit_test_setup(a_header_never_makes_newer, begin),
	    cmocka_unit_test_setup(a_stamp_of_the_future_came_by_now, begin),
	};

	int r;

	setenv("LOG_LEVEL", "error", 1);
	log_open("test");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_begin(); /* frees its memory */
	return r;
}
