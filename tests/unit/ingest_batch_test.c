/* ingest_batch_test.c - bodies as events, and what their publishers are told. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/ingest/events/answer.h"
#include "services/ingest/events/batch.h"

#define EVENT(id)                                                                                  \
	"{\"id\":\"" id "\",\"type\":\"order.delivered\",\"time\":\"2026-03-01T12:00:00Z\","       \
	"\"customer\":{\"id\":\"anna\"},\"order\":{\"id\":\"o1\"}}"
#define CLOUD(id)                                                                                  \
	"{\"specversion\":\"1.0\",\"id\":\"" id                                                    \
	"\",\"source\":\"/shop\",\"type\":\"order.delivered\","                                    \
	"\"subject\":\"anna\",\"time\":\"2026-03-01T12:00:00Z\",\"data\":{\"order\":{\"id\":"      \
	"\"o1\"}}}"
#define UPDATED(id)                                                                                \
	"{\"id\":\"" id "\",\"type\":\"customer.updated\",\"time\":\"2026-03-01T12:00:00Z\","      \
	"\"customer\":{\"id\":\"anna\"}}"
#define CLOUD_UPDATED(id)                                                                          \
	"{\"specversion\":\"1.0\",\"id\":\"" id                                                    \
	"\",\"source\":\"/shop\",\"type\":\"customer.updated\",\"subject\":\"anna\","              \
	"\"time\":\"2026-03-01T12:00:00Z\",\"data\":{\"customer\":{\"id\":\"anna\"}}}"
/* id "e1", type "customer.updated", time 1, customer {id "anna"} */
#define PROTO                                                                                      \
	"\x0a\x02"                                                                                 \
	"e1"                                                                                       \
	"\x12\x10"                                                                                 \
	"customer.updated"                                                                         \
	"\x18\x01"                                                                                 \
	"\x22\x06\x0a\x04"                                                                         \
	"anna"

struct line {
	const char *name;
	enum ing_content_type content_type;
	const char *body;
	int status;         /* of the answer when Kafka takes everything */
	const char *answer; /* a part of it; of a fault: its code */
};

#define PROVEN(source)                                                                             \
	"{\"id\":\"e\",\"type\":\"consent.changed\",\"time\":\"2026-03-01T12:00:00Z\","            \
	"\"customer\":{"                                                                           \
	"\"id\":\"c\",\"consent\":{\"care\":true}},\"proof\":{\"source\":\"" source                \
	"\",\"at\":\"2026-03-01T12:00:00Z\"}}"

