/* ingest_parts_test.c - the pure parts of ingest but the body: sources, content types. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "services/ingest/events/batch.h"
#include "services/ingest/content_type.h"
#include "services/ingest/source.h"

static void test_sources(void **state)
{
	struct ing_sources sources;
	struct err err;

	(void)state;
	assert_int_equal(ing_sources_parse(slice_text("# the shop, and its new token\n"
						      "shop=0123456789abcdef\r\n"
						      " shop = fedcba9876543210 ,\n\n"
						      "crm=a=b==,\tapp_2-x=z"),
					   &sources, &err),
			 0);
	assert_int_equal(sources.count, 3);
	assert_string_equal(sources.list[0].name, "shop");
	assert_int_equal(sources.list[0].token_count, 2);
	assert_false(sources.list[0].weak);
	assert_true(sources.list[1].weak);
	assert_string_equal(sources.list[2].name, "app_2-x");
}

static void test_source_errors(void **state)
{
	static const struct {
		const char *text, *why;
	} table[] = {
	    {"", "expected source=token, found none"},
	    {" ,\n,# shop=x", "expected source=token, found none"},
	    {"shop", "entry 1: expected source=token"},
	    {"shop=a,crm", "entry 2: expected source=token"},
	    {"=a", "entry 1: expected a source of"},
	    {"Shop=a", "entry 1: expected a source of"},
	    {"sh op=a", "entry 1: expected a source of"},
	    {"a23456789b23456789c23456789d23456789e2345=a", "entry 1: expected a source of"},
	    {"shop=", "entry 1 (shop): expected a token of"},
	    {"shop=a b", "entry 1 (shop): expected a token of"},
	    {"shop=\xc3\xa4", "entry 1 (shop): expected a token of"},
	    {"shop=a,shop=b,shop=c", "entry 3: source shop has 2 tokens already"},
	    {"shop=a,crm=a", "entry 2: this token was given before"},
	    {"shop=a,shop=a", "entry 2: this token was given before"},
	    {"shop=a types=", "entry 1: types: expected a type such as order.placed"},
	    {"shop=a types=order.*,customer updated", "entry 2: types: expected a type"},
	    {"shop=a types=or*der", "entry 1: types: expected a type"},
	    {"shop=a types=*,", "entry 1: types: expected a type"},
	    {"shop=a types=a*,b*,c*,d*,e*,f*,g*,h*,i*,j*,k*,l*,m*,n*,o*,p*,q*",
	     "entry 17: types: expected at most"},
	    {"shop=a types=order.*\ncustomer.updated", "entry 2: expected source=token"},
	    {"shop=a types=Order.*", "entry 1: types: expected a type"}, /* no event has capitals */
	    {"shop=a types=order",
	     "entry 1: types: expected a type such as order.placed, or order.*"},
	    {"shop=a types=order.*,customer", "entry 2: types: expected a type"},
	    {"shop=a types=.placed", "entry 1: types: expected a type"},
	    {"shop=a types=order.", "entry 1: types: expected a type"},
	    {"shop=a types=order.plced", "entry 1: types: order.plced lets through nothing of "
					 "Nurture's: did you mean order.placed?"},
	    {"shop=a types=order.*,consent.chagned", "did you mean consent.changed?"},
	    {"shop=a types=ordr.*", "did you mean order.placed and the like?"},
	    {"shop=0123456789abcdef\ntypes=order.placed-and-more", "entry 2: types is no source"},
	    {"shop=\"0123456789abcdef\"", "entry 1 (shop): expected a token without quotes"},
	    {"shop=a types=permits", "entry 1: types: expected a type"},
	    {"shop=whsec_", "entry 1: expected base64 of 1 to 64 bytes behind whsec_"},
	    {"shop=whsec_no-base64", "entry 1: expected base64 of 1 to 64 bytes behind whsec_"},
	    {"shop=whsec_AAAA,crm=whsec_AAAA", "entry 2: this token was given before"},
	    {"shop=a types=order.*,till=x", "entry 2 (till): expected one more type, or a token"},
	    {"shop=a types=order.*,till=fifteen-letters", "entry 2 (till): expected one more type"},
	    {"shop=a typos=order.*", "behind it nothing but types="},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct ing_sources sources = {.count = 77};
		struct err err;

		assert_int_equal(ing_sources_parse(slice_text(table[i].text), &sources, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_int_equal(sources.count, 77);
		if (!strstr(err.text, table[i].why))
			fail_msg("'%s': %s", table[i].text, err.text);
	}
}

static void test_too_many_sources(void **state)
{
	char text[2048] = "";
	struct ing_sources sources;
	struct err err;

	(void)state;
	for (int i = 0; i < ING_SOURCES_MAX + 1; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "s%d=t%d,", i, i);
	assert_int_equal(ing_sources_parse(slice_text(text), &sources, &err), -1);
	assert_string_equal(err.text, "entry 65: expected at most 64 sources");
}

