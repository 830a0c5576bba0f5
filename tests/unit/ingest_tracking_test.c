/*
 * ingest_tracking_test.c - tracking calls: what each message becomes (tests/golden/tracking;
 * UPDATE_GOLDEN=1 writes it anew), and the settings that change it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/codec/json.h"
#include "common/message/event.h"
#include "golden.h"
#include "services/ingest/tracking/mapper.h"
#include "services/ingest/tracking/mapper_internal.h"
#include "services/ingest/tracking/write_key.h"

#define FOLDER "tests/golden/tracking/"
/* Where what the project shares with others may lie beside it. */
#define SAMPLES "../shared/data/segment/ecommerce_v2_events.jsonl"

enum { TEXT_MAX_BYTES = 1 << 20 };

static struct arena arena;
static struct ing_tracking_names names;
static struct ing_tracking_call call;

static int open_names(void **state)
{
	struct err err;

	(void)state;
	names.sent_class = "promotion";
	call.type = "";
	call.sent_at = "";
	if (ing_names_parse(slice_text("Parcel Arrived = order.delivered,\nOrder Dropped="), &names,
			    &err) < 0 ||
	    ing_consents_parse(slice_text("marketing_consent=promotion, newsletter=all"), &names,
			       &err) < 0 ||
	    rfc3339_parse(slice_text("2026-03-10T12:00:00Z"), &call.received_ms, &err) < 0)
		return -1;
	return 0;
}

static int end_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The whole file; empty when it is not there. */
static struct slice read_file(const char *path)
{
	char *text = arena_alloc(&arena, TEXT_MAX_BYTES);
	FILE *file = fopen(path, "rb");
	size_t len = 0;

	if (file) {
		len = fread(text, 1, TEXT_MAX_BYTES, file);
		fclose(file);
	}
	return slice_of(text, len);
}

static bool next_line(struct slice *text, struct slice *ret)
{
	const uint8_t *end = text->len ? memchr(text->bytes, '\n', text->len) : NULL;

	if (!end)
		return false;
	*ret = slice_of(text->bytes, (size_t)(end - text->bytes));
	*text = slice_of(end + 1, text->len - ret->len - 1);
	return true;
}

static void put_tracked(const struct ing_tracked *tracked, struct buf *out)
{
	if (tracked->skip)
		buf_printf(out, "skipped: %s", ing_skip_text(tracked->skip));
	if (tracked->invalid)
		buf_printf(out, "invalid: %s", tracked->invalid);
	for (unsigned i = 0; i < tracked->count; i++) {
		const struct ing_tracked_event *event = &tracked->events[i];
		Nurture__V1__Event *again;
		struct err err;

		assert_int_equal(event_decode(event->value, &arena, &again, &err), 0);
		assert_string_equal(again->customer->id, event->customer);
		assert_string_equal(again->type, event->type);
		assert_int_equal(again->time_ms, event->time_ms);
		buf_printf(out, "%s%.*s", i ? "\n" : "", SLICE_ARGS(event->value));
	}
	if (tracked->left_out)
		buf_printf(out, "\n(%u left out)", tracked->left_out);
	buf_char(out, '\n');
}

static void test_golden(void **state)
{
	struct slice rest = read_file(FOLDER "messages.jsonl"), line;
	struct buf out = BUF_MAX(TEXT_MAX_BYTES);

	(void)state;
	assert_true(rest.len > 0);
	while (next_line(&rest, &line)) {
		struct ing_tracked tracked;

		assert_true(json_is_strict(line));
		ing_tracking_map(&names, &call, line, &arena, &tracked);
		assert_true((tracked.skip != ING_NOT_SKIPPED) + (tracked.invalid != NULL) +
				(tracked.count > 0) ==
			    1);
		put_tracked(&tracked, &out);
	}
	golden("tracking/events.txt", &out);
	buf_free(&out);
}

/* The samples of Segment's spec, which lack who and when: what each becomes. */
static void test_samples(void **state)
{
	struct slice rest = read_file(SAMPLES), line;
	struct buf out = BUF_MAX(TEXT_MAX_BYTES);
	unsigned count = 0;

	(void)state;
	if (!rest.len)
		skip();
	while (next_line(&rest, &line)) {
		struct ing_tracked tracked;
		char *whole =
		    arena_printf(&arena, "{\"userId\":\"anna\",\"messageId\":\"s-%u\",%.*s",
				 ++count, (int)line.len - 1, (const char *)line.bytes + 1);

		ing_tracking_map(&names, &call, slice_text(whole), &arena, &tracked);
		put_tracked(&tracked, &out);
	}
	golden("tracking/samples.txt", &out);
	buf_free(&out);
}

