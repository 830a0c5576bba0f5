/* Tests of a profile as bytes: its size, its limits, and what is no profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/hash.h"
#include "common/codec/protobuf_message.h"
#include "common/codec/state_version.h"
#include "segmenter_fixture.h"

#include "nurture/v1/profile.pb-c.h"
#include "services/segmenter/profile/cases.h"
#include "services/segmenter/profile/dedup.h"
#include "services/segmenter/profile/wire_parts.h"

#define SHOP                                                                                       \
	POLICY("segments:\n"                                                                       \
	       "  returning: {orders: {at_least: 2}}\n"                                            \
	       "  slipping: {orders: {at_least: 2}, days_since_order: {over_usual_gap: 2.0}}\n")

/* Five orders of two categories by somebody of whom everything is known. */
static void a_customer_is_small(void **state)
{
	struct world world = world_with(SHOP);

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		char time[RFC3339_BYTES], order[256];

		rfc3339_text(ms("2026-01-01T12:34:56.789Z") + i * 31 * DAY_MS, time);
		snprintf(order, sizeof(order), BUYS("SO-10%u47", "129.90", "%s"), i,
			 i % 2 ? "tents" : "sleeping-bags");
		tell(&world,
		     (struct news){
			 time, "order.placed", order,
			 "\"email\":\"ann.example@customers.example\",\"name\":\"Ann Example\","
			 "\"locale\":\"de-AT\",\"time_zone\":\"Europe/Vienna\",\"country\":\"AT\","
			 "\"consent\":{\"promotion\":true,\"care\":true}"});
	}
	print_message("five orders: %zu bytes\n", world.state_len);
	assert_true(world.state_len < 400);
	world_free(&world);
}

/* However much there is of everything, the state stays within a bound. */
static void a_state_is_bounded(void **state)
{
	struct arena arena = {0};
	struct seg_profile *profile = seg_profile_new(&arena);

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		const char *id = arena_printf(&arena, "%u", i);

		seg_dedup_add_event(
		    profile, (struct seg_dedup_entry){.hash = i * UINT64_C(0x9e3779b97f4a7c15)});
		seg_dedup_add_fact(profile, i * UINT64_C(0x9e3779b97f4a7c15), i * MINUTE_MS);
		seg_dedup_add_fact(profile, i * UINT64_C(0xbf58476d1ce4e5b9), i * MINUTE_MS);
		if (i % 3)
			seg_case_open(profile, "return.opened", id, "", i);
		else
			seg_case_close(profile, "return.closed", id, "", i);
	}
	assert_int_equal(profile->events.count, SEG_EVENTS_MAX);
	assert_int_equal(profile->facts.count, SEG_FACTS_MAX);
	assert_int_equal(profile->case_count, SEG_CASES_MAX);
	for (unsigned i = 0; i < profile->case_count; i++)
		assert_true(seg_case_is_open(&profile->cases[i])); /* closed ones go first */
	arena_free(&arena);
}

static void note(struct seg_profile *profile, uint64_t hash, int64_t time_ms)
{
	seg_dedup_add_event(profile,
			    (struct seg_dedup_entry){.hash = hash, .minute = seg_minute(time_ms)});
}

static void ids_are_kept_by_age_and_number(void **state)
{
	static const struct {
		unsigned old, recent, kept; /* events ten days before the newest, and six days */
	} rows[] = {
	    {10, 10, 20},   {60, 4, 64},    {60, 10, 64},
	    {100, 1, 64},   {100, 0, 100}, /* none of them is old beside the others */
	    {10, 300, 300}, {10, 511, 511}, {10, 600, 512},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = {0};
		struct seg_profile *profile = seg_profile_new(&arena);

		for (unsigned j = 0; j < rows[i].recent; j++)
			note(profile, 1000 + j, 14 * DAY_MS + (j ? 0 : 6 * DAY_MS));
		for (unsigned j = 0; j < rows[i].old; j++)
			note(profile, 5000 + j, 10 * DAY_MS);
		assert_int_equal(profile->events.count, rows[i].kept);
		if (rows[i].recent)
			assert_non_null(seg_dedup_find(&profile->events, 1000)); /* the newest */
		arena_free(&arena);
	}
}

