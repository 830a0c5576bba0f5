/*
 * review_solicitor_items_test.c - what customers say, item by item: the topic nurture.feedback as it
 * stands after each step.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/codec/state_version.h"
#include "common/message/feedback.h"
#include "policy_fixture.h"
#include "services/review-solicitor/step.h"
#include "services/review-solicitor/wire.h"

#define NOW_MS INT64_C(1772366400000) /* 2026-03-01T12:00:00Z */

enum { PEOPLE = 3, KEYS = 512 };
static const char *const ids[PEOPLE] = {"ann", "bob", "cleo"};

static const char policy_text[] =
    "shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\"}\n"
    "classes: {transactional: {}, care: {}}\n"
    "caps: off\nquiet_hours: off\njust_bought: off\n"
    "tags:\n"
    "  Product: {phrases: [kettle, build quality]}\n"
    "  Deployment: {phrases: [\"Lieferung\", spät]}\n"
    "  ProServ: {}\n";

/* The topic: of each key the newest record. */
struct record {
	char key[256];
	struct slice value; /* bytes NULL: taken away */
};
struct town {
	struct zones *zones;
	struct policy *policy;
	struct solicitor sol;
	struct arena kept, arena;
	struct slice states[PEOPLE];
	struct record topic[KEYS];
	unsigned key_count, told;
	const char *unknown; /* the newest tag that nobody knows */
	struct slice handed[8];
	int to[8];
	unsigned handed_count;
};

static void open_town(struct town *town)
{
	struct err err;

	*town = (struct town){.zones = fixture_zones()};
	if (policy_load(slice_text(policy_text), "p.yaml", town->zones, NULL, &town->policy, &err) <
	    0)
		fail_msg("%s", err.text);
	town->sol = (struct solicitor){.policy = town->policy, .hands_over = true};
}

static void close_town(struct town *town)
{
	policy_free(town->policy);
	zones_free(town->zones);
	arena_free(&town->arena);
	arena_free(&town->kept);
}

static struct slice keep(struct town *town, struct slice bytes)
{
	if (!bytes.bytes)
		return bytes;
	return slice_of(arena_copy(&town->kept, bytes.bytes, bytes.len), bytes.len);
}

static int index_of(struct slice id)
{
	for (int who = 0; who < PEOPLE; who++)
		if (slice_is(id, ids[who]))
			return who;
	fail_msg("nobody is called so");
	return -1;
}

static struct record *record_of(struct town *town, const char *key)
{
	for (unsigned i = 0; i < town->key_count; i++)
		if (strcmp(town->topic[i].key, key) == 0)
			return &town->topic[i];
	assert_true(town->key_count < KEYS);
	snprintf(town->topic[town->key_count].key, sizeof(town->topic[0].key), "%s", key);
	return &town->topic[town->key_count++];
}

static void take(struct town *town, const struct step_output *output)
{
	if (output->topic == SOL_FEEDBACK) {
		char key[256];

		snprintf(key, sizeof(key), "%.*s", SLICE_ARGS(output->key));
		record_of(town, key)->value = keep(town, output->value);
		town->told++;
	} else if (output->topic == SOL_HANDOVERS) {
		town->handed[town->handed_count] = keep(town, output->value);
		town->to[town->handed_count++] = index_of(output->key);
	}
}

static void run(struct town *town, int who, unsigned input, struct slice value)
{
	struct step step = {.kind = STEP_RECORD,
			    .input = input,
			    .context = &town->sol,
			    .arena = &town->arena,
			    .now_ms = NOW_MS,
			    .time_ms = NOW_MS,
			    .arrived_ms = NOW_MS,
			    .customer = slice_text(ids[who]),
			    .state = town->states[who],
			    .value = value};
	struct err err;

	step_prepare(&step);
	if (sol_step(&step, &err) < 0)
		fail_msg("%s", err.text);
	for (const struct step_output *output = step.outputs; output; output = output->next)
		take(town, output);
	if (step.unknown_tag)
		town->unknown = arena_printf(&town->kept, "%s", step.unknown_tag);
	if (step.state_changed)
		town->states[who] = keep(town, step.new_state);
	arena_reset(&town->arena);
}

