/*
 * review_solicitor_preferences_test.c - the person's own page byte by byte
 * (UPDATE_GOLDEN=1 writes tests/golden/page-*.html anew), in every language.
 */
#include "golden.h"
#include "review_solicitor_preferences.h"

enum { GERMAN = 1 };

static const char *sign(struct world *w, const struct sol_preferences *preferences)
{
	struct sol_form_state form_state = {WORLD_NOW_MS, true, *preferences};

	return sol_form_state_sign(w->policy, "ann", WORLD_KEY, &form_state, &w->arena);
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

static void draw(struct world *w, const char *name, unsigned language,
		 const struct sol_preferences_view *view)
{
	char file[100];
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	const struct sol_page page = {&w->site, w->policy, language, &out};

	sol_page_preferences(&page, view);
	snprintf(file, sizeof(file), "page-%s.html", name);
	golden(file, &out);
	expect_sober(out.bytes);
	buf_free(&out);
}

static void test_as_it_is(void **state)
{
	struct world w;
	struct sol_person person;
	struct sol_preferences_view view;

	(void)state;
	world_open(&w);
	person = world_person(&w);
	view = (struct sol_preferences_view){.person = &person,
					     .preferences = person.preferences,
					     .signed_state = sign(&w, &person.preferences),
					     .now_ms = WORLD_NOW_MS,
					     .notice = SOL_SAY_NOTHING};
	draw(&w, "preferences.en", WORDS_ENGLISH, &view);
	draw(&w, "preferences.de", GERMAN, &view);
	world_close(&w);
}

/* A break, an own limit that is none of ours, a bounce, everything off but one. */
static void test_after_a_change(void **state)
{
	struct world w;
	struct sol_person person;
	struct sol_preferences_view view;

	(void)state;
	world_open(&w);
	person = world_person(&w);
	person.bounces = true;
	view = (struct sol_preferences_view){
	    .person = &person,
	    .preferences = {.agreed = 1u << FEEDBACK,
			    .paused_until_ms = WORLD_NOW_MS + 30 * DAY_MS,
			    .own = {{3, 10}, {5, 60}},
			    .own_count = 2,
			    .locale = "fr\"<"},
	    .signed_state = sign(&w, &person.preferences),
	    .now_ms = WORLD_NOW_MS,
	    .notice = SOL_SAY_SAVED};
	draw(&w, "preferences-paused.en", WORDS_ENGLISH, &view);
	view.preferences.own_count = 1;
	view.preferences.own[0] = (struct sol_own){1, 30};
	view.preferences.locale = "de";
	view.notice = SOL_SAY_STALE;
	view.is_alert = true;
	draw(&w, "preferences-paused.de", GERMAN, &view);
	world_close(&w);
}

static void test_nobody_and_nothing(void **state)
{
	const struct sol_person nobody = {.email = "", .preferences = {.locale = ""}};
	struct sol_preferences_view view = {.preferences = {.locale = ""},
					    .signed_state = "x",
					    .now_ms = WORLD_NOW_MS,
					    .notice = SOL_SAY_NOTHING};
	struct world w;

	(void)state;
	world_open(&w);
	draw(&w, "preferences-unreadable.en", WORDS_ENGLISH, &view);
	view.person = &nobody;
	draw(&w, "preferences-nobody.de", GERMAN, &view);
	world_close(&w);
}

/* Under an id that was merged no address is known that "forget me" could ask for. */
static void test_who_was_merged_has_no_page(void **state)
{
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	struct sol_person person;
	struct world w;
	struct err err;

	(void)state;
	world_open(&w);
	contact.merged = true;
	contact.undeliverable = (char *)"merged";
	assert_int_equal(
	    sol_person_read(w.policy, world_state(&w, &contact), &w.arena, &person, &err), -1);
	assert_string_equal(err.text, "the customer goes on under another id");
	world_close(&w);
}

static void test_forgetting(void **state)
{
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct sol_page page = {.language = GERMAN, .out = &out};
	struct sol_preferences_view view = {.signed_state = "x", .now_ms = WORLD_NOW_MS};
	struct sol_person person;
	struct world w;

	(void)state;
	world_open(&w);
	person = world_person(&w);
	view.person = &person;
	page.site = &w.site;
	page.policy = w.policy;
	sol_page_forget(&page, &view, SOL_SAY_FORGET_WRONG);
	golden("page-forget.de.html", &out);
	expect_sober(out.bytes);
	/* Who reads the page over a shoulder does not learn what it asks for. */
	assert_null(strstr(out.bytes, "mail.example"));
	buf_reset(&out);
	sol_page_forgotten(&page);
	golden("page-forgotten.de.html", &out);
	buf_reset(&out);
	sol_page_unsubscribe(&page, "club", "v1.x.y");
	golden("page-unsubscribe.de.html", &out);
	buf_free(&out);
	world_close(&w);
}

static const struct {
	const char *header;
	int language; /* -1: none of ours */
} accepted[] = {
    {"de", GERMAN},
    {"de-CH, en;q=0.8", GERMAN},
    {"eo, en;q=0.4, de;q=0.7", GERMAN},
    {"en;q=0.9,de;q=0.95", GERMAN},
    {" EN_gb ; q=0.5 ", WORDS_ENGLISH},
    {"de;q=0, en;q=0.001", WORDS_ENGLISH},
    {"de, en", GERMAN},
    {"eo, *", -1},
    {"", -1},
    {",,;q=1,de;;", GERMAN},
    {"deutsch", -1},
};

static void test_accepted_languages(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		unsigned language = 0;
		bool found =
		    words_accepted(w.site.words, slice_text(accepted[i].header), &language);

		if ((found ? (int)language : -1) != accepted[i].language)
			fail_msg("%s: found %d", accepted[i].header, found ? (int)language : -1);
	}
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_it_is),
	    cmocka_unit_test(test_after_a_change),
	    cmocka_unit_test(test_nobody_and_nothing),
	    cmocka_unit_test(test_forgetting),
	    cmocka_unit_test(test_who_was_merged_has_no_page),
	    cmocka_unit_test(test_accepted_languages),
	};

	return cmocka_run_group_tests_name("review_solicitor_preferences", tests, NULL, NULL);
}
