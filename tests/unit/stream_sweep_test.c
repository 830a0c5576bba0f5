/*
 * stream_sweep_test.c - when a service decides by another version than before,
 * everybody of its partitions is looked at again, once: over the real loop,
 * between a Kafka and a Redis in memory, killed and flushed anywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/stream/checkpoint.h"
#include "common/stream/stream_internal.h"
#include "stream_world_kafka.h"
#include "stream_world_redis.h"

#define START_MS INT64_C(1700000000000)
enum { CUSTOMERS = 40 };

static int64_t wall_ms;

int64_t clock_wall_ms(void)
{
	return wall_ms;
}

int64_t clock_monotonic_ms(void)
{
	return wall_ms;
}

void clock_sleep_ms(int64_t ms)
{
	wall_ms += ms;
}

static const struct stream_input inputs[] = {
    {"in", stream_identify_internal, .moves_misrouted = false}, {0}};
static const struct stream_output outputs[] = {{.topic = "out"}, {0}};
static const struct common_config wall_config = {
    .brokers = "", .redis_url = "", .instance = "a", .topic_prefix = ""};

/* Says the version under which a customer is looked at again; the state counts the steps. */
static int look(struct step *step, struct err *err)
{
	(void)err;
	if (step->kind == STEP_REEVALUATE) {
		assert_true(step->state.len > 0);
		assert_true(step->time_ms <= step->now_ms);
		step_emit(step, 0, slice_text(step->context));
	}
	step_store(step, slice_text(arena_printf(step->arena, "%.*s+", SLICE_ARGS(step->state))),
		   NEVER_MS);
	return 0;
}

/* Needs no answer. */
static int look_away(struct step *step, struct err *err)
{
	(void)err;
	if (step->kind == STEP_REEVALUATE)
		step_emit(step, 0, slice_text(step->context));
	else
		step_store(step, slice_text("one"), NEVER_MS);
	return 0;
}

/* In event time: a record a second, whatever is in it. */
static int64_t event_ms;

static int identify_in_time(struct slice key, struct slice value, bool want_time,
			    struct arena *arena, struct slice *ret_customer, int64_t *ret_time_ms,
			    struct err *err)
{
	(void)value, (void)want_time, (void)arena, (void)err;
	*ret_customer = key;
	*ret_time_ms = event_ms += SECOND_MS;
	return 0;
}

/* Says everything, and at which instant. */
static int look_in_time(struct step *step, struct err *err)
{
	(void)err;
	step_emit(step, 0,
		  slice_text(arena_printf(step->arena, "%s %lld",
					  step->kind == STEP_REEVALUATE ? "anew" : "record",
					  (long long)step->now_ms)));
	step_store(step, slice_text("known"), NEVER_MS);
	return 0;
}

static const struct stream_input timed_inputs[] = {
    {"in", identify_in_time, .moves_misrouted = false}, {0}};
static const struct common_config event_config = {
    .brokers = "", .redis_url = "", .instance = "a", .topic_prefix = "", .clock = CLOCK_EVENT};

struct member {
	struct stream *stream;
	struct kafka *kafka;
	step_function decide;
};

static bool in_event_time;
static size_t names; /* that a sweep holds; 0: as many as it does in life */

static struct member join(const char *version, size_t batch_max)
{
	const struct stream_options options = {.service = "sweeper",
					       .inputs = in_event_time ? timed_inputs : inputs,
					       .outputs = outputs,
					       .changelog = "log",
					       .version = version,
					       .context = version,
					       .batch_max = batch_max,
					       .config =
						   in_event_time ? &event_config : &wall_config};
	struct member member = {.decide = in_event_time ? look_in_time : look};
	struct err err;

	assert_int_equal(stream_open(&member.stream, &options, &err), 0);
	if (names)
		member.stream->sweep_names = names;
	member.kafka = world.newest;
	member.kafka->wanted = 3;
	return member;
}

static int batch(struct member *member)
{
	struct err err;
	int r = stream_begin(member->stream, 0, &err);

	return r < 0 ? r : stream_decide(member->stream, member->decide, &err);
}

static void work(struct member *member, unsigned batches)
{
	for (unsigned i = 0; i < batches; i++)
		assert_int_equal(batch(member), 0);
}

/* kill -9: what was not committed has never been. */
static void die(struct member *member)
{
	world_end_transaction(member->kafka, false);
	stream_close(&member->stream);
}

