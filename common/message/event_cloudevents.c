/*
 * event_cloudevents.c - a CloudEvent 1.0.2 in structured JSON, as an event.
 *
 * data (or data_base64) is the event; id, type, time and subject fill what it
 * leaves out; source says who numbered it.  data wins where both speak, but they must mean the same
 * customer: subject is what a router has used as the key.
 */
#include "event_internal.h"

#include <cjson/cJSON.h>

#include "common/base/civil.h"
#include "common/codec/json.h"

struct attributes {
	const char *id, *source, *type, *subject, *time; /* "" when absent */
	const cJSON *data, *data_base64;                 /* NULL when absent */
};

static const cJSON *member(const cJSON *envelope, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(envelope, name);

	return cJSON_IsNull(value) ? NULL : value;
}

/* A string that is not empty; "" when it is absent and may be. */
static int text_attribute(const cJSON *envelope, const char *name, bool required, const char **ret,
			  struct err *err)
{
	const cJSON *value = member(envelope, name);
	char found[JSON_FOUND_BYTES];

	if (!value && !required) {
		*ret = "";
		return 0;
	}
	if (!cJSON_IsString(value) || *value->valuestring == '\0')
		return path_fail(NULL, name, "a text that is not empty", json_found(value, found),
				 err);
	*ret = value->valuestring;
	return 0;
}

static int read_attributes(const cJSON *envelope, struct attributes *ret, struct err *err)
{
	const char *version;
	char found[JSON_FOUND_BYTES];

	if (text_attribute(envelope, "specversion", true, &version, err) < 0)
		return -1;
	if (strcmp(version, "1.0") != 0)
		return path_fail(NULL, "specversion", "\"1.0\"",
				 json_found(member(envelope, "specversion"), found), err);
	if (text_attribute(envelope, "source", true, &ret->source, err) < 0 ||
	    text_attribute(envelope, "id", true, &ret->id, err) < 0 ||
	    text_attribute(envelope, "type", true, &ret->type, err) < 0 ||
	    text_attribute(envelope, "subject", false, &ret->subject, err) < 0 ||
	    text_attribute(envelope, "time", false, &ret->time, err) < 0)
		return -1;
	ret->data = member(envelope, "data");
	ret->data_base64 = member(envelope, "data_base64");
	if (ret->data && ret->data_base64)
		return path_fail(NULL, "data_base64", "nothing beside data", "both", err);
	return 0;
}

static int base64_digit(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *digit = c ? strchr(digits, c) : NULL;

	return digit ? (int)(digit - digits) : -1;
}

/* RFC 4648 with padding, nothing else; into the arena. */
static int base64_decode(const char *text, struct arena *arena, struct slice *ret)
{
	size_t len = strlen(text), padding = 0, out = 0;
	uint8_t *bytes = arena_alloc(arena, len / 4 * 3 + 1);
	uint32_t bits = 0;

	if (len % 4 != 0)
		return -1;
	while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < len; i++) {
		int digit = i < len - padding ? base64_digit(text[i]) : 0;

		if (digit < 0)
			return -1;
		bits = bits << 6 | (uint32_t)digit;
		if (i % 4 == 3) {
			bytes[out++] = (uint8_t)(bits >> 16);
			bytes[out++] = (uint8_t)(bits >> 8);
			bytes[out++] = (uint8_t)bits;
		}
	}
	*ret = slice_of(bytes, out - padding);
	return 0;
}

static int read_base64(const cJSON *value, struct arena *arena, Nurture__V1__Event **ret,
		       struct err *err)
{
	char found[JSON_FOUND_BYTES];
	struct slice bytes;
	void *event;
	int r;

	if (!cJSON_IsString(value) || base64_decode(value->valuestring, arena, &bytes) < 0)
		return path_fail(NULL, "data_base64", "base64 with padding",
				 json_found(value, found), err);
	r = shape_is_json(bytes) ? shape_read_json(&event_shape, bytes, arena, &event, err)
				 : shape_read_protobuf(&event_shape, bytes, arena, &event, err);
	if (r < 0)
		return err_prefix(err, "$.data_base64");
	*ret = event;
	return 0;
}

static int read_data(const struct attributes *from, const struct path *path, struct arena *arena,
		     Nurture__V1__Event **ret, struct err *err)
{
	char found[JSON_FOUND_BYTES];

	if (from->data_base64)
		return read_base64(from->data_base64, arena, ret, err);
	if (!from->data)
		return 0;
	if (!cJSON_IsObject(from->data))
		return path_fail(path, NULL, "an object", json_found(from->data, found), err);
	return shape_read(&event_shape, from->data, *ret, path, arena, err);
}

/* What data left out. */
static int fill(Nurture__V1__Event *event, const struct attributes *from, struct arena *arena,
		struct err *err)
{
	char found[JSON_FOUND_BYTES];
	struct err why;

	event->source = arena_text(arena, from->source);
	if (*event->id == '\0')
		event->id = arena_text(arena, from->id);
	if (*event->type == '\0')
		event->type = arena_text(arena, from->type);
	if (event->time_ms == 0 && *from->time != '\0' &&
	    rfc3339_parse(slice_text(from->time), &event->time_ms, &why) < 0)
		return path_fail(NULL, "time", "a time like \"2026-03-01T12:00:00Z\"",
				 json_found_text(slice_text(from->time), found), err);
	if (*from->subject == '\0')
		return 0;
	if (!event->customer)
		event->customer = shape_new(&customer_shape, arena);
	if (*event->customer->id == '\0')
		event->customer->id = arena_text(arena, from->subject);
	if (strcmp(event->customer->id, from->subject) != 0)
		return path_fail(NULL, "subject", "the customer id that data has",
				 json_found_text(slice_text(from->subject), found), err);
	return 0;
}

int event_from_cloudevent(const cJSON *envelope, struct arena *arena, Nurture__V1__Event **ret,
			  struct err *err)
{
	Nurture__V1__Event *event = shape_new(&event_shape, arena);
	struct path path = {.name = "data"};
	struct attributes from;

	if (read_attributes(envelope, &from, err) < 0)
		return -1;
	if (from.data_base64)
		path.name = "data_base64";
	if (read_data(&from, &path, arena, &event, err) < 0 || fill(event, &from, arena, err) < 0)
		return -1;
	if (event_check(event, from.data || from.data_base64 ? &path : NULL, err) < 0)
		return -1;
	*ret = event;
	return 0;
}