static const struct line lines[] = {
    {"one", ING_JSON, EVENT("e1"), 202, "{\"id\":\"e1\",\"status\":\"accepted\"}\n"},
    {"one, blanks around", ING_JSON, " \n" EVENT("e1") "\r\n ", 202,
     "{\"id\":\"e1\",\"status\":\"accepted\"}\n"},
    {"array", ING_JSON, "[" EVENT("e1") "," EVENT("e2") "]", 202,
     "[{\"index\":0,\"id\":\"e1\",\"status\":\"accepted\"},{\"index\":1,\"id\":\"e2\",\"status\":"
     "\"accepted\"}]\n"},
    {"one good of two", ING_JSON, "[{\"id\":\"bad\"}," EVENT("e2") "]", 202,
     "{\"index\":0,\"id\":\"bad\",\"status\":\"invalid\",\"error\":\"expected "},
    {"none good", ING_JSON, "[{\"id\":\"bad\"},7]", 400,
     "{\"error\":\"invalid_event\",\"message\":\"no event was valid\",\"results\":[{\"index\":0,"},
    {"path", ING_JSON,
     "{\"id\":\"e\",\"type\":\"order.placed\",\"time\":\"2026-03-01T12:00:00Z\",\"customer\":{"
     "\"id\":\"a\"},\"order\":{\"id\":\"o\",\"items\":[{\"sku\":\"s\",\"quantity\":1.5}]}}",
     400, "\"path\":\"$.order.items[0].quantity\",\"id\":\"e\"}"},
    {"id in another case is no id", ING_JSON, "{\"ID\":\"e\"}", 400, "\"path\":\"$.customer\"}"},
    {"escaped id of a refused one", ING_JSON, "{\"id\":\"\\u00e4\\\"\",\"type\":1}", 400,
     "\"id\":\"\xc3\xa4\\\"\"}"},
    {"proof of a page of ours", ING_JSON,
     "{\"id\":\"e\",\"type\":\"consent.changed\",\"time\":\"2026-03-01T12:00:00Z\",\"customer\":{"
     "\"id\":\"c\",\"consent\":{\"care\":true}},\"proof\":{\"source\":\"nurture:page\",\"at\":"
     "\"2026-03-01T12:00:00Z\"}}",
     400, "\"path\":\"$.proof.source\""},
    {"proof of what looks like a page of ours", ING_JSON, PROVEN("\\u200bnurture:page"), 400,
     "\"path\":\"$.proof.source\""},
    {"the same with a blank", ING_JSON, PROVEN(" nurture:page"), 400,
     "\"path\":\"$.proof.source\""},
    {"the same with a capital", ING_JSON, PROVEN("Nurture:page"), 400,
     "\"path\":\"$.proof.source\""},
    {"the same with a wide colon", ING_JSON, PROVEN("nurture\\uff1apage"), 400,
     "\"path\":\"$.proof.source\""},
    {"proof of a page of theirs", ING_JSON, PROVEN("newsletter form, footer"), 202, "accepted"},
    {"proof of a page of theirs in their language", ING_JSON, PROVEN("Kundenkonto M\xc3\xbcnchen"),
     202, "accepted"},
    {"the same with escapes", ING_JSON, PROVEN("Kundenkonto M\\u00fcnchen \\ud83d\\ude00"), 202,
     "accepted"},
    {"a proof that turns around what is read", ING_JSON, PROVEN("till\\u202enruter"), 400,
     "\"path\":\"$.proof.source\""},
    {"what looks like a page of ours by a letter", ING_JSON, PROVEN("n\\u0443rture:page"), 400,
     "\"path\":\"$.proof.source\""},
    {"proof without its time", ING_JSON,
     "{\"id\":\"e\",\"type\":\"consent.changed\",\"time\":\"2026-03-01T12:00:00Z\",\"customer\":{"
     "\"id\":\"c\",\"consent\":{\"care\":true}},\"proof\":{\"source\":\"till\"}}",
     400, "\"path\":\"$.proof.at\""},
    {"id that is no text", ING_JSON, "{\"id\":1}", 400, "\"path\":\"$.id\"}"},
    {"twice the same key", ING_JSON, "[" EVENT("e1") ",{\"id\":\"e1\",\"id\":\"e2\"}]", 202,
     "{\"index\":1,\"id\":\"e1\",\"status\":\"invalid\""},
    {"a CloudEvent among JSON", ING_JSON, "[" CLOUD("c1") "," EVENT("e1") "]", 202,
     "\"index\":0,\"id\":\"c1\",\"status\":\"accepted\""},
    {"cloud", ING_CLOUDEVENT, CLOUD("c1"), 202, "{\"id\":\"c1\",\"status\":\"accepted\"}"},
    {"cloud without version", ING_CLOUDEVENT, EVENT("e1"), 400,
     "\"path\":\"$.specversion\",\"id\":\"e1\"}"},
    {"cloud batch", ING_CLOUDEVENT_BATCH, "[" CLOUD("c1") "," EVENT("e1") "]", 202,
     "\"index\":1,\"id\":\"e1\",\"status\":\"invalid\",\"error\":\"expected \\\"1.0\\\", found "
     "nothing\",\"path\":\"$.specversion\""},
    {"empty cloud batch", ING_CLOUDEVENT_BATCH, "[]", 202, "[]\n"},
    {"protobuf", ING_PROTOBUF, PROTO, 202, "{\"id\":\"e1\",\"status\":\"accepted\"}"},
    {"protobuf cut", ING_PROTOBUF,
     "\x0a\x09"
     "e1",
     400, "{\"error\":\"invalid_event\""},
    {"protobuf of nothing", ING_PROTOBUF, "", 400, "{\"error\":\"invalid_event\""},
    {"array as cloud event", ING_CLOUDEVENT, "[" CLOUD("c1") "]", -400, "invalid_json"},
    {"object as batch", ING_CLOUDEVENT_BATCH, CLOUD("c1"), -400, "invalid_json"},
    {"nothing", ING_JSON, "", -400, "invalid_json"},
    {"blanks", ING_JSON, " \n ", -400, "invalid_json"},
    {"text", ING_JSON, "\"hello\"", -400, "invalid_json"},
    {"number", ING_JSON, "17", -400, "invalid_json"},
    {"empty array", ING_JSON, " [ ] ", -400, "no_event"},
    {"array that does not end", ING_JSON, "[" EVENT("e1"), -400, "invalid_json"},
    {"comma at the end", ING_JSON, "[" EVENT("e1") ",]", -400, "invalid_json"},
    {"no comma", ING_JSON, "[" EVENT("e1") EVENT("e2") "]", -400, "invalid_json"},
    {"something behind", ING_JSON, "[" EVENT("e1") "]x", -400, "invalid_json"},
    {"another array behind", ING_JSON, "[" EVENT("e1") "][]", -400, "invalid_json"},
    {"bad inside an element", ING_JSON, "[" EVENT("e1") ",{\"a\":}]", -400, "invalid_json"},
    {"not UTF-8", ING_JSON, "[" EVENT("e1") ",\"\xff\"]", -400, "invalid_json"},
    {"crossed brackets", ING_JSON, "[{]}", -400, "invalid_json"},
    {"something behind one", ING_JSON, EVENT("e1") "x", -400, "invalid_json"},
    {"one that does not end", ING_CLOUDEVENT, "{\"specversion\":\"1.0\"", -400, "invalid_json"},
};

