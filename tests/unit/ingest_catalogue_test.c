/* ingest_catalogue_test.c - a catalogue's file, and what it adds to events as they came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/message/event.h"
#include "services/ingest/catalogue/complete.h"

#define FILE_TEXT                                                                                  \
	"\xef\xbb\xbfName, SKU ,category,url,colour\r\n"                                           \
	"\"Tent, for \"\"two\"\"\",TENT-2P,tents,https://harbour.example/t,red\r\n"                \
	",TEA-*,tea,,\r\n,TEA-E*,black-tea,,\r\n\r\n,*,other,,\r\n"

static struct catalogue read_catalogue(const char *text, struct arena *arena)
{
	struct catalogue ret;
	struct err err;

	if (catalogue_read(slice_text(text), arena, &ret, &err) < 0)
		fail_msg("%s", err.text);
	return ret;
}

static void found(const struct catalogue *catalogue, const char *key, const char *category)
{
	const struct catalogue_row *row = catalogue_find(catalogue, &key, 1);

	assert_string_equal(row ? row->category : "nothing", category);
}

static void test_find(void **state)
{
	const char *const keys[] = {"", "ROPE", "TENT-2P"};
	struct arena arena = {0};
	struct catalogue catalogue = read_catalogue(FILE_TEXT, &arena);
	struct catalogue few = read_catalogue("id,category\n7,lamps\n", &arena);

	(void)state;
	assert_int_equal(catalogue.key_count, 1);
	assert_int_equal(catalogue.count, 4);
	found(&catalogue, "TENT-2P", "tents");
	found(&catalogue, "TEA-EARL", "black-tea");
	found(&catalogue, "TEA-MINT", "tea");
	found(&catalogue, "TENT", "other");
	found(&catalogue, "", "nothing");
	found(&few, "7", "lamps");
	found(&few, "77", "nothing");
	/* a whole key of any of them counts before a pattern */
	assert_string_equal(catalogue_find(&catalogue, keys, 3)->category, "tents");
	assert_string_equal(catalogue_find(&catalogue, keys, 3)->name, "Tent, for \"two\"");
	arena_free(&arena);
}

