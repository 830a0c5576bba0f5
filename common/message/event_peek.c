/*
 * event_peek.c - who and when, without making the whole event.
 *
 * The JSON is still scanned strictly from end to end, so what passes here can
 * only be refused later for what it says, not for what it is.
 */
#include "event_internal.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/codec/json.h"
#include "common/codec/protobuf_scan.h"

/* Values as they stand in the text; empty when absent or null. */
struct raw {
	struct slice customer, time, subject, data, data_base64;
	bool cloudevent;
};

static int peek_members(struct slice text, struct raw *raw, struct arena *arena, struct err *err)
{
	struct json_reader reader = json_reader_of(text);
	int r;

	while ((r = json_reader_next(&reader, arena, err)) == 1) {
		struct slice *to = NULL;

		if (slice_equal(reader.key, slice_text("customer")))
			to = &raw->customer;
		else if (slice_equal(reader.key, slice_text("time")))
			to = &raw->time;
		else if (slice_equal(reader.key, slice_text("subject")))
			to = &raw->subject;
		else if (slice_equal(reader.key, slice_text("data")))
			to = &raw->data;
		else if (slice_equal(reader.key, slice_text("data_base64")))
			to = &raw->data_base64;
		else if (slice_equal(reader.key, slice_text("specversion")))
			raw->cloudevent = true;
		if (to && reader.value.bytes[0] != 'n')
			*to = reader.value;
	}
	return r;
}

static bool is_string(struct slice raw)
{
	return raw.len && raw.bytes[0] == '"';
}

static bool is_object(struct slice raw)
{
	return raw.len && raw.bytes[0] == '{';
}

/* customer.id into *ret, untouched when there is none. */
static int peek_customer(struct slice customer, struct slice *ret, struct arena *arena,
			 struct err *err)
{
	struct json_reader reader = json_reader_of(customer);
	int r;

	while ((r = json_reader_next(&reader, arena, err)) == 1)
		if (slice_equal(reader.key, slice_text("id")) && is_string(reader.value))
			*ret = json_unescape(reader.value, arena);
	return r;
}

static int take(struct slice customer, struct slice time, struct arena *arena,
		struct slice *ret_customer, int64_t *ret_time_ms, struct err *err)
{
	char found[JSON_FOUND_BYTES];

	if (!text_is_id(customer))
		return path_fail(NULL, "customer.id", "an id of 1 to 200 printable bytes",
				 customer.len ? json_found_text(customer, found) : "nothing", err);
	if (rfc3339_parse(time, ret_time_ms, err) < 0)
		return err_prefix(err, "$.time");
	*ret_customer = slice_of(arena_copy(arena, customer.bytes, customer.len), customer.len);
	return 0;
}

/* Reads the whole event when it has data_base64, which is rare. */
static int peek_by_decoding(struct slice bytes, struct arena *arena, struct slice *ret_customer,
			    int64_t *ret_time_ms, struct err *err)
{
	Nurture__V1__Event *event;

	if (event_decode(bytes, arena, &event, err) < 0)
		return -1;
	*ret_customer = slice_text(event->customer->id);
	*ret_time_ms = event->time_ms;
	return 0;
}

static int peek_json(struct slice bytes, struct arena *arena, struct slice *ret_customer,
		     int64_t *ret_time_ms, struct err *err)
{
	struct slice customer = slice_text(""), time = slice_text("");
	struct raw raw = {0}, data = {0};

	if (peek_members(bytes, &raw, arena, err) < 0)
		return -1;
	if (!raw.cloudevent)
		data = raw;
	else if (raw.data_base64.len)
		return peek_by_decoding(bytes, arena, ret_customer, ret_time_ms, err);
	else if (is_object(raw.data) && peek_members(raw.data, &data, arena, err) < 0)
		return -1;
	if (is_object(data.customer) && peek_customer(data.customer, &customer, arena, err) < 0)
		return -1;
	if (customer.len == 0 && raw.cloudevent && is_string(raw.subject))
		customer = json_unescape(raw.subject, arena);
	if (is_string(data.time))
		time = json_unescape(data.time, arena);
	else if (is_string(raw.time))
		time = json_unescape(raw.time, arena);
	return take(customer, time, arena, ret_customer, ret_time_ms, err);
}

static int peek_protobuf(struct slice bytes, struct arena *arena, struct slice *ret_customer,
			 int64_t *ret_time_ms, struct err *err)
{
	enum { EVENT_TIME = 3, EVENT_CUSTOMER = 4, CUSTOMER_ID = 1 };
	struct protobuf_field field, inner;
	struct slice customer = {0};
	int64_t time_ms = 0;
	int r, s = 0;

	while ((r = protobuf_next(&bytes, &field)) == 1) {
		if (field.number == EVENT_TIME && field.wire == WIRE_VARINT)
			time_ms = (int64_t)field.value;
		if (field.number != EVENT_CUSTOMER || field.wire != WIRE_BYTES)
			continue;
		while ((s = protobuf_next(&field.bytes, &inner)) == 1)
			if (inner.number == CUSTOMER_ID && inner.wire == WIRE_BYTES &&
			    inner.bytes.len) /* as protobuf merges a message that stands twice */
				customer = inner.bytes;
		if (s < 0)
			break;
	}
	if (r < 0 || s < 0)
		return err_set(err, "not a readable %s", event_shape.descriptor->name);
	if (!text_is_id(customer))
		return path_fail(NULL, "customer.id", "an id of 1 to 200 printable bytes",
				 "something else", err);
	if (time_ms == 0)
		return path_fail(NULL, "time", "a time", "nothing", err);
	*ret_customer = slice_of(arena_copy(arena, customer.bytes, customer.len), customer.len);
	*ret_time_ms = time_ms;
	return 0;
}

int event_peek(struct slice bytes, struct arena *arena, struct slice *ret_customer,
	       int64_t *ret_time_ms, struct err *err)
{
	if (bytes.len == 0 || bytes.len > EVENT_MAX_BYTES)
		return err_set(err, "expected an event of 1 to %d bytes, found %zu",
			       EVENT_MAX_BYTES, bytes.len);
	return shape_is_json(bytes) ? peek_json(bytes, arena, ret_customer, ret_time_ms, err)
				    : peek_protobuf(bytes, arena, ret_customer, ret_time_ms, err);
}