static void test_parts_of_a_call(void **state)
{
	struct ing_tracking_call of_path = {.type = "track", .sent_at = "", .received_ms = 1};
	struct ing_tracked tracked;

	(void)state;
	ing_tracking_map(&names, &of_path,
			 slice_text("{\"event\":\"Order Shipped\",\"userId\":\"u\",\"timestamp\":"
				    "\"2026-03-01T12:00:00Z\",\"properties\":{\"order_id\":1}}"),
			 &arena, &tracked);
	assert_int_equal(tracked.count, 1);
	/* A context of the whole batch is that of a message without one. */
	of_path.context = slice_text("{\"locale\":\"fr-FR\"}");
	of_path.type = "";
	ing_tracking_map(&names, &of_path, slice_text("{\"type\":\"identify\",\"userId\":\"u\"}"),
			 &arena, &tracked);
	assert_int_equal(tracked.count, 1);
	assert_non_null(
	    memmem(tracked.events[0].value.bytes, tracked.events[0].value.len, "fr-FR", 5));
}

static void test_large_message(void **state)
{
	char *text = arena_alloc(&arena, ING_MESSAGE_MAX_BYTES + 100);
	struct ing_tracked tracked;
	int len;

	(void)state;
	len = sprintf(text, "{\"type\":\"identify\",\"userId\":\"u\",\"x\":\"");
	memset(text + len, 'x', ING_MESSAGE_MAX_BYTES);
	strcpy(text + len + ING_MESSAGE_MAX_BYTES, "\"}");
	ing_tracking_map(&names, &call, slice_text(text), &arena, &tracked);
	assert_string_equal(tracked.invalid, "$: expected a message of at most 32768 bytes");
}

static void test_amounts(void **state)
{
	static const char *const table[][2] = {
	    {"12", "12"},
	    {"12.5", "12.5"},
	    {"12.3456", "12.3456"},
	    {"0.30000000000000004", "0.30"},
	    {"30.299999999999997", "30.30"},
	    {"9.99995", "10.00"},
	    {"-9.99995", "-10.00"},
	    {"99.999949", "99.9999"},
	    {"-0.00004", "-0.00"},
	    {"1e3", "1e3"},
	    {"", ""},
	    {"-", "-"},
	    {"1.", "1."},
	    {"1,00", "1,00"},
	    {"$1.123456", "$1.123456"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(ing_tracked_amount(arena_text(&arena, table[i][0]), &arena),
				    table[i][1]);
}

static void test_names(void **state)
{
	static const char *const bad[] = {"Order Shipped", "=order.placed", "A=order.placde",
					  "A=customer.erased", "A=coupon.redeemed"};
	struct ing_tracking_names other = {0};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(ing_names_parse(slice_text(bad[i]), &other, &err), -1);
	assert_int_equal(ing_names_parse(slice_text(" ,\n"), &other, &err), 0);
	assert_int_equal(ing_consents_parse(slice_text("newsletter"), &other, &err), -1);
	assert_int_equal(ing_consents_parse(slice_text("newsletter="), &other, &err), -1);
	assert_int_equal(ing_name_find(&other, "order_SHIPPED"), EVENT_ORDER_SHIPPED);
	assert_int_equal(ing_name_find(&other, "order shipped "), EVENT_OTHER);
	assert_int_equal(ing_name_find(&other, ""), EVENT_OTHER);
	assert_int_equal(ing_names_parse(slice_text("Order Shipped="), &other, &err), 0);
	assert_int_equal(ing_name_find(&other, "Order Shipped"), EVENT_OTHER);
}

static void test_write_keys(void **state)
{
	static const struct {
		const char *header, *of_body;
		int source;
	} table[] = {
	    {"Basic c2VjcmV0LW9uZTo=", "", 0}, /* secret-one: */
	    {"basic c2VjcmV0LXR3bw==", "", 1}, /* secret-two */
	    {"Basic c2VjcmV0LW9uZTo=", "secret-two", 0},
	    {NULL, "secret-two", 1},
	    {NULL, "", -1},
	    {NULL, "secret", -1},
	    {"Basic c2VjcmV0Og==", "secret-one", -1},
	    {"Basic !", "secret-one", -1},
	    {"Bearer secret-one", "", -1},
	};
	const struct ing_types *types;
	struct ing_sources keys;
	struct err err;

	(void)state;
	assert_int_equal(
	    ing_sources_parse(slice_text("web=secret-one,app=secret-two"), &keys, &err), 0);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(
		    ing_write_key_source(&keys, table[i].header, table[i].of_body, &types),
		    table[i].source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),          cmocka_unit_test(test_samples),
	    cmocka_unit_test(test_parts_of_a_call), cmocka_unit_test(test_large_message),
	    cmocka_unit_test(test_amounts),         cmocka_unit_test(test_names),
	    cmocka_unit_test(test_write_keys),
	};

	return cmocka_run_group_tests(tests, open_names, end_arena);
}
