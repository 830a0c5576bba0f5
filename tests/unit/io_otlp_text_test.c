/* io_otlp_text_test.c - spans as OTLP's JSON has them, and the lists that its settings are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/json.h"
#include "common/io/tracing/otlp_text.h"

static void a_span(void **state)
{
	struct span span = {.name = "process nurture.events",
			    .kind = SPAN_CONSUMER,
			    .begun_ms = 1700000000000,
			    .ended_ms = 1700000000005,
			    .topic = "nurture.events",
			    .partition = 3,
			    .offset = 41};
	struct buf out = BUF_MAX(4096);

	(void)state;
	memset(span.context.trace, 0xab, TRACE_ID_BYTES);
	memset(span.context.span, 0xcd, TRACE_SPAN_BYTES);
	otlp_put_span(&span, &out);
	assert_true(json_is_strict(buf_slice(&out)));
	assert_non_null(strstr(out.bytes, "\"traceId\":\"abababababababababababababababab\""));
	assert_null(strstr(out.bytes, "parentSpanId"));
	assert_non_null(strstr(out.bytes, "\"startTimeUnixNano\":\"1700000000000000000\""));
	assert_non_null(
	    strstr(out.bytes, "\"messaging.kafka.offset\",\"value\":{\"intValue\":\"41\"}"));
	memset(span.parent, 0xef, TRACE_SPAN_BYTES);
	out.len = 0;
	otlp_put_span(&span, &out);
	assert_non_null(strstr(out.bytes, "\"parentSpanId\":\"efefefefefefefef\""));
	buf_free(&out);
}

static void a_request(void **state)
{
	const struct tracing_options options = {.service_name = "",
						.resource_attributes = "a=b%2Cc, d = \"e\""};
	const struct tracing_options wrong = {.service_name = "", .resource_attributes = "a"};
	struct span span = {.name = "publish", .published_to = "nurture.events"};
	struct buf out = BUF_MAX(4096);
	struct err err;

	(void)state;
	assert_int_equal(otlp_put_resource(&options, "ingest", &out, &err), 0);
	otlp_put_span(&span, &out);
	buf_text(&out, OTLP_END);
	assert_true(json_is_strict(buf_slice(&out)));
	assert_non_null(strstr(out.bytes, "{\"key\":\"a\",\"value\":{\"stringValue\":\"b,c\"}}"));
	assert_non_null(
	    strstr(out.bytes, "{\"key\":\"d\",\"value\":{\"stringValue\":\"\\\"e\\\"\"}}"));
	out.len = 0;
	assert_int_equal(otlp_put_resource(&wrong, "ingest", &out, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	buf_free(&out);
}

static void pairs(void **state)
{
	static const char *const wrong[] = {"a", "=b", "a=%2", "a=%zz", "a=b,c"};
	struct slice rest = slice_text("a=1,b=%20x%3D"), name;
	struct buf value = BUF_MAX(100);

	(void)state;
	assert_int_equal(otlp_next_pair(&rest, &name, &value), 1);
	assert_true(slice_is(name, "a") && slice_is(buf_slice(&value), "1"));
	assert_int_equal(otlp_next_pair(&rest, &name, &value), 1);
	assert_true(slice_is(name, "b") && slice_is(buf_slice(&value), " x="));
	assert_int_equal(otlp_next_pair(&rest, &name, &value), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		int r;

		rest = slice_text(wrong[i]);
		while ((r = otlp_next_pair(&rest, &name, &value)) == 1)
			;
		if (r != -1)
			fail_msg("taken: %s", wrong[i]);
	}
	buf_free(&value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_span),
	    cmocka_unit_test(a_request),
	    cmocka_unit_test(pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
