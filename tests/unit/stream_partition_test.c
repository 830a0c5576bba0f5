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

	partition_open(partition, inputs, NULL);
	partition->assigned = true;
	return partition;
}

static void free_partition(struct partition *partition)
{
	partition_close(partition);
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
	assert_int_equal(input_queue_progress(&partition->inputs[0]), 10);
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

/* A partition whose one input has so many producers. */
static struct partition *new_with_lanes(unsigned lanes)
{
	struct partition *partition = calloc(1, sizeof(*partition));

	partition_open(partition, 1, &lanes);
	partition->assigned = true;
	return partition;
}

static void arrive_of(struct partition *partition, unsigned lane, int64_t offset, int64_t time_ms,
		      bool is_tick)
{
	struct pending pending = {
	    .record = {.offset = offset, .is_tick = is_tick}, .time_ms = time_ms, .lane = lane};

	partition_push(partition, &pending);
}

static void event_time_waits_for_every_producer(void **state)
{
	struct partition *partition = new_with_lanes(3);

	(void)state;
	arrive_of(partition, 1, 0, 5, false);
	arrive_of(partition, 0, 1, 7, false);
	partition_take(partition, true, INT64_MAX, 100);
	assert_int_equal(partition->taken_count, 0);
	assert_true(partition_is_stuck(partition));
	arrive_of(partition, 2, 2, 6, true);
	assert_false(partition_is_stuck(partition));
	partition_take(partition, true, INT64_MAX, 100);
	expect_taken(partition, 1, (const int64_t[][2]){{0, 0}});
	/* The tick is taken, and the record that stands before it is not: it is read again. */
	assert_int_equal(partition->inputs[0].taken_offset, 1);
	assert_int_equal(partition_bound(partition), 5);
	arrive_of(partition, 1, 3, 8, true);
	arrive_of(partition, 2, 4, 8, true);
	partition_take(partition, true, INT64_MAX, 100);
	expect_taken(partition, 2, (const int64_t[][2]){{0, 0}, {0, 1}});
	assert_int_equal(partition->inputs[0].taken_offset, 5);
	assert_int_equal(input_queue_progress(&partition->inputs[0]), 7);
	free_partition(partition);
}

/* Whoever comes next holds the record before the offset against it: one without the other says that
 * the topic was made anew. */
static void a_stamp_is_that_of_the_record_before_the_offset(void **state)
{
	struct partition *partition = new_with_lanes(2);
	struct input_queue *queue = &partition->inputs[0];
	struct pending late = {
	    .record = {.offset = 7, .timestamp_ms = 107}, .time_ms = 9, .lane = 1};
	struct pending next = {.record = {.offset = 8, .timestamp_ms = 108}, .time_ms = 5};
	struct pending tick = {.record = {.offset = 10, .timestamp_ms = 110, .is_tick = true},
			       .time_ms = 20,
			       .lane = 1};

	(void)state;
	queue->stamp_ms = 106; /* of the owner before */
	queue->next_offset = queue->taken_offset = 7;
	partition_push(partition, &late);
	partition_push(partition, &next);
	partition_take(partition, true, INT64_MAX, 1);
	expect_taken(partition, 1, (const int64_t[][2]){{0, 8}});
	assert_int_equal(queue->taken_offset, 7); /* it waits, and what stands before it is known */
	assert_int_equal(queue->stamp_ms, 106);
	arrive_of(partition, 0, 9, 20, true);
	partition_take(partition, true, INT64_MAX, 2);
	expect_taken(partition, 2, (const int64_t[][2]){{0, 8}, {0, 7}});
	/* The tick behind it was taken first, and nobody has kept its stamp. */
	assert_int_equal(queue->taken_offset, 10);
	assert_int_equal(queue->stamp_ms, 0);
	partition_push(partition, &tick);
	partition_take(partition, true, INT64_MAX, 3);
	assert_int_equal(queue->taken_offset, 11);
	assert_int_equal(queue->stamp_ms, 110);
	free_partition(partition);
}

/* What three producers have written to one partition, each in time order. */
enum { WRITTEN = 60, WRITERS = 3 };
struct written {
	unsigned lane;
	int64_t time_ms;
	bool is_tick;
};

static void write_all(struct written written[WRITTEN])
{
	int64_t now_ms[WRITERS] = {0};

	for (int i = 0; i < WRITTEN; i++) {
		unsigned lane = (unsigned)rand() % WRITERS;

		now_ms[lane] += rand() % 3;
		written[i] = (struct written){lane, now_ms[lane], rand() % 4 == 0};
	}
	for (unsigned lane = 0; lane < WRITERS; lane++)
		written[WRITTEN - 1 - lane] = (struct written){lane, 1000, true};
}

/* The next owner knows what the last one committed, and reads again from the offset in it. */
static struct partition *take_over(struct partition *from)
{
	struct partition *to = new_with_lanes(WRITERS);
	const struct input_queue *was = &from->inputs[0];
	struct input_queue *queue = &to->inputs[0];

	queue->next_offset = queue->taken_offset = was->taken_offset;
	queue->point = was->point;
	queue->again_until = input_queue_end(was);
	for (unsigned k = 0; k < WRITERS; k++)
		queue->lanes[k].progress_ms = was->lanes[k].progress_ms;
	free_partition(from);
	return to;
}

static void check_order(const struct partition *partition, const struct written *written,
			int64_t *last, unsigned seen[WRITTEN])
{
	for (size_t i = 0; i < partition->taken_count; i++) {
		int64_t offset = partition->taken[i].record.offset;
		int64_t place =
		    (written[offset].time_ms * WRITERS + written[offset].lane) * WRITTEN + offset;

		assert_true(place > *last);
		*last = place;
		seen[offset]++;
	}
}

static void each_record_is_taken_once_whoever_takes_over(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 3000; seed++) {
		struct partition *partition = new_with_lanes(WRITERS);
		struct written written[WRITTEN];
		unsigned seen[WRITTEN] = {0};
		int64_t last = -1;
		int at = 0;

		srand(seed);
		write_all(written);
		while (at < WRITTEN) {
			for (int more = rand() % 8; more > 0 && at < WRITTEN; more--, at++)
				arrive_of(partition, written[at].lane, at, written[at].time_ms,
					  written[at].is_tick);
			partition_take(partition, true, INT64_MAX, (size_t)(1 + rand() % 4));
			check_order(partition, written, &last, seen);
			partition->taken_count = 0;
			if (rand() % 5 == 0 && partition->inputs[0].taken_offset >= 0) {
				partition = take_over(partition);
				at = (int)partition->inputs[0].taken_offset;
			}
		}
		partition_take(partition, true, INT64_MAX, WRITTEN);
		check_order(partition, written, &last, seen);
		for (int i = 0; i < WRITTEN; i++)
			assert_int_equal(seen[i], !written[i].is_tick);
		assert_int_equal(partition->inputs[0].taken_offset, WRITTEN);
		free_partition(partition);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(event_time_waits_for_every_producer),
	    cmocka_unit_test(a_stamp_is_that_of_the_record_before_the_offset),
	    cmocka_unit_test(each_record_is_taken_once_whoever_takes_over),
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