/* What was handed over reaches its goal. */
static void arrive(struct town *town)
{
	for (unsigned i = 0; i < town->handed_count; i++)
		run(town, town->to[i], SOL_HANDED, town->handed[i]);
	town->handed_count = 0;
}

/* rest: what stands in the event behind its customer. */
static void say(struct town *town, int who, const char *id, const char *type, const char *time,
		const char *rest)
{
	const char *json = arena_printf(&town->kept,
					"{\"id\":\"%s\",\"type\":\"%s\",\"time\":\"2026-%sZ\","
					"\"customer\":{\"id\":\"%s\"}%s%s}",
					id, type, time, ids[who], *rest ? "," : "", rest);

	run(town, who, SOL_EVENTS, slice_text(json));
}

#define SAID(words, more) "\"feedback\":{\"comment\":\"" words "\"" more "}"

/* Every item that stands on the topic, in the order in which the keys came up. */
static const char *standing(struct town *town)
{
	const char *text = "";

	for (unsigned i = 0; i < town->key_count; i++) {
		Nurture__V1__FeedbackItem *item;
		struct err err;

		if (!town->topic[i].value.bytes)
			continue;
		if (feedback_item_decode(town->topic[i].value, &town->kept, &item, &err) < 0)
			fail_msg("%s", err.text);
		assert_true(strncmp(town->topic[i].key, item->customer, strlen(item->customer)) ==
			    0);
		text = arena_printf(&town->kept, "%s%s %s %s %s", text, item->customer, item->kind,
				    item->source, item->state);
		if (item->score)
			text = arena_printf(&town->kept, "%s %d", text, item->score);
		for (size_t j = 0; j < item->n_tags; j++)
			text = arena_printf(&town->kept, "%s +%s", text, item->tags[j]);
		for (size_t j = 0; j < item->n_suggested_tags; j++)
			text = arena_printf(&town->kept, "%s ?%s", text, item->suggested_tags[j]);
		text = arena_printf(&town->kept, "%s: %s%s%s\n", text, item->text,
				    *item->told_as ? " as " : "", item->told_as);
	}
	return text;
}

static const char *item_id(struct town *town, int who, const char *event)
{
	char *id = arena_alloc(&town->kept, ID_TEXT_BYTES);

	feedback_item_id(ids[who], event, id);
	return id;
}

static void change(struct town *town, int who, const char *id, const char *type, const char *item,
		   const char *more)
{
	say(town, who, id, type, "02-21T00:00:00",
	    arena_printf(&town->kept, "\"by\":\"maria@s.example\",\"feedback\":{\"item\":\"%s\"%s}",
			 item, more));
}

static void test_said(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00",
	    SAID("The KETTLE, and its Build-Quality", ",\"score\":5"));
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00",
	    SAID("The KETTLE, and its Build-Quality", ",\"score\":5"));
	say(&town, 0, "e2", "feedback.received", "02-20T00:00:00", "\"feedback\":{\"score\":2}");
	say(&town, 0, "e3", "review.published", "02-20T00:00:00",
	    SAID("kettles", ",\"source\":\"social\""));
	say(&town, 0, "e4", "review.published", "02-20T00:00:00", "");
	say(&town, 0, "e5", "feedback.received", "02-20T00:00:00",
	    "\"by\":\"m@s.example\"," SAID("Zu sp\xc3\xa4t",
					   ",\"kind\":\"complaint\",\"tags\":"
					   "[\"ProServ\",\"Nobody's\",\"Deployment\"]"));
	assert_string_equal(standing(&town),
			    "ann comment page new 5 ?Product: The KETTLE, and its Build-Quality\n"
			    "ann rating page new 2: \n"
			    "ann review social new: kettles\n"
			    "ann complaint support triaged +Deployment +ProServ ?Deployment: Zu "
			    "sp\xc3\xa4t\n");
	assert_int_equal(town.told, 4);
	close_town(&town);
}

