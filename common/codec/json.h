/*
 * json.h - JSON as RFC 8259 has it and no more, in and out.
 *
 * Reading.  cJSON takes trailing garbage, invalid UTF-8, raw control
 * characters, "01" and "1.", cuts strings at \u0000 and keeps the first of two
 * equal keys.  So the bytes are scanned first, by our own rules, and cJSON only
 * builds the tree of what passed.  Refused on top of the RFC: \u0000, equal
 * keys in one object, nesting deeper than JSON_DEPTH_MAX.
 *
 * Numbers of the tree are doubles: ids must be strings.
 */
#ifndef NURTURE_CODEC_JSON_H
#define NURTURE_CODEC_JSON_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum { JSON_DEPTH_MAX = 32 };

struct cJSON;

/* Any JSON value; the caller frees *ret with cJSON_Delete(). Error: "not JSON at byte 17: ...". */
int json_parse_strict(struct slice text, struct cJSON **ret, struct err *err);

/* Would json_parse_strict() take the text? Equal keys are not looked for. */
bool json_is_strict(struct slice text);

/* The first byte after blanks, or 0. */
uint8_t json_first_byte(struct slice text);

/*
 * Walks the members of one object, or the elements of one array, without a
 * tree: each value is scanned strictly and given as the bytes it stands in.
 * Equal keys are not noticed here.
 *
 *	struct json_reader reader = json_reader_of(text);
 *	while ((r = json_reader_next(&reader, arena, &err)) == 1)
 *		... reader.key, reader.value
 */
struct json_reader {
	struct slice text;
	size_t at;
	uint8_t open;       /* '{' or '[' once begun */
	struct slice key;   /* unescaped; empty in an array; text's bytes or the arena's */
	struct slice value; /* borrowed from text */
	bool has_blanks;    /* between the tokens of value */
};
static inline struct json_reader json_reader_of(struct slice text)
{
	return (struct json_reader){.text = text.bytes ? text : slice_text("")};
}
/* 1: one more, 0: the end was reached and nothing follows it, -1: not JSON, not an object or
 * array. */
int json_reader_next(struct json_reader *reader, struct arena *arena, struct err *err);

/* Unescapes a string that json_reader_next() gave as a value (it begins with a quote). */
struct slice json_unescape(struct slice raw, struct arena *arena);

enum { JSON_FOUND_BYTES = 80 };
/*
 * Describes a value for an error text: "\"two\"", "12", "an object"; printable, cut; NULL:
 * "nothing".
 */
const char *json_found(const struct cJSON *value, char buf[JSON_FOUND_BYTES]);
/* The same of a text: in quotes, printable, cut. */
const char *json_found_text(struct slice text, char buf[JSON_FOUND_BYTES]);

/*
 * Writing, canonical when the caller's keys are sorted: no blanks, the short
 * escapes, \u00xx for other controls, UTF-8 as it is.  Bytes that are not
 * UTF-8 become U+FFFD, so that the output is always JSON.
 */
void json_put_text(struct buf *out, struct slice text);
/* "key": with a comma before it unless it is the first after '{'. key needs no escape. */
void json_put_key(struct buf *out, const char *key);
/* "key":"2026-03-20T15:00:00Z", with its comma; ms since 1970. */
void json_put_time(struct buf *out, const char *key, int64_t time_ms);

#endif
