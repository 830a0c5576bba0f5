/* message_event_formats_test.c - protobuf, CloudEvents and peeking give what JSON gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/message/event.h"
#include "message_events.h"

static void protobuf_is_checked_alike(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *error;
	} rows[] = {
#define ROW(bytes, error) {bytes, sizeof(bytes) - 1, error}
	    ROW("\x0a\x01"
		"e",
		"$.customer: expected an object"),
	    ROW("\x0a\x03"
		"a\0b",
		"nurture.v1.Event.id: expected a text without NUL"),
	    ROW("\x22\x05\x0a\x03"
		"a\0b",
		"nurture.v1.Customer.id: expected a text without NUL"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\x01\x22\x03\x0a\x01\xff",
		"$.customer.id"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x22\x03\x0a\x01"
		"a",
		"$.time: expected a time"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x22\x03\x0a\x01"
		"a",
		"$.time: expected a time in the years 0001 to 9999"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\x01\x22\x09\x0a\x01"
		"a\x42\x04\x0a\x02"
		"p\0",
		"without NUL"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\x01\x22\x0d\x0a\x01"
		"a\x42\x03\x0a\x01p\x42\x03\x0a\x01p",
		"$.customer.consent: expected each class once, found \"p\""),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\x01\x22\x03\x0a\x01"
		"a\x32\x02\x10\x06",
		"$.feedback.score: expected a whole number from 1 to 5, found 6"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\x01\x22\x03\x0a\x01"
		"a\x6a\x04\x12\x02\x08\x01",
		"$.preferences.allowances[0].days: expected a whole number from 1 to 400, found 0"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\x01\x22\x03\x0a\x01"
		"a\x6a\x07\x12\x05\x08\xe9\x07\x10\x01",
		"$.preferences.allowances[0].limit: expected a whole number from 0 to 1000, found "
		"1001"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\x01\x22\x03\x0a\x01"
		"a\x72\x0c\x0a\x08Nurture:\x10\x01",
		"$.proof.source: expected a place of yours, of 1 to 200 bytes of UTF-8 that is all "
		"seen"),
	    ROW("\x0a\x01"
		"e\x12\x01x\x18\x01\x22\x03\x0a\x01"
		"a\x72\x0d\x0a\x09nurture: \x10\x01",
		"$.proof.source: expected a place of yours"),
	    ROW("\x0a\x05"
		"e",
		"not a readable nurture.v1.Event"),
	    ROW("\x0b", "not a readable nurture.v1.Event"),
	};
	struct arena arena = {0};
	Nurture__V1__Event *event = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice bytes = slice_of(rows[i].bytes, rows[i].len);

		assert_int_equal(event_decode(bytes, &arena, &event, &err), -1);
		if (!strstr(err.text, rows[i].error))
			fail_msg("row %zu: %s", i, err.text);
	}
	arena_free(&arena);
}

/* A newline and '{' begin an id of 123 bytes in protobuf as well. */
static void protobuf_that_looks_like_json_is_protobuf(void **state)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT, *back;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	struct arena arena = {0};
	struct slice who;
	char id[124];
	uint8_t packed[512];
	int64_t time_ms;
	struct err err;
	size_t len;

	(void)state;
	memset(id, 'i', 123);
	id[123] = '\0';
	event.id = id;
	event.type = "x";
	event.time_ms = 5;
	event.customer = &customer;
	customer.id = "ann";
	len = nurture__v1__event__pack(&event, packed);
	assert_memory_equal(packed, "\n{", 2);
	assert_int_equal(event_decode(slice_of(packed, len), &arena, &back, &err), 0);
	assert_string_equal(back->id, id);
	assert_int_equal(event_peek(slice_of(packed, len), &arena, &who, &time_ms, &err), 0);
	assert_true(slice_equal(who, slice_text("ann")));
	assert_int_equal(time_ms, 5);
	arena_free(&arena);
}