/* Times of either sign, up to the farthest that a profile may hold. */
static int64_t full_ms(unsigned i)
{
	static const int64_t some[] = {INT64_C(999999999999999),
				       -INT64_C(999999999999999),
				       INT64_C(1767225600123),
				       INT64_C(1767225600122),
				       0,
				       SEG_NEVER};

	return some[i % (sizeof(some) / sizeof(some[0]))];
}

static int64_t full_time_ms(unsigned i)
{
	return full_ms(i % 5);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The most refunds and parcels that an order may have, or `most`. */
static void fill_lists(struct arena *arena, struct seg_order *order, unsigned most, unsigned i)
{
	struct refunds *refunds = &order->refunds;
	struct parcels *parcels = &order->parcels;

	*refunds = (struct refunds){arena_alloc(arena, REFUNDS_MAX * sizeof(*refunds->items)),
				    least(most, REFUNDS_MAX)};
	for (unsigned j = 0; j < refunds->count; j++)
		refunds->items[j] = (struct refund){j ? UINT64_MAX - REFUNDS_MAX + j : 0,
						    j % 2 ? INT64_MAX : 0, j % 3};
	*parcels = (struct parcels){arena_alloc(arena, PARCELS_MAX * sizeof(*parcels->items)),
				    least(most, PARCELS_MAX), i % 3 ? PARCELS_MAX : 0};
	for (unsigned j = 0; j < parcels->count; j++)
		parcels->items[j] =
		    j ? UINT64_MAX - 4 * (uint64_t)(PARCELS_MAX - j) + j % 2 : i % 2;
}

static void fill_order(struct seg_profile *profile, unsigned most, unsigned i)
{
	struct seg_order *order = &profile->orders[i];
	uint64_t all = most >= 64 ? UINT64_MAX : (UINT64_C(1) << most) - 1;

	*order = (struct seg_order){
	    .id = i ? arena_printf(profile->arena, "order %u", i) : "",
	    .time_ms = full_time_ms(i),
	    .amount_e4 = i % 3 ? INT64_MAX - i : -(int64_t)i,
	    .refunded_e4 = i % 2 ? INT64_MAX : 0,
	    .categories = i % 3 ? all : 0,
	    .returned = i % 4 ? all >> 1 : 0,
	    .top = i % (most > 64 ? 64 : most + 1),
	    .amount_ms = full_ms(i),
	    .items_ms = full_ms(i + 1),
	    .currency = i % 2 ? UINT32_MAX : 0,
	    .placed = i % 2,
	    .whole_gone = i & 2,
	    .foreign = i & 4,
	    .told_shipped = i & 8,
	    .told_cancelled = i & 16,
	    .told_delivered = i & 32,
	    .told_whole_refund = i % 3 == 0,
	    .delivered_ms = full_ms(i + 2),
	    .late_ms = full_ms(i + 3),
	    .gone_ms = full_ms(i + 4),
	};
	for (unsigned kind = 0; kind < SEG_ORDER_DATES; kind++)
		order->dates[kind] = (struct seg_order_date){full_ms(i + kind), full_ms(i + 5),
							     full_ms(i + kind + 1)};
	fill_lists(profile->arena, order, most, i);
}

#define FILL(list, name, max)                                                                      \
	(profile->name##_count = profile->name##_room = least(most, max),                          \
	 profile->list =                                                                           \
	     arena_zalloc(profile->arena, profile->name##_count * sizeof(*profile->list)))

static void fill_bought(struct seg_profile *profile, unsigned most)
{
	FILL(orders, order, SEG_ORDERS_MAX);
	for (unsigned i = 0; i < profile->order_count; i++)
		fill_order(profile, most, i);
	profile->older = (struct seg_older){INT32_MAX, -5, full_ms(most), full_ms(most + 1)};
	FILL(categories, category, SEG_CATEGORIES_MAX);
	for (unsigned i = 0; i < profile->category_count; i++)
		profile->categories[i] = (struct seg_category){
		    arena_printf(profile->arena, "category %u", i), full_ms(i)};
}

static void fill_person(struct seg_profile *profile, unsigned most)
{
	profile->address_count = least(most, SEG_ADDRESSES_MAX);
	for (unsigned i = 0; i < profile->address_count; i++)
		profile->addresses[i] = (struct seg_address){
		    arena_printf(profile->arena, "%0*u@example", (int)(300 * i), i),
		    full_time_ms(i), full_time_ms(i + most)};
	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++)
		if (most % 2 == 0 || (i + most) % 3)
			profile->attributes[i] = (struct seg_attribute){
			    arena_printf(profile->arena, "%u", i), full_time_ms(i), i % 2};
	FILL(consents, consent, 2 * SEG_UNKNOWN_CONSENTS_MAX + 1);
	for (unsigned i = 0; i < profile->consent_count; i++)
		profile->consents[i] =
		    (struct seg_consent){arena_printf(profile->arena, "class %u", i),
					 (enum seg_word)((i + most) % 3), full_time_ms(i)};
	FILL(cases, case, SEG_CASES_MAX);
	for (unsigned i = 0; i < profile->case_count; i++)
		profile->cases[i] =
		    (struct seg_case){arena_printf(profile->arena, "return:%u", i),
				      i % 2 ? "order" : "", full_ms(i), full_ms(i + 1)};
	profile->bounced_ms = full_ms(most);
	profile->bounced_address = UINT64_MAX;
	profile->merged_into = "another";
	profile->merged_ms = full_ms(most + 2);
}

static void fill_behaviour(struct seg_profile *profile, unsigned most)
{
	FILL(moments, moment, SEG_MOMENTS_MAX);
	for (unsigned i = 0; i < profile->moment_count; i++)
		profile->moments[i] = (int64_t)(i / 2) * 1000 - 2000;
	profile->moments_ever = UINT32_MAX;
	FILL(soft_bounces_ms, soft_bounce, SEG_SOFT_BOUNCES_MAX);
	for (unsigned i = 0; i < profile->soft_bounce_count; i++)
		profile->soft_bounces_ms[i] = (int64_t)(i / 2) * DAY_MS;
	profile->preferences.time_ms = full_time_ms(most);
	profile->preferences.paused_until_ms = full_time_ms(most + 1);
	profile->preferences.count = least(most, SEG_ALLOWANCES_MAX);
	for (unsigned i = 0; i < profile->preferences.count; i++)
		profile->preferences.allowances[i] =
		    (struct seg_allowance){1000 - 300 * i, 397 + i};
}

static void fill_decided(struct seg_profile *profile, unsigned most)
{
	profile->segment_count = least(most, 70);
	profile->segments =
	    arena_alloc(profile->arena, profile->segment_count * sizeof(*profile->segments));
	for (unsigned i = 0; i < profile->segment_count; i++)
		profile->segments[i] = i ? arena_printf(profile->arena, "segment %u", i) : "";
	FILL(memories, memory, 70);
	for (unsigned i = 0; i < profile->memory_count; i++)
		profile->memories[i] =
		    (struct seg_memory){arena_printf(profile->arena, "programme %u", i),
					full_time_ms(i), full_ms(i + 4)};
	profile->contact_fingerprint = UINT64_MAX;
	profile->due_ms = full_ms(most + 3);
}

static void fill_set(struct seg_profile *profile, struct seg_dedup *set, unsigned count,
		     uint32_t body)
{
	set->count = set->room = count;
	set->items = arena_zalloc(profile->arena, count * sizeof(*set->items));
	for (unsigned i = 0; i < count; i++)
		set->items[i] = (struct seg_dedup_entry){
		    .hash = i * UINT64_C(0x9e3779b97f4a7c15),
		    .minute = (int64_t)i * i - 59,
		    .body = body * i,
		};
	set->floor = count ? (int64_t)count - 3 : SEG_NO_FLOOR;
}

static void fill_erasure(struct seg_profile *profile, unsigned most)
{
	profile->erased_ms = 1767225600000;
	profile->live_from_ms = 1767225500000;
	profile->ahead_count = least(most, SEG_AHEAD_MAX);
	for (unsigned i = 0; i < profile->ahead_count; i++)
		profile->ahead[i] =
		    (struct seg_ahead){i * UINT64_C(0xbf58476d1ce4e5b9), (int64_t)i * DAY_MS - 1};
	profile->erased_hash_count = least(most, SEG_ERASED_HASHES_MAX);
	for (unsigned i = 0; i < profile->erased_hash_count; i++)
		profile->erased_hashes[i] = i * UINT64_C(0x94d049bb133111eb);
}

/* Of every list `most` entries, or as many as it holds; and every single value is set. */
static struct seg_profile *full_profile(struct arena *arena, unsigned most)
{
	struct seg_profile *profile = seg_profile_new(arena);

	fill_bought(profile, most);
	fill_person(profile, most);
	fill_behaviour(profile, most);
	fill_decided(profile, most);
	fill_set(profile, &profile->events, least(most, SEG_EVENTS_MAX), 0x9e3779b9);
	fill_set(profile, &profile->facts, least(most, SEG_FACTS_MAX), 0);
	fill_erasure(profile, most);
	return profile;
}

/* States of running shops go on: these are the bytes that they are since version 2. */
static void every_member_is_written_as_ever(void **state)
{
	static const struct {
		unsigned most;
		size_t bytes;
		uint64_t hash;
	} rows[] = {
	    {0, 207, UINT64_C(0x9354e6d2169020ed)},      {1, 521, UINT64_C(0x15609d90a69fad89)},
	    {2, 1234, UINT64_C(0x32183d1c8f0cde10)},     {3, 2163, UINT64_C(0x9b86af5d1d536a72)},
	    {6, 4397, UINT64_C(0x7be0b8ee7f303959)},     {63, 62581, UINT64_C(0x207c59e76a0ad3f1)},
	    {5000, 91602, UINT64_C(0x943c2e217a8ae85e)},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seg_profile *profile = full_profile(&arena, rows[i].most);
		struct slice first, again;
		struct err err;

		/* younger than these bytes */
		profile->live_from_ms = SEG_NEVER;
		profile->bounced_address = 0;
		first = seg_profile_encode(profile);
		if (seg_profile_decode(first, &arena, &profile, &err) < 0)
			fail_msg("%u of each: %s", rows[i].most, err.text);
		again = seg_profile_encode(profile);
		assert_true(slice_equal(first, again));
		assert_int_equal(first.len, rows[i].bytes);
		assert_true(hash64(first) == rows[i].hash);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* As the first version had it. */
static struct slice first_version(const struct seg_profile *profile)
{
	Nurture__V1__Profile message = NURTURE__V1__PROFILE__INIT;

	wire_write_orders(profile, &message);
	wire_write_person(profile, &message);
	wire_write_behaviour(profile, &message);
	wire_write_known(profile, &message);
	message.contact_fingerprint = profile->contact_fingerprint;
	message.due_ms = seg_to_since(profile->due_ms, 0);
	return message_pack(&message, profile->arena);
}

static struct seg_profile *decoded(struct slice bytes, struct arena *arena)
{
	struct seg_profile *profile;
	struct err err;

	if (seg_profile_decode(bytes, arena, &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

/* What is read of either version is the same, and nothing is lost on the way to the second. */
static void both_versions_say_the_same(void **state)
{
	static const unsigned mosts[] = {0, 1, 2, 3, 6, 63, 5000};
	static const char *const classes[] = {"all", "care", "feedback"};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(mosts) / sizeof(mosts[0]); i++) {
		struct seg_profile *profile = full_profile(&arena, mosts[i / 2]);
		struct slice first, second;

		profile->memory_count = profile->segment_count = 0; /* wire.c has them to itself */
		for (unsigned n = 0; i % 2 && n < profile->consent_count; n++)
			profile->consents[n].message_class = classes[n % 3];
		first = first_version(profile);
		second = seg_profile_encode(profile);
		assert_int_equal(second.bytes[0], STATE_VERSION_MARK(2));
		assert_true(slice_equal(first_version(decoded(second, &arena)), first));
		assert_true(slice_equal(seg_profile_encode(decoded(first, &arena)), second));
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* One order, an address, a yes to all: what most customers of a shop are. */
static void a_new_customer_is_small(void **state)
{
	struct world world = world_with(SHOP);

	(void)state;
	tell(&world, (struct news){"2026-01-05T00:00:00Z", "order.placed",
				   BUYS("SO-10047", "12.50", "tents"),
				   "\"email\":\"ann.example@customers.example\","
				   "\"consent\":{\"promotion\":true}"});
	print_message("one order: %zu bytes\n", world.state_len);
	assert_true(world.state_len < 110);
	world_free(&world);
}

static void a_newer_version_is_refused(void **state)
{
	struct arena arena = {0};
	struct seg_profile *profile;
	struct err err;

	(void)state;
	assert_int_equal(seg_profile_decode(slice_text("\x1f\x10"), &arena, &profile, &err), -1);
	assert_non_null(strstr(err.text, "version 3"));
	assert_int_equal(err.kind, ERR_ENVIRONMENT); /* no dead letter: the service stops */
	arena_free(&arena);
}

static void refuse(Nurture__V1__Profile *message, const char *why)
{
	struct arena arena = {0};
	uint8_t *bytes = arena_alloc(&arena, nurture__v1__profile__get_packed_size(message));
	size_t len = nurture__v1__profile__pack(message, bytes);
	struct seg_profile *profile = NULL;
	struct err err;

	assert_int_equal(seg_profile_decode(slice_of(bytes, len), &arena, &profile, &err), -1);
	assert_string_equal(err.text, why);
	assert_null(profile);
	arena_free(&arena);
}

static void what_cannot_be_is_refused(void **state)
{
	char *texts[600];
	uint64_t words[600], one = 1, two = 2;
	uint64_t days[] = {1, 2, 3, 4, 5}, twice[] = {7, 7}, many = 401, too_many = 1001;
	int64_t far = INT64_MAX, minus = -1, ones[33], down[] = {2, -1};
	Nurture__V1__Profile empty = NURTURE__V1__PROFILE__INIT, m;
	struct arena arena = {0};
	struct seg_profile *profile;
	struct err err;

	(void)state;
	for (unsigned i = 0; i < 600; i++) {
		texts[i] = "x";
		words[i] = 0;
	}
	for (unsigned i = 0; i < 33; i++)
		ones[i] = 1;
#define REFUSE(why, ...) (m = empty, __VA_ARGS__, refuse(&m, why))
	REFUSE("profile: more orders than are kept", m.order_id = texts, m.n_order_id = 65);
	REFUSE("profile: more categories than are kept", m.category = texts, m.n_category = 65);
	REFUSE("profile: more addresses than are kept", m.address = texts, m.n_address = 5);
	REFUSE("profile: more consents than are kept", m.consent_class = texts,
	       m.n_consent_class = 130);
	REFUSE("profile: more cases than are kept", m.case_id = texts, m.n_case_id = 33);
	REFUSE("profile: more events than are kept", m.event_hash = words, m.n_event_hash = 513);
	REFUSE("profile: an order that cannot be", m.order_id = texts, m.n_order_id = 1,
	       m.order_ms = &far, m.n_order_ms = 1);
	REFUSE("profile: an order that cannot be", m.order_id = texts, m.n_order_id = 1,
	       m.order_late_ms = &far, m.n_order_late_ms = 1);
	REFUSE("profile: an order that cannot be", m.order_id = texts, m.n_order_id = 1,
	       m.order_refunded_e4 = &minus, m.n_order_refunded_e4 = 1);
	REFUSE("profile: an order that cannot be", m.order_id = texts, m.n_order_id = 1,
	       m.category = texts, m.n_category = 1, m.order_categories = &two,
	       m.n_order_categories = 1);
	REFUSE("profile: an order that cannot be", m.order_id = texts, m.n_order_id = 1,
	       m.order_top = &one, m.n_order_top = 1);
	REFUSE("profile: an order that cannot be", m.order_id = texts, m.n_order_id = 1,
	       m.order_returned = &one, m.n_order_returned = 1);
	REFUSE("profile: older orders that cannot be", m.older_first_ms = far);
	REFUSE("profile: an event with a time that cannot be", m.event_hash = words,
	       m.n_event_hash = 1, m.event_hour = &far, m.n_event_hour = 1);
	REFUSE("profile: a time that cannot be", m.due_ms = far);
	REFUSE("profile: an open or a click that cannot be", m.moment = ones, m.n_moment = 33,
	       m.moments_ever = 33);
	REFUSE("profile: an open or a click that cannot be", m.moment = down, m.n_moment = 2,
	       m.moments_ever = 2);
	REFUSE("profile: an open or a click that cannot be", m.moment = &far, m.n_moment = 1,
	       m.moments_ever = 1);
	REFUSE("profile: a number of opens and clicks that cannot be", m.moment = ones,
	       m.n_moment = 1);
	REFUSE("profile: a soft bounce that cannot be", m.soft_bounce_ms = ones,
	       m.n_soft_bounce_ms = 11);
	REFUSE("profile: a soft bounce that cannot be", m.soft_bounce_ms = down,
	       m.n_soft_bounce_ms = 2);
	REFUSE("profile: preferences that cannot be", m.paused_until_ms = far,
	       m.preferences_ms = 1);
	REFUSE("profile: preferences that cannot be", m.paused_until_ms = 2);
	REFUSE("profile: preferences that cannot be", m.allowance_days = days,
	       m.n_allowance_days = 5, m.preferences_ms = 1);
	REFUSE("profile: preferences that cannot be", m.allowance_days = twice,
	       m.n_allowance_days = 2, m.preferences_ms = 1);
	REFUSE("profile: preferences that cannot be", m.allowance_days = &many,
	       m.n_allowance_days = 1, m.preferences_ms = 1);
	REFUSE("profile: preferences that cannot be", m.allowance_limit = &one,
	       m.n_allowance_limit = 1, m.preferences_ms = 1);
	REFUSE("profile: preferences that cannot be", m.allowance_days = days,
	       m.n_allowance_days = 1, m.allowance_limit = &too_many, m.n_allowance_limit = 1,
	       m.preferences_ms = 1);
	assert_int_equal(seg_profile_decode(slice_text("\x0a\xff"), &arena, &profile, &err), -1);
	assert_string_equal(err.text, "profile: 2 bytes that are no profile");
	arena_free(&arena);
}

/* A timer of a state that cannot be read must not come again and again; its next event fails. */
static void an_unreadable_state_is_left_alone(void **state)
{
	struct world world = world_with(SHOP);
	struct step timer = {.kind = STEP_TIMER};
	struct err err;

	(void)state;
	world.state = malloc(2);
	memcpy(world.state, "\x0a\xff", 2);
	world.state_len = 2;
	world.now_ms = 0;
	assert_int_equal(world_step(&world, &timer, &err), 0);
	assert_int_equal(world.state_len, 2);
	assert_true(world.due_ms == NEVER_MS);
	assert_int_equal(
	    world_record(&world,
			 "{\"id\":\"e\",\"type\":\"x\",\"time\":\"2026-01-01T00:00:00Z\","
			 "\"customer\":{\"id\":\"ann\"}}",
			 0, &err),
	    -1);
	assert_string_equal(err.text, "profile: 2 bytes that are no profile");
	/* a timer of somebody who was forgotten meanwhile */
	world_forget(&world);
	world.now_ms = 0;
	assert_int_equal(world_step(&world, &timer, &err), 0);
	assert_int_equal(world.state_len, 0);
	assert_string_equal(take(&world), "");
	world_free(&world);
}

/* An older version kept a yes without saying who gave it: then it is an echo's. */
static void a_yes_of_an_older_version_is_an_echo(void **state)
{
	char *classes[] = {"all", "care"};
	uint64_t given[] = {0, 1}, proven[] = {1};
	int64_t said[] = {5, 7};
	Nurture__V1__Profile old = NURTURE__V1__PROFILE__INIT;
	struct arena arena = {0};
	struct seg_profile *profile;
	uint8_t bytes[256];
	struct err err;

	(void)state;
	old.consent_class = classes;
	old.consent_given = given;
	old.consent_ms = said;
	old.n_consent_class = old.n_consent_given = old.n_consent_ms = 2;
	assert_int_equal(
	    seg_profile_decode(slice_of(bytes, nurture__v1__profile__pack(&old, bytes)), &arena,
			       &profile, &err),
	    0);
	assert_int_equal(profile->consents[0].word, SEG_WITHDRAWN);
	assert_int_equal(profile->consents[1].word, SEG_ECHOED);
	assert_true(profile->consents[1].time_ms == 12);
	assert_true(profile->erased_ms == SEG_NEVER);
	/* proven, and not given */
	old.consent_proven = proven;
	old.n_consent_proven = 1;
	refuse(&old, "profile: a consent with a time that cannot be");
	arena_free(&arena);
}

/* Likewise of an attribute: without a word about it nobody chose it. */
static void an_attribute_of_an_older_version_is_an_echo(void **state)
{
	Nurture__V1__Profile old = NURTURE__V1__PROFILE__INIT;
	struct arena arena = {0};
	struct seg_profile *profile;
	uint8_t bytes[256];
	int64_t said = 5;
	struct err err;

	(void)state;
	old.locale = (char *)"de";
	old.attribute_ms = &said;
	old.n_attribute_ms = 1;
	for (unsigned chosen = 0; chosen < 2; chosen++) {
		old.attributes_said = chosen << SEG_LOCALE;
		assert_int_equal(
		    seg_profile_decode(slice_of(bytes, nurture__v1__profile__pack(&old, bytes)),
				       &arena, &profile, &err),
		    0);
		assert_int_equal(profile->attributes[SEG_LOCALE].is_said, chosen);
		assert_int_equal(profile->attributes[SEG_NAME].is_said, 0);
	}
	old.attributes_said = 1 << SEG_NAME;
	refuse(&old, "profile: a choice of an attribute that is not known");
	old.attributes_said = 1 << SEG_ATTRIBUTE_COUNT;
	refuse(&old, "profile: a choice of no attribute");
	arena_free(&arena);
}

static void an_erasure_that_cannot_be_is_refused(void **state)
{
	uint64_t hashes[40] = {1};
	int64_t down[] = {2, -1}, far = INT64_MAX;
	Nurture__V1__Profile empty = NURTURE__V1__PROFILE__INIT, m;

	(void)state;
	REFUSE("profile: an erasure that cannot be", m.erased_ms = far);
	REFUSE("profile: an erasure that cannot be", m.ahead_hash = hashes, m.n_ahead_hash = 17);
	REFUSE("profile: an erasure that cannot be", m.erased_hash = hashes, m.n_erased_hash = 33);
	REFUSE("profile: an event ahead with a time that cannot be", m.ahead_hash = hashes,
	       m.n_ahead_hash = 2, m.ahead_ms = down, m.n_ahead_ms = 2);
}

static bool is_set(const Nurture__V1__Profile *message, const ProtobufCFieldDescriptor *field)
{
	const char *place = (const char *)message + field->offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return *(const size_t *)(const void *)((const char *)message +
						       field->quantifier_offset) > 0;
	if (field->type == PROTOBUF_C_TYPE_STRING)
		return **(const char *const *)(const void *)place;
	return *(const uint64_t *)(const void *)place;
}

/* What is written is what profile.proto says, field by field, and none is forgotten. */
static void every_field_is_written(void **state)
{
	const ProtobufCMessageDescriptor *profile = &nurture__v1__profile__descriptor;
	struct arena arena = {0};
	ProtobufCAllocator memory = arena_protobuf(&arena);
	struct slice bytes = seg_profile_encode(full_profile(&arena, 6));
	Nurture__V1__Profile *message;

	(void)state;
	assert_int_equal(state_version_take(&bytes), 2);
	message = nurture__v1__profile__unpack(&memory, bytes.len, bytes.bytes);
	assert_non_null(message);
	assert_int_equal(message->base.n_unknown_fields, 0);
	for (unsigned i = 0; i < profile->n_fields; i++)
		/* The classes here have names that only this policy knows. */
		if (!is_set(message, &profile->fields[i]) &&
		    strcmp(profile->fields[i].name, "consent") != 0)
			fail_msg("%s is not set", profile->fields[i].name);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_field_is_written),
	    cmocka_unit_test(a_customer_is_small),
	    cmocka_unit_test(a_state_is_bounded),
	    cmocka_unit_test(every_member_is_written_as_ever),
	    cmocka_unit_test(both_versions_say_the_same),
	    cmocka_unit_test(a_new_customer_is_small),
	    cmocka_unit_test(a_newer_version_is_refused),
	    cmocka_unit_test(ids_are_kept_by_age_and_number),
	    cmocka_unit_test(what_cannot_be_is_refused),
	    cmocka_unit_test(an_unreadable_state_is_left_alone),
	    cmocka_unit_test(a_yes_of_an_older_version_is_an_echo),
	    cmocka_unit_test(an_attribute_of_an_older_version_is_an_echo),
	    cmocka_unit_test(an_erasure_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
