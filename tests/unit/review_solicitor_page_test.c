/* review_solicitor_page_test.c - the page shows texts as texts, and its form is read strictly. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "services/review-solicitor/pages/page.h"

static struct web_site site;

static const struct policy policy = {
    .shop = {.name = "Tom & \"Jerry's\" <b>Shop</b>"},
    .feedback = {.public_link = "https://reviews.example/?a=1&b=\"><script>"},
};

static const struct {
	const char *name, *body;
	int score; /* -1: refused */
	const char *comment;
} forms[] = {
    {"both", "score=5&comment=Very+good%21", 5, "Very good!"},
    {"other order", "comment=a&score=1", 1, "a"},
    {"nothing", "", 0, ""},
    {"only a score", "score=3", 3, ""},
    {"only words", "comment=x", 0, "x"},
    {"unknown fields", "utf8=%E2%9C%93&score=2&&x&=y", 2, ""},
    {"line ends", "comment=a%0D%0Ab%0Dc%0Ad", 0, "a\nb\nc\nd"},
    {"controls become blanks", "comment=a%01b%1B%7Fc%09d", 0, "a b  c\td"},
    {"utf-8", "comment=Gr%C3%BC%C3%9Fe", 0,
     "Gr\xc3\xbc\xc3\x9f"
     "e"},
    {"escaped names", "%73core=4", 4, ""},
    {"equal signs", "comment=a=b", 0, "a=b"},
    {"raw bytes", "comment=<script>", 0, "<script>"},
    {"score of six", "score=6", -1, NULL},
    {"score of zero", "score=0", -1, NULL},
    {"long score", "score=50", -1, NULL},
    {"empty score", "score=", -1, NULL},
    {"negative score", "score=-1", -1, NULL},
    {"score twice", "score=1&score=5", -1, NULL},
    {"comment twice", "comment=&comment=", -1, NULL},
    {"half an escape", "comment=%4", -1, NULL},
    {"no escape", "comment=%", -1, NULL},
    {"bad escape", "comment=%4g", -1, NULL},
    {"NUL", "comment=a%00b", -1, NULL},
    {"overlong", "comment=%C0%80", -1, NULL},
    {"surrogate", "comment=%ED%A0%80", -1, NULL},
    {"latin-1", "comment=%FC", -1, NULL},
    {"bad name", "%=1", -1, NULL},
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct arena arena = {0};
		size_t len = strlen(forms[i].body);
		char *copy = malloc(len ? len : 1);
		struct sol_form form = {42, NULL};
		struct err err;
		int r;

		memcpy(copy, forms[i].body, len);
		r = sol_form_parse(slice_of(copy, len), &arena, &form, &err);
		if (r != (forms[i].score < 0 ? -1 : 0))
			fail_msg("%s: %s", forms[i].name, r < 0 ? err.text : "taken");
		if (r < 0) {
			assert_int_equal(form.score, 42);
		} else {
			assert_int_equal(form.score, forms[i].score);
			assert_string_equal(form.comment, forms[i].comment);
		}
		free(copy);
		arena_free(&arena);
	}
}

/* A comment of count times unit. */
static int parse_comment(const char *unit, size_t count)
{
	struct buf body = BUF_MAX(1 << 20);
	struct arena arena = {0};
	struct sol_form form;
	struct err err;
	int r;

	buf_text(&body, "score=1&comment=");
	for (size_t i = 0; i < count; i++)
		buf_text(&body, unit);
	r = sol_form_parse(buf_slice(&body), &arena, &form, &err);
	buf_free(&body);
	arena_free(&arena);
	return r;
}

static void test_longest_comment(void **state)
{
	(void)state;
	assert_int_equal(parse_comment("a", 2000), 0);
	assert_int_equal(parse_comment("a", 2001), -1);
	assert_int_equal(parse_comment("%F0%9F%98%80", 2000), 0);
	assert_int_equal(parse_comment("%F0%9F%98%80", 2001), -1);
	assert_int_equal(parse_comment("%0D%0A", 2000), 0);
	assert_int_equal(parse_comment("a", 100000), -1);
}

