/* Tests of a profile as bytes: its size, its limits, and what is no profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_fixture.h"

#include "nurture/v1/profile.pb-c.h"
#include "services/segmenter/profile/cases.h"
#include "services/segmenter/profile/dedup.h"
#include "services/segmenter/profile/wire_scan.h"

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

static enum wire_kind kind_of(const ProtobufCFieldDescriptor *field)
{
	if (!field)
		return WIRE_IS_NOTHING;
	if (field->type == PROTOBUF_C_TYPE_STRING)
		return WIRE_IS_TEXT;
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return WIRE_IS_COLUMN;
	return field->type == PROTOBUF_C_TYPE_FIXED64 ? WIRE_IS_FIXED : WIRE_IS_NUMBER;
}

/* What is read by hand is what profile.proto says, field by field. */
static void every_field_is_read(void **state)
{
	const ProtobufCMessageDescriptor *profile = &nurture__v1__profile__descriptor;

	(void)state;
	for (unsigned field = 0; field < WIRE_FIELDS; field++)
		assert_int_equal(wire_kinds[field],
				 kind_of(protobuf_c_message_descriptor_get_field(profile, field)));
	assert_int_equal(profile->fields[profile->n_fields - 1].id, WIRE_FIELDS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_field_is_read),
	    cmocka_unit_test(a_customer_is_small),
	    cmocka_unit_test(a_state_is_bounded),
	    cmocka_unit_test(ids_are_kept_by_age_and_number),
	    cmocka_unit_test(what_cannot_be_is_refused),
	    cmocka_unit_test(an_unreadable_state_is_left_alone),
	    cmocka_unit_test(a_yes_of_an_older_version_is_an_echo),
	    cmocka_unit_test(an_attribute_of_an_older_version_is_an_echo),
	    cmocka_unit_test(an_erasure_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
