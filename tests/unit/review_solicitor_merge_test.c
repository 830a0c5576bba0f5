/*
 * review_solicitor_merge_test.c - two customers who turn out to be one person are asked about each
 * order once, and what waits of an ask can still be taken back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/message/handover.h"
#include "review_solicitor_world.h"
#include "services/review-solicitor/wire.h"

enum { OLD, NEW, THIRD, PEOPLE, SENT_MAX = 16 };
static const char *const ids[PEOPLE] = {"old", "new", "third"};

struct town {
	struct world world; /* for its policy */
	struct buf states[PEOPLE];
	int64_t due_ms[PEOPLE];
	struct buf sent[SENT_MAX];
	int to[SENT_MAX];
	unsigned sent_count;
	struct buf out;
};

static int index_of(struct slice id)
{
	for (int who = 0; who < PEOPLE; who++)
		if (slice_is(id, ids[who]))
			return who;
	fail_msg("nobody is called so");
	return -1;
}

static void open_town(struct town *town)
{
	*town = (struct town){.due_ms = {NEVER_MS, NEVER_MS}, .out = BUF_MAX(1 << 16)};
	world_open(&town->world);
	town->world.sol.policy = &town->world.policy;
	town->world.sol.hands_over = true;
	for (int i = 0; i < PEOPLE; i++)
		town->states[i] = BUF_MAX(1 << 20);
}

static void close_town(struct town *town)
{
	for (int i = 0; i < PEOPLE; i++)
		buf_free(&town->states[i]);
	for (unsigned i = 0; i < town->sent_count; i++)
		buf_free(&town->sent[i]);
	buf_free(&town->out);
	world_close(&town->world);
}

/* "reminder:1 A as old" */
static void put_name(struct town *town, const char *id)
{
	static const char *const whats[] = {"rating", "reminder:1", "review"};
	static const char *const orders[] = {"A", "B"};

	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 2; j++)
			for (int who = 0; who < PEOPLE; who++) {
				char known[ID_TEXT_BYTES];

				id_of_texts(known, "feedback", whats[i], ids[who], orders[j], NULL);
				if (strcmp(known, id) == 0)
					buf_printf(&town->out, "%s %s as %s", whats[i], orders[j],
						   ids[who]);
			}
}

static void show(struct town *town, int who, const struct step_output *output)
{
	ProtobufCAllocator allocator = arena_protobuf(&town->world.arena);
	Nurture__V1__RequestRecord *record =
	    nurture__v1__request_record__unpack(&allocator, output->value.len, output->value.bytes);

	assert_non_null(record);
	buf_printf(&town->out, "%s %g ", ids[who],
		   (double)((int64_t)record->time_ms - STORY_MS) / (double)DAY_MS);
	if (record->body_case == NURTURE__V1__REQUEST_RECORD__BODY_CANCEL) {
		buf_text(&town->out, "cancel ");
		put_name(town, record->cancel->request);
	} else {
		buf_text(&town->out, "ask ");
		put_name(town, record->request->id);
		if (record->request->follows[0])
			buf_text(&town->out, " after ");
		put_name(town, record->request->follows);
	}
	buf_char(&town->out, '\n');
}

static void run(struct town *town, int who, struct step step)
{
	struct err err;

	step.context = &town->world.sol;
	step.arena = &town->world.arena;
	step.customer = slice_text(ids[who]);
	step.state = buf_slice(&town->states[who]);
	step.time_ms = step.now_ms;
	step_prepare(&step);
	if (sol_step(&step, &err) < 0)
		fail_msg("%s", err.text);
	for (const struct step_output *output = step.outputs; output; output = output->next) {
		if (output->topic == SOL_ASKS) {
			show(town, who, output);
			continue;
		}
		if (output->topic == SOL_FEEDBACK)
			continue; /* review_solicitor_items_test has these */
		assert_true(town->sent_count < SENT_MAX);
		town->sent[town->sent_count] = BUF_MAX(1 << 20);
		buf_add(&town->sent[town->sent_count], output->value.bytes, output->value.len);
		town->to[town->sent_count++] = index_of(output->key);
	}
	if (step.state_changed) {
		buf_reset(&town->states[who]);
		buf_add(&town->states[who], step.new_state.bytes, step.new_state.len);
		town->due_ms[who] = step.due_ms;
	}
	arena_reset(&town->world.arena);
}

