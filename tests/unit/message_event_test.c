/* message_event_test.c - what an event may be in JSON and protobuf, and how a refusal reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/base/buf.h"
#include "common/message/event.h"
#include "message_events.h"

static const struct {
	const char *text, *error;
} bad[] = {
    {"", "expected an event, found nothing"},
    {"[]", "expected one JSON object or one protobuf, found an array"},
    {"\xef\xbb\xbf{}", "expected JSON without a byte order mark, found one"},
    {"true", "not a readable nurture.v1.Event"},
    {"{}", "$.customer: expected an object, found nothing"},
    {"\n{\"id\":", "not JSON at byte 7: expected a value, found the end"},
    {"{\"id\":\"e\",\"type\":\"x\",\"customer\":{\"id\":\"a\"}}",
     "$.time: expected a time, found nothing"},
    {"{\"id\":\"e\",\"type\":\"x\",\"time\":17,\"customer\":{\"id\":\"a\"}}",
     "$.time: expected a time like \"2026-03-01T12:00:00Z\", found 17"},
    {"{\"id\":\"e\",\"type\":\"x\",\"time\":\"2026-02-30T00:00:00Z\",\"customer\":{\"id\":"
     "\"a\"}}",
     "$.time: expected a time like"},
    {"{\"id\":17,\"type\":\"x\"," AT ",\"customer\":{\"id\":\"a\"}}",
     "$.id: expected an id of 1 to 200 printable bytes, in quotes, found 17"},
    {"{\"type\":\"x\"," AT ",\"customer\":{\"id\":\"a\"}}", "$.id: expected an id"},
    {"{\"id\":\"e\",\"type\":\"x\"," AT ",\"customer\":{}}", "$.customer.id: expected an id"},
    {"{\"id\":\"e\",\"type\":\"x\"," AT ",\"customer\":{\"id\":\"a\\nb\"}}",
     "$.customer.id: expected an id of 1 to 200 printable bytes, found \"a?b\""},
    {"{\"id\":\"e\",\"type\":\"x\"," AT ",\"customer\":{\"id\":\"a\\u0000b\"}}", "\\u0000"},
    {"{\"id\":\"e\",\"type\":\"x\"," AT ",\"customer\":{\"id\":\"\xff\"}}", "valid UTF-8"},
    {"{\"id\":\"e\",\"id\":\"f\",\"type\":\"x\"," AT ",\"customer\":{\"id\":\"a\"}}",
     "the key \"id\" stands twice"},
    {EVENT("X", ""), "$.type: expected a type of 1 to 100 characters a-z 0-9 . _ -, found \"X\""},
    {EVENT("x", ",\"customer\":7"), "the key \"customer\" stands twice"},
    {EVENT("x", ",\"order\":\"17\""), "$.order: expected an object, found \"17\""},
    {EVENT("x", ",\"case\":[]"), "$.case: expected an object, found a list"},
    {EVENT("x", "} trailing"), "expected nothing more, found 't'"},
    {EVENT("order.late", ""), "$.order.id: expected the order's id, found nothing"},
    {PLACED("\"amount\":12.5"), "$.order.amount: expected an amount like \"12.50\" with at "
				"most 4 decimals, in quotes, found 12.5"},
    {PLACED("\"amount\":\"12,5\""), "$.order.amount: expected an amount"},
    {PLACED("\"currency\":\"eur\""), "$.order.currency: expected a currency"},
    {PLACED("\"items\":{}"), "$.order.items: expected a list, found an object"},
    {PLACED("\"items\":[{},7]"), "$.order.items[1]: expected an object, found 7"},
    {PLACED("\"items\":[{},{},{\"quantity\":\"two\"}]"),
     "$.order.items[2].quantity: expected a whole number from 0 to 4294967295, found \"two\""},
    {PLACED("\"items\":[{\"quantity\":1.5}]"),
     "$.order.items[0].quantity: expected a whole number"},
    {PLACED("\"items\":[{\"quantity\":-1}]"), "found -1"},
    {PLACED("\"items\":[{\"quantity\":4294967296}]"), "found 4294967296"},
    {PLACED("\"items\":[{\"quantity\":1e400}]"),
     "$.order.items[0].quantity: expected a whole number"},
    {PLACED("\"items\":[{\"price\":\"1.23456\"}]"), "$.order.items[0].price: expected an amount"},
    {CUSTOMER("\"email\":\"ann\""), "$.customer.email: expected an e-mail address, found \"ann\""},
    {CUSTOMER("\"email\":\"a@b.example\\r\\nRCPT TO:<x@y>\""),
     "$.customer.email: expected an e-mail address"},
    {CUSTOMER("\"country\":\"gb\""), "$.customer.country"},
    {CUSTOMER("\"country\":\"GBR\""), "$.customer.country"},
    {CUSTOMER("\"country\":\"ZZ\""),
     "$.customer.country: expected a country of ISO 3166-1 as two capital letters, found \"ZZ\""},
    {CUSTOMER("\"country\":\"EU\""), "$.customer.country"},
    {PLACED("\"currency\":\"XTS\""),
     "$.order.currency: expected a currency of ISO 4217 as three capital letters, found \"XTS\""},
    {PLACED("\"amount\":\"139.980\",\"currency\":\"CLP\""),
     "$.order.amount: expected an amount of CLP with at most 0 decimals, found \"139.980\""},
    {PLACED("\"amount\":\"139.000\",\"currency\":\"JPY\""),
     "$.order.amount: expected an amount of JPY"},
    {PLACED("\"amount\":\"1.000\",\"currency\":\"EUR\""),
     "$.order.amount: expected an amount of EUR"},
    {PLACED("\"amount\":\"1.2345\",\"currency\":\"KWD\""),
     "expected an amount of KWD with at most 3 decimals"},
    {PLACED("\"currency\":\"GBP\",\"items\":[{},{\"price\":\"0.005\"}]"),
     "$.order.items[1].price: expected an amount of GBP with at most 2 decimals"},
    {CUSTOMER("\"locale\":\"en_GB\""),
     "$.customer.locale: expected a locale like \"de-AT\", found \"en_GB\""},
    {CUSTOMER("\"locale\":\"e\""), "$.customer.locale"},
    {CUSTOMER("\"locale\":\"en-\""), "$.customer.locale"},
    {CUSTOMER("\"time_zone\":\"/etc/passwd\""), "$.customer.time_zone"},
    {CUSTOMER("\"time_zone\":\"../x\""), "$.customer.time_zone"},
    {CUSTOMER("\"birthday\":\"1981-02-29\""), "$.customer.birthday"},
    {CUSTOMER("\"phone\":\"call me\""), "$.customer.phone: expected a telephone number"},
    {CUSTOMER("\"phone\":\"0123456789 0123456789 0123456789 01234567\""), "$.customer.phone"},
    {CUSTOMER("\"address\":\"1 Quay\\u0007\""),
     "$.customer.address: expected at most 500 bytes of text"},
    {CUSTOMER("\"region\":\"at-4\""), "$.customer.region: expected a region like \"AT-4\""},
    {CUSTOMER("\"region\":\"AT-WIEN\""), "$.customer.region"},
    {CUSTOMER("\"region\":\"DE-BY\",\"country\":\"AT\""),
     "$.customer.region: expected a region of customer.country, found \"DE-BY\""},
    {PLACED("\"starts_at\":\"2026-07-10\""), "$.order.starts_at: expected a time like"},
    {PLACED("\"starts_at\":\"2026-07-10T14:00:00Z\",\"ends_at\":\"2026-07-10T13:59:59Z\""),
     "$.order.ends_at: expected a time not before order.starts_at, found an earlier one"},
    {CUSTOMER("\"name\":\"a\\u0007\""), "$.customer.name: expected at most 200 bytes"},
    {CUSTOMER("\"consent\":[]"), "$.customer.consent: expected an object, found a list"},
    {CUSTOMER("\"consent\":{\"promotion\":\"yes\"}"),
     "$.customer.consent.promotion: expected true or false, found \"yes\""},
    {CUSTOMER("\"consent\":{\"\":true}"), "$.customer.consent[0].class: expected"},
    {EVENT("consent.changed", ""),
     "$.customer.consent: expected at least one class, found nothing"},
    {EVENT("customer.merged", ""), "$.merge.into: expected the id of the customer that goes on"},
    {EVENT("customer.merged", ",\"merge\":{\"into\":\"ann\"}"),
     "$.merge.into: expected another customer"},
    {EVENT("feedback.received", ""), "$.feedback: expected a score, comment or rung"},
    {EVENT("feedback.received", ",\"feedback\":{}"), "$.feedback: expected a score"},
    {EVENT("feedback.received", ",\"feedback\":{\"score\":0}"),
     "$.feedback.score: expected a whole number from 1 to 5, found 0"},
    {EVENT("feedback.received", ",\"feedback\":{\"score\":6}"), "$.feedback.score"},
    {EVENT("feedback.received", ",\"feedback\":{\"comment\":\"\\u001b[2J\"}"),
     "$.feedback.comment"},
    {EVENT("message.bounced", ""),
     "$.message.kind: expected \"hard\", \"soft\" or \"policy\", found nothing"},
    {EVENT("message.bounced", ",\"message\":{\"kind\":\"dead\"}"), "found \"dead\""},
    {EVENT("message.sent_elsewhere", ",\"message\":{\"id\":\"m\"}"),
     "$.message.class: expected the class"},
    {EVENT("complaint.opened", ""),
     "$.case.id: expected the id of a case or an order, found nothing"},
    {EVENT("return.closed", ",\"case\":{\"reason\":\"kept\"}"), "$.case.id: expected the id"},
    {EVENT("preferences.changed", ""), "$.preferences: expected an object, found nothing"},
    {EVENT("preferences.changed", ",\"preferences\":null"), "$.preferences: expected an object"},
    {EVENT("preferences.changed", ",\"preferences\":[]"), "found a list"},
    {PREFERS("\"paused_until\":\"2026-13-01\""),
     "$.preferences.paused_until: expected a time like"},
    {PREFERS("\"paused_until\":1772366400000"), "found 1772366400000"},
    {PREFERS("\"allowances\":{}"), "$.preferences.allowances: expected a list"},
    {PREFERS("\"allowances\":[{\"limit\":1,\"days\":1},{\"limit\":1,\"days\":2},{\"limit\":1,"
	     "\"days\":3},{\"limit\":1,\"days\":4},{\"limit\":1,\"days\":5}]"),
     "$.preferences.allowances: expected at most 4 entries, found 5"},
    {PREFERS("\"allowances\":[{\"limit\":1,\"days\":0}]"),
     "$.preferences.allowances[0].days: expected a whole number from 1 to 400, found 0"},
    {PREFERS("\"allowances\":[{\"limit\":1,\"days\":401}]"), "found 401"},
    {PREFERS("\"allowances\":[{\"limit\":1001,\"days\":1}]"),
     "$.preferences.allowances[0].limit: expected a whole number from 0 to 1000, found 1001"},
    {PREFERS("\"allowances\":[{\"limit\":-1,\"days\":1}]"), "found -1"},
    {PREFERS("\"allowances\":[{\"limit\":1}]"),
     "$.preferences.allowances[0].days: expected a whole number from 1 to 400, found nothing"},
    {PREFERS("\"allowances\":[{\"limit\":null,\"days\":30}]"),
     "$.preferences.allowances[0].limit: expected a whole number from 0 to 1000, found nothing"},
    {EVENT("x", ",\"preferences\":{\"allowances\":[7]}"), "$.preferences.allowances[0]"},
    {EVENT("task.done", ""), "$.task.id"},
    {EVENT("task.claimed", ",\"task\":{\"by\":\"sam\"}"), "$.task.id"},
    {EVENT("task.failed", ",\"task\":{\"result\":\"no_answer\"}"), "$.task.id"},
    {EVENT("task.snoozed", ",\"task\":{\"id\":\"t\"}"), "$.task.until"},
    {EVENT("task.snoozed", ",\"task\":{\"until\":\"2026-03-04T08:00:00Z\"}"), "$.task.until"},
    {EVENT("task.snoozed", ",\"task\":{\"id\":\"t\",\"until\":\"soon\"}"), "$.task.until"},
    {EVENT("interaction.recorded", ""), "$.interaction.channel"},
    {EVENT("interaction.recorded", ",\"interaction\":{\"words\":\"hello\"}"),
     "$.interaction.channel"},
    {EVENT("interaction.recorded", ",\"interaction\":{\"channel\":\"call\"},\"by\":7"), "$.by"},
    {EVENT("interaction.recorded", ",\"interaction\":{\"channel\":\"call\",\"direction\":\"up\"}"),
     "$.interaction.direction"},
    {EVENT("coupon.redeemed", ",\"coupon\":{}"), "$.coupon.code"},
};

static void good_events_are_taken(void **state)
{
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (event_decode(slice_text(good[i]), &arena, &event, &err) < 0)
			fail_msg("%s: %s", good[i], err.text);
	arena_free(&arena);
}

static void bad_events_are_refused_with_the_place(void **state)
{
	struct arena arena = {0};
	Nurture__V1__Event *event = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (event_decode(slice_text(bad[i].text), &arena, &event, &err) == 0)
			fail_msg("taken: %s", bad[i].text);
		if (!strstr(err.text, bad[i].error))
			fail_msg("%s: %s", bad[i].text, err.text);
		assert_null(event);
	}
	arena_free(&arena);
}

static void who_where_and_when_arrives(void **state)
{
	const char *text = "{\"id\":\"e\",\"type\":\"x\"," AT ",\"customer\":{\"id\":\"ann\","
			   "\"phone\":\"+43 6138/2320-0\",\"region\":\"AT-4\",\"country\":\"AT\","
			   "\"address\":\"Uferweg 1\\n5360 St. Wolfgang\"},\"order\":{"
			   "\"starts_at\":\"2026-07-10T16:00:00+02:00\","
			   "\"ends_at\":\"2026-07-10T14:00:00Z\"}}";
	struct buf back = BUF_MAX(4096);
	struct arena arena = {0};
	Nurture__V1__Event *event, *again;
	struct err err;

	(void)state;
	assert_int_equal(event_decode(slice_text(text), &arena, &event, &err), 0);
	event_encode_json(event, &back);
	assert_int_equal(event_decode(buf_slice(&back), &arena, &again, &err), 0);
	assert_string_equal(again->customer->phone, "+43 6138/2320-0");
	assert_string_equal(again->customer->address, "Uferweg 1\n5360 St. Wolfgang");
	assert_string_equal(again->customer->region, "AT-4");
	assert_int_equal(again->order->starts_at_ms, INT64_C(1783692000000));
	assert_int_equal(again->order->ends_at_ms, INT64_C(1783692000000));
	buf_free(&back);
	arena_free(&arena);
}

static void every_field_arrives(void **state)
{
	const char *text =
	    PLACED("\"amount\":\"12.50\",\"items\":[{\"quantity\":2,\"name\":\"\\u00e9\"}]");
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err err;

	(void)state;
	assert_int_equal(event_decode(slice_text(text), &arena, &event, &err), 0);
	assert_string_equal(event->id, "e");
	assert_string_equal(event->type, "order.placed");
	assert_int_equal(event->time_ms, INT64_C(1772366400000));
	assert_string_equal(event->customer->id, "ann");
	assert_string_equal(event->customer->email, "");
	assert_string_equal(event->order->amount, "12.50");
	assert_int_equal(event->order->n_items, 1);
	assert_int_equal(event->order->items[0]->quantity, 2);
	assert_string_equal(event->order->items[0]->name, "\xc3\xa9");
	assert_null(event->feedback);
	arena_free(&arena);
}

/* JSON -> struct -> canonical JSON -> struct -> the same JSON; and through protobuf. */
static void round_trips_change_nothing(void **state)
{
	struct buf first = BUF_MAX(65536), second = BUF_MAX(65536);
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint8_t packed[4096];
		size_t len;

		buf_reset(&first);
		buf_reset(&second);
		assert_int_equal(event_decode(slice_text(good[i]), &arena, &event, &err), 0);
		event_encode_json(event, &first);
		len = nurture__v1__event__pack(event, packed);
		if (event_decode(buf_slice(&first), &arena, &event, &err) < 0)
			fail_msg("%s: %s", first.bytes, err.text);
		event_encode_json(event, &second);
		assert_string_equal(first.bytes, second.bytes);
		buf_reset(&second);
		if (event_decode(slice_of(packed, len), &arena, &event, &err) < 0)
			fail_msg("%s: %s", first.bytes, err.text);
		event_encode_json(event, &second);
		assert_string_equal(first.bytes, second.bytes);
	}
	buf_free(&first);
	buf_free(&second);
	arena_free(&arena);
}