static struct slice customer_of(unsigned i)
{
	return slice_text(arena_printf(&world.memory, "customer-%u", i));
}

static void everybody_buys(struct member *member)
{
	for (unsigned i = 0; i < CUSTOMERS; i++) {
		struct slice customer = customer_of(i);

		world_publish("in", partition_of(customer, WORLD_PARTITIONS), customer);
	}
	work(member, 5);
}

static struct member begin(const char *version)
{
	struct member member;

	world_begin();
	wall_ms = START_MS;
	member = join(version, 0);
	everybody_buys(&member);
	return member;
}

static unsigned looks_at(struct slice customer, const char *version)
{
	unsigned topic = world_topic("out"), count = 0;
	int32_t partition = partition_of(customer, WORLD_PARTITIONS);

	for (int64_t i = 0; i < world.logs[topic][partition].count; i++) {
		const struct world_record *record = &world.logs[topic][partition].records[i];

		count += record->committed && slice_equal(record->key, customer) &&
			 slice_equal(record->value, slice_text(version));
	}
	return count;
}

static unsigned all_looks(const char *version)
{
	unsigned count = 0;

	for (unsigned i = 0; i < CUSTOMERS; i++) {
		unsigned looks = looks_at(customer_of(i), version);

		assert_in_range(looks, 0, 1); /* nobody twice, ever */
		count += looks;
	}
	return count;
}

static void the_same_version_concerns_nobody(void **state)
{
	struct member member = begin("one");

	(void)state;
	die(&member);
	member = join("one", 0);
	wall_ms += HOUR_MS;
	work(&member, 5);
	assert_int_equal(all_looks("one"), 0);
	stream_close(&member.stream);
}

static void a_change_reaches_everybody_once_in_a_minute(void **state)
{
	struct member member = begin("one");
	unsigned half;

	(void)state;
	stream_close(&member.stream);
	member = join("two", 0);
	work(&member, 3);
	assert_int_equal(all_looks("two"), 0);
	wall_ms += SWEEP_SPREAD_MS / 2;
	work(&member, 3);
	half = all_looks("two");
	assert_in_range(half, CUSTOMERS / 4, CUSTOMERS * 3 / 4);
	wall_ms += SWEEP_SPREAD_MS / 2;
	work(&member, 3);
	assert_int_equal(all_looks("two"), CUSTOMERS);
	wall_ms += DAY_MS;
	work(&member, 3);
	assert_int_equal(all_looks("two"), CUSTOMERS);
	stream_close(&member.stream);
	member = join("two", 0);
	wall_ms += DAY_MS;
	work(&member, 3);
	assert_int_equal(all_looks("two"), CUSTOMERS);
	stream_close(&member.stream);
}

static void who_comes_meanwhile_is_left_alone(void **state)
{
	struct member member = begin("one");
	struct slice late = slice_text("somebody-new");

	(void)state;
	stream_close(&member.stream);
	member = join("two", 0);
	work(&member, 2);
	world_publish("in", partition_of(late, WORLD_PARTITIONS), late);
	wall_ms += SWEEP_SPREAD_MS;
	work(&member, 3);
	assert_int_equal(all_looks("two"), CUSTOMERS);
	assert_int_equal(looks_at(late, "two"), 0);
	stream_close(&member.stream);
}

static void an_answer_is_not_needed(void **state)
{
	struct member member = begin("one");
	struct slice before = world_find(partition_of(customer_of(7), 2), customer_of(7))->state;

	(void)state;
	stream_close(&member.stream);
	member = join("two", 0);
	member.decide = look_away;
	wall_ms += SWEEP_SPREAD_MS;
	work(&member, 2);
	wall_ms += SWEEP_SPREAD_MS;
	work(&member, 2);
	assert_int_equal(all_looks("two"), CUSTOMERS);
	assert_true(slice_equal(world_find(partition_of(customer_of(7), 2), customer_of(7))->state,
				before));
	stream_close(&member.stream);
}

static void a_second_change_begins_again(void **state)
{
	struct member member = begin("one");

	(void)state;
	stream_close(&member.stream);
	member = join("two", 0);
	work(&member, 2);
	wall_ms += SWEEP_SPREAD_MS / 2;
	work(&member, 2);
	assert_in_range(all_looks("two"), 1, CUSTOMERS - 1);
	stream_close(&member.stream);
	member = join("three", 0);
	work(&member, 2);
	wall_ms += SWEEP_SPREAD_MS;
	work(&member, 2);
	assert_int_equal(all_looks("three"), CUSTOMERS);
	assert_in_range(all_looks("two"), 1, CUSTOMERS - 1);
	stream_close(&member.stream);
}