static void peek_agrees_with_decode(void **state)
{
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct slice who;
	int64_t time_ms;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(event_decode(slice_text(good[i]), &arena, &event, &err), 0);
		if (event_peek(slice_text(good[i]), &arena, &who, &time_ms, &err) < 0)
			fail_msg("%s: %s", good[i], err.text);
		assert_true(slice_equal(who, slice_text(event->customer->id)));
		assert_int_equal(time_ms, event->time_ms);
	}
	arena_free(&arena);
}

static void peek_refuses_what_is_not_readable(void **state)
{
	static const char *const rows[] = {
	    "",
	    "{",
	    "{}",
	    "x",
	    "{\"customer\":{\"id\":\"a\"}}",
	    "{" AT "}",
	    "{" AT ",\"customer\":\"a\"}",
	    "{" AT ",\"customer\":{\"id\":7}}",
	    "{" AT ",\"customer\":{\"id\":\"a\"}}}",
	    "{" AT ",\"customer\":{\"id\":\"a\"},\"x\":01}",
	    "{\"time\":1,\"customer\":{\"id\":\"a\"}}",
	};
	struct arena arena = {0};
	struct slice who;
	int64_t time_ms;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (event_peek(slice_text(rows[i]), &arena, &who, &time_ms, &err) == 0)
			fail_msg("taken: %s", rows[i]);
	assert_int_equal(
	    event_peek(slice_text("{\"t\\u0069me\":\"2026-03-01T12:00:00Z\",\"customer\":"
				  "{\"\\u0069d\":\"\\u0061nn\"}}"),
		       &arena, &who, &time_ms, &err),
	    0);
	assert_true(slice_equal(who, slice_text("ann")));
	arena_free(&arena);
}

static const struct {
	const char *text;
	const char *error; /* NULL: the result is customer ann, id e, type x */
} cloudevents[] = {
#define CE "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/shop\",\"type\":\"x\""
    {"{" CE ",\"subject\":\"ann\"," AT "}", NULL},
    {"{" CE ",\"subject\":\"ann\"," AT ",\"data\":null,\"extension\":7}", NULL},
    {"{" CE ",\"subject\":\"ann\"," AT ",\"datacontenttype\":\"application/json\",\"data\":{}}",
     NULL},
    {"{" CE "," AT ",\"data\":{\"customer\":{\"id\":\"ann\"}}}", NULL},
    {"{" CE ",\"subject\":\"ann\"," AT
     ",\"data\":{\"customer\":{\"id\":\"ann\",\"name\":\"Ann\"}}}",
     NULL},
    {"{" CE ",\"subject\":\"ann\"," AT ",\"data\":{\"customer\":{\"name\":\"Ann\"}}}", NULL},
    {"{\"specversion\":\"1.0\",\"id\":\"other\",\"source\":\"s\",\"type\":\"com.example.y\","
     "\"data\":" EVENT("x", "") "}",
     NULL},
    /* {"customer":{"id":"ann"}} */
    {"{" CE "," AT ",\"data_base64\":\"eyJjdXN0b21lciI6eyJpZCI6ImFubiJ9fQ==\"}", NULL},
    /* the same in protobuf */
    {"{" CE "," AT ",\"data_base64\":\"IgUKA2Fubg==\"}", NULL},
    {"{\"specversion\":\"0.3\",\"id\":\"e\",\"source\":\"s\",\"type\":\"x\"}",
     "$.specversion: expected \"1.0\""},
    {"{\"specversion\":1.0}", "$.specversion: expected a text that is not empty, found 1"},
    {"{\"specversion\":\"1.0\",\"id\":\"e\",\"type\":\"x\"}", "$.source: expected a text"},
    {"{\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"x\"}", "$.id: expected a text"},
    {"{\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"s\",\"type\":\"\"}",
     "$.type: expected a text"},
    {"{" CE "," AT "}", "$.customer: expected an object"},
    {"{" CE ",\"subject\":\"ann\"}", "$.time: expected a time"},
    {"{" CE ",\"subject\":\"ann\",\"time\":\"now\"}", "$.time: expected a time like"},
    {"{" CE ",\"subject\":\"bob\"," AT ",\"data\":{\"customer\":{\"id\":\"ann\"}}}",
     "$.subject: expected the customer id that data has, found \"bob\""},
    {"{" CE ",\"subject\":\"ann\"," AT ",\"data\":\"text\"}",
     "$.data: expected an object, found \"text\""},
    {"{" CE ",\"subject\":\"ann\"," AT ",\"data\":{\"order\":{\"id\":7}}}",
     "$.data.order.id: expected an id"},
    {"{" CE ",\"subject\":\"ann\"," AT ",\"data\":{\"customer\":{\"email\":\"x\"}}}",
     "$.data.customer.email: expected an e-mail address"},
    {"{" CE ",\"subject\":\"ann\"," AT
     ",\"data\":{\"preferences\":{\"allowances\":[{\"limit\":1,\"days\":30}]}}}",
     NULL},
    {"{" CE ",\"subject\":\"ann\"," AT
     ",\"data\":{\"preferences\":{\"allowances\":[{\"days\":30}]}}}",
     "$.data.preferences.allowances[0].limit: expected a whole number from 0 to 1000, found "
     "nothing"},
    {"{" CE "," AT ",\"data\":{},\"data_base64\":\"e30=\"}",
     "$.data_base64: expected nothing beside data"},
    {"{" CE "," AT ",\"data_base64\":\"e3\"}", "$.data_base64: expected base64"},
    {"{" CE "," AT ",\"data_base64\":\"e===\"}", "$.data_base64: expected base64"},
    {"{" CE "," AT ",\"data_base64\":\"e=0=\"}", "$.data_base64: expected base64"},
    {"{" CE "," AT ",\"data_base64\":\"\"}", "$.data_base64: empty"},
    {"{" CE "," AT ",\"data_base64\":\"eyJp\"}", "$.data_base64: not JSON"},
};

