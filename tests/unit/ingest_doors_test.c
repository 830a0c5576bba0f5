/*
 * ingest_doors_test.c - what comes before the events of a body: compression, signatures, CloudEvents
 * in binary mode.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <zlib.h>

#include "services/ingest/content_coding.h"
#include "services/ingest/events/binary_event.h"
#include "services/ingest/signature.h"

enum { MAX_BYTES = 1 << 16, GZIP = 16 + MAX_WBITS, ZLIB = MAX_WBITS, BARE = -MAX_WBITS };

static struct arena arena;

static int end_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct slice compressed(int window_bits, struct slice plain)
{
	z_stream stream = {.next_in = (Bytef *)(uintptr_t)plain.bytes, .avail_in = (uInt)plain.len};
	uint8_t *out = arena_alloc(&arena, plain.len + 1024);

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	stream.next_out = out;
	stream.avail_out = (uInt)plain.len + 1024;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return slice_of(out, stream.total_out);
}

static struct slice joined(struct slice a, struct slice b)
{
	uint8_t *out = arena_alloc(&arena, a.len + b.len);

	memcpy(out, a.bytes, a.len);
	memcpy(out + a.len, b.bytes, b.len);
	return slice_of(out, a.len + b.len);
}

static struct slice filled(size_t len)
{
	uint8_t *bytes = arena_alloc(&arena, len);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * i >> 7);
	return slice_of(bytes, len);
}

static void comes_out(enum ing_content_coding coding, struct slice body, struct slice plain)
{
	struct ing_fault fault;
	struct slice ret;

	if (ing_content_decode(coding, body, MAX_BYTES, &arena, &ret, &fault) < 0)
		fail_msg("%s", fault.why.text);
	assert_true(slice_equal(ret, plain));
}

static void is_refused(enum ing_content_coding coding, struct slice body, int status,
		       const char *code, const char *why)
{
	struct ing_fault fault;
	struct slice ret;

	assert_int_equal(ing_content_decode(coding, body, MAX_BYTES, &arena, &ret, &fault), -1);
	assert_int_equal(fault.http_status, status);
	assert_string_equal(fault.code, code);
	if (!strstr(fault.why.text, why))
		fail_msg("%s", fault.why.text);
}

static void test_compressed(void **state)
{
	static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 40000, MAX_BYTES - 1, MAX_BYTES};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct slice plain = filled(sizes[i]), half = slice_of(plain.bytes, sizes[i] / 2);
		struct slice rest = slice_of(plain.bytes + half.len, plain.len - half.len);

		comes_out(ING_IDENTITY, plain, plain);
		comes_out(ING_GZIP, compressed(GZIP, plain), plain);
		comes_out(ING_DEFLATE, compressed(ZLIB, plain), plain);
		comes_out(ING_DEFLATE, compressed(BARE, plain), plain);
		/* Two members of one gzip stream (RFC 1952 2.2). */
		comes_out(ING_GZIP, joined(compressed(GZIP, half), compressed(GZIP, rest)), plain);
	}
}

static void test_badly_compressed(void **state)
{
	struct slice good = compressed(GZIP, filled(3000)), bad;
	uint8_t *bytes = arena_alloc(&arena, good.len);

	(void)state;
	is_refused(ING_IDENTITY, filled(MAX_BYTES + 1), 413, "too_large", "bytes of body");
	for (size_t len = 0; len < good.len; len++)
		is_refused(ING_GZIP, slice_of(good.bytes, len), 400, "invalid_coding",
			   "expected a body compressed by gzip: the compressed bytes end in the");
	is_refused(ING_GZIP, slice_text("{\"id\":\"plain\"}"), 400, "invalid_coding", "header");
	is_refused(ING_GZIP, joined(good, slice_text("x!")), 400, "invalid_coding", "");
	is_refused(ING_GZIP, compressed(ZLIB, filled(10)), 400, "invalid_coding", "header");
	is_refused(ING_DEFLATE, joined(compressed(ZLIB, filled(9)), slice_text("xy")), 400,
		   "invalid_coding", "2 bytes follow the end");
	memcpy(bytes, good.bytes, good.len);
	bytes[good.len - 6] ^= 1; /* of the checksum */
	bad = slice_of(bytes, good.len);
	is_refused(ING_GZIP, bad, 400, "invalid_coding", "incorrect data check");
}

