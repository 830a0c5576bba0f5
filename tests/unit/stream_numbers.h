/*
 * stream_numbers.h - a service whose every step takes its partition's next
 * number, members of its group, and what their readers must see: whatever
 * happens, 1, 2, 3 ... in each partition.
 */
#ifndef NURTURE_TESTS_STREAM_NUMBERS_H
#define NURTURE_TESTS_STREAM_NUMBERS_H

#include "common/stream/checkpoint.h"
#include "common/stream/stream.h"
#include "stream_world_kafka.h"
#include "stream_world_redis.h"

struct checks {
	unsigned count;
	int64_t newest[WORLD_PARTITIONS];
	bool refuses;
};

static int64_t number_of(struct slice shared)
{
	int64_t number = 0;

	assert_true(shared.len == 0 || shared.len == sizeof(number));
	if (shared.len)
		memcpy(&number, shared.bytes, sizeof(number));
	return number;
}

static int check_shared(void *context, int32_t partition, int32_t partition_count,
			struct slice shared, struct err *err)
{
	struct checks *checks = context;

	assert_int_equal(partition_count, WORLD_PARTITIONS);
	checks->count++;
	checks->newest[partition] = number_of(shared);
	return checks->refuses ? err_config(err, "not with me") : 0;
}

static enum step_ignored ignored; /* what every step says of its record */
static bool forgets;              /* and of its customer */

static int take_number(struct step *step, struct err *err)
{
	int64_t number = number_of(step->shared) + 1;
	struct slice text = slice_text(arena_printf(step->arena, "%d", (int)number));

	if (step->customer.len == 0)
		return err_set(err, "about nobody");
	assert_int_equal(partition_of(step->customer, step->partition_count), step->partition);
	step_store_shared(
	    step, slice_of(arena_copy(step->arena, &number, sizeof(number)), sizeof(number)));
	if (step->customer.bytes[0] == '!')
		return err_set(err, "cannot be understood");
	step->ignored = ignored;
	step->forgets = forgets;
	step_emit(step, 0, text);
	step_store(step, text, NEVER_MS);
	return 0;
}

static const struct stream_input inputs[] = {
    {"in", stream_identify_internal, .moves_misrouted = false}, {0}};
static const struct stream_output outputs[] = {{.topic = "out"}, {0}};
static const struct common_config config = {
    .brokers = "", .redis_url = "", .instance = "a", .topic_prefix = ""};
static struct checks checks;

struct member {
	struct stream *stream;
	struct kafka *kafka;
};

/* A member of the group; it gets its partitions, as bits, at the next batch. */
static struct member join_as(unsigned partitions, bool shares)
{
	const struct stream_options options = {.service = "numbers",
					       .inputs = inputs,
					       .outputs = outputs,
					       .changelog = "log",
					       .config = &config,
					       .check_shared = shares ? check_shared : NULL,
					       .loop_context = &checks};
	struct member member;
	struct err err;

	assert_int_equal(stream_open(&member.stream, &options, &err), 0);
	member.kafka = world.newest;
	member.kafka->wanted = partitions;
	return member;
}

static inline struct member join(unsigned partitions)
{
	return join_as(partitions, true);
}

static int batch(struct member *member)
{
	struct err err;
	int r = stream_begin(member->stream, 0, &err);

	return r < 0 ? r : stream_decide(member->stream, take_number, &err);
}

static inline void work(struct member *member)
{
	for (int i = 0; i < 5; i++)
		assert_int_equal(batch(member), 0);
}

/* Decides a batch, and then nobody hears of it any more for a while. */
static inline void decide_only(struct member *member)
{
	struct step *step;
	struct err err, why;
	int r = stream_begin(member->stream, 0, &err);

	while (r == 0 && (step = stream_next(member->stream)))
		r = stream_done(member->stream, take_number(step, &why) < 0 ? &why : NULL, &err);
	assert_int_equal(r, 0);
}

/* kill -9: what was not committed has never been. */
static inline void die(struct member *member)
{
	world_end_transaction(member->kafka, false);
	stream_close(&member->stream);
}

static int64_t published[WORLD_PARTITIONS];

static void begin(void)
{
	world_begin();
	memset(&checks, 0, sizeof(checks));
	memset(published, 0, sizeof(published));
}

/* About so many customers, on both partitions. */
static inline void publish(int from, int to)
{
	for (int i = from; i < to; i++) {
		struct slice customer = slice_text(arena_printf(&world.memory, "c%d", i % 7));
		int32_t partition = partition_of(customer, WORLD_PARTITIONS);

		world_publish("in", partition, customer);
		published[partition]++;
	}
}

/* Each partition's readers have seen 1, 2, 3 ... and one for every record. */
static inline void expect_all(void)
{
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		const struct world_log *log = &world.logs[world_topic("out")][p];
		int64_t seen = 0;

		for (int64_t i = 0; i < log->count; i++) {
			char expected[24];

			if (!log->records[i].committed)
				continue;
			snprintf(expected, sizeof(expected), "%d", (int)++seen);
			if (!slice_equal(log->records[i].value, slice_text(expected)))
				fail_msg("partition %d: %.*s, expected %s", p,
					 SLICE_ARGS(log->records[i].value), expected);
		}
		assert_int_equal(seen, published[p]);
	}
	assert_true(published[0] > 0 && published[1] > 0);
}

#endif
