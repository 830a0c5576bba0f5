/* otlp_text.c - see otlp_text.h. */
#include "otlp_text.h"

#include <inttypes.h>

#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/base/url.h"
#include "common/codec/json.h"

enum { VALUE_BYTES = 8192 };

static int put_decoded(struct slice raw, struct buf *value)
{
	char text[VALUE_BYTES];
	struct err ignored;

	if (url_decode(raw, "value", text, sizeof(text), &ignored) < 0)
		return -1;
	buf_text(value, text);
	return buf_failed(value) ? -1 : 0;
}

int otlp_next_pair(struct slice *rest, struct slice *name, struct buf *value)
{
	const uint8_t *comma, *equals;
	struct slice pair;

	if (rest->len == 0)
		return 0;
	comma = memchr(rest->bytes, ',', rest->len);
	pair = slice_of(rest->bytes, comma ? (size_t)(comma - rest->bytes) : rest->len);
	*rest = comma ? slice_of(comma + 1, rest->len - pair.len - 1) : slice_of("", 0);
	equals = memchr(pair.bytes, '=', pair.len);
	if (!equals)
		return -1;
	*name = slice_trim(slice_of(pair.bytes, (size_t)(equals - pair.bytes)), " ");
	buf_reset(value);
	if (name->len == 0 ||
	    put_decoded(
		slice_trim(slice_of(equals + 1, pair.len - (size_t)(equals - pair.bytes) - 1), " "),
		value) < 0)
		return -1;
	return 1;
}

static void put_attribute(struct buf *out, struct slice name, struct slice value)
{
	buf_text(out, "{\"key\":");
	json_put_text(out, name);
	buf_text(out, ",\"value\":{\"stringValue\":");
	json_put_text(out, value);
	buf_text(out, "}}");
}

static int put_attributes(const char *list, struct buf *out, struct err *err)
{
	struct slice rest = slice_text(list), name;
	struct buf value = BUF_MAX(1024);
	int r;

	while ((r = otlp_next_pair(&rest, &name, &value)) == 1) {
		if (slice_is(name, "service.name") || !text_is_utf8(buf_slice(&value)) ||
		    !text_is_utf8(name))
			continue;
		buf_text(out, ",");
		put_attribute(out, name, buf_slice(&value));
	}
	buf_free(&value);
	return r < 0 ? err_config(
			   err, "OTEL_RESOURCE_ATTRIBUTES: expected name=value,..., found %s", list)
		     : 0;
}

int otlp_put_resource(const struct tracing_options *options, const char *service, struct buf *out,
		      struct err *err)
{
	const char *name = options->service_name[0] ? options->service_name : service;

	buf_text(out, "{\"resourceSpans\":[{\"resource\":{\"attributes\":[");
	put_attribute(out, slice_text("service.name"), slice_text(name));
	buf_text(out, ",");
	put_attribute(out, slice_text("service.namespace"), slice_text("nurture"));
	if (put_attributes(options->resource_attributes, out, err) < 0)
		return -1;
	buf_text(out, "]},\"scopeSpans\":[{\"scope\":{\"name\":\"nurture\"},\"spans\":[");
	return buf_failed(out) ? err_config(err, "OTEL_RESOURCE_ATTRIBUTES: is too long") : 0;
}

static void put_id(struct buf *out, const char *name, const uint8_t *id, size_t count)
{
	char text[2 * TRACE_ID_BYTES + 1];

	base16_write(id, count, text);
	buf_printf(out, "\"%s\":\"%s\"", name, text);
}

/* https://opentelemetry.io/docs/specs/semconv/messaging/kafka/ */
static void put_destination(const char *topic, struct buf *out)
{
	put_attribute(out, slice_text("messaging.system"), slice_text("kafka"));
	buf_text(out, ",");
	put_attribute(out, slice_text("messaging.destination.name"), slice_text(topic));
}

static void put_place(const struct span *span, struct buf *out)
{
	buf_printf(out,
		   ",{\"key\":\"messaging.destination.partition.id\",\"value\":{\"stringValue\":"
		   "\"%d\"}},{\"key\":\"messaging.kafka.offset\",\"value\":{\"intValue\":\"%" PRId64
		   "\"}}",
		   (int)span->partition, span->offset);
}

void otlp_put_span(const struct span *span, struct buf *out)
{
	static const uint8_t none[TRACE_SPAN_BYTES];

	buf_text(out, "{");
	put_id(out, "traceId", span->context.trace, TRACE_ID_BYTES);
	buf_text(out, ",");
	put_id(out, "spanId", span->context.span, TRACE_SPAN_BYTES);
	if (memcmp(span->parent, none, sizeof(none)) != 0) {
		buf_text(out, ",");
		put_id(out, "parentSpanId", span->parent, TRACE_SPAN_BYTES);
	}
	buf_text(out, ",\"name\":");
	json_put_text(out, slice_text(span->name));
	buf_printf(out,
		   ",\"kind\":%d,\"startTimeUnixNano\":\"%" PRId64
		   "000000\",\"endTimeUnixNano\":\"%" PRId64 "000000\",\"attributes\":[",
		   (int)span->kind, span->begun_ms, span->ended_ms);
	if (span->topic || span->published_to)
		put_destination(span->topic ? span->topic : span->published_to, out);
	if (span->topic)
		put_place(span, out);
	buf_text(out, "]}");
}
