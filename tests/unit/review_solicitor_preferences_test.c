/*
 * review_solicitor_preferences_test.c - the person's own page byte by byte
 * (UPDATE_GOLDEN=1 writes tests/golden/page-*.html anew), in every language.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "review_solicitor_preferences.h"

static const char *sign(struct world *w, const struct sol_wishes *wishes)
{
	struct sol_shown shown = {WORLD_NOW_MS, true, *wishes};

	return sol_shown_sign(w->policy, "ann", WORLD_KEY, &shown, &w->arena);
}

static void golden(const char *name, const struct buf *page)
{
	char path[200], *expected = calloc(1, SOL_PAGE_MAX_BYTES);
	FILE *file;

	assert_false(buf_failed(page));
	snprintf(path, sizeof(path), "tests/golden/page-%s.html", name);
	if (getenv("UPDATE_GOLDEN")) {
		file = fopen(path, "w");
		assert_non_null(file);
		fwrite(page->bytes, 1, page->len, file);
		fclose(file);
	}
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s is missing; UPDATE_GOLDEN=1 writes it", path);
	expected[fread(expected, 1, SOL_PAGE_MAX_BYTES - 1, file)] = '\0';
	fclose(file);
	if (strcmp(page->bytes, expected) != 0)
		fail_msg("%s differs; UPDATE_GOLDEN=1 writes it anew", path);
	free(expected);
}

/* What no page may have, whatever it shows. */
static void expect_sober(const char *page)
{
	static const char *const never[] = {"<script", "<img",    "<link",  " src=",  "url(",
					    "http:",   "https:",  "<Jerry", "<club>", " & ",
					    "%s",      "onclick", " style="};

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (strstr(page, never[i]))
			fail_msg("%s is on the page", never[i]);
}

static void draw(struct world *w, const char *name, enum sol_language language,
		 const struct sol_preferences *preferences)
{
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	const struct sol_page page = {w->policy, language, &out};

	sol_page_preferences(&page, preferences);
	golden(name, &out);
	expect_sober(out.bytes);
	buf_free(&out);
}

static void test_as_it_is(void **state)
{
	struct world w;
	struct sol_person person;
	struct sol_preferences preferences;

	(void)state;
	world_open(&w);
	person = world_person(&w);
	preferences = (struct sol_preferences){.person = &person,
					       .wishes = person.wishes,
					       .shown = sign(&w, &person.wishes),
					       .now_ms = WORLD_NOW_MS,
					       .notice = SOL_SAY_NOTHING};
	draw(&w, "preferences.en", SOL_EN, &preferences);
	draw(&w, "preferences.de", SOL_DE, &preferences);
	world_close(&w);
}

/* A break, an own limit that is none of ours, a bounce, everything off but one. */
static void test_after_a_change(void **state)
{
	struct world w;
	struct sol_person person;
	struct sol_preferences preferences;

	(void)state;
	world_open(&w);
	person = world_person(&w);
	person.bounces = true;
	preferences =
	    (struct sol_preferences){.person = &person,
				     .wishes = {.agreed = 1u << FEEDBACK,
						.paused_until_ms = WORLD_NOW_MS + 30 * DAY_MS,
						.own = {{3, 10}, {5, 60}},
						.own_count = 2,
						.locale = "fr\"<"},
				     .shown = sign(&w, &person.wishes),
				     .now_ms = WORLD_NOW_MS,
				     .notice = SOL_SAY_SAVED};
	draw(&w, "preferences-paused.en", SOL_EN, &preferences);
	preferences.wishes.own_count = 1;
	preferences.wishes.own[0] = (struct sol_own){1, 30};
	preferences.wishes.locale = "de";
	preferences.notice = SOL_SAY_STALE;
	preferences.is_alert = true;
	draw(&w, "preferences-paused.de", SOL_DE, &preferences);
	world_close(&w);
}

static void test_nobody_and_nothing(void **state)
{
	const struct sol_person nobody = {.email = "", .wishes = {.locale = ""}};
	struct sol_preferences preferences = {.wishes = {.locale = ""},
					      .shown = "x",
					      .now_ms = WORLD_NOW_MS,
					      .notice = SOL_SAY_NOTHING};
	struct world w;

	(void)state;
	world_open(&w);
	draw(&w, "preferences-unreadable.en", SOL_EN, &preferences);
	preferences.person = &nobody;
	draw(&w, "preferences-nobody.de", SOL_DE, &preferences);
	world_close(&w);
}

static void test_forgetting(void **state)
{
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct sol_page page = {.language = SOL_DE, .out = &out};
	struct sol_preferences preferences = {.shown = "x", .now_ms = WORLD_NOW_MS};
	struct sol_person person;
	struct world w;

	(void)state;
	world_open(&w);
	person = world_person(&w);
	preferences.person = &person;
	page.policy = w.policy;
	sol_page_forget(&page, &preferences, SOL_SAY_FORGET_WRONG);
	golden("forget.de", &out);
	expect_sober(out.bytes);
	/* Who reads the page over a shoulder does not learn what it asks for. */
	assert_null(strstr(out.bytes, "mail.example"));
	buf_reset(&out);
	sol_page_forgotten(&page);
	golden("forgotten.de", &out);
	buf_reset(&out);
	sol_page_unsubscribe(&page, "club", "v1.x.y");
	golden("unsubscribe.de", &out);
	buf_free(&out);
	world_close(&w);
}

/* Every page in every language: no word is missing, and each has a place where the others have. */
static void test_words(void **state)
{
	(void)state;
	for (unsigned word = 0; word < SOL_WORD_COUNT; word++)
		for (unsigned i = 0; i < SOL_LANGUAGE_COUNT; i++) {
			const char *text = sol_say((enum sol_language)i, (enum sol_word)word);
			const char *other = sol_say(SOL_EN, (enum sol_word)word);

			assert_true(text && text[0]);
			for (; (text = strchr(text, '%')); text += 2) {
				other = strchr(other, '%');
				assert_true(other && other[1] == text[1]);
				other += 2;
			}
			assert_null(strchr(other, '%'));
		}
}

static const struct {
	const char *header;
	int language; /* -1: none of ours */
} accepted[] = {
    {"de", SOL_DE},
    {"de-CH, en;q=0.8", SOL_DE},
    {"fr, en;q=0.4, de;q=0.7", SOL_DE},
    {"en;q=0.9,de;q=0.95", SOL_DE},
    {" EN_gb ; q=0.5 ", SOL_EN},
    {"de;q=0, en;q=0.001", SOL_EN},
    {"de, en", SOL_DE},
    {"fr, *", -1},
    {"", -1},
    {",,;q=1,de;;", SOL_DE},
    {"deutsch", -1},
};

static void test_accepted_languages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		enum sol_language language = SOL_LANGUAGE_COUNT;
		bool found = sol_language_accepted(slice_text(accepted[i].header), &language);

		if ((found ? (int)language : -1) != accepted[i].language)
			fail_msg("%s: found %d", accepted[i].header, found ? (int)language : -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_it_is),
	    cmocka_unit_test(test_after_a_change),
	    cmocka_unit_test(test_nobody_and_nothing),
	    cmocka_unit_test(test_forgetting),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_accepted_languages),
	};

	return cmocka_run_group_tests_name("review_solicitor_preferences", tests, NULL, NULL);
}