static void test_changed(void **state)
{
	struct town town;
	const char *item;

	(void)state;
	open_town(&town);
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00", SAID("kettle", ""));
	item = item_id(&town, 0, "e1");
	change(&town, 0, "t1", "feedback.tagged", item, ",\"tags\":[\"Product\",\"unknown\"]");
	assert_string_equal(standing(&town),
			    "ann comment page triaged +Product ?Product: kettle\n");
	assert_int_equal(town.told, 2);
	assert_string_equal(town.unknown, "unknown");
	/* What is so already is no change. */
	change(&town, 0, "t2", "feedback.tagged", item, ",\"tags\":[\"Product\"]");
	change(&town, 0, "t3", "feedback.tagged", item, ",\"untags\":[\"Deployment\"]");
	change(&town, 0, "t4", "feedback.tagged", "no-such-item", ",\"tags\":[\"Product\"]");
	assert_int_equal(town.told, 2);
	change(&town, 0, "t5", "feedback.tagged", item,
	       ",\"tags\":[\"ProServ\"],\"untags\":[\"Product\"]");
	change(&town, 0, "t6", "feedback.answered", item, "");
	assert_string_equal(standing(&town),
			    "ann comment page answered +ProServ ?Product: kettle\n");
	change(&town, 0, "t7", "feedback.archived", item, "");
	assert_string_equal(standing(&town),
			    "ann comment page archived +ProServ ?Product: kettle\n");
	close_town(&town);
}

/* What one id said goes on under the one that lives, in both orders, and can be tagged by both. */
static void test_merged(void **state)
{
	struct town town;
	const char *item;

	(void)state;
	open_town(&town);
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00", SAID("one", ",\"score\":1"));
	say(&town, 1, "e2", "feedback.received", "02-20T00:00:00", SAID("two", ""));
	item = item_id(&town, 0, "e1");
	say(&town, 0, "m", "customer.merged", "02-22T00:00:00", "\"merge\":{\"into\":\"bob\"}");
	assert_string_equal(standing(&town), "bob comment page new: two\n");
	arrive(&town);
	assert_string_equal(standing(&town), "bob comment page new: two\n"
					     "bob comment page new 1: one as ann\n");
	/* A word about it under the old id is passed on. */
	change(&town, 0, "t", "feedback.answered", item, "");
	arrive(&town);
	assert_string_equal(standing(&town), "bob comment page new: two\n"
					     "bob comment page answered 1: one as ann\n");
	say(&town, 1, "m2", "customer.merged", "02-23T00:00:00", "\"merge\":{\"into\":\"cleo\"}");
	arrive(&town);
	assert_string_equal(standing(&town), "cleo comment page new: two as bob\n"
					     "cleo comment page answered 1: one as ann\n");
	say(&town, 2, "x", "customer.erased", "02-24T00:00:00", "");
	assert_string_equal(standing(&town), "");
	close_town(&town);
}

/* A repeat that comes after the merge is none the less one, along the whole chain. */
static void test_told_again(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00", SAID("one", ""));
	say(&town, 0, "m", "customer.merged", "02-22T00:00:00", "\"merge\":{\"into\":\"bob\"}");
	arrive(&town);
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00", SAID("one", ""));
	arrive(&town);
	assert_string_equal(standing(&town), "bob comment page new: one as ann\n");
	say(&town, 1, "m2", "customer.merged", "02-23T00:00:00", "\"merge\":{\"into\":\"cleo\"}");
	arrive(&town);
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00", SAID("one", ""));
	arrive(&town);
	arrive(&town);
	assert_string_equal(standing(&town), "cleo comment page new: one as ann\n");
	say(&town, 0, "e2", "feedback.received", "02-21T00:00:00", SAID("another", ""));
	arrive(&town);
	arrive(&town);
	assert_string_equal(standing(&town), "cleo comment page new: one as ann\n"
					     "cleo comment page new: another\n");
	close_town(&town);
}

