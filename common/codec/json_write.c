/* json_write.c - strings and keys as canonical JSON, and what was found as words. */
#include "json.h"

#include <stdio.h>

#include <cjson/cJSON.h>

#include "common/base/civil.h"
#include "common/base/text.h"

static void put_escaped(struct buf *out, uint8_t c)
{
	static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *name = names; *name; name += 2) {
		if ((uint8_t)*name == c) {
			buf_add(out, (char[]){'\\', name[1]}, 2);
			return;
		}
	}
	if (c < 0x20)
		buf_printf(out, "\\u%04x", c);
	else
		buf_text(out, "\xef\xbf\xbd");
}

/* What most texts are: ASCII without anything to escape. */
static bool is_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.bytes[i];

		if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
			return false;
	}
	return true;
}

static void put_run(struct buf *out, struct slice text)
{
	buf_char(out, '"');
	buf_add(out, text.bytes, text.len);
	buf_char(out, '"');
}

void json_put_text(struct buf *out, struct slice text)
{
	size_t run = 0;
	bool utf8;

	if (is_plain(text)) {
		put_run(out, text);
		return;
	}
	utf8 = text_is_utf8(text);

	buf_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.bytes[i];

		if (c >= 0x20 && c != '"' && c != '\\' && (c < 0x80 || utf8))
			continue;
		buf_add(out, text.bytes + run, i - run);
		put_escaped(out, c);
		run = i + 1;
	}
	buf_add(out, text.bytes + run, text.len - run);
	buf_char(out, '"');
}

void json_put_key(struct buf *out, const char *key)
{
	if (out->len == 0 || out->bytes[out->len - 1] != '{')
		buf_char(out, ',');
	buf_char(out, '"');
	buf_text(out, key);
	buf_add(out, "\":", 2);
}

void json_put_time(struct buf *out, const char *key, int64_t time_ms)
{
	char text[RFC3339_BYTES];

	json_put_key(out, key);
	json_put_text(out, slice_text(rfc3339_text(time_ms, text)));
}

const char *json_found_text(struct slice text, char buf[JSON_FOUND_BYTES])
{
	char shown[TEXT_SHOWN_BYTES];

	snprintf(buf, JSON_FOUND_BYTES, "\"%s\"", text_shown(text, shown));
	return buf;
}

const char *json_found(const cJSON *value, char buf[JSON_FOUND_BYTES])
{
	if (!value)
		return "nothing";
	if (cJSON_IsString(value))
		return json_found_text(slice_text(value->valuestring), buf);
	if (cJSON_IsNumber(value)) {
		snprintf(buf, JSON_FOUND_BYTES, "%.17g", value->valuedouble);
		return buf;
	}
	if (cJSON_IsObject(value))
		return "an object";
	if (cJSON_IsArray(value))
		return "a list";
	if (cJSON_IsNull(value))
		return "null";
	return cJSON_IsTrue(value) ? "true" : "false";
}
