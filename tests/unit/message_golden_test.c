/*
 * message_golden_test.c - states and records as they stand on topics of running shops.
 *
 * tests/golden/wire.txt has one line for each: what it is, and its bytes in hexadecimal digits.
 * A stack that was started before must go on after: whoever reads these must write them again,
 * byte for byte, also when nothing is copied from what was read.  Ledgers, profiles and ladders are
 * written in another way since, and must say the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "services/email-sender/wire.h"
#include "services/review-solicitor/wire.h"
#include "services/review-solicitor/wire_version.h"
#include "services/scheduler/decide.h"
#include "common/codec/protobuf_message.h"
#include "common/codec/state_version.h"
#include "common/message/ledger_plain.h"
#include "nurture/v1/answer.pb-c.h"
#include "services/scheduler/wire_answer.h"
#include "services/scheduler/wire_dispatch.h"
#include "services/scheduler/wire_internal.h"
#include "services/scheduler/wire_read.h"
#include "services/scheduler/wire_record.h"
#include "services/scheduler/wire_write.h"
#include "services/segmenter/profile/wire.h"
#include "services/segmenter/profile/wire_parts.h"
#include "tests/fuzz/scheduler_policy.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

static struct arena arena;
static struct err err;

static void check(struct slice written, struct slice golden)
{
	assert_int_equal(written.len, golden.len);
	assert_memory_equal(written.bytes, golden.bytes, golden.len);
}

/* The state as whoever looks at it has it, as bytes. */
static struct slice plain(struct slice state)
{
	const Nurture__V1__Ledger *ledger = ledger_plain(state, &arena);

	assert_non_null(ledger);
	return message_pack(ledger, &arena);
}

/*
 * An older version wrote it with all texts: it is read, says the same when it is written as we do,
 * and that is read and written again byte for byte.
 */
static void check_ledger(struct slice golden)
{
	struct slice first, second;
	struct sched_ledger ledger;

	if (sched_ledger_decode(golden, fuzz_policy(), &arena, &ledger, &err) < 0)
		fail_msg("%s", err.text);
	first = sched_ledger_encode(&ledger, &arena);
	check(plain(first), plain(golden));
	if (sched_ledger_decode(first, fuzz_policy(), &arena, &ledger, &err) < 0)
		fail_msg("%s", err.text);
	second = sched_ledger_encode(&ledger, &arena);
	check(second, first);
	/* Nothing is copied from what was read, and all words are numbered anew. */
	assert_true(wire_forget_words(&ledger));
	ledger.contact_kept.len = 0;
	for (size_t i = 0; i < ledger.send_count; i++)
		ledger.sends[i].words = (struct sched_send_words){0, 0, 0};
	for (size_t i = 0; i < ledger.answer_count; i++)
		ledger.answers[i].packed.len = 0;
	for (size_t i = 0; i < ledger.task_count; i++)
		ledger.tasks[i].packed.len = 0;
	check(plain(sched_ledger_encode(&ledger, &arena)), plain(golden));
}

/* The second version of a state without its mark. */
static struct slice second_version(struct slice written)
{
	assert_int_equal(state_version_take(&written), 2);
	return written;
}

/* A list ends at its last number that is not 0. */
static size_t without_zeros(const uint64_t *list, size_t count)
{
	while (count > 0 && list[count - 1] == 0)
		count--;
	return count;
}

/* An older version wrote it: it is read, written as we do, and says the same in the old words. */
static void check_profile(struct slice golden)
{
	struct seg_profile *profile;
	Nurture__V1__Profile *message, *old;
	struct slice first;

	if (seg_profile_decode(golden, &arena, &profile, &err) < 0)
		fail_msg("%s", err.text);
	first = seg_profile_encode(profile);
	message = message_read(&nurture__v1__profile__descriptor, second_version(first), &arena);
	assert_non_null(message);
	assert_int_equal(wire_to_first_version(message, &arena, &err), 0);
	message->n_consent = 0;
	message->n_consent_given = without_zeros(message->consent_given, message->n_consent_given);
	message->n_consent_proven =
	    without_zeros(message->consent_proven, message->n_consent_proven);
	/* In the order of the fields' numbers, which the encoder has not. */
	old = message_read(&nurture__v1__profile__descriptor, golden, &arena);
	assert_non_null(old);
	check(message_pack(message, &arena), message_pack(old, &arena));
	if (seg_profile_decode(first, &arena, &profile, &err) < 0)
		fail_msg("%s", err.text);
	check(seg_profile_encode(profile), first);
}

static void check_ladder(struct slice golden)
{
	Nurture__V1__Ladder *message;
	struct sol_ladder ladder;
	struct slice first;

	if (sol_ladder_decode(golden, &arena, &ladder, &err) < 0)
		fail_msg("%s", err.text);
	first = sol_ladder_encode(&ladder, &arena);
	message = message_unpack(&nurture__v1__ladder__descriptor, second_version(first), &arena);
	assert_non_null(message);
	for (size_t i = 0; i < message->n_orders; i++) {
		Nurture__V1__LadderOrder *order = message->orders[i];

		sol_order_to_first_version(order);
		order->amount = order->amount_since = order->items_since = 0;
		order->wait_min = 0;
	}
	check(message_pack(message, &arena), golden);
	if (sol_ladder_decode(first, &arena, &ladder, &err) < 0)
		fail_msg("%s", err.text);
	check(sol_ladder_encode(&ladder, &arena), first);
}

