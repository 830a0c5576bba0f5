/*
 * Properties: the same events give the same profile, byte by byte, in whatever
 * order they arrive and however often.  1,500 random histories, seeded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/codec/state_version.h"
#include "segmenter_fixture.h"

#include "nurture/v1/profile.pb-c.h"

enum { HISTORIES = 1500, EVENTS = 40, REPEATS = 20 };

#define SHOP                                                                                       \
	POLICY("segments:\n"                                                                       \
	       "  returning: {orders: {at_least: 2}}\n"                                            \
	       "  vip: {any: [{spent: {at_least: \"40\"}}, {bought: tents}]}\n"                    \
	       "  slipping: {segment: returning, days_since_order: {over_usual_gap: 2.0}}\n"       \
	       "  away: {stage: lapsed}\n"                                                         \
	       "  old: {customer_for: {at_least: 60d}}\n"                                          \
	       "  again: {since_bought: {category: tents, at_least: 30d}}\n"                       \
	       "programmes:\n"                                                                     \
	       "  hello: {owner: o, on: order.placed, if: {segment: returning}, email: h, class: " \
	       "care, send_at: best}\n")

static uint64_t seed;

static unsigned upto(unsigned count)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % count;
}

static const char *one_of(const char *const *texts, unsigned count)
{
	return texts[upto(count)];
}

#define ONE_OF(...)                                                                                \
	one_of((const char *const[]){__VA_ARGS__},                                                 \
	       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

struct told {
	char json[1024];
	int64_t time_ms;
};

/* What an order is follows from its id and amount: only when it was placed may be said twice. */
static void say_order(struct buf *out)
{
	unsigned id = upto(6), amount = 5 + upto(20);

	buf_printf(out, ",\"order\":{\"id\":\"%u\"", id);
	if (upto(3))
		buf_printf(out, ",\"amount\":\"%u\",\"currency\":\"%s\"", amount,
			   id == 5 ? "USD" : "EUR");
	if (upto(3))
		buf_printf(out,
			   ",\"items\":[{\"category\":\"c%u\",\"price\":\"1\"},"
			   "{\"category\":\"%s\",\"price\":\"%u\"}]",
			   id, amount % 2 ? "tents" : "pegs", amount % 3);
	buf_char(out, '}');
}

static void say_customer(struct buf *out)
{
	buf_text(out, "\"customer\":{\"id\":\"ann\"");
	if (!upto(3))
		buf_printf(out, ",\"email\":\"%s@x.example\"", ONE_OF("a", "b", "c", "d"));
	if (!upto(4))
		buf_printf(out, ",\"name\":\"%s\",\"country\":\"%s\",\"time_zone\":\"%s\"",
			   ONE_OF("Ann", "Anna"), ONE_OF("AT", "GB"),
			   ONE_OF("Europe/Vienna", "Europe/London"));
	if (!upto(4))
		buf_printf(out, ",\"consent\":{\"%s\":%s,\"other\":true}",
			   ONE_OF("all", "care", "promotion"), ONE_OF("true", "false"));
	buf_char(out, '}');
}

static void say_preferences(struct buf *out)
{
	buf_text(out, ",\"preferences\":{");
	if (upto(2))
		buf_printf(out, "\"paused_until\":\"2026-0%u-01T00:00:00Z\",", 1 + upto(3));
	buf_printf(out, "\"allowances\":[{\"limit\":%u,\"days\":%u},{\"limit\":%u,\"days\":30}]}",
		   upto(3), 7 + upto(2), 1 + upto(3));
}

static void make_event(struct told *event, unsigned n)
{
	struct buf out = BUF_MAX(sizeof(event->json) - 1);
	char time[RFC3339_BYTES];
	const char *type =
	    ONE_OF("order.placed", "order.placed", "order.placed", "order.delivered", "order.late",
		   "order.cancelled", "order.refunded", "order.refunded", "return.opened",
		   "return.closed", "complaint.opened", "complaint.closed", "message.unsubscribed",
		   "message.complained", "message.bounced", "customer.updated", "message.opened",
		   "message.bounced", "message.bounced", "message.bounced", "message.clicked",
		   "preferences.changed", "preferences.changed");

	/* Few instants, so that many events share one. */
	event->time_ms = ms("2026-01-01T00:00:00Z") + upto(30) * (DAY_MS / 2) * (1 + upto(9));
	buf_printf(&out, "{\"id\":\"e%u\",\"type\":\"%s\",\"time\":\"%s\",", n, type,
		   rfc3339_text(event->time_ms, time));
	say_customer(&out);
	if (strncmp(type, "order.", 6) == 0)
		say_order(&out);
	if (strncmp(type, "return.", 7) == 0 || strncmp(type, "complaint.", 10) == 0)
		buf_printf(&out, ",\"case\":{\"id\":\"%u\"}", upto(3));
	if (strncmp(type, "message.", 8) == 0)
		buf_printf(&out, ",\"message\":{\"class\":\"%s\",\"kind\":\"%s\"}",
			   ONE_OF("care", "promotion", "?"),
			   ONE_OF("hard", "soft", "soft", "soft", "policy"));
	if (strcmp(type, "preferences.changed") == 0)
		say_preferences(&out);
	if (strcmp(type, "customer.updated") == 0 && upto(2))
		buf_printf(&out, ",\"proof\":{\"source\":\"nurture:page\",\"at\":\"%s\"}", time);
	buf_char(&out, '}');
	if (buf_failed(&out))
		abort();
	memcpy(event->json, out.bytes, out.len + 1);
	buf_free(&out);
}