/* On the event clock a merger ends the customer, and nothing is left that nobody could take away. */
static void test_ended(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	town.sol.hands_over = false;
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00", SAID("one", ""));
	say(&town, 0, "m", "customer.merged", "02-22T00:00:00", "\"merge\":{\"into\":\"bob\"}");
	assert_string_equal(standing(&town), "");
	assert_int_equal(town.handed_count, 0);
	close_town(&town);
}

/* What an older build would lose it must refuse to read; everything else it may go on from. */
static void test_version(void **state)
{
	struct sol_order order = {.id = "17", .phase = SOL_PLACED};
	struct sol_ladder ladder;
	struct town town;
	struct err err;

	(void)state;
	open_town(&town);
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00", SAID("one", ""));
	assert_int_equal(town.states[0].bytes[0], STATE_VERSION_MARK(3));
	assert_int_equal(sol_ladder_decode(town.states[0], &town.kept, &ladder, &err), 0);
	assert_int_equal(ladder.item_count, 1);
	ladder.item_count = 0;
	ladder.orders = &order;
	ladder.order_count = 1;
	assert_int_equal(sol_ladder_encode(&ladder, &town.kept).bytes[0], STATE_VERSION_MARK(2));
	close_town(&town);
}

/* Nothing of what was said before comes back after an erasure. */
static void test_erased(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, 0, "e1", "feedback.received", "02-20T00:00:00", SAID("one", ""));
	say(&town, 0, "e2", "feedback.received", "02-21T00:00:00", SAID("two", ""));
	say(&town, 0, "x", "customer.erased", "02-22T00:00:00", "");
	say(&town, 0, "e3", "feedback.received", "02-21T00:00:00", SAID("late", ""));
	assert_string_equal(standing(&town), "");
	say(&town, 0, "e4", "feedback.received", "03-01T13:00:00", SAID("new", ""));
	assert_string_equal(standing(&town), "ann comment page new: new\n");
	close_town(&town);
}

/* Of too many the oldest go, from the topic as well: an erasure finds all that stands there. */
static void test_bounded(void **state)
{
	struct town town;
	unsigned count = 0;

	(void)state;
	open_town(&town);
	for (int i = 0; i < SOL_ITEMS_MAX + 5; i++) {
		char id[16], time[32];

		snprintf(id, sizeof(id), "e%d", i);
		snprintf(time, sizeof(time), "02-20T%02d:%02d:00", i / 60, i % 60);
		say(&town, 0, id, "feedback.received", time, SAID("words", ""));
	}
	for (unsigned i = 0; i < town.key_count; i++)
		count += town.topic[i].value.bytes != NULL;
	assert_int_equal(count, SOL_ITEMS_MAX);
	assert_null(town.topic[4].value.bytes);
	assert_non_null(town.topic[5].value.bytes);
	assert_true(town.states[0].len < SOL_STATE_MAX_BYTES);
	say(&town, 0, "x", "customer.erased", "02-22T00:00:00", "");
	assert_string_equal(standing(&town), "");
	close_town(&town);
}