static void check_deliveries(struct slice golden)
{
	struct send_state *state;

	if (send_state_decode(golden, &arena, &state, &err) < 0)
		fail_msg("%s", err.text);
	check(send_state_encode(state, &arena), golden);
	/* A dispatch that nothing changed stays the bytes that it came as, whatever their order. */
	for (size_t i = 0; i < state->n_sends; i++)
		state->sends[i]->bytes.len = 0;
	check(send_state_encode(state, &arena), golden);
}

static struct sched_explanation explanation_of(const Nurture__V1__Decision *decision)
{
	struct sched_explanation explanation = {0};

	if (!decision)
		return explanation;
	assert_true(decision->n_rules <= EXPLAINED_TRIALS_MAX);
	assert_true(decision->n_considered <= EXPLAINED_RIVALS_MAX);
	for (size_t i = 0; i < decision->n_rules; i++)
		explanation.trials[explanation.trial_count++] = *decision->rules[i];
	for (size_t i = 0; i < decision->n_considered; i++)
		explanation.rivals[explanation.rival_count++] = *decision->considered[i];
	return explanation;
}

/* From its parts, as the scheduler has them. */
static struct slice dispatch_again(const Nurture__V1__DispatchRecord *record)
{
	Nurture__V1__Dispatch body = *record->dispatch;
	struct sched_explanation explanation = explanation_of(body.decision);
	struct sched_parts parts = {.count = body.n_parts};
	struct sched_candidate candidates[SHAPE_PARTS_MAX];

	for (size_t i = 0; i < body.n_parts; i++) {
		candidates[i].packed = message_pack(body.parts[i]->request, &arena);
		parts.items[i] = (struct sched_part){&candidates[i], body.parts[i]->coupon,
						     explanation_of(body.parts[i]->decision)};
	}
	body.request = NULL;
	body.decision = NULL;
	body.n_parts = 0;
	return sched_dispatch_encode(&body, message_pack(record->dispatch->request, &arena),
				     &explanation, &parts, (int64_t)record->time_ms,
				     record->customer, &arena);
}

static void check_dispatch(struct slice golden)
{
	Nurture__V1__DispatchRecord *record =
	    message_read(&nurture__v1__dispatch_record__descriptor, golden, &arena);

	assert_non_null(record);
	if (record->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH)
		check(dispatch_again(record), golden);
	else
		check(message_pack(record, &arena), golden);
}

static void check_request(struct slice golden)
{
	Nurture__V1__RequestRecord *record;

	if (sched_record_decode(golden, &arena, &record, &err) < 0)
		fail_msg("%s", err.text);
	check(message_pack(record, &arena), golden);
}

static void check_answer(struct slice golden)
{
	Nurture__V1__Answer *answer =
	    message_read(&nurture__v1__answer__descriptor, golden, &arena);
	Nurture__V1__KeptAnswer kept = NURTURE__V1__KEPT_ANSWER__INIT;
	struct slice outcome;

	assert_non_null(answer);
	outcome = message_pack(answer->outcome, &arena);
	kept.outcome = (ProtobufCBinaryData){outcome.len, (uint8_t *)(uintptr_t)outcome.bytes};
	kept.lapses_ms = answer->lapses_ms;
	check(sched_answer_encode(&kept, (int64_t)answer->time_ms, &arena), golden);
}

static const struct kind {
	const char *name;
	void (*check)(struct slice golden);
} kinds[] = {
    {"ledger", check_ledger},     {"profile", check_profile},       {"ladder", check_ladder},
    {"dispatch", check_dispatch}, {"request", check_request},       {"ask", check_request},
    {"answer", check_answer},     {"deliveries", check_deliveries},
};

static struct slice from_hex(const char *digits)
{
	size_t len = strspn(digits, "0123456789abcdef") / 2;
	uint8_t *bytes = arena_alloc(&arena, len);
	unsigned byte;

	for (size_t i = 0; i < len; i++) {
		assert_int_equal(sscanf(digits + 2 * i, "%2x", &byte), 1);
		bytes[i] = (uint8_t)byte;
	}
	return slice_of(bytes, len);
}

static void what_was_written_is_written_again(void **state)
{
	enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
	FILE *file = fopen("tests/golden/wire.txt", "r");
	unsigned counts[KINDS] = {0};
	static char line[LINE_MAX_BYTES];

	(void)state;
	assert_non_null(file); /* tests run at the top of the tree */
	while (fgets(line, sizeof(line), file)) {
		size_t len = strcspn(line, " "), i = 0;

		while (i < KINDS && !slice_is(slice_of(line, len), kinds[i].name))
			i++;
		assert_true(i < KINDS);
		kinds[i].check(from_hex(line + len + 1));
		counts[i]++;
		arena_reset(&arena);
	}
	fclose(file);
	for (size_t i = 0; i < KINDS; i++)
		assert_true(counts[i] >= 4);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_written_is_written_again)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
