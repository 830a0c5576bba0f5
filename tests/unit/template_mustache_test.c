/*
 * The template engine against the specification's own tests, and against what
 * the specification leaves open: errors, limits, references.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "common/template/mustache.h"
#include "mustache_cases.h"

#define SPECS "../shared/data/mustache_spec/specs"

static struct arena arena;

/* JSON as the specification's tests have it; numbers keep the digits that they print with. */
static void value_from_json(const cJSON *json, struct mustache_value *ret)
{
	struct mustache_value *items;
	const cJSON *item;

	*ret = (struct mustache_value){.name = json->string ? json->string : ""};
	if (cJSON_IsString(json)) {
		ret->kind = MUSTACHE_TEXT;
		ret->text = slice_text(json->valuestring);
	} else if (cJSON_IsNumber(json)) {
		ret->kind = MUSTACHE_TEXT;
		ret->text = slice_text(arena_printf(&arena, "%g", json->valuedouble));
	} else if (cJSON_IsTrue(json)) {
		ret->kind = MUSTACHE_TEXT;
		ret->text = slice_text("true");
	} else if (cJSON_IsArray(json) || cJSON_IsObject(json)) {
		ret->kind = cJSON_IsArray(json) ? MUSTACHE_LIST : MUSTACHE_OBJECT;
		items =
		    arena_alloc(&arena, sizeof(*items) * (size_t)(cJSON_GetArraySize(json) + 1));
		ret->items = items;
		cJSON_ArrayForEach (item, json)
			value_from_json(item, &items[ret->count++]);
	}
}

static const struct mustache *find_partial(const void *context, struct slice name)
{
	const char *text = arena_copy(&arena, name.bytes, name.len);
	const cJSON *source = cJSON_GetObjectItemCaseSensitive(context, text);
	const struct mustache *template;
	struct err err;

	if (!source)
		return NULL;
	assert_int_equal(
	    mustache_compile(slice_text(source->valuestring), text, &arena, &template, &err), 0);
	return template;
}

static int run_case(const char *file, const cJSON *test)
{
	const char *source = cJSON_GetObjectItem(test, "template")->valuestring;
	const char *expected = cJSON_GetObjectItem(test, "expected")->valuestring;
	struct mustache_options options = {MUSTACHE_HTML, find_partial,
					   cJSON_GetObjectItem(test, "partials")};
	struct buf out = BUF_MAX(1 << 20);
	const struct mustache *template;
	struct mustache_value values;
	struct err err;
	int bad = 0;

	value_from_json(cJSON_GetObjectItem(test, "data"), &values);
	if (mustache_compile(slice_text(source), file, &arena, &template, &err) < 0 ||
	    mustache_render(template, &values, &options, &out, &err) < 0 ||
	    strcmp(out.bytes ? out.bytes : "", expected) != 0) {
		printf("%s: %s\n  expected: %s\n  found:    %s\n", file,
		       cJSON_GetObjectItem(test, "name")->valuestring, expected,
		       out.bytes ? out.bytes : "");
		bad = 1;
	}
	buf_free(&out);
	arena_reset(&arena);
	return bad;
}

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);

	if (file) {
		text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
		fclose(file);
	}
	return text;
}

static void specification(void **state)
{
	static const char *const files[] = {"comments", "delimiters", "interpolation",
					    "inverted", "partials",   "sections"};
	int bad = 0, count = 0;
	FILE *there = fopen(SPECS "/comments.json", "rb");

	(void)state;
	if (!there) {
		print_message("skipped: %s is not here\n", SPECS);
		skip();
	}
	fclose(there);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = arena_printf(&arena, SPECS "/%s.json", files[i]);
		char *text = read_all(path);
		cJSON *root = cJSON_Parse(text);
		const cJSON *test;

		assert_non_null(root);
		cJSON_ArrayForEach (test, cJSON_GetObjectItem(root, "tests")) {
			bad += run_case(files[i], test);
			count++;
		}
		cJSON_Delete(root);
		free(text);
	}
	assert_int_equal(bad, 0);
	assert_int_equal(count, 136);
}

/* The same rules in our own cases, for where the specification's are not. */
static void rules_of_the_specification(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(mustache_cases) / sizeof(*mustache_cases); i++) {
		const struct mustache_case *it = &mustache_cases[i];
		cJSON *test = cJSON_CreateObject();

		cJSON_AddStringToObject(test, "name", it->name);
		cJSON_AddStringToObject(test, "template", it->source);
		cJSON_AddStringToObject(test, "expected", it->expected);
		cJSON_AddItemToObject(test, "data", cJSON_Parse(it->data));
		cJSON_AddItemToObject(test, "partials", cJSON_Parse(it->partials));
		bad += run_case("cases", test);
		cJSON_Delete(test);
	}
	assert_int_equal(bad, 0);
}