static void pass(struct town *town, double day)
{
	int64_t until_ms = STORY_MS + (int64_t)(day * (double)DAY_MS);

	for (int who = 0; who < PEOPLE; who++)
		for (unsigned n = 0; town->due_ms[who] < until_ms; n++) {
			struct step step = {.kind = STEP_TIMER, .now_ms = town->due_ms[who]};

			assert_true(n < 100);
			town->due_ms[who] = NEVER_MS;
			run(town, who, step);
		}
}

static void say(struct town *town, int who, double day, const char *type, const char *rest)
{
	int64_t at_ms = STORY_MS + (int64_t)(day * (double)DAY_MS);
	struct step step = {.kind = STEP_RECORD, .now_ms = at_ms, .arrived_ms = at_ms};
	struct buf json = BUF_MAX(1 << 14);
	char time[RFC3339_BYTES];
	static unsigned number;

	pass(town, day);
	buf_printf(
	    &json,
	    "{\"id\":\"e%u\",\"type\":\"%s\",\"time\":\"%s\",\"customer\":{\"id\":\"%s\"},%s}",
	    number++, type, rfc3339_text(at_ms, time), ids[who], rest);
	step.value = buf_slice(&json);
	run(town, who, step);
	buf_free(&json);
}

static void deliver(struct town *town, double day)
{
	int64_t at_ms = STORY_MS + (int64_t)(day * (double)DAY_MS);

	while (town->sent_count > 0) {
		struct buf sent = town->sent[0];
		int to = town->to[0];
		struct step step = {.kind = STEP_RECORD,
				    .input = SOL_HANDED,
				    .now_ms = at_ms,
				    .arrived_ms = at_ms,
				    .value = buf_slice(&sent)};

		town->sent_count--;
		memmove(town->sent, town->sent + 1, town->sent_count * sizeof(sent));
		memmove(town->to, town->to + 1, town->sent_count * sizeof(to));
		run(town, to, step);
		buf_free(&sent);
	}
}

static void answers(struct town *town, const char *answer)
{
	assert_string_equal(town->out.len ? town->out.bytes : "", answer);
	buf_reset(&town->out);
}

#define ABOUT(order) "\"order\":{\"id\":\"" order "\"}"
#define INTO(id) "\"merge\":{\"into\":\"" id "\"}"
#define SCORE(order) "\"feedback\":{\"order\":\"" order "\",\"score\":5,\"rung\":\"rating\"}"

static void an_order_is_asked_about_once_under_the_id_that_lives(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, OLD, 0, "order.delivered", ABOUT("A"));
	say(&town, OLD, 1, "customer.merged", INTO("new"));
	deliver(&town, 1);
	/* told again, under both */
	say(&town, OLD, 2, "order.delivered", ABOUT("A"));
	say(&town, NEW, 2, "order.delivered", ABOUT("A"));
	deliver(&town, 2);
	pass(&town, 8);
	answers(&town, "new 7 ask rating A as new\n");
	close_town(&town);
}

/* The ask went out under the old id: its reminder follows that, and an answer takes both back. */
static void asks_keep_their_ids(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, OLD, 0, "order.delivered", ABOUT("A"));
	pass(&town, 7.5);
	answers(&town, "old 7 ask rating A as old\n");
	say(&town, OLD, 8, "customer.merged", INTO("new"));
	deliver(&town, 8);
	pass(&town, 12.5);
	answers(&town, "new 12 ask reminder:1 A as old after rating A as old\n");
	/* by the link of the old mail */
	say(&town, OLD, 13, "feedback.received", SCORE("A"));
	deliver(&town, 13);
	answers(&town, "new 13 cancel rating A as old\nnew 13 cancel reminder:1 A as old\n");
	close_town(&town);
}