static void shuffle(unsigned *order, unsigned count)
{
	for (unsigned i = count; i > 1; i--) {
		unsigned j = upto(i), swapped = order[i - 1];

		order[i - 1] = order[j];
		order[j] = swapped;
	}
}

static void order_by_time(const struct told *events, unsigned *order, unsigned count)
{
	for (unsigned i = 1; i < count; i++)
		for (unsigned j = i; j > 0; j--) {
			unsigned before = order[j - 1];

			if (events[before].time_ms <= events[order[j]].time_ms)
				break;
			order[j - 1] = order[j];
			order[j] = before;
		}
}

/* Tells the events in that order, then lets a year pass. The clock is theirs, or stands at its
 * end. */
static void history(struct world *world, const struct told *events, const unsigned *order,
		    unsigned count, bool clock_stands)
{
	static const char last[] =
	    "{\"id\":\"last\",\"type\":\"x\",\"time\":\"2027-01-01T00:00:00Z\","
	    "\"customer\":{\"id\":\"ann\"}}";
	struct err err;

	world_forget(world);
	if (clock_stands)
		world->now_ms = ms("2027-01-01T00:00:00Z");
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(
		    world_record(world, events[order[i]].json, events[order[i]].time_ms, &err), 0);
	assert_int_equal(world_record(world, last, ms("2027-01-01T00:00:00Z"), &err), 0);
}

static void assert_same(const struct world *a, const struct world *b)
{
	assert_int_equal(a->state_len, b->state_len);
	assert_memory_equal(a->state, b->state, a->state_len);
	assert_true(a->due_ms == b->due_ms);
}

static void assert_state(const struct world *world, struct slice bytes)
{
	assert_int_equal(bytes.len, world->state_len);
	assert_memory_equal(bytes.bytes, world->state, bytes.len);
}

/*
 * What was stored reads back and is written the same again; and protobuf's own
 * library reads the same from it: what it writes (in its own order of fields)
 * has the same size and reads back as the same profile.
 */
static void assert_round_trip(struct world *world)
{
	struct ProtobufCAllocator allocator = arena_protobuf(&world->arena);
	const Nurture__V1__Profile *message;
	struct slice state, written;
	struct seg_profile *profile;
	uint8_t *bytes;
	size_t len;
	struct err err;

	assert_state(world, seg_profile_encode(profile_of(world)));
	state = slice_of(world->state, world->state_len);
	assert_int_equal(state_version_take(&state), 2);
	message = nurture__v1__profile__unpack(&allocator, state.len, state.bytes);
	assert_non_null(message);
	assert_int_equal(message->base.n_unknown_fields, 0);
	len = nurture__v1__profile__get_packed_size(message);
	assert_int_equal(len, state.len);
	bytes = arena_alloc(&world->arena, len);
	nurture__v1__profile__pack(message, bytes);
	written = state_version_put(2, slice_of(bytes, len), &world->arena);
	assert_int_equal(seg_profile_decode(written, &world->arena, &profile, &err), 0);
	assert_state(world, seg_profile_encode(profile));
	arena_reset(&world->arena);
}

static void no_order_of_arrival_matters(void **state)
{
	struct world in_order = world_with(SHOP), other = world_with(SHOP);

	(void)state;
	for (unsigned h = 0; h < HISTORIES; h++) {
		struct told events[EVENTS];
		unsigned order[EVENTS + REPEATS];

		seed = 0x9e3779b97f4a7c15 + h;
		for (unsigned i = 0; i < EVENTS; i++) {
			make_event(&events[i], i);
			order[i] = i;
		}
		order_by_time(events, order, EVENTS);
		history(&in_order, events, order, EVENTS, false);
		assert_round_trip(&in_order);
		for (unsigned i = EVENTS; i < EVENTS + REPEATS; i++)
			order[i] = upto(EVENTS);
		shuffle(order, EVENTS + REPEATS);
		history(&other, events, order, EVENTS + REPEATS, h % 2);
		if (in_order.state_len != other.state_len ||
		    memcmp(in_order.state, other.state, other.state_len) != 0)
			print_error("history %u\n", h);
		assert_same(&in_order, &other);
	}
	world_free(&in_order);
	world_free(&other);
}

/* A repeat changes nothing and says nothing, at once or later. */
static void a_repeat_is_silent(void **state)
{
	struct world world = world_with(SHOP);
	struct err err;

	(void)state;
	world.contacts = true;
	for (unsigned h = 0; h < 50; h++) {
		struct told events[EVENTS];
		unsigned order[EVENTS];
		char *before;

		seed = 77 + h;
		for (unsigned i = 0; i < EVENTS; i++) {
			make_event(&events[i], i);
			order[i] = i;
		}
		history(&world, events, order, EVENTS, false);
		take(&world);
		before = malloc(world.state_len);
		memcpy(before, world.state, world.state_len);
		for (unsigned i = 0; i < EVENTS; i++) {
			struct step step = {.kind = STEP_RECORD,
					    .time_ms = events[i].time_ms,
					    .value = slice_text(events[i].json)};

			assert_int_equal(world_step(&world, &step, &err), 0);
			assert_false(step.state_changed);
		}
		assert_string_equal(take(&world), "");
		assert_memory_equal(before, world.state, world.state_len);
		free(before);
	}
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_order_of_arrival_matters),
	    cmocka_unit_test(a_repeat_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
