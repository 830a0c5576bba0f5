/*
 * json_read.c - cJSON's tree of what the scanner let pass, and walking without
 * a tree.
 *
 * cJSON uses plain malloc here: its hooks are global to the process, and the
 * services read on several threads.
 */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "json_internal.h"

uint8_t json_first_byte(struct slice text)
{
	struct json_scan scan = {.at = text.bytes, .end = text.bytes + text.len};

	if (text.len)
		json_scan_blanks(&scan);
	return scan.at < scan.end ? *scan.at : 0;
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* The key that stands twice in an object, or NULL. */
static const char *equal_key_of_many(const cJSON *object, size_t count)
{
	const cJSON **members = malloc(count * sizeof(*members));
	const char *ret = NULL;
	size_t n = 0;

	if (!members)
		abort();
	for (const cJSON *member = object->child; member; member = member->next)
		members[n++] = member;
	qsort(members, n, sizeof(*members), compare_keys);
	for (size_t i = 1; i < n && !ret; i++)
		if (strcmp(members[i - 1]->string, members[i]->string) == 0)
			ret = members[i]->string;
	free(members);
	return ret;
}

static const char *equal_key(const cJSON *object)
{
	enum { FEW = 16 }; /* up to so many, comparing all pairs is faster than sorting */
	size_t count = 0;

	for (const cJSON *member = object->child; member; member = member->next)
		if (++count > FEW)
			return equal_key_of_many(object, (size_t)cJSON_GetArraySize(object));
	for (const cJSON *a = object->child; a; a = a->next)
		for (const cJSON *b = a->next; b; b = b->next)
			if (*a->string == *b->string && strcmp(a->string, b->string) == 0)
				return b->string;
	return NULL;
}

static int refuse_equal_keys(const cJSON *value, struct err *err)
{
	const char *key = cJSON_IsObject(value) ? equal_key(value) : NULL;
	char found[JSON_FOUND_BYTES];

	if (key)
		return err_set(err, "not JSON: the key %s stands twice in one object",
			       json_found_text(slice_text(key), found));
	for (const cJSON *child = value->child; child; child = child->next)
		if (child->child && refuse_equal_keys(child, err) < 0)
			return -1;
	return 0;
}

static size_t string_len(const uint8_t *at)
{
	size_t len = 1;

	while (at[len] != '"')
		len += at[len] == '\\' ? 2 : 1;
	return len + 1;
}

static size_t number_len(const uint8_t *at, const uint8_t *end)
{
	size_t len = 0;

	while (at + len < end && at[len] && strchr("+-.eE0123456789", at[len]))
		len++;
	return len;
}

/* Scanned text with the numbers that are too long for cJSON written as the nearest double. */
static int shorten_numbers(struct slice text, struct buf *out, struct err *err)
{
	const uint8_t *end = text.bytes + text.len;
	struct buf digits = BUF_MAX(text.len);

	for (const uint8_t *at = text.bytes; at < end;) {
		bool number = *at == '-' || (*at >= '0' && *at <= '9');
		size_t len = *at == '"' ? string_len(at) : number ? number_len(at, end) : 1;

		if (!number || len <= JSON_NUMBER_BYTES_MAX) {
			buf_add(out, at, len);
		} else {
			buf_reset(&digits);
			buf_add(&digits, at, len);
			double value = strtod(digits.bytes, NULL);

			if (!isfinite(value)) {
				buf_free(&digits);
				return err_set(err, "a number of %zu digits is too large", len);
			}
			buf_printf(out, "%.17g", value);
		}
		at += len;
	}
	buf_free(&digits);
	return 0;
}

static cJSON *parse_shortened(struct slice text, struct err *err)
{
	struct buf copy = BUF_MAX(text.len + 64);
	cJSON *ret = NULL;

	if (shorten_numbers(text, &copy, err) == 0 &&
	    !(ret = cJSON_ParseWithLength(copy.bytes, copy.len)))
		err_set(err, "not JSON");
	buf_free(&copy);
	return ret;
}

/* Scans one value, behind which nothing may follow. */
static int scan_whole(struct slice text, unsigned *ret_long_numbers, struct err *err)
{
	struct json_scan scan = {
	    .begin = text.bytes, .at = text.bytes, .end = text.bytes + text.len, .err = err};

	json_scan_blanks(&scan);
	if (json_scan_value(&scan) < 0)
		return -1;
	json_scan_blanks(&scan);
	if (scan.at < scan.end)
		return json_scan_fail(&scan, "nothing more");
	*ret_long_numbers = scan.long_numbers;
	return 0;
}

bool json_is_strict(struct slice text)
{
	unsigned long_numbers;
	struct err why;

	return text.len && scan_whole(text, &long_numbers, &why) == 0;
}

int json_parse_strict(struct slice text, cJSON **ret, struct err *err)
{
	unsigned long_numbers = 0;
	cJSON *tree;

	if (text.len == 0)
		return err_set(err, "not JSON: empty");
	if (scan_whole(text, &long_numbers, err) < 0)
		return -1;
	if (long_numbers) {
		tree = parse_shortened(text, err);
	} else {
		tree = cJSON_ParseWithLength((const char *)text.bytes, text.len);
		if (!tree)
			err_set(err, "not JSON");
	}
	if (!tree)
		return -1;
	if (refuse_equal_keys(tree, err) < 0) {
		cJSON_Delete(tree);
		return -1;
	}
	*ret = tree;
	return 0;
}

struct slice json_unescape(struct slice raw, struct arena *arena)
{
	struct slice inner = slice_of(raw.bytes + 1, raw.len - 2);
	cJSON *tree;
	char *copy;

	if (!memchr(inner.bytes, '\\', inner.len))
		return inner;
	tree = cJSON_ParseWithLength((const char *)raw.bytes, raw.len);
	copy = arena_text(arena, tree ? tree->valuestring : "");
	cJSON_Delete(tree);
	return slice_text(copy);
}

/* The key and the colon before a member's value. */
static int read_key(struct json_reader *reader, struct json_scan *scan, struct arena *arena)
{
	const uint8_t *begin = scan->at;

	if (json_scan_string(scan) < 0)
		return -1;
	reader->key = json_unescape(slice_of(begin, (size_t)(scan->at - begin)), arena);
	json_scan_blanks(scan);
	if (scan->at == scan->end || *scan->at != ':')
		return json_scan_fail(scan, "':'");
	scan->at++;
	json_scan_blanks(scan);
	return 0;
}

/* Behind the last value: nothing but blanks may follow. */
static int read_end(struct json_scan *scan)
{
	scan->at++;
	json_scan_blanks(scan);
	return scan->at == scan->end ? 0 : json_scan_fail(scan, "nothing more");
}

int json_reader_next(struct json_reader *reader, struct arena *arena, struct err *err)
{
	struct json_scan scan = {.begin = reader->text.bytes,
				 .depth = 1,
				 .err = err,
				 .at = reader->text.bytes + reader->at,
				 .end = reader->text.bytes + reader->text.len};
	bool first = reader->open == 0;
	const uint8_t *begin;

	json_scan_blanks(&scan);
	if (first) {
		if (scan.at == scan.end || (*scan.at != '{' && *scan.at != '['))
			return json_scan_fail(&scan, "an object or an array");
		reader->open = *scan.at++;
		json_scan_blanks(&scan);
	}
	if (scan.at < scan.end && *scan.at == (reader->open == '{' ? '}' : ']'))
		return read_end(&scan);
	if (!first) {
		if (scan.at == scan.end || *scan.at != ',')
			return json_scan_fail(&scan, "',' or the end of this object or array");
		scan.at++;
		json_scan_blanks(&scan);
	}
	if (reader->open == '{' && read_key(reader, &scan, arena) < 0)
		return -1;
	begin = scan.at;
	scan.has_blanks = false;
	if (json_scan_value(&scan) < 0)
		return -1;
	reader->has_blanks = scan.has_blanks;
	reader->value = slice_of(begin, (size_t)(scan.at - begin));
	reader->at = (size_t)(scan.at - reader->text.bytes);
	return 1;
}
