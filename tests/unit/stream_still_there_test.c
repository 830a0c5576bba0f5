/*
 * stream_still_there_test.c - what is remembered of a topic is held against
 * what is there, and this machine's clock against the brokers': over the real
 * loop, between a Kafka and a Redis in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/process/metrics.h"
#include "common/stream/clock_check.h"
#include "common/stream/only.h"
#include "stream_numbers.h"

static void work_once(void)
{
	struct member member;

	begin();
	publish(0, 20);
	member = join(3);
	work(&member);
	die(&member);
}

/* The first batch of a new member fails with this kind, and says so. */
static void expect_refusal(enum err_kind kind, const char *words)
{
	struct member member = join(3);
	struct err err;

	assert_int_equal(stream_begin(member.stream, 0, &err), -1);
	assert_int_equal(err.kind, kind);
	if (!strstr(err.text, words))
		fail_msg("expected \"%s\" in: %s", words, err.text);
	die(&member);
}

static void remember(int partition, void (*change)(struct metadata *))
{
	struct metadata metadata;

	assert_true(metadata_read(world.committed[partition].metadata, &metadata));
	change(&metadata);
	metadata_write(world.committed[partition].metadata, &metadata);
}

static void by_three(struct metadata *metadata)
{
	metadata->partitions = 3;
}

static void by_nobody_knows(struct metadata *metadata)
{
	metadata->partitions = 0;
	metadata->changelog_offset = -1;
	metadata->stamp_ms = 0;
}

static void another_number_of_partitions_is_refused_by_all(void **state)
{
	struct member member;

	(void)state;
	work_once();
	remember(1, by_three);
	expect_refusal(ERR_CONFIG, "nurturectl repartition");
	/* Also by a member that does not get the partition that remembers it. */
	member = join(1);
	assert_int_equal(batch(&member), -1);
	die(&member);
	remember(1, by_nobody_knows);
	member = join(3);
	work(&member);
	die(&member);
	expect_all();
}

static void a_checkpoint_remembers_the_number_too(void **state)
{
	struct member member;
	struct world_log *log;

	(void)state;
	work_once();
	for (int p = 0; p < WORLD_PARTITIONS; p++)
		world.committed[p] = (struct kafka_position){.partition = p, .offset = -1};
	member = join(3);
	work(&member); /* the group has forgotten: the changelog has not */
	die(&member);
	log = &world.logs[world_topic("log")][0];
	for (int64_t i = 0; i < log->count; i++) {
		Nurture__V1__PartitionCheckpoint *checkpoint;

		if (!slice_equal(log->records[i].key, checkpoint_key()))
			continue;
		checkpoint = nurture__v1__partition_checkpoint__unpack(
		    NULL, log->records[i].value.len, log->records[i].value.bytes);
		assert_int_equal(checkpoint->partitions, WORLD_PARTITIONS);
		checkpoint->partitions = 7;
		log->records[i].value.bytes = arena_alloc(&world.memory, 200);
		log->records[i].value.len = nurture__v1__partition_checkpoint__pack(
		    checkpoint, (uint8_t *)(uintptr_t)log->records[i].value.bytes);
		nurture__v1__partition_checkpoint__free_unpacked(checkpoint, NULL);
	}
	world.committed[0] = (struct kafka_position){.partition = 0, .offset = -1};
	memset(world.index, 0, sizeof(world.index));
	expect_refusal(ERR_CONFIG, "decided by 7");
}

static void a_topic_that_ends_before_us_was_made_anew(void **state)
{
	(void)state;
	work_once();
	world.logs[world_topic("in")][0].count = 2;
	expect_refusal(ERR_CONFIG, "made anew");
	/* The group's offsets go with the topic: then the changelog remembers them. */
	for (int p = 0; p < WORLD_PARTITIONS; p++)
		world.committed[p] = (struct kafka_position){.partition = p, .offset = -1};
	expect_refusal(ERR_CONFIG, "nurturectl accept");
}

