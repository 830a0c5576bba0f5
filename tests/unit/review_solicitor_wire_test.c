/* review_solicitor_wire_test.c - a ladder as bytes: both versions, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/codec/protobuf_message.h"
#include "common/codec/state_version.h"
#include "services/review-solicitor/wire.h"
#include "services/review-solicitor/wire_version.h"

enum { LADDERS = 2000, ORDERS_MOST = 5 };

static uint64_t seed;

static uint64_t next(uint64_t below)
{
	seed = hash64(slice_of(&seed, sizeof(seed)));
	return seed % below;
}

/* Times at 0, around each other, and as far as a ladder may have them. */
static int64_t some_time(void)
{
	static const int64_t times_ms[] = {
	    0, 1, 1767571200000, 1767571200001, 1767657600000, 1000000000000000};

	return times_ms[next(6)];
}

static void fill_order(Nurture__V1__LadderOrder *order, char id[2])
{
	static const int64_t amounts_e4[] = {0, 125000, -5, INT64_MAX, INT64_MIN};
	static const int64_t waits_ms[] = {0, 1, MINUTE_MS, 30 * DAY_MS, 1000000000000000};

	nurture__v1__ladder_order__init(order);
	order->id = id;
	order->phase = (Nurture__V1__LadderPhase)next(SOL_PHASE_COUNT);
	order->at_ms = some_time();
	order->delivered_ms = some_time();
	order->wait_ms = waits_ms[next(5)];
	order->amount_e4 = amounts_e4[next(5)];
	order->amount_ms = some_time();
	order->items_ms = some_time();
	order->currency = (uint32_t)next(3);
	order->ends_ms = some_time();
	order->ends_told_ms = some_time();
	order->reminders = (uint32_t)next(3);
	order->gone = next(2);
}

/* A state as the first version wrote it. */
static struct slice first_version(struct arena *arena, size_t count)
{
	static char ids[ORDERS_MOST][2] = {"1", "2", "3", "4", "5"};
	Nurture__V1__Ladder ladder = NURTURE__V1__LADDER__INIT;
	Nurture__V1__LadderOrder *orders = arena_alloc(arena, count * sizeof(*orders));

	ladder.n_orders = count;
	ladder.orders = arena_alloc(arena, count * sizeof(*ladder.orders));
	for (size_t i = 0; i < count; i++) {
		fill_order(&orders[i], ids[i]);
		ladder.orders[i] = &orders[i];
	}
	ladder.last_ask_ms = some_time();
	return message_pack(&ladder, arena);
}

static struct sol_ladder decoded(struct slice bytes, struct arena *arena)
{
	struct sol_ladder ladder;
	struct err err;

	if (sol_ladder_decode(bytes, arena, &ladder, &err) < 0)
		fail_msg("%s", err.text);
	return ladder;
}

static void same_order(const struct sol_order *one, const struct sol_order *other)
{
	assert_string_equal(one->id, other->id);
	assert_int_equal(one->phase, other->phase);
	assert_int_equal(one->gone, other->gone);
	assert_int_equal(one->at_ms, other->at_ms);
	assert_int_equal(one->delivered_ms, other->delivered_ms);
	assert_int_equal(one->wait_ms, other->wait_ms);
	assert_int_equal(one->amount_e4, other->amount_e4);
	assert_int_equal(one->amount_ms, other->amount_ms);
	assert_int_equal(one->items_ms, other->items_ms);
	assert_int_equal(one->currency, other->currency);
	assert_int_equal(one->ends_ms, other->ends_ms);
	assert_int_equal(one->ends_told_ms, other->ends_told_ms);
	assert_int_equal(one->reminders, other->reminders);
}

static void both_versions_say_the_same(void **state)
{
	struct arena arena = {0};

	(void)state;
	seed = 7;
	for (int i = 0; i < LADDERS; i++) {
		size_t count = 1 + next(ORDERS_MOST);
		struct sol_ladder first = decoded(first_version(&arena, count), &arena), second;
		struct slice bytes = sol_ladder_encode(&first, &arena);

		assert_int_equal(bytes.bytes[0], STATE_VERSION_MARK(SOL_SECOND_VERSION));
		second = decoded(bytes, &arena);
		assert_int_equal(second.order_count, count);
		assert_int_equal(second.last_ask_ms, first.last_ask_ms);
		for (size_t n = 0; n < count; n++)
			same_order(&second.orders[n], &first.orders[n]);
		assert_true(slice_equal(sol_ladder_encode(&second, &arena), bytes));
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* An order that is not delivered yet: what most ladders of a shop hold. */
static void an_order_is_small(void **state)
{
	struct arena arena = {0};
	const int64_t now_ms = INT64_C(1767571200000);
	struct sol_order order = {.id = "10047",
				  .phase = SOL_PLACED,
				  .at_ms = now_ms,
				  .wait_ms = 30 * DAY_MS,
				  .amount_e4 = 125000,
				  .amount_ms = now_ms};
	struct sol_ladder ladder = {.orders = &order, .order_count = 1};

	(void)state;
	assert_in_range(sol_ladder_encode(&ladder, &arena).len, 20, 34);
	arena_free(&arena);
}

static void what_is_none_is_refused(void **state)
{
	static const char *const rows[][2] = {
	    {"\x27\x28\x01", "version 4"},
	    {"\x17\x07", "not readable"},
	    {"\x17\x0a\x04\x0a\x01"
	     "1\x18",
	     "not readable"},
	};
	struct arena arena = {0};
	struct sol_ladder ladder;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(sol_ladder_decode(slice_text(rows[i][0]), &arena, &ladder, &err),
				 -1);
		/* No dead letter when a newer build can read it: the service stops. */
		assert_int_equal(err.kind, i ? ERR_INPUT : ERR_ENVIRONMENT);
		if (!strstr(err.text, rows[i][1]))
			fail_msg("%zu: %s", i, err.text);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_versions_say_the_same),
	    cmocka_unit_test(an_order_is_small),
	    cmocka_unit_test(what_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
