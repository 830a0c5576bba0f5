/* stream_batch_test.c - entries, the timers' heap, and how checkpoints are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/stream/batch.h"
#include "common/stream/checkpoint.h"
#include "common/stream/pace.h"

static void a_customer_has_one_entry_per_partition(void **state)
{
	struct arena arena = {0};
	struct batch batch;
	struct entry *first;

	(void)state;
	batch_start(&batch, &arena);
	first = batch_entry(&batch, 1, slice_text("ann"));
	assert_ptr_equal(batch_entry(&batch, 1, slice_text("ann")), first);
	assert_ptr_not_equal(batch_entry(&batch, 2, slice_text("ann")), first);
	for (int i = 0; i < 5000; i++) /* through several sizes of the table */
		batch_entry(&batch, 1, slice_text(arena_printf(&arena, "c%d", i)));
	assert_int_equal(batch.entry_count, 5002);
	assert_ptr_equal(batch_entry(&batch, 1, slice_text("ann")), first);
	arena_free(&arena);
}

static void timers_come_by_time_and_customer_without_the_stale(void **state)
{
	struct arena arena = {0};
	struct batch batch;
	int64_t last_ms = INT64_MIN;
	size_t count = 0;

	(void)state;
	srand(7);
	batch_start(&batch, &arena);
	for (int i = 0; i < 1000; i++) {
		struct entry *entry =
		    batch_entry(&batch, 0, slice_text(arena_printf(&arena, "c%03d", i)));

		entry->due_ms = rand() % 50;
		batch_arm(&batch, entry, entry->due_ms);
		if (i % 3 == 0) { /* moved: the old place must not come up */
			entry->due_ms = rand() % 50;
			entry->version++;
			batch_arm(&batch, entry, entry->due_ms);
		}
	}
	for (const struct timer *timer; (timer = batch_first_timer(&batch)); count++) {
		assert_true(timer->due_ms >= last_ms);
		assert_int_equal(timer->due_ms, timer->entry->due_ms);
		last_ms = timer->due_ms;
		batch_pop_timer(&batch);
	}
	assert_int_equal(count, 1000);
	arena_free(&arena);
}