/* It has grown beyond the offset again: what stands before it is another record. */
static void a_topic_with_other_records_was_made_anew(void **state)
{
	struct member member;

	(void)state;
	begin();
	world.stamp_ms = 1800000000000;
	publish(0, 20);
	member = join(3);
	work(&member);
	die(&member);
	publish(20, 40);
	member = join(3);
	work(&member);
	die(&member);
	expect_all();
	world.stamp_ms += 1;
	expect_refusal(ERR_CONFIG, "now one of 2027-01-15T08:00:00.001Z");
}

static void a_changelog_that_ends_before_us_was_emptied(void **state)
{
	(void)state;
	work_once();
	world.logs[world_topic("log")][1].count = 0;
	expect_refusal(ERR_CONFIG, "it was emptied");
	memset(world.index, 0, sizeof(world.index));
	expect_refusal(ERR_CONFIG, "it was emptied");
}

/* One batch at the broker's time; what became of it. */
static int batch_at(int64_t broker_ms, struct err *err)
{
	struct member member;
	int r;

	begin();
	publish(0, 20);
	member = join(3);
	world.broker_ms = broker_ms;
	r = stream_begin(member.stream, 0, err);
	if (r == 0)
		r = stream_decide(member.stream, take_number, err);
	die(&member);
	world.broker_ms = 0;
	member = join(3);
	work(&member);
	die(&member);
	expect_all(); /* as if the batch had never been, or once */
	return r;
}

static void a_batch_of_an_implausible_time_is_given_up(void **state)
{
	int64_t now_ms = clock_wall_ms();
	struct err err;

	(void)state;
	assert_int_equal(batch_at(now_ms, &err), 0);
	assert_int_equal(batch_at(now_ms + CLOCK_TOLERANCE_MS / 2, &err), 0);
	assert_int_equal(batch_at(now_ms - CLOCK_TOLERANCE_MS / 2, &err), 0);
	assert_int_equal(batch_at(now_ms - DAY_MS, &err), -1);
	assert_int_equal(err.kind, ERR_ENVIRONMENT);
	assert_non_null(strstr(err.text, "this machine's clock says"));
	assert_int_equal(batch_at(now_ms + DAY_MS, &err), -1);
}

static void ahead_of_now(struct metadata *metadata)
{
	metadata->clock_ms = clock_wall_ms() + DAY_MS;
}

static void a_partition_whose_clock_is_ahead_is_not_decided(void **state)
{
	(void)state;
	work_once();
	remember(0, ahead_of_now);
	expect_refusal(ERR_ENVIRONMENT, "nurturectl clock");
}

static void clocks_are_compared(void **state)
{
	const int64_t tolerance = CLOCK_TOLERANCE_MS, t = 1800000000000;
	struct err err;

	(void)state;
	assert_int_equal(clock_check(t, t + 10, t + 5, &err), 0);
	assert_int_equal(clock_check(t, t + 10, t - tolerance, &err), 0);
	assert_int_equal(clock_check(t, t + 10, t - tolerance - 1, &err), -1);
	assert_int_equal(clock_check(t, t + 10, t + 10 + tolerance, &err), 0);
	assert_int_equal(clock_check(t, t + 10, t + 11 + tolerance, &err), -1);
	/* Stopped for an hour between the two: no fault of the clock. */
	assert_int_equal(clock_check(t, t + HOUR_MS, t + HOUR_MS / 2, &err), 0);
	/* A machine that booted in 1970. */
	assert_int_equal(clock_check(1000, 2000, t, &err), -1);
	assert_non_null(strstr(err.text, "1970-01-01T00:00:02"));
	assert_int_equal(clock_check_drift(t + 500, 600, t, 100, &err), 0);
	assert_int_equal(clock_check_drift(t + 501 + tolerance, 600, t, 100, &err), -1);
	assert_int_equal(clock_check_drift(t + 499 - tolerance, 600, t, 100, &err), -1);
	assert_int_equal(clock_check_partition(3, INT64_MIN, t, &err), 0);
	assert_int_equal(clock_check_partition(3, t + tolerance, t, &err), 0);
	assert_int_equal(clock_check_partition(3, t + tolerance + 1, t, &err), -1);
	assert_non_null(strstr(err.text, "partition 3"));
}

static void skip_the_third(struct metadata *metadata)
{
	metadata->skips[metadata->skip_count++] = 2;
}