static void test_large(void **state)
{
	char words[9001], *rest;
	struct town town;
	unsigned count = 0;

	(void)state;
	open_town(&town);
	memset(words, 'w', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	for (int i = 0; i < 40; i++) {
		char id[16], time[32];

		snprintf(id, sizeof(id), "e%d", i);
		snprintf(time, sizeof(time), "02-20T00:%02d:00", i);
		rest = arena_printf(&town.kept, "\"feedback\":{\"comment\":\"%s\"}", words);
		say(&town, 0, id, "feedback.received", time, rest);
	}
	for (unsigned i = 0; i < town.key_count; i++)
		count += town.topic[i].value.bytes != NULL;
	assert_int_equal(count, SOL_ITEMS_MAX_BYTES / 9100);
	assert_true(town.states[0].len < SOL_ITEMS_MAX_BYTES + 8192);
	close_town(&town);
}

enum { ID_BYTES = 200 };

/* An id of the greatest length, another one for each number. */
static const char *long_id(struct town *town, size_t number)
{
	return arena_printf(&town->kept, "%0*zu", ID_BYTES, number);
}

static struct sol_order large_order(struct town *town, size_t number)
{
	uint64_t *parcels = arena_alloc(&town->kept, PARCELS_MAX * sizeof(*parcels));
	struct refund *refunds = arena_alloc(&town->kept, REFUNDS_MAX * sizeof(*refunds));
	const int64_t late_ms = INT64_C(1000000000000000);

	for (unsigned i = 0; i < PARCELS_MAX; i++)
		parcels[i] = UINT64_MAX - PARCELS_MAX + i;
	for (unsigned i = 0; i < REFUNDS_MAX; i++)
		refunds[i] = (struct refund){UINT64_MAX - REFUNDS_MAX + i, INT64_MIN, UINT32_MAX};
	return (struct sol_order){.id = long_id(town, number),
				  .phase = SOL_PLACED,
				  .gone = true,
				  .at_ms = late_ms,
				  .delivered_ms = late_ms,
				  .wait_ms = late_ms,
				  .amount_e4 = INT64_MIN,
				  .amount_ms = late_ms,
				  .items_ms = 1,
				  .currency = UINT32_MAX,
				  .refunds = {refunds, REFUNDS_MAX},
				  .parcels = {parcels, PARCELS_MAX, PARCELS_MAX},
				  .ends_ms = late_ms,
				  .ends_told_ms = late_ms,
				  .reminders = SOL_REMINDERS_MAX,
				  .asked_as = long_id(town, number)};
}

/* What may be kept of a customer must be readable, or nothing would ever be heard of them again. */
static void test_fullest(void **state)
{
	struct town town;
	struct sol_ladder ladder;
	struct sol_order *orders;
	struct sol_case *cases;
	struct slice bytes;
	struct err err;

	(void)state;
	open_town(&town);
	for (int i = 0; i < SOL_ITEMS_MAX; i++)
		say(&town, 0, long_id(&town, (size_t)i), "feedback.received", "02-20T00:00:00",
		    arena_printf(&town.kept, "\"feedback\":{\"comment\":\"%0*d\"}", 850, i));
	assert_int_equal(sol_ladder_decode(town.states[0], &town.kept, &ladder, &err), 0);
	assert_true(town.states[0].len > SOL_ITEMS_MAX_BYTES * 8 / 10);
	orders = arena_alloc(&town.kept, SOL_ORDERS_MAX * sizeof(*orders));
	cases = arena_alloc(&town.kept, SOL_CASES_MAX * sizeof(*cases));
	for (size_t i = 0; i < SOL_ORDERS_MAX; i++)
		orders[i] = large_order(&town, i);
	for (size_t i = 0; i < SOL_CASES_MAX; i++)
		cases[i] =
		    (struct sol_case){arena_printf(&town.kept, "complaint:%s", long_id(&town, i)),
				      long_id(&town, i), INT64_C(1000000000000000), true};
	ladder.orders = orders;
	ladder.order_count = SOL_ORDERS_MAX;
	ladder.cases = cases;
	ladder.case_count = SOL_CASES_MAX;
	bytes = sol_ladder_encode(&ladder, &town.kept);
	if (sol_ladder_decode(bytes, &town.kept, &ladder, &err) < 0)
		fail_msg("%s", err.text);
	close_town(&town);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_said),       cmocka_unit_test(test_changed),
	    cmocka_unit_test(test_merged),     cmocka_unit_test(test_erased),
	    cmocka_unit_test(test_bounded),    cmocka_unit_test(test_large),
	    cmocka_unit_test(test_told_again), cmocka_unit_test(test_ended),
	    cmocka_unit_test(test_version),    cmocka_unit_test(test_fullest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
