/* console_voices_url_test.c - what is asked for in an address, there and back. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/web/form_fields.h"
#include "services/console/pages/form.h"
#include "services/console/pages/voices_url.h"

#define KEY "sixteen bytes ok"
#define VIEWER "maria@shop.example"

static const char *from_fields(void *context, const char *name)
{
	const char *value = NULL;
	struct err ignored;

	return form_field_once(context, name, &value, &ignored) < 0 ? NULL : value;
}

static bool read(const char *query, const char *viewer, bool is_covered, struct arena *arena,
		 struct con_voices_asked *ret)
{
	const struct token_keys keys = {.now = slice_text(KEY)};
	struct form_fields fields;
	struct err err;

	if (form_fields_parse(slice_text(query), arena, &fields, &err) < 0)
		fail_msg("%s", err.text);
	return con_voices_read(from_fields, &fields, is_covered, &keys, viewer, arena, ret);
}

static struct con_page page_of(const struct con_identity *who)
{
	return (struct con_page){.who = who, .key = slice_text(KEY)};
}

static void test_there_and_back(void **state)
{
	const struct con_identity who = {.address = VIEWER};
	const struct con_page page = page_of(&who);
	struct con_voices_asked asked, again;
	struct arena arena = {0};
	const char *url;

	(void)state;
	assert_true(read("q=sp%C3%A4t+%26+more&tag=A+%26+B&score=4-5&product=%3Cb%3E&kind=praise&"
			 "state=new&source=page&sort=best&before=17",
			 VIEWER, false, &arena, &asked));
	asked.customer = "ann / \"lee\"";
	url = con_voices_url(&page, &asked, &arena);
	assert_null(strstr(url, "more"));
	assert_null(strstr(url, "ann"));
	assert_true(con_voices_is_url(url));
	assert_true(read(strchr(url, '?') + 1, VIEWER, true, &arena, &again));
	assert_string_equal(again.words, "sp\xc3\xa4t & more");
	assert_string_equal(again.customer, "ann / \"lee\"");
	assert_string_equal(again.tag, "A & B");
	assert_string_equal(again.product, "<b>");
	assert_int_equal(again.before, 17);
	assert_string_equal(con_voices_url(&page, &again, &arena), url);
	/* In another's hands it is none. */
	assert_false(read(strchr(url, '?') + 1, "eve@shop.example", true, &arena, &again));
	assert_true(read("", VIEWER, true, &arena, &again));
	assert_string_equal(con_voices_url(&page, &again, &arena), "/voices");
	arena_free(&arena);
}

static void test_refused(void **state)
{
	static const char *const wrong[] = {"q=words",
					    "of=ann",
					    "score=0",
					    "score=6",
					    "score=5-4",
					    "score=4-",
					    "score=45",
					    "before=0",
					    "before=-1",
					    "before=x",
					    "before=99999999999999999999"};
	struct con_voices_asked asked;
	struct arena arena = {0};
	char longer[300] = "tag=";

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (read(wrong[i], VIEWER, true, &arena, &asked))
			fail_msg("%s: taken", wrong[i]);
	memset(longer + 4, 'x', 201);
	assert_false(read(longer, VIEWER, true, &arena, &asked));
	arena_free(&arena);
}

/* Where a form may lead back to. */
static void test_back(void **state)
{
	static const struct {
		const char *back, *found;
	} cases[] = {
	    {"/voices", "/voices"},
	    {"%2Fvoices%3Ftag%3DA%2520B", "/voices?tag=A%20B"},
	    {"/voicesx", "/"},
	    {"/voices/say", "/"},
	    {"//voices", "/"},
	    {"%2Fvoices%3F%0D%0AX-Evil%3A1", "/"},
	    {"%2Fvoices%3Fa%3D%3Cb%3E", "/"},
	    {"https%3A%2F%2Fevil.example%2Fvoices", "/"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct con_form form;
		struct err err;
		char body[200];

		snprintf(body, sizeof(body), "do=tag+A+B&back=%s", cases[i].back);
		if (con_form_read(slice_text(body), &arena, &form, &err) < 0)
			fail_msg("%s", err.text);
		assert_string_equal(form.back, cases[i].found);
		assert_int_equal(form.action, CON_DO_TAG);
		assert_string_equal(form.tag, "A B");
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