static void refused(const char *text, const char *why)
{
	struct arena arena = {0};
	struct catalogue catalogue;
	struct err err;

	assert_int_equal(catalogue_read(slice_text(text), &arena, &catalogue, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, why);
	arena_free(&arena);
}

static void test_refusals(void **state)
{
	(void)state;
	refused("", "line 1: expected the names of the columns, found nothing");
	refused("sku,name\n", "line 1: expected the names of the columns, sku and category among "
			      "them (sku,category,name,url,image,gtin)");
	refused("sku,id,category\n",
		"line 1: expected one column for each thing, found sku and id");
	refused("sku,category\na,b\n\na,c\n", "line 4: \"a\" stands in line 2 already");
	refused("sku,category\na*,b\na*,c\n", "line 3: \"a*\" stands in line 2 already");
	refused("sku,category\n,b\n", "line 2: expected a sku or product id, found none");
	refused("sku,category,url\n\"a\nb\",c,\nd,e,ftp://x\n",
		"line 4: expected a url that begins with https:// or http://, or nothing");
	refused("sku,category,gtin\na,b,12\n",
		"line 2: expected a gtin of 8, 12, 13 or 14 digits, or nothing");
	refused("sku,category\n\"a,b\n", "line 2: a quote is not closed");
	refused("sku,category\n\"a\"x,b\n", "line 2: text behind a closing quote");
	refused("sku,category,name\na,tents,Tent, for two\n",
		"line 2: expected at most 3 fields as in line 1, found 4");
}

/* As a spreadsheet of another country saves it. */
static void test_semicolons(void **state)
{
	struct arena arena = {0};
	struct catalogue catalogue =
	    read_catalogue("sku;category;name\nT;tents;\"A tent; small, for two\"\n", &arena);

	(void)state;
	assert_int_equal(catalogue.count, 1);
	assert_string_equal(catalogue.rows[0].category, "tents");
	assert_string_equal(catalogue.rows[0].name, "A tent; small, for two");
	arena_free(&arena);
}

/* As a spreadsheet saves it that knows nothing of UTF-8. */
static void test_encodings(void **state)
{
	static const char narrow[] = "sku;category;name\nT;Zelte f\xfcr zwei;2 \x80\n";
	static const uint8_t nul[] = "sku,category\nT\0U,tents\n";
	uint8_t wide[2 + 2 * sizeof(narrow)] = {0xff, 0xfe};
	struct slice texts[] = {slice_text(narrow), slice_of(wide, 2 + 2 * strlen(narrow))};
	enum text_encoding expected[] = {TEXT_WINDOWS_1252, TEXT_UTF_16_LE};
	struct arena arena = {0};
	struct catalogue catalogue;
	struct err err;

	(void)state;
	for (size_t i = 0; i < strlen(narrow); i++) {
		wide[2 + 2 * i] = narrow[i] == '\x80' ? 0xac : (uint8_t)narrow[i];
		wide[3 + 2 * i] = narrow[i] == '\x80' ? 0x20 : 0;
	}
	for (int i = 0; i < 2; i++) {
		if (catalogue_read(texts[i], &arena, &catalogue, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(catalogue.encoding, expected[i]);
		assert_string_equal(catalogue.rows[0].category, "Zelte f\u00fcr zwei");
		assert_string_equal(catalogue.rows[0].name, "2 \u20ac");
	}
	assert_int_equal(catalogue_read(slice_of(nul, sizeof(nul) - 1), &arena, &catalogue, &err),
			 -1);
	assert_string_equal(err.text, "line 2: expected text, found a NUL");
	assert_int_equal(catalogue_read(slice_of(wide, 9), &arena, &catalogue, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, "expected UTF-16, found an odd number of bytes");
	arena_free(&arena);
}

static void completed(const char *event, const char *expected, size_t matched, size_t unmatched)
{
	struct arena arena = {0};
	struct catalogue catalogue =
	    read_catalogue("sku,category,name\nT,tents,A tent\nN,,only a name\n", &arena);
	struct completed ret = catalogue_complete(&catalogue, slice_text(event), &arena);
	Nurture__V1__Event *read;
	struct err err;

	assert_string_equal(arena_copy(&arena, ret.value.bytes, ret.value.len), expected);
	assert_int_equal(ret.matched, matched);
	assert_int_equal(ret.unmatched, unmatched);
	if (event_decode(ret.value, &arena, &read, &err) < 0)
		fail_msg("%s", err.text);
	arena_free(&arena);
}

#define BEFORE                                                                                     \
	"{\"id\":\"1\", "                                                                          \
	"\"type\":\"order.placed\",\"time\":\"2026-01-01T00:00:00Z\",\"mine\":1e400,"              \
	"\"customer\":{\"id\":\"a\"},\"order\":{\"id\":\"7\",\"items\":["
#define BEHIND "],\"x\":12345678901234567890}}"

static void test_complete(void **state)
{
	(void)state;
	completed(BEFORE "{\"sku\":\"T\"}" BEHIND,
		  BEFORE "{\"sku\":\"T\",\"category\":\"tents\",\"name\":\"A tent\"}" BEHIND, 1, 0);
	completed(BEFORE "{\"category\":\"mine\",\"sku\":\"T\"} , {\"sku\":\"R\"},{\"category\":"
			 "null,\"y\\u0022\":[1, 2],\"sku\":\"T\",\"name\":\"\"}" BEHIND,
		  BEFORE "{\"category\":\"mine\",\"sku\":\"T\"} , {\"sku\":\"R\"},{\"y\\\"\":[1, 2]"
			 ",\"sku\":\"T\",\"category\":\"tents\",\"name\":\"A tent\"}" BEHIND,
		  1, 1);
	completed(BEFORE "{\"sku\":\"N\"}" BEHIND, BEFORE "{\"sku\":\"N\"}" BEHIND, 0, 1);
	completed(BEFORE BEHIND, BEFORE BEHIND, 0, 0);
}

static void test_cloudevent(void **state)
{
	static const char head[] =
	    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"till\",\"type\":"
	    "\"order.placed\",\"time\":\"2026-01-01T00:00:00Z\",\"data\":{"
	    "\"customer\":{\"id\":\"a\"},\"order\":{\"id\":\"7\",\"items\":["
	    "{\"sku\":\"T\"";
	char event[512], expected[512];

	(void)state;
	snprintf(event, sizeof(event), "%s}]}}}", head);
	snprintf(expected, sizeof(expected), "%s,\"category\":\"tents\",\"name\":\"A tent\"}]}}}",
		 head);
	completed(event, expected, 1, 0);
}

static void test_protobuf(void **state)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT, *read;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Order order = NURTURE__V1__ORDER__INIT;
	Nurture__V1__Item item = NURTURE__V1__ITEM__INIT, *items[] = {&item};
	struct arena arena = {0};
	struct catalogue catalogue = read_catalogue("sku,category\nT,tents\n", &arena);
	struct completed ret;
	uint8_t bytes[512];
	struct err err;

	(void)state;
	event.id = customer.id = order.id = (char *)"1";
	event.type = (char *)"order.placed";
	event.time_ms = 1790000000000;
	event.customer = &customer;
	event.order = &order;
	item.sku = (char *)"T";
	order.n_items = 1;
	order.items = items;
	ret = catalogue_complete(&catalogue,
				 slice_of(bytes, nurture__v1__event__pack(&event, bytes)), &arena);
	assert_int_equal(ret.matched, 1);
	assert_int_equal(event_decode(ret.value, &arena, &read, &err), 0);
	assert_string_equal(read->order->items[0]->category, "tents");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_find),       cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_semicolons), cmocka_unit_test(test_complete),
	    cmocka_unit_test(test_cloudevent), cmocka_unit_test(test_protobuf),
	    cmocka_unit_test(test_encodings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