static void test_scores_of_links(void **state)
{
	(void)state;
	assert_int_equal(sol_score_parse("4"), 4);
	assert_int_equal(sol_score_parse(NULL), 0);
	assert_int_equal(sol_score_parse(""), 0);
	assert_int_equal(sol_score_parse("0"), 0);
	assert_int_equal(sol_score_parse("6"), 0);
	assert_int_equal(sol_score_parse("44"), 0);
}

/* No text of others may open a tag, end an attribute or start an entity of its own. */
static void expect_escaped(const char *page)
{
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "<b>Shop"));
	assert_null(strstr(page, "& "));
	assert_null(strstr(page, "\"Jerry"));
	assert_non_null(strstr(page, "Tom &amp; &quot;Jerry&#39;s&quot; &lt;b&gt;Shop&lt;/b&gt;"));
	assert_null(strstr(page, "src="));
	assert_null(strstr(page, "url("));
}

static void test_form_page(void **state)
{
	struct buf page = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct sol_page english = {&site, &policy, WORDS_ENGLISH, &page};
	struct sol_form form = {4, "\n</textarea><script>alert('1')</script>"};

	(void)state;
	sol_page_form(&english, "17\"><script>", &form, SOL_SAY_NO_SCORE);
	assert_false(buf_failed(&page));
	expect_escaped(page.bytes);
	assert_non_null(strstr(page.bytes, "value=\"4\" required checked"));
	assert_null(strstr(page.bytes, "value=\"5\" required checked"));
	assert_non_null(strstr(page.bytes, "rows=\"5\">\n\n&lt;/textarea&gt;"));
	assert_non_null(strstr(page.bytes, "17&quot;&gt;&lt;script&gt;"));
	assert_non_null(strstr(page.bytes, "<form method=\"post\""));
	assert_non_null(strstr(page.bytes, "lang=\"en\""));
	buf_free(&page);
}

static void test_largest_form_page(void **state)
{
	struct buf page = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct sol_page english = {&site, &policy, WORDS_ENGLISH, &page};
	char *comment = calloc(1, SOL_COMMENT_MAX_CHARS + 1);
	struct sol_form form = {0, comment};

	(void)state;
	memset(comment, '"', SOL_COMMENT_MAX_CHARS);
	sol_page_form(&english, "17", &form, SOL_SAY_NOTHING);
	assert_false(buf_failed(&page));
	free(comment);
	buf_free(&page);
}

static void test_thanks_page(void **state)
{
	struct policy other = policy;
	struct buf page = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct sol_page english = {&site, &policy, WORDS_ENGLISH, &page};

	(void)state;
	sol_page_thanks(&english);
	expect_escaped(page.bytes);
	assert_non_null(strstr(
	    page.bytes, "href=\"https://reviews.example/?a=1&amp;b=&quot;&gt;&lt;script&gt;\""));
	buf_reset(&page);
	english.policy = &other;
	other.feedback.public_link = "javascript:alert(1)";
	sol_page_thanks(&english);
	assert_null(strstr(page.bytes, "javascript"));
	buf_reset(&page);
	other.feedback.public_link = "";
	sol_page_thanks(&english);
	assert_null(strstr(page.bytes, "href=\"http"));
	english.policy = &policy;
	buf_reset(&page);
	sol_page_unknown(&english);
	expect_escaped(page.bytes);
	buf_reset(&page);
	sol_page_unavailable(&english);
	expect_escaped(page.bytes);
	buf_free(&page);
}

static void test_headers(void **state)
{
	(void)state;
	assert_memory_equal(site.headers,
			    "Content-Security-Policy: default-src 'none'; style-src "
			    "'sha256-",
			    62);
	assert_non_null(strstr(site.headers, "form-action 'self'"));
	assert_non_null(strstr(site.headers, "\nReferrer-Policy: no-referrer"));
}

static int open_site(void **state)
{
	struct err err;

	(void)state;
	if (sol_site_begin(&site, &err) < 0 || sol_site_end(&site, &err) < 0)
		fail_msg("%s", err.text);
	return 0;
}

static int close_site(void **state)
{
	(void)state;
	web_site_close(&site);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_longest_comment),
	    cmocka_unit_test(test_scores_of_links),
	    cmocka_unit_test(test_form_page),
	    cmocka_unit_test(test_largest_form_page),
	    cmocka_unit_test(test_thanks_page),
	    cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, open_site, close_site);
}