static void canonical_json_is_sorted(void **state)
{
	const char *text = CUSTOMER(
	    "\"name\":\"Ann\",\"email\":\"a@b.example\",\"consent\":{\"z\":true,\"a\":false}");
	struct buf out = BUF_MAX(4096);
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err err;

	(void)state;
	assert_int_equal(event_decode(slice_text(text), &arena, &event, &err), 0);
	event_encode_json(event, &out);
	assert_string_equal(out.bytes,
			    "{\"customer\":{\"consent\":{\"a\":false,\"z\":true},\"email\":\"a@b."
			    "example\",\"id\":\"ann\","
			    "\"name\":\"Ann\"},\"id\":\"e\"," AT ",\"type\":\"customer.updated\"}");
	buf_free(&out);
	arena_free(&arena);
}

static void limits_hold(void **state)
{
	static char text[EVENT_MAX_BYTES + 64];
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err err;
	size_t at;

	(void)state;
	at = (size_t)snprintf(text, sizeof(text), "%s",
			      "{\"id\":\"e\",\"type\":\"order.placed\"," AT
			      ",\"customer\":{\"id\":\"a\"},\"order\":{\"id\":\"1\",\"items\":[{}");
	for (int i = 0; i < 999; i++, at += 3)
		memcpy(text + at, ",{}", 3);
	strcpy(text + at, "]}}");
	assert_int_equal(event_decode(slice_text(text), &arena, &event, &err), 0);
	assert_int_equal(event->order->n_items, 1000);
	strcpy(text + at, ",{}]}}");
	assert_int_equal(event_decode(slice_text(text), &arena, &event, &err), -1);
	assert_string_equal(err.text, "$.order.items: expected at most 1000 entries, found 1001");
	memset(text, ' ', sizeof(text));
	assert_int_equal(event_decode(slice_of(text, EVENT_MAX_BYTES + 1), &arena, &event, &err),
			 -1);
	assert_string_equal(err.text, "expected an event of at most 65536 bytes, found 65537");
	arena_free(&arena);
}