/* Of a partition with a number and no version: an older release was here. */
static void an_unknown_version_is_another_one(void **state)
{
	struct member member;

	(void)state;
	world_begin();
	wall_ms = START_MS;
	member = join(NULL, 0);
	everybody_buys(&member);
	stream_close(&member.stream);
	member = join("one", 0);
	work(&member, 2);
	wall_ms += SWEEP_SPREAD_MS;
	work(&member, 2);
	assert_int_equal(all_looks("one"), CUSTOMERS);
	stream_close(&member.stream);
}

/* The sweep in small parts; `flush_in` commands from its start Redis is emptied, and every n-th
 * batch is killed. */
static void sweep_with_trouble(unsigned flush_in, unsigned killed_each, enum world_commit how)
{
	struct member member = begin("one");

	stream_close(&member.stream);
	member = join("two", 0);
	world.flush_in = flush_in;
	for (unsigned i = 1; i <= 40; i++) {
		bool kill = killed_each && i % killed_each == 0;
		int r;

		world.next_commit = kill ? how : WORLD_COMMITS;
		r = batch(&member);
		if (r < 0 || kill) {
			die(&member);
			member = join("two", 0);
		}
		all_looks("two");
		wall_ms += SWEEP_SPREAD_MS / 20;
	}
	world.next_commit = WORLD_COMMITS;
	work(&member, names ? 2 * CUSTOMERS : 3);
	assert_int_equal(all_looks("two"), CUSTOMERS);
	stream_close(&member.stream);
}

static void trouble_of_all_kinds(void)
{
	sweep_with_trouble(0, 0, WORLD_COMMITS);
	for (unsigned flush_in = 1; flush_in < 60; flush_in++)
		sweep_with_trouble(flush_in, 0, WORLD_COMMITS);
	for (unsigned killed = 2; killed < 6; killed++) {
		sweep_with_trouble(0, killed, WORLD_COMMITS);
		sweep_with_trouble(0, killed, WORLD_ABORTS);
		sweep_with_trouble(0, killed, WORLD_COMMITS_AND_SAYS_NO);
		sweep_with_trouble(11, killed, WORLD_ABORTS);
	}
}

static void no_trouble_makes_it_twice_or_never(void **state)
{
	(void)state;
	trouble_of_all_kinds();
}

static void piece_by_piece_no_trouble_makes_it_twice_or_never(void **state)
{
	(void)state;
	for (names = 2; names <= 14; names += 4)
		trouble_of_all_kinds();
	names = 0;
}

/* Then all of it happens at the last instant that is decided, before time goes on. */
static void in_event_time_it_comes_before_all_else(void **state)
{
	struct member member;
	unsigned topic, reevaluated = 0, records = 0;

	(void)state;
	in_event_time = true;
	event_ms = START_MS;
	member = begin("one");
	stream_close(&member.stream);
	for (unsigned i = 0; i < CUSTOMERS; i++)
		world_publish("in", partition_of(customer_of(i), WORLD_PARTITIONS), customer_of(i));
	member = join("two", 0);
	work(&member, 6);
	in_event_time = false;
	topic = world_topic("out");
	for (int p = 0; p < WORLD_PARTITIONS; p++) {
		const struct world_log *log = &world.logs[topic][p];
		int64_t last_ms = 0, at_ms;
		bool is_record;

		for (int64_t i = 0; i < log->count; i++) {
			char text[64];

			snprintf(text, sizeof(text), "%.*s", SLICE_ARGS(log->records[i].value));
			is_record = strncmp(text, "record", 6) == 0;
			at_ms = strtoll(strchr(text, ' '), NULL, 10);
			assert_true(at_ms >= last_ms);
			assert_true(is_record || at_ms <= START_MS + CUSTOMERS * SECOND_MS);
			last_ms = at_ms;
			reevaluated += !is_record;
			records += is_record;
		}
	}
	assert_int_equal(reevaluated, CUSTOMERS);
	assert_in_range(records, 2 * CUSTOMERS - WORLD_PARTITIONS, 2 * CUSTOMERS);
	stream_close(&member.stream);
}

