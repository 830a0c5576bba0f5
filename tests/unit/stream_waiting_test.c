/*
 * stream_waiting_test.c - records that wait take no more memory than they may: over the real loop,
 * on a Kafka in memory whose partitions can be paused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/process/log.h"
#include "common/stream/stream_internal.h"
#include "stream_numbers.h"

enum {
	LARGE_BYTES = 1 << 20,
	LARGE = 2 * (WAITING_BYTES >> 20), /* records of a full partition */
	SMALL = 40,
	CUSTOMERS = 50,
	ROOM = WAITING_BYTES / WORLD_PARTITIONS
};

static char large[LARGE_BYTES];

static void publish_to(int32_t partition, struct slice value, int count)
{
	int id = 0;

	for (int i = 0; i < count; id++) {
		struct slice customer =
		    slice_text(arena_printf(&world.memory, "c%d", id % CUSTOMERS));

		if (partition_of(customer, WORLD_PARTITIONS) != partition)
			continue;
		world_publish("in", partition, customer);
		world.logs[world_topic("in")][partition].records[i++].value = value;
		published[partition]++;
	}
}

static size_t waiting_bytes(const struct member *member, int32_t partition)
{
	return member->stream->partitions[partition].inputs[0].bytes;
}

/* A partition that is far behind is read in pieces, and nobody else has to wait for it. */
static void a_long_partition_is_read_in_pieces(void **state)
{
	struct member member;

	(void)state;
	publish_to(0, slice_of(large, sizeof(large)), LARGE);
	publish_to(1, slice_text("x"), SMALL);
	member = join(3);
	stream_limit(member.stream, 2);
	assert_int_equal(batch(&member), 0);
	assert_int_equal(member.kafka->paused, 1);
	assert_true(member.kafka->next[0] <= ROOM / LARGE_BYTES + 1);
	assert_int_equal(member.kafka->next[1], SMALL);
	for (int i = 0; i < 2 * LARGE; i++) {
		assert_int_equal(batch(&member), 0);
		assert_true(waiting_bytes(&member, 0) <= ROOM + 2 * LARGE_BYTES);
	}
	assert_int_equal(member.kafka->paused, 0);
	assert_int_equal(waiting_bytes(&member, 0), 0);
	expect_all();
	stream_close(&member.stream);
}

static int setup(void **state)
{
	(void)state;
	begin();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_long_partition_is_read_in_pieces, setup),
	};
	int r;

	setenv("LOG_LEVEL", "error", 1);
	log_open("test");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_begin(); /* frees its memory */
	return r;
}