static void bad_sources(void **state)
{
	static const struct {
		const char *source, *why;
	} cases[] = {
	    {"a\n{{#x}}\nb", "t:2: a section is not closed: \"x\""},
	    {"{{/x}}", "t:1: closes a section that is not open: \"x\""},
	    {"{{#a}}{{#b}}{{/a}}{{/b}}", "t:1: closes another section than the innermost: \"a\""},
	    {"one\ntwo {{name", "t:2: a tag is not closed: \"{{\""},
	    {"{{}}", "t:1: a tag has no proper name:"},
	    {"{{a..b}}", "t:1: a tag has no proper name: \"a..b\""},
	    {"{{a b}}", "t:1: blanks inside a name: \"a b\""},
	    {"{{>}}", "t:1: a partial has no name"},
	    {"{{= x =}}", "t:1: expected two delimiters in \"x\""},
	    {"{{=a=b c=}}", "t:1: expected two delimiters in \"a=b c\""},
	    {"{{a.b.c.d.e.f.g.h.i}}", "t:1: a tag has no proper name: \"a.b.c.d.e.f.g.h.i\""},
	};
	const struct mustache *template;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		template = NULL;
		assert_int_equal(
		    mustache_compile(slice_text(cases[i].source), "t", &arena, &template, &err),
		    -1);
		assert_string_equal(err.text, cases[i].why);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_null(template);
	}
	arena_reset(&arena);
}

static const struct mustache *find_self(const void *context, struct slice name)
{
	(void)name;
	return context;
}

static int render(const char *source, size_t max_bytes, struct err *err)
{
	struct mustache_value values = {.kind = MUSTACHE_OBJECT};
	struct mustache_options options = {.find = find_self};
	struct buf out = BUF_MAX(max_bytes);
	const struct mustache *template;
	int r;

	assert_int_equal(mustache_compile(slice_text(source), "t", &arena, &template, err), 0);
	options.context = template;
	r = mustache_render(template, &values, &options, &out, err);
	buf_free(&out);
	return r;
}

static void limits(void **state)
{
	struct err err;
	char deep[33 * 6 + 1] = "";

	(void)state;
	assert_int_equal(render("0123456789", 9, &err), -1);
	assert_string_equal(err.text, "t: the result is larger than 9 bytes");
	assert_int_equal(render("0123456789", 10, &err), 0);
	assert_int_equal(render("x{{>self}}", 1000, &err), -1);
	assert_string_equal(err.text, "t:1: partials go deeper than 32");
	for (int i = 0; i < 33; i++)
		strcat(deep, "{{#a}}");
	const struct mustache *template;
	assert_int_equal(mustache_compile(slice_text(deep), "t", &arena, &template, &err), -1);
	assert_string_equal(err.text, "t:1: sections are nested too deep at \"a\"");
	arena_reset(&arena);
}

/* Nine lists in each other, ten items each, that write nothing: stopped, not endured. */
static void endless_work(void **state)
{
	struct mustache_value items[10], list = {.name = "l", .kind = MUSTACHE_LIST};
	struct mustache_value values = {.kind = MUSTACHE_OBJECT, .items = &list, .count = 1};
	struct mustache_options options = {.escape = MUSTACHE_PLAIN};
	struct buf out = BUF_MAX(100), source = BUF_MAX(1000);
	const struct mustache *template;
	struct err err;

	(void)state;
	for (int i = 0; i < 10; i++)
		items[i] = (struct mustache_value){.kind = MUSTACHE_OBJECT};
	list.items = items;
	list.count = 10;
	for (int i = 0; i < 9; i++)
		buf_text(&source, "{{#l}}");
	for (int i = 0; i < 9; i++)
		buf_text(&source, "{{/l}}");
	assert_int_equal(mustache_compile(buf_slice(&source), "t", &arena, &template, &err), 0);
	assert_int_equal(mustache_render(template, &values, &options, &out, &err), -1);
	assert_string_equal(err.text, "t:1: the rendering does not come to an end");
	buf_free(&source);
	buf_free(&out);
	arena_reset(&arena);
}

static void references(void **state)
{
	static const struct {
		const char *name;
		bool is_partial;
		unsigned line;
	} expected[] = {
	    {"a.b", false, 1}, {"c", false, 2}, {"d", false, 3}, {"_f", true, 4}, {"e", false, 5}};
	struct mustache_reference found;
	const struct mustache *template;
	size_t position = 0, count = 0;
	struct err err;

	(void)state;
	assert_int_equal(
	    mustache_compile(
		slice_text("{{a.b}}\n{{#c}}x\n{{^d}}{{/d}}{{/c}}\n {{> _f}}\n{{{e}}}\n"), "t",
		&arena, &template, &err),
	    0);
	for (; mustache_next_reference(template, &position, &found); count++) {
		assert_true(slice_equal(found.name, slice_text(expected[count].name)));
		assert_int_equal(found.is_partial, expected[count].is_partial);
		assert_int_equal(found.line, expected[count].line);
	}
	assert_int_equal(count, 5);
	arena_reset(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(specification), cmocka_unit_test(rules_of_the_specification),
	    cmocka_unit_test(bad_sources),   cmocka_unit_test(limits),
	    cmocka_unit_test(endless_work),  cmocka_unit_test(references),
	};
	int r = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(&arena);
	return r;
}
