/* feedback_body.c - see feedback_body.h. */
#include "feedback_body.h"

#include "common/base/buf.h"
#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/codec/json.h"
#include "common/policy/event_type.h"

/* A body of 1 MiB, and the envelopes of a thousand. */
enum { EVENTS_MAX_BYTES = 2 << 20 };

/* The members of an event; bytes NULL: it was not said. */
struct said {
	struct slice id, time, by, customer;
	struct buf feedback; /* the members of it, with commas between them */
};

static void put_member(struct buf *out, struct slice name, struct slice value)
{
	if (out->len)
		buf_char(out, ',');
	json_put_text(out, name);
	buf_char(out, ':');
	buf_add(out, value.bytes, value.len);
}

static void take(struct said *said, struct slice name, struct slice value)
{
	if (slice_is(name, "id"))
		said->id = value;
	else if (slice_is(name, "time"))
		said->time = value;
	else if (slice_is(name, "by"))
		said->by = value;
	else if (slice_is(name, "customer"))
		said->customer = value;
	else
		put_member(&said->feedback, slice_is(name, "text") ? slice_text("comment") : name,
			   value);
}

/* 1: all members were taken.  0: it is no object that could be read. */
static int read_object(struct slice object, struct arena *arena, struct said *ret)
{
	struct json_reader reader = json_reader_of(object);
	struct err ignored;
	int r;

	if (json_first_byte(object) != '{')
		return 0;
	while ((r = json_reader_next(&reader, arena, &ignored)) == 1)
		take(ret, reader.key, reader.value);
	return r == 0;
}

static void put_customer(struct buf *out, struct slice customer)
{
	bool is_id = customer.len && customer.bytes[0] == '"';

	buf_printf(out, "%s%.*s%s", is_id ? "{\"id\":" : "", SLICE_ARGS(customer),
		   is_id ? "}" : "");
}

static void put_id(struct buf *out, const struct said *said, struct slice object)
{
	char id[ID_TEXT_BYTES];

	if (said->id.bytes) {
		buf_add(out, said->id.bytes, said->id.len);
		return;
	}
	id_of(id, &object, 1);
	buf_printf(out, "\"%s\"", id);
}

static void put_event(struct buf *out, const struct said *said, struct slice object, int64_t now_ms)
{
	char now[RFC3339_BYTES];

	buf_text(out, "{\"id\":");
	put_id(out, said, object);
	buf_printf(out, ",\"type\":\"%s\",\"time\":", event_type_text(EVENT_FEEDBACK_RECEIVED));
	if (said->time.bytes)
		buf_add(out, said->time.bytes, said->time.len);
	else
		buf_printf(out, "\"%s\"", rfc3339_text(now_ms, now));
	if (said->by.bytes)
		buf_printf(out, ",\"by\":%.*s", SLICE_ARGS(said->by));
	if (said->customer.bytes) {
		buf_text(out, ",\"customer\":");
		put_customer(out, said->customer);
	}
	buf_printf(out, ",\"feedback\":{%.*s}}", SLICE_ARGS(buf_slice(&said->feedback)));
}

static void put_one(struct buf *out, struct slice object, int64_t now_ms, struct arena *arena)
{
	struct said said = {.feedback = BUF_MAX(EVENTS_MAX_BYTES)};

	if (read_object(object, arena, &said))
		put_event(out, &said, object, now_ms);
	else
		buf_add(out, object.bytes, object.len);
	buf_free(&said.feedback);
}

/* False: the array cannot be read to its end. */
static bool put_array(struct buf *out, struct slice body, int64_t now_ms, struct arena *arena)
{
	struct json_reader reader = json_reader_of(body);
	struct err ignored;
	bool is_first = true;
	int r;

	buf_char(out, '[');
	while ((r = json_reader_next(&reader, arena, &ignored)) == 1) {
		if (!is_first)
			buf_char(out, ',');
		is_first = false;
		put_one(out, reader.value, now_ms, arena);
	}
	buf_char(out, ']');
	return r == 0;
}

struct slice ing_feedback_body(struct slice body, int64_t now_ms, struct arena *arena)
{
	struct buf out = BUF_MAX(EVENTS_MAX_BYTES);
	struct slice events = body;
	bool is_read = true;

	if (json_first_byte(body) == '[')
		is_read = put_array(&out, body, now_ms, arena);
	else
		put_one(&out, body, now_ms, arena);
	if (is_read && !buf_failed(&out) && out.len)
		events = slice_of(arena_copy(arena, out.bytes, out.len), out.len);
	buf_free(&out);
	return events;
}