static void test_bomb(void **state)
{
	struct slice zeroes = slice_of(calloc(1, 4 << 20), 4 << 20);

	(void)state;
	is_refused(ING_GZIP, compressed(GZIP, slice_of(zeroes.bytes, MAX_BYTES + 1)), 413,
		   "too_large", "expected at most 65536 bytes of body before gzip");
	is_refused(ING_GZIP, compressed(GZIP, zeroes), 413, "too_large", "before gzip");
	is_refused(ING_DEFLATE, compressed(ZLIB, zeroes), 413, "too_large", "before deflate");
	free((void *)(uintptr_t)zeroes.bytes);
}

static void test_coding_names(void **state)
{
	static const struct {
		const char *header;
		int coding; /* -1: refused */
	} table[] = {
	    {NULL, ING_IDENTITY},
	    {"", ING_IDENTITY},
	    {"identity", ING_IDENTITY},
	    {"gzip", ING_GZIP},
	    {" GZip\t", ING_GZIP},
	    {"x-gzip", ING_GZIP},
	    {"deflate", ING_DEFLATE},
	    {"br", -1},
	    {"zstd", -1},
	    {"gzip, gzip", -1},
	    {"gzip,identity", -1},
	    {"gzipx", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		enum ing_content_coding coding;
		struct err err;
		int r = ing_content_coding_parse(table[i].header, &coding, &err);

		if (r != (table[i].coding < 0 ? -1 : 0) ||
		    (r == 0 && (int)coding != table[i].coding))
			fail_msg("%s: %d", table[i].header, r);
	}
}

/* The signature was made by Python's hmac. */
#define SECRET "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLGSw"
#define WEBHOOK_ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define SIGNATURE "v1,gZfeXvjXQ95nH7Fb2dpBh0H+YQYAMEB5T2OcBgOjRv8="
#define OTHER "v1,AZfeXvjXQ95nH7Fb2dpBh0H+YQYAMEB5T2OcBgOjRv8="
enum { SIGNED_S = 1614265330 };

static int signer(const char *id, const char *timestamp, const char *signatures, const char *body,
		  int64_t now_s, struct err *err)
{
	const struct ing_webhook webhook = {id, timestamp, signatures};
	static struct ing_sources sources;
	const struct ing_types *types;
	int source;

	assert_int_equal(
	    ing_sources_parse(slice_text("till=0123456789abcdef,crm=whsec_AAAABBBBCCCCDDDDEEEE,"
					 "shop=whsec_" SECRET " types=order.*"),
			      &sources, err),
	    0);
	assert_true(ing_sources_sign(&sources));
	/* A secret lets nobody in who shows it. */
	assert_int_equal(ing_source_find(&sources, "Bearer whsec_" SECRET, NULL), -1);
	source = ing_webhook_source(&sources, &webhook, slice_text(body), now_s * 1000, &arena,
				    &types, err);
	if (source >= 0)
		assert_false(ing_types_allow(types, "customer.erased"));
	return source;
}

static void test_signed(void **state)
{
	static const char *const good[] = {SIGNATURE, OTHER " " SIGNATURE,
					   SIGNATURE "  v1a,x v2,y"};
	static const char *const bad[] = {"",
					  "v1",
					  "v1,",
					  OTHER,
					  "v1a,gZfe",
					  "v2"
					  ","
					  "gZfe",
					  SIGNATURE "=",
					  "v1,gZfeXvjXQ95nH7Fb2dpBh0H+YQYAMEB5"};
	const char *body = "{\"test\": 2432232314}";
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(signer(WEBHOOK_ID, "1614265330", good[i], body, SIGNED_S, &err),
				 2);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(signer(WEBHOOK_ID, "1614265330", bad[i], body, SIGNED_S, &err),
				 -1);
	assert_int_equal(signer("msg_other", "1614265330", SIGNATURE, body, SIGNED_S, &err), -1);
	assert_int_equal(signer(WEBHOOK_ID, "1614265331", SIGNATURE, body, SIGNED_S, &err), -1);
	assert_int_equal(
	    signer(WEBHOOK_ID, "1614265330", SIGNATURE, "{\"test\": 2432232315}", SIGNED_S, &err),
	    -1);
	assert_int_equal(signer(NULL, "1614265330", SIGNATURE, body, SIGNED_S, &err), -1);
	assert_int_equal(signer(WEBHOOK_ID, NULL, SIGNATURE, body, SIGNED_S, &err), -1);
	assert_int_equal(signer(WEBHOOK_ID, "yesterday", SIGNATURE, body, SIGNED_S, &err), -1);
}

static void test_old_signatures(void **state)
{
	static const struct {
		int off_s, source;
	} table[] = {{0, 2}, {300, 2}, {-300, 2}, {301, -1}, {-301, -1}};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(signer(WEBHOOK_ID, "1614265330", SIGNATURE,
					"{\"test\": 2432232314}", SIGNED_S + table[i].off_s, &err),
				 table[i].source);
	assert_string_equal(err.text, "webhook-timestamp: expected a time within 300 s of ours, "
				      "found one that is 301 s off");
}

static int read_binary(const char *const headers[][2], const char *body, struct slice *ret,
		       struct ing_fault *fault)
{
	struct ing_attribute attributes[ING_ATTRIBUTES_MAX + 1];
	size_t count = 0;

	for (; headers[count][0]; count++)
		attributes[count] = (struct ing_attribute){slice_text(headers[count][0]),
							   slice_text(headers[count][1])};
	return ing_binary_event(attributes, count, slice_text(body), &arena, ret, fault);
}

static void test_binary_mode(void **state)
{
	static const char *const headers[][2] = {
	    {"SpecVersion", "1.0"},
	    {"id", "\"a \\\"quoted\\\" id\""},
	    {"source", "/caf%C3%A9/100%/%zz"},
	    {"subject", "Euro%20%E2%82%AC%20%F0%9F%98%80"},
	    {"type", "order.placed"},
	    {"time", "2026-03-01T12:00:00Z"},
	    {"traceparent", "00-%22-"},
	    {NULL, NULL},
	};
	struct ing_fault fault;
	struct ing_batch batch;
	struct slice json;

	(void)state;
	if (read_binary(headers, " {\"order\": {\"id\":\"1\"}} ", &json, &fault) < 0)
		fail_msg("%s", fault.why.text);
	assert_true(slice_is(
	    json, "{\"specversion\":\"1.0\",\"id\":\"a \\\"quoted\\\" id\","
		  "\"source\":\"/caf\xc3\xa9/100%/%zz\","
		  "\"subject\":\"Euro \xe2\x82\xac \xf0\x9f\x98\x80\",\"type\":\"order.placed\","
		  "\"time\":\"2026-03-01T12:00:00Z\",\"traceparent\":\"00-\\\"-\","
		  "\"data\": {\"order\": {\"id\":\"1\"}} }"));
	assert_int_equal(ing_batch_read(ING_CLOUDEVENT, json, &arena, &batch, &fault), 0);
	assert_int_equal(batch.count, 1);
	assert_int_equal(batch.events[0].result.status, ING_ACCEPTED);
	assert_true(slice_is(batch.events[0].key, "Euro \xe2\x82\xac \xf0\x9f\x98\x80"));
}

static void test_bad_binary_mode(void **state)
{
	static const struct {
		const char *name, *value, *body, *code, *why;
	} table[] = {
	    {"specversion", "1.0", "{}", "invalid_event", "ce-specversion: expected it once"},
	    {"data", "{}", "{}", "invalid_event", "ce-data: expected a CloudEvents attribute"},
	    {"a-b", "x", "{}", "invalid_event", "ce-a-b: expected a CloudEvents attribute"},
	    {"", "x", "{}", "invalid_event", "ce-: expected a CloudEvents attribute"},
	    {"id", "%ff", "{}", "invalid_event", "ce-id: expected UTF-8"},
	    {"id", "1", "{\"a\":1},\"id\":\"2\"", "invalid_json", "expected the data"},
	    {"id", "1", "{}}", "invalid_json", "expected the data"},
	    {"id", "1", "<x/>", "invalid_json", "expected the data"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *const headers[][2] = {
		    {"specversion", "1.0"}, {table[i].name, table[i].value}, {NULL, NULL}};
		struct ing_fault fault;
		struct slice json;

		assert_int_equal(read_binary(headers, table[i].body, &json, &fault), -1);
		assert_int_equal(fault.http_status, 400);
		assert_string_equal(fault.code, table[i].code);
		if (!strstr(fault.why.text, table[i].why))
			fail_msg("%s", fault.why.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_compressed),  cmocka_unit_test(test_badly_compressed),
	    cmocka_unit_test(test_bomb),        cmocka_unit_test(test_coding_names),
	    cmocka_unit_test(test_signed),      cmocka_unit_test(test_old_signatures),
	    cmocka_unit_test(test_binary_mode), cmocka_unit_test(test_bad_binary_mode),
	};

	return cmocka_run_group_tests(tests, NULL, end_arena);
}