/* Passed over by who it is told to, and by nobody after: the others are decided as ever. */
static void a_record_is_passed_over_when_somebody_says_so(void **state)
{
	struct member member;
	struct metadata metadata;

	(void)state;
	begin();
	member = join(3);
	work(&member);
	die(&member);
	metadata = (struct metadata){.number = 0,
				     .clock_ms = INT64_MIN,
				     .progress_ms = INT64_MIN,
				     .decided_ms = INT64_MIN,
				     .changelog_offset = -1};
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		world.committed[p] = (struct kafka_position){.partition = p, .offset = 0};
		metadata_write(world.committed[p].metadata, &metadata);
	}
	remember(0, skip_the_third);
	publish(0, 40);
	published[0]--;
	member = join(3);
	work(&member);
	die(&member);
	expect_all();
	assert_true(metadata_read(world.committed[0].metadata, &metadata));
	assert_int_equal(metadata.skip_count, 0); /* it lies behind */
}

static void a_copy_is_for_those_it_names(void **state)
{
	static const struct slice others = {(const uint8_t *)"segmenter scheduler", 19};
	static const struct slice ours = {(const uint8_t *)"segmenter numbers", 17};
	struct member member;

	(void)state;
	begin();
	publish(0, 20);
	world.logs[world_topic("in")][0].records[1].only = &others;
	world.logs[world_topic("in")][0].records[2].only = &ours;
	published[0]--;
	member = join(3);
	work(&member);
	die(&member);
	expect_all();
	assert_true(only_names(ours, "segmenter"));
	assert_false(only_names(ours, "number"));
	assert_false(only_names(ours, "umbers"));
	assert_true(only_names(slice_of(NULL, 0), "numbers"));
}

static void what_stands_with_the_offsets_is_read_in_both_forms(void **state)
{
	const struct metadata written = {.number = 7,
					 .clock_ms = -5,
					 .progress_ms = INT64_MIN,
					 .decided_ms = INT64_MAX,
					 .partitions = 12,
					 .stamp_ms = 1800000000000,
					 .changelog_offset = 99};
	char text[KAFKA_METADATA_BYTES], again[KAFKA_METADATA_BYTES];
	struct metadata read;

	(void)state;
	metadata_write(text, &written);
	assert_true(metadata_read(text, &read));
	metadata_write(again, &read);
	assert_string_equal(again, text);
	assert_true(metadata_read("7 -5 3 4", &read));
	assert_int_equal(read.partitions, 0);
	assert_int_equal(read.changelog_offset, -1);
	assert_false(metadata_read("7 -5 3", &read));
}

static void what_changes_nothing_is_counted(void **state)
{
	struct buf text = BUF_MAX(1 << 20);

	(void)state;
	ignored = STEP_IGNORED_OLD;
	work_once();
	ignored = STEP_HEARD;
	work_once();
	metrics_text(&text);
	assert_non_null(
	    strstr(text.bytes, "nurture_ignored_records_total{reason=\"older_than_memory\"} 20\n"));
	assert_non_null(strstr(text.bytes, "nurture_ignored_records_total{reason=\"erased\"} 0\n"));
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(another_number_of_partitions_is_refused_by_all),
	    cmocka_unit_test(a_checkpoint_remembers_the_number_too),
	    cmocka_unit_test(a_topic_that_ends_before_us_was_made_anew),
	    cmocka_unit_test(a_topic_with_other_records_was_made_anew),
	    cmocka_unit_test(a_changelog_that_ends_before_us_was_emptied),
	    cmocka_unit_test(a_batch_of_an_implausible_time_is_given_up),
	    cmocka_unit_test(a_partition_whose_clock_is_ahead_is_not_decided),
	    cmocka_unit_test(what_changes_nothing_is_counted),
	    cmocka_unit_test(clocks_are_compared),
	    cmocka_unit_test(a_record_is_passed_over_when_somebody_says_so),
	    cmocka_unit_test(a_copy_is_for_those_it_names),
	    cmocka_unit_test(what_stands_with_the_offsets_is_read_in_both_forms),
	};
	int r;

	setenv("LOG_LEVEL", "error", 1);
	log_open("test");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_begin(); /* frees its memory */
	return r;
}