static void check_line(const struct line *line)
{
	struct ing_result results[ING_EVENTS_MAX];
	struct buf out = BUF_MAX(ING_ANSWER_MAX_BYTES);
	struct ing_batch batch = {.count = 77};
	struct arena arena = {0};
	struct ing_fault fault;
	int status;

	if (ing_batch_read(line->content_type, slice_text(line->body), &arena, &batch, &fault) <
	    0) {
		status = -fault.http_status;
		buf_text(&out, fault.code);
		assert_int_equal(batch.count, 77);
	} else {
		for (size_t i = 0; i < batch.count; i++)
			results[i] = batch.events[i].result;
		status = ing_answer(batch.is_array, results, batch.count, &out);
	}
	if (status != line->status || !strstr(out.bytes, line->answer))
		fail_msg("%s: %d %s", line->name, status, out.bytes);
	buf_free(&out);
	arena_free(&arena);
}

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		check_line(&lines[i]);
}

/* What goes to Kafka: one event as it came; an element without blanks, and otherwise to the
 * letter. */
static void test_records(void **state)
{
	static const char body[] =
	    "[ { \"id\" : \"e 1\\\" \\\\\" ,\n\t\"type\":\"order.delivered\", \"time\": "
	    "\"2026-03-01T12:00:00Z\","
	    " \"customer\" : { \"id\": \"anna b\" }, \"order\":{\"id\":\"o1\"},"
	    " \"big\": 9007199254740993 , \"far\" : 1e400, \"a\" : [ 1.50 , { } ] } ]";
	struct ing_batch batch;
	struct arena arena = {0};
	struct ing_fault fault;
	char text[512];

	(void)state;
	assert_int_equal(ing_batch_read(ING_JSON, slice_text(body), &arena, &batch, &fault), 0);
	assert_int_equal(batch.events[0].result.status, ING_ACCEPTED);
	snprintf(text, sizeof(text), "%.*s", SLICE_ARGS(batch.events[0].value));
	assert_string_equal(text,
			    "{\"id\":\"e 1\\\" "
			    "\\\\\",\"type\":\"order.delivered\",\"time\":\"2026-03-01T12:00:00Z\","
			    "\"customer\":{\"id\":\"anna b\"},\"order\":{\"id\":\"o1\"},"
			    "\"big\":9007199254740993,\"far\":1e400,\"a\":[1.50,{}]}");
	snprintf(text, sizeof(text), "%.*s", SLICE_ARGS(batch.events[0].key));
	assert_string_equal(text, "anna b");
	assert_string_equal(batch.events[0].result.id, "e 1\" \\");
	arena_reset(&arena);
	assert_int_equal(
	    ing_batch_read(ING_JSON, slice_text(" " EVENT("e") "\n"), &arena, &batch, &fault), 0);
	assert_true(slice_equal(batch.events[0].value, slice_text(" " EVENT("e") "\n")));
	arena_reset(&arena);
	assert_int_equal(ing_batch_read(ING_PROTOBUF, slice_text(PROTO), &arena, &batch, &fault),
			 0);
	assert_true(slice_equal(batch.events[0].value, slice_text(PROTO)));
	assert_true(slice_equal(batch.events[0].key, slice_text("anna")));
	arena_free(&arena);
}