static void states_of_one_customer_are_kept_in_one_place(void **state)
{
	struct arena arena = {0};
	struct batch batch;
	struct entry *entry;
	char text[30000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	batch_start(&batch, &arena);
	entry = batch_entry(&batch, 0, slice_text("ann"));
	entry->state = slice_text("as it was read");
	for (size_t len = 1; len <= sizeof(text); len++) {
		batch_keep(&batch, entry, slice_of(text, len));
		assert_true(slice_equal(entry->state, slice_of(text, len)));
	}
	batch_keep(&batch, entry, slice_of(entry->state.bytes + 26, 52)); /* a part of itself */
	assert_true(slice_equal(entry->state, slice_of(text, 52)));
	batch_keep(&batch, entry, slice_of(NULL, 0));
	assert_int_equal(entry->state.len, 0);
	/* Thirty thousand states of 15 KB on the average. */
	assert_true(arena_room(&arena) < 1000000);
	arena_free(&arena);
}

static void a_state_that_is_kept_is_its_customers_alone(void **state)
{
	struct arena arena = {0};
	struct batch batch;
	struct entry *ann, *bob;
	char text[] = "once and again and again and again",
	     long_one[] = "a state that is longer than any place that was made for the first";

	(void)state;
	batch_start(&batch, &arena);
	ann = batch_entry(&batch, 0, slice_text("ann"));
	bob = batch_entry(&batch, 0, slice_text("bob"));
	batch_keep(&batch, ann, slice_of(text, 4));
	batch_keep(&batch, bob, slice_of(text, sizeof(text) - 1));
	batch_keep(&batch, ann, slice_text(long_one));
	memset(text, '-', sizeof(text));
	memset(long_one, '-', sizeof(long_one)); /* what it was copied from may go */
	assert_true(slice_is(bob->state, "once and again and again and again"));
	assert_true(slice_is(ann->state,
			     "a state that is longer than any place that was made for the first"));
	arena_free(&arena);
}

static void slow_batches_become_shorter(void **state)
{
	size_t pace = PACE_FIRST;

	(void)state;
	for (int i = 0; i < 10; i++)
		pace = pace_next(pace, 10000, 10, true);
	assert_int_equal(pace, 10000);
	assert_int_equal(pace_next(pace, 10000, 10, true), 10000);
	assert_int_equal(pace_next(1000, 10000, 10, false), 1000);
	assert_int_equal(pace_next(1000, 10000, PACE_QUICK_MS, true), 1000);
	assert_int_equal(pace_next(1000, 10000, PACE_SLOW_MS, true), 1000);
	assert_int_equal(pace_next(1000, 10000, PACE_SLOW_MS + 1, false), 500);
	for (int i = 0; i < 20; i++)
		pace = pace_next(pace, 10000, 60000, true);
	assert_int_equal(pace, PACE_LEAST);
	assert_int_equal(pace_next(700, 1000, 10, true), 1000);
}

static void checkpoints_are_read_as_written_and_nothing_else(void **state)
{
	struct metadata written = {.number = UINT64_MAX,
				   .clock_ms = INT64_MIN,
				   .progress_ms = INT64_MAX,
				   .partitions = 6,
				   .misrouted_count = INT64_MAX,
				   .skips = {7, INT64_MAX},
				   .skip_count = 2,
				   .changelog_offset = -1};
	char text[KAFKA_METADATA_BYTES], again[KAFKA_METADATA_BYTES],
	    checkpoint[INDEX_CHECKPOINT_BYTES];
	struct metadata metadata;
	int64_t offset, wall_ms;
	uint64_t number;

	(void)state;
	metadata_write(text, &written);
	assert_true(metadata_read(text, &metadata));
	metadata_write(again, &metadata);
	assert_string_equal(again, text);
	/* The longest there is: as many producers as can be. */
	written.point = (struct merge_point){INT64_MAX, LANES_MAX - 1, INT64_MAX};
	for (; written.lane_count < LANES_MAX; written.lane_count++)
		written.lanes[written.lane_count] =
		    written.lane_count % 2 ? INT64_MIN : INT64_C(253402300799999);
	metadata_write(text, &written);
	assert_true(metadata_read(text, &metadata));
	assert_int_equal(metadata.lane_count, LANES_MAX);
	assert_memory_equal(metadata.lanes, written.lanes, sizeof(written.lanes));
	assert_true(metadata.point.time_ms == INT64_MAX && metadata.point.offset == INT64_MAX &&
		    metadata.point.lane == LANES_MAX - 1 && metadata.skip_count == 2);
	metadata_write(again, &metadata);
	assert_string_equal(again, text);
	assert_false(metadata_read("", &metadata));
	assert_false(metadata_read("by hand", &metadata));
	assert_false(metadata_read("1 2 3", &metadata));
	index_checkpoint_write(checkpoint, 42, -1, 1000, &(struct version_checkpoint){0});
	assert_true(index_checkpoint_read(checkpoint, &number, &offset, &wall_ms));
	assert_true(number == 42 && offset == -1 && wall_ms == 1000);
	index_checkpoint_restoring(checkpoint, 42);
	assert_false(index_checkpoint_read(checkpoint, &number, &offset, &wall_ms));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_customer_has_one_entry_per_partition),
	    cmocka_unit_test(timers_come_by_time_and_customer_without_the_stale),
	    cmocka_unit_test(states_of_one_customer_are_kept_in_one_place),
	    cmocka_unit_test(a_state_that_is_kept_is_its_customers_alone),
	    cmocka_unit_test(slow_batches_become_shorter),
	    cmocka_unit_test(checkpoints_are_read_as_written_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