static void test_find_source(void **state)
{
	static const struct {
		const char *header;
		int source;
	} table[] = {
	    {NULL, -1},          {"", -1},
	    {"Bearer", -1},      {"Bearer ", -1},
	    {"Bearer one", 0},   {"bearer one", 0},
	    {"BEARER   one", 0}, {"Bearer one ", -1},
	    {"Bearer On", -1},   {"Bearer onee", -1},
	    {"Bearer uno", 0},   {"Bearer two", 1},
	    {"Basic one", -1},   {"one", -1},
	    {"shop=one", -1},
	};
	struct ing_sources sources;
	struct err err;

	(void)state;
	assert_int_equal(ing_sources_parse(slice_text("shop=one,crm=two,shop=uno"), &sources, &err),
			 0);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (ing_source_find(&sources, table[i].header, NULL) != table[i].source)
			fail_msg("%s: %d", table[i].header,
				 ing_source_find(&sources, table[i].header, NULL));
	ing_sources_open(&sources);
	assert_int_equal(ing_source_find(&sources, NULL, NULL), 0);
	assert_string_equal(sources.list[0].name, "open");
}

static bool allows(const struct ing_sources *sources, const char *header, const char *type)
{
	const struct ing_types *types;

	assert_true(ing_source_find(sources, header, &types) >= 0);
	return ing_types_allow(types, type);
}

/* A till cannot erase people, whatever else the same source may do with its other token. */
static void test_limited_tokens(void **state)
{
	struct ing_sources sources;
	struct err err;

	(void)state;
	assert_int_equal(ing_sources_parse(slice_text("till=one types=order.*, customer.updated\n"
						      "till=two,crm=three \ttypes=permit"),
					   &sources, &err),
			 0);
	assert_int_equal(sources.count, 2);
	assert_true(ing_sources_are_limited(&sources));
	assert_true(allows(&sources, "Bearer one", "order.placed"));
	assert_true(allows(&sources, "Bearer one", "order."));
	assert_true(allows(&sources, "Bearer one", "customer.updated"));
	assert_false(allows(&sources, "Bearer one", "customer.erased"));
	assert_false(allows(&sources, "Bearer one", "customer.updated.more"));
	assert_false(allows(&sources, "Bearer one", "orders"));
	assert_false(allows(&sources, "Bearer one", ING_PERMIT_TYPE));
	assert_true(allows(&sources, "Bearer two", "customer.erased"));
	assert_true(allows(&sources, "Bearer three", ING_PERMIT_TYPE));
	assert_false(allows(&sources, "Bearer three", "order.placed"));
	assert_int_equal(ing_sources_parse(slice_text("shop=a types=say.hello,hello*,permit,"
						      "till=sixteen-letters!"),
					   &sources, &err),
			 0);
	assert_true(allows(&sources, "Bearer a", "hello"));
	assert_true(allows(&sources, "Bearer a", ING_PERMIT_TYPE));
	assert_false(allows(&sources, "Bearer a", "order.placed"));
	assert_true(allows(&sources, "Bearer sixteen-letters!", "order.placed"));
	assert_int_equal(ing_sources_parse(slice_text("shop=a\ntill=b"), &sources, &err), 0);
	assert_false(ing_sources_are_limited(&sources));
	ing_sources_open(&sources);
	assert_true(allows(&sources, NULL, "customer.erased"));
}

static void test_content_type(void **state)
{
	static const struct {
		const char *type;
		bool has_specversion;
		int content_type; /* -1: refused */
	} table[] = {
	    {"application/json", false, ING_JSON},
	    {"Application/JSON ; charset=UTF-8", false, ING_JSON},
	    {"application/json;charset=\"utf-8\"", false, ING_JSON},
	    {"application/cloudevents+json; charset=utf-8", false, ING_CLOUDEVENT},
	    {"application/cloudevents-batch+json", false, ING_CLOUDEVENT_BATCH},
	    {"application/x-protobuf; messageType=\"nurture.v1.Event\"", false, ING_PROTOBUF},
	    {"application/protobuf", false, ING_PROTOBUF},
	    {NULL, false, -1},
	    {"", false, -1},
	    {"application/jsonp", false, -1},
	    {"application/cloudevents", false, -1},
	    {"application/cloudevents+avro", false, -1},
	    {"text/plain", false, -1},
	    {"application/json; charset=latin1", false, -1},
	    {"application/vnd.shop+json", false, -1},
	    {"application/json", true, ING_CLOUDEVENT_BINARY},
	    {"application/json; charset=utf-8", true, ING_CLOUDEVENT_BINARY},
	    {"application/vnd.shop+json", true, ING_CLOUDEVENT_BINARY},
	    {NULL, true, ING_CLOUDEVENT_BINARY},
	    {"application/cloudevents+json", true, ING_CLOUDEVENT},
	    {"application/cloudevents-batch+json", true, ING_CLOUDEVENT_BATCH},
	    {"application/json; charset=latin1", true, -1},
	    {"application/x-protobuf", true, -1},
	    {"text/xml", true, -1},
	    {"+json", true, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		enum ing_content_type content_type = (enum ing_content_type)99;
		struct err err;
		int r = ing_content_type_parse(table[i].type, table[i].has_specversion,
					       &content_type, &err);

		if (r != (table[i].content_type < 0 ? -1 : 0) ||
		    (int)content_type != (table[i].content_type < 0 ? 99 : table[i].content_type))
			fail_msg("%s: %d %d", table[i].type, r, (int)content_type);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sources),          cmocka_unit_test(test_source_errors),
	    cmocka_unit_test(test_too_many_sources), cmocka_unit_test(test_find_source),
	    cmocka_unit_test(test_limited_tokens),   cmocka_unit_test(test_content_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