static void the_checkpoint_says_how_far_it_is(void **state)
{
	const struct version_checkpoint version = {"0123456789abcdef", 12345, 678};
	struct version_checkpoint read;
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	uint64_t number;
	int64_t offset, at_ms;

	(void)state;
	index_checkpoint_write(checkpoint, 7, 8, 9, &version);
	assert_true(index_checkpoint_read(checkpoint, &number, &offset, &at_ms));
	assert_int_equal(number, 7);
	assert_true(index_checkpoint_read_version(checkpoint, &read));
	assert_string_equal(read.version, version.version);
	assert_int_equal(read.left, 12345);
	assert_int_equal(read.since_ms, 678);
	assert_false(index_checkpoint_read_version("7 8 9", &read));
	assert_string_equal(read.version, "");
}

static void nobody_more_than_a_batch_has_room_for(void **state)
{
	struct sweep sweep = {0};
	unsigned taken = 0, batches = 0;

	(void)state;
	world_begin();
	assert_true(sweep_open(&sweep, "two", false, 0));
	sweep_list_begin(&sweep, 1000);
	for (unsigned i = 0; i < 1000; i++)
		sweep_list(&sweep, customer_of(i % 500)); /* pages may repeat names */
	sweep_list(&sweep, slice_of("\0mark", 5));
	sweep_list_end(&sweep);
	while (sweep.checkpoint.left > 0) {
		assert_true(sweep_take(&sweep, true, 0, 30));
		assert_in_range(sweep.taken, 1, 30);
		taken += (unsigned)sweep.taken;
		batches++;
		sweep_advance(&sweep);
		assert_int_equal(sweep_forget(&sweep), sweep.checkpoint.left == 0);
	}
	assert_int_equal(taken, 500);
	assert_int_equal(batches, 17);
	assert_false(sweep_open(&sweep, "two", false, 0));
	assert_false(sweep_open(&sweep, "three", true, 0));
	assert_int_equal(sweep.checkpoint.left, 0);
	sweep_clear(&sweep);
}

/* Of a partition with more names than there is room for: piece by piece, from the highest place. */
static void no_more_names_than_there_is_room_for(void **state)
{
	enum { NAMES = 5000, MOST = 300 };
	static bool seen[NAMES];
	struct sweep sweep = {0};
	uint64_t last_place = SWEEP_ALL;
	unsigned lists = 0, taken = 0;

	(void)state;
	world_begin();
	assert_true(sweep_open(&sweep, "two", false, 0));
	while (sweep.checkpoint.left > 0) {
		if (!sweep.listed) {
			sweep_list_begin(&sweep, MOST);
			for (unsigned i = 0; i < 2 * NAMES; i++) {
				sweep_list(&sweep, customer_of(i * 7919 % NAMES));
				assert_true(sweep.count <= 2 * MOST + 1);
			}
			sweep_list_end(&sweep);
			assert_in_range(sweep.count, 1, MOST + 2);
			lists++;
		}
		assert_true(sweep_take(&sweep, true, 0, 64));
		for (size_t i = 0; i < sweep.taken; i++) {
			struct slice name = sweep_taken(&sweep, i);
			long number =
			    strtol((const char *)name.bytes + strlen("customer-"), NULL, 10);

			assert_true(sweep_place(name) <= last_place);
			last_place = sweep_place(name);
			assert_false(seen[number]);
			seen[number] = true;
			taken++;
		}
		sweep_advance(&sweep);
		assert_int_equal(sweep_forget(&sweep), sweep.checkpoint.left == 0);
	}
	assert_int_equal(taken, NAMES);
	assert_in_range(lists, NAMES / (MOST + 2), NAMES / MOST + 1);
	sweep_clear(&sweep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_version_concerns_nobody),
	    cmocka_unit_test(a_change_reaches_everybody_once_in_a_minute),
	    cmocka_unit_test(who_comes_meanwhile_is_left_alone),
	    cmocka_unit_test(an_answer_is_not_needed),
	    cmocka_unit_test(a_second_change_begins_again),
	    cmocka_unit_test(an_unknown_version_is_another_one),
	    cmocka_unit_test(no_trouble_makes_it_twice_or_never),
	    cmocka_unit_test(in_event_time_it_comes_before_all_else),
	    cmocka_unit_test(the_checkpoint_says_how_far_it_is),
	    cmocka_unit_test(nobody_more_than_a_batch_has_room_for),
	    cmocka_unit_test(no_more_names_than_there_is_room_for),
	    cmocka_unit_test(piece_by_piece_no_trouble_makes_it_twice_or_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
