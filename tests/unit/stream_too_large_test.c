/*
 * stream_too_large_test.c - an answer that no topic takes is set aside with its
 * record, and the loop goes on: over the real loop in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/process/log.h"
#include "common/stream/step_size.h"
#include "stream_numbers.h"

static struct slice bytes(struct arena *arena, size_t count)
{
	return slice_of(arena_zalloc(arena, count), count);
}

static void begin_step(struct step *step, enum step_kind kind, struct arena *arena)
{
	*step = (struct step){.kind = kind, .arena = arena, .customer = slice_text("ann")};
	step_prepare(step);
}

static void every_part_of_an_answer_counts(void **state)
{
	const size_t max = 200000;
	struct arena arena = {0};
	struct step step;
	struct err err;

	(void)state;
	begin_step(&step, STEP_RECORD, &arena);
	assert_int_equal(step_fits(&step, max, &err), 0);
	step_store(&step, bytes(&arena, max / 2), NEVER_MS);
	assert_int_equal(step_fits(&step, max, &err), 0);
	/* A record leaves room; a timer may use it. */
	step_store(&step, bytes(&arena, max - 1000), NEVER_MS);
	assert_int_equal(step_fits(&step, max, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "what is known of the customer"));
	step.kind = STEP_TIMER;
	assert_int_equal(step_fits(&step, max, &err), 0);
	step_store(&step, bytes(&arena, max), NEVER_MS);
	assert_int_equal(step_fits(&step, max, &err), -1);
	begin_step(&step, STEP_RECORD, &arena);
	step_emit(&step, 0, bytes(&arena, 10));
	step_emit(&step, 1, bytes(&arena, max));
	assert_int_equal(step_fits(&step, max, &err), -1);
	assert_non_null(strstr(err.text, "what follows from it"));
	/* An effect never becomes a record. */
	begin_step(&step, STEP_RECORD, &arena);
	step_emit(&step, STEP_EFFECT, bytes(&arena, max));
	assert_int_equal(step_fits(&step, max, &err), 0);
	begin_step(&step, STEP_RECORD, &arena);
	step_store_shared(&step, bytes(&arena, max));
	assert_int_equal(step_fits(&step, max, &err), -1);
	begin_step(&step, STEP_RECORD, &arena);
	step.customer = bytes(&arena, max);
	step_store(&step, bytes(&arena, 1), NEVER_MS);
	assert_int_equal(step_fits(&step, max, &err), -1);
	arena_free(&arena);
}

/* Of customer c1 everything is too large, of all others nothing. */
static int grow_one(struct step *step, struct err *err)
{
	bool grows = slice_equal(step->customer, slice_text("c1"));

	if (take_number(step, err) < 0)
		return -1;
	if (grows)
		step_store(step, bytes(step->arena, WORLD_RECORD_MAX_BYTES), NEVER_MS);
	return 0;
}

static int64_t committed_of(const char *topic, const char *key)
{
	int64_t count = 0;

	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		const struct world_log *log = &world.logs[world_topic(topic)][p];

		for (int64_t i = 0; i < log->count; i++)
			count += log->records[i].committed &&
				 slice_equal(log->records[i].key, slice_text(key));
	}
	return count;
}

static void a_record_whose_answer_is_too_large_is_set_aside(void **state)
{
	struct member member;
	struct err err;

	(void)state;
	begin();
	publish(0, 21);
	member = join(3);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(stream_begin(member.stream, 0, &err), 0);
		assert_int_equal(stream_decide(member.stream, grow_one, &err), 0);
	}
	die(&member);
	assert_int_equal(committed_of("deadletter", "c1"), 3);
	assert_int_equal(committed_of("log", "c1"), 0);
	assert_int_equal(committed_of("out", "c1"), 0);
	assert_int_equal(committed_of("out", "c2"), 3);
	assert_int_equal(committed_of("deadletter", "c2"), 0);
}

/* What was read is too large itself, compressed as it came. */
static void a_record_that_is_too_large_is_shortened(void **state)
{
	struct slice key = slice_text("!big"), value;
	int32_t partition = partition_of(key, WORLD_PARTITIONS);
	const struct world_record *letter;
	struct member member;

	(void)state;
	begin();
	value = bytes(&world.memory, 3 * WORLD_RECORD_MAX_BYTES);
	((uint8_t *)(uintptr_t)value.bytes)[0] = 'a';
	((uint8_t *)(uintptr_t)value.bytes)[value.len - 1] = 'z';
	world_append(world_topic("in"), partition, key, value)->committed = true;
	member = join(3);
	work(&member);
	die(&member);
	assert_int_equal(committed_of("deadletter", "!big"), 1);
	letter = &world.logs[world_topic("deadletter")][partition].records[0];
	assert_int_equal(letter->value.len, 2048);
	assert_int_equal(letter->value.bytes[0], 'a');
	assert_int_equal(letter->value.bytes[2047], 'z');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_part_of_an_answer_counts),
	    cmocka_unit_test(a_record_whose_answer_is_too_large_is_set_aside),
	    cmocka_unit_test(a_record_that_is_too_large_is_shortened),
	};
	int r;

	setenv("LOG_LEVEL", "error", 1);
	log_open("test");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_begin(); /* frees its memory */
	return r;
}