static void cloudevents_are_events(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cloudevents) / sizeof(cloudevents[0]); i++) {
		struct slice text = slice_text(cloudevents[i].text), who;
		Nurture__V1__Event *event;
		struct err err = {0};
		int64_t time_ms;
		int r = event_decode(text, &arena, &event, &err);

		if ((r < 0) != (cloudevents[i].error != NULL) ||
		    (r < 0 && !strstr(err.text, cloudevents[i].error)))
			fail_msg("%s: %s", cloudevents[i].text, err.text);
		if (r < 0)
			continue;
		assert_string_equal(event->id, "e");
		assert_string_equal(event->type, "x");
		assert_string_equal(event->customer->id, "ann");
		if (event_peek(text, &arena, &who, &time_ms, &err) < 0)
			fail_msg("%s: %s", cloudevents[i].text, err.text);
		assert_true(slice_equal(who, slice_text("ann")));
		assert_int_equal(time_ms, event->time_ms);
	}
	arena_free(&arena);
}

/*
 * The bodies of cloudevents/conformance (features/http-protocol-binding.feature), binary and
 * structured mode: they are read as far as their data, whose "message" is none of ours.
 */
static void conformance_examples_are_read(void **state)
{
	static const char *const bodies[] = {
	    "\n        {\n            \"message\": \"Hello World!\"\n        }\n",
	    "\n        {\n            \"specversion\": \"1.0\",\n"
	    "            \"type\": \"com.example.someevent\",\n"
	    "            \"time\": \"2018-04-05T03:56:24Z\",\n"
	    "            \"id\": \"1234-1234-1234\",\n"
	    "            \"source\": \"/mycontext/subcontext\",\n"
	    "            \"datacontenttype\": \"application/json\",\n"
	    "            \"data\": {\n                \"message\": \"Hello World!\"\n            "
	    "}\n"
	    "        }\n",
	};
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(event_decode(slice_text(bodies[i]), &arena, &event, &err), -1);
		if (!strstr(err.text, "message: expected an object"))
			fail_msg("%s: %s", bodies[i], err.text);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(protobuf_is_checked_alike),
	    cmocka_unit_test(protobuf_that_looks_like_json_is_protobuf),
	    cmocka_unit_test(peek_agrees_with_decode),
	    cmocka_unit_test(peek_refuses_what_is_not_readable),
	    cmocka_unit_test(cloudevents_are_events),
	    cmocka_unit_test(conformance_examples_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
