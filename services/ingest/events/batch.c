/* batch.c - see batch.h. */
#include "batch.h"

#include <stdio.h>

#include "common/base/text.h"
#include "common/message/event.h"
#include "common/message/event_authority.h"
#include "common/codec/json.h"

const char *ing_status_text(enum ing_status status)
{
	static const char *const text[] = {
#define X(name, text) [ING_##name] = text,
	    ING_STATUSES(X)
#undef X
	};

	return text[status];
}

/* Where the string that begins at `at` with a quote ends: behind its closing quote. */
static size_t end_of_string(struct slice json, size_t at)
{
	for (at++; at < json.len; at++) {
		const uint8_t *quote = memchr(json.bytes + at, '"', json.len - at);
		size_t backslashes = 0;

		if (!quote)
			break;
		at = (size_t)(quote - json.bytes);
		while (json.bytes[at - 1 - backslashes] == '\\')
			backslashes++;
		if (backslashes % 2 == 0)
			return at + 1;
	}
	return json.len;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Where the next blank between tokens is, from `at` on; the length when there is none. */
static size_t find_blank(struct slice json, size_t at)
{
	while (at < json.len && !is_blank(json.bytes[at]))
		at = json.bytes[at] == '"' ? end_of_string(json, at) : at + 1;
	return at;
}

/* The element without the blanks between its tokens: numbers and texts stay as they were written. */
static struct slice without_blanks(struct slice json, struct arena *arena)
{
	size_t blank = find_blank(json, 0), len = 0, at = 0;
	uint8_t *out = arena_alloc(arena, json.len);

	while (at < json.len) {
		memcpy(out + len, json.bytes + at, blank - at);
		len += blank - at;
		for (at = blank; at < json.len && is_blank(json.bytes[at]);)
			at++;
		blank = find_blank(json, at);
	}
	return slice_of(out, len);
}

/* A member of the object that json is, as it stands there; false when it has none such. */
static bool find_member(struct slice json, const char *name, struct arena *arena, struct slice *ret)
{
	struct json_reader reader = json_reader_of(json);
	struct err ignored;

	while (json_reader_next(&reader, arena, &ignored) == 1) {
		if (!slice_equal(reader.key, slice_text(name)))
			continue;
		*ret = reader.value;
		return true;
	}
	return false;
}

/* The id of a refused event, by which its publisher can find it. */
static const char *readable_id(struct slice json, struct arena *arena)
{
	struct slice value;

	if (json_first_byte(json) != '{' || !find_member(json, "id", arena, &value) ||
	    value.bytes[0] != '"')
		return "";
	value = json_unescape(value, arena);
	return text_is_id(value) ? arena_copy(arena, value.bytes, value.len) : "";
}

static void set_invalid(struct ing_event *event, const char *id, const char *path,
			const char *error)
{
	event->result =
	    (struct ing_result){.status = ING_INVALID, .id = id, .path = path, .error = error};
}

/* "$.order.amount: expected ..." is taken apart. */
static void set_refused(struct ing_event *event, const char *id, const char *text,
			struct arena *arena)
{
	const char *colon = text[0] == '$' ? strstr(text, ": ") : NULL;

	if (colon)
		set_invalid(event, id, arena_copy(arena, text, (size_t)(colon - text)),
			    arena_text(arena, colon + 2));
	else
		set_invalid(event, id, "", arena_text(arena, text));
}

static void read_event(struct slice bytes, bool is_json, struct arena *arena, struct ing_event *ret)
{
	Nurture__V1__Event *event;
	struct err err;

	if (event_decode(bytes, arena, &event, &err) < 0) {
		set_refused(ret, readable_id(bytes, arena), err.text, arena);
		return;
	}
	/* Nobody outside may speak as one of our own pages. */
	if (event_proof_is_ours(event)) {
		set_invalid(ret, event->id, "$.proof.source",
			    "expected a place of yours, found one of our own pages (" PROOF_OWN_PAGE
			    "...)");
		return;
	}
	ret->result =
	    (struct ing_result){.status = ING_ACCEPTED, .id = event->id, .error = "", .path = ""};
	ret->time_ms = event->time_ms;
	ret->key = slice_text(event->customer->id);
	ret->type = event->type;
	ret->value = bytes;
	ret->kind = !is_json         ? RECORD_EVENT_PROTOBUF
		    : *event->source ? RECORD_EVENT_CLOUDEVENT
				     : RECORD_EVENT;
}

static void read_json(enum ing_content_type content_type, struct slice json, struct arena *arena,
		      struct ing_event *ret)
{
	struct slice version;

	if (json_first_byte(json) != '{')
		set_invalid(ret, "", "$", "expected an object");
	else if (content_type != ING_JSON && !find_member(json, "specversion", arena, &version))
		set_invalid(ret, readable_id(json, arena), "$.specversion",
			    "expected \"1.0\", found nothing");
	else
		read_event(json, true, arena, ret);
}

static int refuse(struct ing_fault *fault, int http_status, const char *code)
{
	fault->http_status = http_status;
	fault->code = code;
	return -1;
}

/* Returns for how many events there is room now. */
static size_t make_room(struct ing_batch *batch, struct arena *arena)
{
	size_t room = batch->count ? 4 * batch->count : 16;
	struct ing_event *events = arena_alloc(arena, room * sizeof(*events));

	if (batch->count)
		memcpy(events, batch->events, batch->count * sizeof(*events));
	batch->events = events;
	return room;
}

/* Splits the array before any element is read: half an array is no array. */
static int split(struct slice body, struct arena *arena, struct ing_batch *batch,
		 struct ing_fault *fault)
{
	struct json_reader reader = json_reader_of(body);
	size_t room = 0;
	int r;

	while ((r = json_reader_next(&reader, arena, &fault->why)) == 1) {
		if (batch->count == ING_EVENTS_MAX) {
			err_set(&fault->why, "expected at most %d events in an array",
				ING_EVENTS_MAX);
			return refuse(fault, 413, "too_many_events");
		}
		if (batch->count == room)
			room = make_room(batch, arena);
		/* Programs write none, and then nothing is copied. */
		batch->events[batch->count++] = (struct ing_event){
		    .value =
			reader.has_blanks ? without_blanks(reader.value, arena) : reader.value};
	}
	return r < 0 ? refuse(fault, 400, "invalid_json") : 0;
}

static int read_array(enum ing_content_type content_type, struct slice body, struct arena *arena,
		      struct ing_batch *ret, struct ing_fault *fault)
{
	struct ing_batch batch = {.is_array = true};

	if (split(body, arena, &batch, fault) < 0)
		return -1;
	/* CloudEvents allows an empty batch; of ours it is more likely a mistake. */
	if (batch.count == 0 && content_type == ING_JSON) {
		err_set(&fault->why, "expected 1 to %d events, found an empty array",
			ING_EVENTS_MAX);
		return refuse(fault, 400, "no_event");
	}
	for (size_t i = 0; i < batch.count; i++)
		read_json(content_type, batch.events[i].value, arena, &batch.events[i]);
	*ret = batch;
	return 0;
}

static int read_one(enum ing_content_type content_type, struct slice body, struct arena *arena,
		    struct ing_batch *ret, struct ing_fault *fault)
{
	struct ing_event *event = arena_zalloc(arena, sizeof(*event));

	if (content_type == ING_PROTOBUF)
		read_event(body, false, arena, event);
	else
		read_json(content_type, body, arena, event);
	if (content_type != ING_PROTOBUF && event->result.status == ING_INVALID &&
	    !json_is_strict(body)) {
		err_set(&fault->why, "%s", event->result.error);
		return refuse(fault, 400, "invalid_json");
	}
	*ret = (struct ing_batch){.count = 1, .events = event};
	return 0;
}

int ing_batch_read(enum ing_content_type content_type, struct slice body, struct arena *arena,
		   struct ing_batch *ret, struct ing_fault *fault)
{
	uint8_t first = json_first_byte(body);

	if (content_type == ING_CLOUDEVENT_BATCH && first != '[') {
		err_set(&fault->why, "expected a JSON array of CloudEvents");
		return refuse(fault, 400, "invalid_json");
	}
	if (first == '[' && (content_type == ING_JSON || content_type == ING_CLOUDEVENT_BATCH))
		return read_array(content_type, body, arena, ret, fault);
	if (content_type != ING_PROTOBUF && first != '{') {
		err_set(&fault->why, content_type == ING_JSON
					 ? "expected a JSON object or array"
					 : "expected a CloudEvent as a JSON object");
		return refuse(fault, 400, "invalid_json");
	}
	return read_one(content_type, body, arena, ret, fault);
}

const char *ing_forbidden_text(const char *type, char ret[ING_FORBIDDEN_BYTES])
{
	char shown[TEXT_SHOWN_BYTES];

	snprintf(ret, ING_FORBIDDEN_BYTES, "this token may not publish %s",
		 text_shown(slice_text(type), shown));
	return ret;
}

void ing_batch_limit(struct ing_batch *batch, const struct ing_types *types, struct arena *arena)
{
	char why[ING_FORBIDDEN_BYTES];

	for (size_t i = 0; i < batch->count; i++) {
		struct ing_event *event = &batch->events[i];

		if (event->result.status != ING_ACCEPTED || ing_types_allow(types, event->type))
			continue;
		event->result.status = ING_FORBIDDEN;
		event->result.path = "$.type";
		event->result.error = arena_text(arena, ing_forbidden_text(event->type, why));
	}
}