/* As many decimals as the currency has, or two or four of which only zeros are too many. */
static void amounts_fit_their_currency(void **state)
{
	static const char *const rows[][2] = {
	    {"500.00", "JPY"}, {"500", "JPY"},    {"500.0000", "KRW"}, {"1.250", "KWD"},
	    {"1.2500", "TND"}, {"1.2345", "CLF"}, {"12.5000", "EUR"},  {"-12.50", "EUR"},
	    {"139.980", ""}, /* of no currency nobody can say */
	};
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err err;
	char json[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(
		    json, sizeof(json),
		    "{\"id\":\"e\",\"type\":\"order.placed\",\"time\":\"2026-03-01T12:00:00Z\","
		    "\"customer\":{\"id\":\"ann\"},\"order\":{\"id\":\"17\",\"amount\":\"%s\","
		    "\"currency\":\"%s\"}}",
		    rows[i][0], rows[i][1]);
		if (event_decode(slice_text(json), &arena, &event, &err) < 0)
			fail_msg("%s: %s", json, err.text);
	}
	arena_free(&arena);
}

/* Codes that are reserved for a country are read as the one that is assigned. */
static void countries_have_one_code(void **state)
{
	static const char *const rows[][2] = {{"UK", "GB"}, {"EL", "GR"}, {"IC", "ES"},
					      {"XK", "XK"}, {"AT", "AT"}, {"", ""}};
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err err;
	char json[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(json, sizeof(json),
			 "{\"id\":\"e\",\"type\":\"x\",\"time\":\"2026-03-01T12:00:00Z\","
			 "\"customer\":{\"id\":\"ann\",\"country\":\"%s\"}}",
			 rows[i][0]);
		if (event_decode(slice_text(json), &arena, &event, &err) < 0)
			fail_msg("%s: %s", json, err.text);
		assert_string_equal(event->customer->country, rows[i][1]);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(amounts_fit_their_currency),
	    cmocka_unit_test(countries_have_one_code),
	    cmocka_unit_test(good_events_are_taken),
	    cmocka_unit_test(bad_events_are_refused_with_the_place),
	    cmocka_unit_test(every_field_arrives),
	    cmocka_unit_test(who_where_and_when_arrives),
	    cmocka_unit_test(round_trips_change_nothing),
	    cmocka_unit_test(canonical_json_is_sorted),
	    cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