static void test_many(void **state)
{
	struct buf body = BUF_MAX(ING_BODY_MAX_BYTES), out = BUF_MAX(ING_ANSWER_MAX_BYTES);
	struct ing_result *results = calloc(ING_EVENTS_MAX, sizeof(*results));
	struct arena arena = {0};
	struct ing_batch batch;
	struct ing_fault fault;

	(void)state;
	for (int i = 0; i < ING_EVENTS_MAX; i++)
		buf_printf(&body, "%c" EVENT("%d"), i ? ',' : '[', i);
	buf_char(&body, ']');
	assert_int_equal(ing_batch_read(ING_JSON, buf_slice(&body), &arena, &batch, &fault), 0);
	assert_int_equal(batch.count, ING_EVENTS_MAX);
	assert_string_equal(batch.events[999].result.id, "999");
	body.bytes[body.len - 1] = ',';
	buf_text(&body, "1]");
	assert_int_equal(ing_batch_read(ING_JSON, buf_slice(&body), &arena, &batch, &fault), -1);
	assert_int_equal(fault.http_status, 413);
	assert_string_equal(fault.code, "too_many_events");
	/* The longest answer there can be has room. */
	for (int i = 0; i < ING_EVENTS_MAX; i++) {
		char *id = arena_alloc(&arena, 201), *text = arena_alloc(&arena, 512);

		memset(id, '\x01', 200);
		id[200] = '\0';
		memset(text, '\x01', 511);
		text[511] = '\0';
		results[i] = (struct ing_result){
		    .status = ING_INVALID, .id = id, .error = text, .path = text};
	}
	assert_int_equal(ing_answer(true, results, ING_EVENTS_MAX, &out), 400);
	assert_false(buf_failed(&out));
	free(results);
	buf_free(&out);
	buf_free(&body);
	arena_free(&arena);
}

/* Every format, alone and in an array: what counts is the type that the event has. */
static void test_limit(void **state)
{
	static const struct {
		enum ing_content_type content_type;
		const char *body;
		enum ing_status first, second;
	} table[] = {
	    {ING_JSON, UPDATED("e1"), ING_FORBIDDEN, ING_FORBIDDEN},
	    {ING_JSON, EVENT("e1"), ING_ACCEPTED, ING_ACCEPTED},
	    {ING_JSON, "[" EVENT("e1") "," UPDATED("e2") "]", ING_ACCEPTED, ING_FORBIDDEN},
	    {ING_JSON, "[" CLOUD_UPDATED("c1") "," CLOUD("c2") "]", ING_FORBIDDEN, ING_ACCEPTED},
	    {ING_CLOUDEVENT, CLOUD_UPDATED("c1"), ING_FORBIDDEN, ING_FORBIDDEN},
	    {ING_CLOUDEVENT_BATCH, "[" CLOUD("c1") "," CLOUD_UPDATED("c2") "]", ING_ACCEPTED,
	     ING_FORBIDDEN},
	    {ING_PROTOBUF, PROTO, ING_FORBIDDEN, ING_FORBIDDEN},
	    {ING_JSON, "[{\"id\":\"bad\"}," UPDATED("e1") "]", ING_INVALID, ING_FORBIDDEN},
	};
	struct ing_types types = {.count = 1, .list = {"order.*"}}, everything = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct arena arena = {0};
		struct ing_batch batch;
		struct ing_fault fault;

		assert_int_equal(ing_batch_read(table[i].content_type, slice_text(table[i].body),
						&arena, &batch, &fault),
				 0);
		ing_batch_limit(&batch, &everything, &arena);
		for (size_t j = 0; j < batch.count; j++)
			assert_int_not_equal(batch.events[j].result.status, ING_FORBIDDEN);
		ing_batch_limit(&batch, &types, &arena);
		assert_int_equal(batch.events[0].result.status, table[i].first);
		assert_int_equal(batch.events[batch.count - 1].result.status, table[i].second);
		if (table[i].second == ING_FORBIDDEN)
			assert_string_equal(batch.events[batch.count - 1].result.error,
					    "this token may not publish customer.updated");
		arena_free(&arena);
	}
}

