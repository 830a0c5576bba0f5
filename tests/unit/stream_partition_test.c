/* stream_partition_test.c - the merge of event time: who may be taken, and what must wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/stream/partition.h"

static struct partition *new_partition(unsigned inputs)
{
	struct partition *partition = calloc(1, sizeof(*partition));

	partition->input_count = inputs;
	partition_clear(partition);
	partition->assigned = true;
	return partition;
}

static void free_partition(struct partition *partition)
{
	partition_clear(partition);
	free(partition->taken);
	free(partition);
}

static void arrive(struct partition *partition, unsigned input, int64_t offset, int64_t time_ms)
{
	struct pending pending = {.record = {.input = input, .offset = offset}, .time_ms = time_ms};

	partition_push(partition, &pending);
}

static void arrive_tick(struct partition *partition, unsigned input, int64_t offset,
			int64_t time_ms)
{
	struct pending pending = {.record = {.input = input, .offset = offset, .is_tick = true},
				  .time_ms = time_ms};

	partition_push(partition, &pending);
}

static void expect_taken(const struct partition *partition, size_t count,
			 const int64_t (*expected)[2])
{
	assert_int_equal(partition->taken_count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(partition->taken[i].record.input, expected[i][0]);
		assert_int_equal(partition->taken[i].record.offset, expected[i][1]);
	}
}

static void one_input_waits_for_nobody(void **state)
{
	struct partition *partition = new_partition(1);

	(void)state;
	arrive(partition, 0, 10, 5);
	arrive(partition, 0, 11, 7);
	partition_take(partition, true, INT64_MAX, 100);
	expect_taken(partition, 2, (const int64_t[][2]){{0, 10}, {0, 11}});
	/* Another record of time 7 may come: timers of 7 must wait, those before must not. */
	assert_int_equal(partition_bound(partition), 7);
	assert_int_equal(partition->inputs[0].taken_offset, 12);
	free_partition(partition);
}

/* A publisher that sends again puts older records behind newer ones. */
static void a_late_record_holds_nobody_up(void **state)
{
	struct partition *partition = new_partition(1);

	(void)state;
	arrive(partition, 0, 10, 7);
	arrive(partition, 0, 11, 5);
	arrive(partition, 0, 12, 6);
	assert_int_equal(partition_reach(partition, 2), 7);
	partition_take(partition, true, partition_reach(partition, 2), 2);
	expect_taken(partition, 2, (const int64_t[][2]){{0, 10}, {0, 11}});
	free_partition(partition);
}

static void an_input_that_has_not_shown_itself_holds_the_other(void **state)
{
	struct partition *partition = new_partition(2);

	(void)state;
	arrive(partition, 0, 1, 5);
	partition_take(partition, true, INT64_MAX, 100);
	expect_taken(partition, 0, NULL);
	arrive_tick(partition, 1, 1, 5);
	partition_take(partition, true, INT64_MAX, 100);
	/* Of one instant the first input comes first, so nothing of input 1 can come before it. */
	expect_taken(partition, 1, (const int64_t[][2]){{0, 1}});
	assert_true(partition->touched);
	free_partition(partition);
}

static void the_second_input_waits_for_the_first_within_an_instant(void **state)
{
	struct partition *partition = new_partition(2);

	(void)state;
	arrive(partition, 1, 1, 5);
	arrive_tick(partition, 0, 1, 5);
	partition_take(partition, true, INT64_MAX, 100);
	expect_taken(partition, 0, NULL); /* input 0 may still bring one of time 5 */
	arrive(partition, 0, 2, 5);
	arrive_tick(partition, 0, 3, 6);
	partition_take(partition, true, INT64_MAX, 100);
	expect_taken(partition, 2, (const int64_t[][2]){{0, 2}, {1, 1}});
	assert_int_equal(partition_bound(partition), 5);
	free_partition(partition);
}

static void records_merge_by_time_then_input_then_offset(void **state)
{
	struct partition *partition = new_partition(2);

	(void)state;
	arrive(partition, 1, 1, 3);
	arrive(partition, 1, 2, 5);
	arrive(partition, 0, 1, 4);
	arrive(partition, 0, 2, 5);
	arrive_tick(partition, 0, 3, 9);
	arrive_tick(partition, 1, 3, 9);
	partition_take(partition, true, INT64_MAX, 100);
	expect_taken(partition, 4, (const int64_t[][2]){{1, 1}, {0, 1}, {0, 2}, {1, 2}});
	assert_int_equal(partition_bound(partition), 9);
	free_partition(partition);
}

static void a_late_record_counts_as_coming_now(void **state)
{
	struct partition *partition = new_partition(1);

	(void)state;
	arrive(partition, 0, 1, 10);
	arrive(partition, 0, 2, 4);
	partition_take(partition, true, INT64_MAX, 100);
	assert_int_equal(partition->inputs[0].progress_ms, 10);
	assert_int_equal(partition->taken[1].time_ms, 4); /* and keeps its own time */
	free_partition(partition);
}

static void a_horizon_and_a_maximum_end_a_batch(void **state)
{
	struct partition *partition = new_partition(1);

	(void)state;
	for (int i = 0; i < 10; i++)
		arrive(partition, 0, i, i);
	partition_take(partition, true, 6, 4);
	assert_int_equal(partition->taken_count, 4);
	assert_int_equal(partition_bound(partition), 4);
	pending_drop(partition->taken, partition->taken_count);
	partition->taken_count = 0;
	partition_take(partition, true, 6, 100);
	assert_int_equal(partition->taken_count, 3);
	assert_int_equal(partition_bound(partition), 7);
	free_partition(partition);
}

static void a_batch_stays_within_reach(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 2000; seed++) {
		struct partition *partition = new_partition(1 + seed % 3);
		int64_t time[3] = {0, 0, 0}, reach;

		srand(seed);
		for (int i = 0; i < 30; i++) {
			unsigned input = (unsigned)rand() % partition->input_count;

			time[input] += rand() % 4;
			(rand() % 4 ? arrive : arrive_tick)(partition, input, i, time[input]);
		}
		reach = partition_reach(partition, 5);
		partition_take(partition, true, reach, 5);
		/* Nothing was taken that the timers asked for do not cover. */
		for (size_t k = 0; k < partition->taken_count; k++)
			assert_true(partition->taken[k].time_ms <= reach);
		for (size_t k = 1; k < partition->taken_count; k++)
			assert_true(partition->taken[k - 1].time_ms <= partition->taken[k].time_ms);
		free_partition(partition);
	}
}

static void wall_time_takes_what_is_there(void **state)
{
	struct partition *partition = new_partition(2);

	(void)state;
	arrive(partition, 1, 1, 9);
	arrive(partition, 0, 1, 99);
	partition_take(partition, false, INT64_MAX, 100);
	expect_taken(partition, 2, (const int64_t[][2]){{0, 1}, {1, 1}});
	free_partition(partition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_input_waits_for_nobody),
	    cmocka_unit_test(a_late_record_holds_nobody_up),
	    cmocka_unit_test(an_input_that_has_not_shown_itself_holds_the_other),
	    cmocka_unit_test(the_second_input_waits_for_the_first_within_an_instant),
	    cmocka_unit_test(records_merge_by_time_then_input_then_offset),
	    cmocka_unit_test(a_late_record_counts_as_coming_now),
	    cmocka_unit_test(a_horizon_and_a_maximum_end_a_batch),
	    cmocka_unit_test(a_batch_stays_within_reach),
	    cmocka_unit_test(wall_time_takes_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