/* Both knew the order and had asked: one of the two asks is taken back. */
static void of_two_asks_one_is_taken_back(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, OLD, 0, "order.delivered", ABOUT("A"));
	say(&town, NEW, 0, "order.delivered", ABOUT("A"));
	pass(&town, 7.5);
	answers(&town, "old 7 ask rating A as old\nnew 7 ask rating A as new\n");
	say(&town, OLD, 8, "customer.merged", INTO("new"));
	deliver(&town, 8);
	answers(&town, "new 8 cancel rating A as old\n");
	pass(&town, 12.5);
	answers(&town, "new 12 ask reminder:1 A as new after rating A as new\n");
	close_town(&town);
}

static void a_circle_comes_to_rest(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, OLD, 0, "order.delivered", ABOUT("A"));
	say(&town, NEW, 0, "order.delivered", ABOUT("B"));
	say(&town, OLD, 1, "customer.merged", INTO("new"));
	say(&town, NEW, 2, "customer.merged", INTO("old"));
	deliver(&town, 3);
	pass(&town, 8);
	answers(&town, "old 7 ask rating B as old\nold 7 ask rating A as old\n");
	close_town(&town);
}

/* The erasure of the one who lives overtakes what the other hands over. */
static void nobody_who_was_erased_is_asked(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, OLD, 0, "order.delivered", ABOUT("A"));
	say(&town, OLD, 1, "customer.merged", INTO("new"));
	say(&town, NEW, 2, "customer.erased", ABOUT("A"));
	deliver(&town, 3);
	pass(&town, 9);
	answers(&town, "");
	close_town(&town);
}

/* ... nor under a third one, into whom the erased id was merged meanwhile. */
static void nobody_who_was_erased_is_passed_on(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, OLD, 0, "order.delivered", ABOUT("A"));
	say(&town, OLD, 1, "customer.merged", INTO("new"));
	say(&town, OLD, 1.5, "order.delivered", ABOUT("B"));
	say(&town, NEW, 2, "customer.erased", ABOUT("A"));
	say(&town, NEW, 2.5, "customer.merged", INTO("third"));
	deliver(&town, 3);
	pass(&town, 20);
	answers(&town, "");
	close_town(&town);
}

/* What is told late of the one who lives, who was never erased, is asked about. */
static void an_erasure_of_the_old_id_stays_there(void **state)
{
	struct town town;

	(void)state;
	open_town(&town);
	say(&town, OLD, 2, "customer.erased", ABOUT("A"));
	say(&town, OLD, 3, "order.placed", ABOUT("C"));
	say(&town, OLD, 4, "customer.merged", INTO("new"));
	deliver(&town, 4);
	say(&town, NEW, 1, "order.delivered", ABOUT("B"));
	pass(&town, 12);
	answers(&town, "new 8 ask rating B as new\n");
	close_town(&town);
}

/* A dead letter: the person goes on with what is known under this id. */
static void a_damaged_ladder_is_refused(void **state)
{
	static const struct handover_goal goal = {"new", 1};
	struct town town;
	struct step step = {.kind = STEP_RECORD, .input = SOL_HANDED, .now_ms = STORY_MS};
	struct err err;

	(void)state;
	open_town(&town);
	step.context = &town.world.sol;
	step.arena = &town.world.arena;
	step.customer = slice_text(ids[NEW]);
	step.value = handover_of_state("old", &goal, slice_text("\xff\xff"), 1, step.arena);
	step_prepare(&step);
	assert_int_equal(sol_step(&step, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_memory_equal(err.text, "$.state", 7);
	say(&town, NEW, 1, "order.delivered", ABOUT("B"));
	pass(&town, 9);
	answers(&town, "new 8 ask rating B as new\n");
	close_town(&town);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_erasure_of_the_old_id_stays_there),
	    cmocka_unit_test(a_damaged_ladder_is_refused),
	    cmocka_unit_test(nobody_who_was_erased_is_asked),
	    cmocka_unit_test(nobody_who_was_erased_is_passed_on),
	    cmocka_unit_test(an_order_is_asked_about_once_under_the_id_that_lives),
	    cmocka_unit_test(asks_keep_their_ids),
	    cmocka_unit_test(of_two_asks_one_is_taken_back),
	    cmocka_unit_test(a_circle_comes_to_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
