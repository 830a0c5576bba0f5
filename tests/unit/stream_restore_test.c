/*
 * stream_restore_test.c - a restore in slices, several of them under way: whatever the number of
 * states, all of them are in the index, each the newest one; over the real loop, between a Kafka and
 * a Redis in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/hash.h"
#include "common/io/process/log.h"
#include "common/stream/restore_writes.h"
#include "common/stream/stream_internal.h"
#include "stream_world_beside.h"
#include "stream_world_kafka.h"
#include "stream_world_redis.h"

enum { SLICE = 3 };

/* Each record is the customer's next version. */
static int count_up(struct step *step, struct err *err)
{
	char *text;

	(void)err;
	if (step->kind != STEP_RECORD)
		return 0;
	/* In the arena: whoever asked reads it when this function has returned. */
	text = arena_printf(step->arena, "%d",
			    step->state.len ? atoi((const char *)step->state.bytes) + 1 : 1);
	step_store(step, slice_of(text, strlen(text) + 1), NEVER_MS);
	return 0;
}

static const struct stream_input inputs[] = {
    {"in", stream_identify_internal, .moves_misrouted = false}, {0}};
static const struct stream_output outputs[] = {{0}};
static const struct common_config config = {
    .brokers = "", .redis_url = "", .instance = "a", .topic_prefix = ""};
static const struct stream_options options = {.service = "counts",
					      .inputs = inputs,
					      .outputs = outputs,
					      .changelog = "log",
					      .config = &config};

static int begin(void **state)
{
	(void)state;
	world_begin();
	return 0;
}

static struct stream *join(void)
{
	struct stream *stream;
	struct err err;

	assert_int_equal(stream_open(&stream, &options, &err), 0);
	stream->restore_slice = SLICE;
	world.newest->wanted = 3; /* both partitions */
	return stream;
}

static int try_batch(struct stream *stream, struct err *err)
{
	if (stream_begin(stream, 0, err) < 0 || stream_decide(stream, count_up, err) < 0)
		return -1;
	return stream_pass_on(stream, err);
}

static void batch(struct stream *stream)
{
	struct err err;

	if (try_batch(stream, &err) < 0)
		fail_msg("%s", err.text);
}

/* So many customers of a partition, each `versions` times. */
static void publish(int32_t partition, unsigned customers, unsigned versions)
{
	char name[24];

	for (unsigned n = 0; n < versions; n++) {
		for (unsigned i = 0, found = 0; found < customers; i++) {
			struct slice customer =
			    slice_of(name, (size_t)snprintf(name, sizeof(name), "c%u", i));

			if (partition_of(customer, WORLD_PARTITIONS) != partition)
				continue;
			world_publish("in", partition, customer);
			found++;
		}
	}
}

/* The index of the partition is whole. */
static void expect(const struct stream *stream, int32_t partition, unsigned customers,
		   const char *version)
{
	const struct world_index *in = &world.index[partition];
	unsigned count = 0;

	assert_true(stream->partitions[partition].index_valid);
	assert_string_equal(in->checkpoint, stream->partitions[partition].checkpoint);
	for (size_t i = 0; i < in->count; i++) {
		assert_string_equal((const char *)in->entries[i].state.bytes, version);
		count++;
	}
	assert_int_equal(count, customers);
}

/* All that there is is decided, and forgotten by Redis. */
static void forget(void)
{
	struct stream *stream = join();

	for (int i = 0; i < 20; i++)
		batch(stream);
	stream_close(&stream);
	memset(world.index, 0, sizeof(world.index));
	world.writes = 0;
}

static unsigned slices_of(unsigned customers)
{
	/* A full slice goes at once; the last one sets the checkpoint, and may be empty. */
	return customers / SLICE + 1;
}

static void restore(unsigned first, unsigned second)
{
	struct stream *stream;

	begin(NULL);
	publish(0, first, 1);
	publish(1, second, 1);
	forget();
	stream = join();
	batch(stream);
	assert_int_equal(world.restores, 2 * WORLD_PARTITIONS);
	/* Behind them each partition's earliest timer may be asked for, which is a write of nothing. */
	assert_true(world.writes >= slices_of(first) + slices_of(second));
	expect(stream, 0, first, "1");
	expect(stream, 1, second, "1");
	stream_close(&stream);
}

/* Also of none; the last record may be the last of a slice or the first of one. */
static void of_any_number_of_slices(void **state)
{
	const unsigned counts[] = {0,         1,         SLICE - 1,     SLICE,
				   SLICE + 1, 2 * SLICE, 2 * SLICE + 1, 3 * SLICE - 1};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		for (size_t k = 0; k < sizeof(counts) / sizeof(*counts); k++)
			restore(counts[i], counts[k]);
}

/* More of them than may be under way: the ring goes round. */
static void of_more_slices_than_are_under_way(void **state)
{
	(void)state;
	restore(SLICE * RESTORE_UNDER_WAY, 1);
	restore(SLICE * (RESTORE_UNDER_WAY + 1), 2 * SLICE);
	restore(SLICE * 2 * RESTORE_UNDER_WAY + 1, SLICE * RESTORE_UNDER_WAY + 2);
}

/* In the same slice, and in slices that are far from each other. */
static void of_the_newest_states(void **state)
{
	struct stream *stream;

	(void)state;
	publish(0, SLICE, 1);
	publish(1, 4 * SLICE + 1, 1);
	forget();
	memset(world.index, 0, sizeof(world.index));
	publish(0, SLICE, 2);
	publish(1, 4 * SLICE + 1, 2);
	forget();
	stream = join();
	batch(stream);
	expect(stream, 0, SLICE, "3");
	expect(stream, 1, 4 * SLICE + 1, "3");
	stream_close(&stream);
}

/* An answer that is none, to each of the slices: the service ends, and the next one restores all. */
static void again_after_an_error(void **state)
{
	const unsigned first = SLICE * (RESTORE_UNDER_WAY + 2), second = SLICE + 1;
	const unsigned slices = slices_of(first) + slices_of(second);
	struct stream *stream;
	struct err err;

	(void)state;
	for (unsigned at = 1; at <= slices; at++) {
		begin(NULL);
		publish(0, first, 1);
		publish(1, second, 1);
		forget();
		stream = join();
		world.fail_in = at;
		assert_int_equal(try_batch(stream, &err), -1);
		assert_string_equal(err.text, "an error instead of an answer");
		stream_close(&stream);
		stream = join();
		batch(stream);
		expect(stream, 0, first, "1");
		expect(stream, 1, second, "1");
		stream_close(&stream);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(of_any_number_of_slices, begin),
	    cmocka_unit_test_setup(of_more_slices_than_are_under_way, begin),
	    cmocka_unit_test_setup(of_the_newest_states, begin),
	    cmocka_unit_test_setup(again_after_an_error, begin),
	};

	log_open("test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