static void test_answers(void **state)
{
	static const struct ing_result good = {ING_ACCEPTED, "g", "", ""};
	static const struct ing_result bad = {ING_INVALID, "", "expected x", "$.y"};
	static const struct ing_result not_yours = {ING_FORBIDDEN, "n", "not yours", "$.type"};
	static const struct ing_result lost = {ING_FAILED, "l", "not in time", ""};
	static const struct {
		bool is_array;
		struct ing_result results[3];
		size_t count;
		int status;
		const char *text;
	} table[] = {
	    {false, {good}, 1, 202, "{\"id\":\"g\",\"status\":\"accepted\"}\n"},
	    {false,
	     {bad},
	     1,
	     400,
	     "{\"error\":\"invalid_event\",\"message\":\"expected x\",\"path\":\"$.y\"}\n"},
	    {false,
	     {lost},
	     1,
	     503,
	     "{\"error\":\"not_stored\",\"message\":\"not in time\",\"id\":\"l\"}\n"},
	    {false,
	     {not_yours},
	     1,
	     403,
	     "{\"error\":\"forbidden\",\"message\":\"not "
	     "yours\",\"path\":\"$.type\",\"id\":\"n\"}\n"},
	    {true,
	     {not_yours, good},
	     2,
	     202,
	     "[{\"index\":0,\"id\":\"n\",\"status\":\"forbidden\",\"error\":\"not yours\",\"path\":"
	     "\"$.type\"},{\"index\":1,\"id\":\"g\",\"status\":\"accepted\"}]\n"},
	    {true,
	     {bad, not_yours},
	     2,
	     403,
	     "{\"error\":\"forbidden\",\"message\":\"no event was valid that this token may "
	     "publish\",\"results\":[{\"index\":0,\"status\":\"invalid\",\"error\":\"expected "
	     "x\",\"path\":\"$.y\"},{\"index\":1,\"id\":\"n\",\"status\":\"forbidden\",\"error\":"
	     "\"not yours\",\"path\":\"$.type\"}]}\n"},
	    {true, {good}, 1, 202, "[{\"index\":0,\"id\":\"g\",\"status\":\"accepted\"}]\n"},
	    {true,
	     {good, bad},
	     2,
	     202,
	     "[{\"index\":0,\"id\":\"g\",\"status\":\"accepted\"},{\"index\":1,\"status\":"
	     "\"invalid\",\"error\":\"expected x\",\"path\":\"$.y\"}]\n"},
	    {true,
	     {good, bad, lost},
	     3,
	     503,
	     "{\"error\":\"not_stored\",\"message\":\"not every event was stored; send them "
	     "again\",\"results\":[{\"index\":0,\"id\":\"g\",\"status\":\"accepted\"},{\"index\":1,"
	     "\"status\":\"invalid\",\"error\":\"expected "
	     "x\",\"path\":\"$.y\"},{\"index\":2,\"id\":\"l\",\"status\":\"failed\",\"error\":"
	     "\"not in time\"}]}\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct buf out = BUF_MAX(4096);

		assert_int_equal(
		    ing_answer(table[i].is_array, table[i].results, table[i].count, &out),
		    table[i].status);
		assert_string_equal(out.bytes, table[i].text);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),   cmocka_unit_test(test_records),
	    cmocka_unit_test(test_many),    cmocka_unit_test(test_limit),
	    cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
