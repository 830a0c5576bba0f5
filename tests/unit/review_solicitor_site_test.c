/*
 * review_solicitor_site_test.c - a shop's own pages and words: a language is a file, a page is a
 * file, and what is wrong in one is said with file and line.  And every page byte by byte
 * (UPDATE_GOLDEN=1 writes tests/golden/page-*.html anew).
 */
#include "golden.h"
#include "review_solicitor_preferences.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/review_solicitor_site_test.XXXXXX";

static const char *path_of(const char *file)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	return path;
}

static void put(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* A language that is none of ours, and is not likely to become one. */
static const char esperanto[] = "# Some of it only.\n"
				"own-name: Esperanto\n"
				"feedback-title: Kiel estis via mendo?\n"
				"order: Mendo {order}\n"
				"score-1: Malbona\n"
				"date: \"{day} {month} {year}\"\n"
				"month-12: decembro\n"
				"paused: Vi petis paŭzon ĝis l' {paused_until}.\n";

/* Another language: nothing but a file. */
static void test_esperanto(void **state)
{
	struct sol_form form = {0, ""};
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct sol_preferences_view view = {.signed_state = "x", .notice = SOL_SAY_NOTHING};
	struct sol_page page = {.out = &out};
	struct sol_person person;
	struct web_site site;
	struct world w; /* its site has our languages alone */
	struct err err;

	(void)state;
	world_open(&w);
	put("eo.yaml", esperanto);
	if (sol_site_open(&site, "", directory, &err) < 0)
		fail_msg("%s", err.text);
	page.site = &site;
	page.policy = w.policy;
	assert_int_equal(words_languages(site.words), words_languages(w.site.words) + 1);
	assert_true(words_find(site.words, slice_text("eo-FR"), &page.language));
	sol_page_form(&page, "17", &form, SOL_SAY_NOTHING);
	assert_non_null(strstr(out.bytes, "<html lang=\"eo\">"));
	assert_non_null(strstr(out.bytes, "<h1>Kiel estis via mendo?</h1>"));
	assert_non_null(strstr(out.bytes, "Mendo 17"));
	assert_non_null(strstr(out.bytes, "<span>Malbona</span>"));
	/* What it has not is said in English. */
	assert_non_null(strstr(out.bytes, "<legend>Your rating</legend>"));
	assert_non_null(strstr(out.bytes, "hreflang=\"de\">Deutsch</a>"));
	golden("page-feedback.eo.html", &out);
	buf_reset(&out);
	person = world_person(&w);
	view.person = &person;
	view.preferences = person.preferences;
	view.now_ms = WORLD_NOW_MS;
	view.preferences.paused_until_ms = WORLD_NOW_MS + 3 * DAY_MS;
	sol_page_preferences(&page, &view);
	assert_non_null(strstr(out.bytes, "paŭzon ĝis l&#39; 4 decembro 2025."));
	assert_non_null(strstr(out.bytes, "<option value=\"eo\" lang=\"eo\">Esperanto</option>"));
	buf_free(&out);
	web_site_close(&site);
	unlink(path_of("eo.yaml"));
	world_close(&w);
}

static void test_what_esperanto_has_not(void **state)
{
	const char *key, *first = NULL;
	struct web_site site;
	unsigned eo, missing = 0;
	struct err err;
	size_t at = 0;

	(void)state;
	put("eo.yaml", esperanto);
	assert_int_equal(sol_site_open(&site, "", directory, &err), 0);
	assert_true(words_find(site.words, slice_text("eo"), &eo));
	while ((key = words_next_missing(site.words, eo, &at))) {
		first = first ? first : key;
		missing++;
	}
	assert_string_equal(first, "rating");
	assert_true(missing > 80);
	for (unsigned i = 0; i < 2; i++) {
		at = 0;
		assert_null(words_next_missing(site.words, i, &at)); /* ours are whole */
	}
	web_site_close(&site);
	unlink(path_of("eo.yaml"));
}

/* A directory with one file: what it says, or with which words it is refused. */
static const struct {
	const char *file, *text;
	const char *why; /* behind the directory; NULL: it is taken */
} files[] = {
    {"de.yaml", "save: Behalten\n", NULL},
    {"en.yaml", "# nothing\n", NULL},
    {"eo.yaml", "own-name: F\nsav: x\n",
     "/eo.yaml:2: there is no word \"sav\"; did you mean \"save\"?"},
    {"de.yaml", "save: a\nsave: b\n", "/de.yaml:2: save stands there twice"},
    {"de.yaml", "own-name: a\nown-name: b\n", "/de.yaml:2: own-name stands there twice"},
    {"de.yaml", "\norder: Bestellung\n",
     "/de.yaml:2: order: expected the same {places} as in \"Order {order}\""},
    {"de.yaml", "order: Bestellung {nummer}\n", "/de.yaml:1: order: there is no value {nummer}"},
    {"de.yaml", "save:\n  a: b\n", "/de.yaml:2: save: expected a text"},
    {"de.yaml", "save: \"a\\nb\"\n", "/de.yaml:1: expected one line of text"},
    {"de.yaml", "save: \"\"\n", "/de.yaml:1: expected one line of text"},
    {"de.yaml", "- save\n", "/de.yaml:1: expected lines of KEY: TEXT"},
    {"de.yaml", "save: \"a\n", "/de.yaml:2: not readable as YAML: found unexpected end of stream"},
    {"eo.yaml", "save: x\n", "/eo.yaml: own-name is missing: what its speakers call the language"},
    {"french.yaml", "own-name: F\n", "/french.yaml: expected a name such as de.yaml"},
    {"thanks.mustache", "<h1>{{words.thanks-title}} {{shop.name}}</h1>", NULL},
    {"thanks.mustache", "{{> _logo}}", "/thanks.mustache:1: there is no piece \"_logo\""},
    {"_logo.mustache", "<svg></svg>", NULL},
    {"thank-you.mustache", "x", "/thank-you.mustache: there is no page \"thank-you\""},
    {"thanks.mustache", "a\n{{#public_link}}\n", "/thanks.mustache:2: "},
    {"thanks.mustache", "a\n\n{{shop.nam}}",
     "/thanks.mustache:3: \"shop.nam\" is not known on the page \"thanks\""},
    {"thanks.mustache", "{{words.thank}}",
     "/thanks.mustache:1: \"words.thank\" is not known on the page \"thanks\""},
    {"thanks.mustache", "{{comment}}",
     "/thanks.mustache:1: \"comment\" is not known on the page \"thanks\""},
    {"thanks.mustache", "{{{public_link}}}",
     "/thanks.mustache:1: {{{public_link}}} is not escaped; expected {{public_link}}"},
    {"_style.mustache", "p { color: {{shop.name}} }", "_style.mustache:1: the style has no "},
    {"_form.mustache", "{{> _form}}", "/_form.mustache:1: pieces include each other"},
    {"thanks.mustache", "<h1>gr\xfc\xdf</h1>", "/thanks.mustache: not UTF-8"},
    {"de.yaml", "save: a\nsend: gr\xfc\xdf\n", "/de.yaml:2: not readable as YAML"},
    {"de.yaml", "save: a\n---\nsend: b\n", "/de.yaml:2: expected one document, found another"},
    {"de.yaml", "save: a\n...\n", NULL},
};

static void test_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct web_site site;
		struct err err;
		int r;

		put(files[i].file, files[i].text);
		r = sol_site_open(&site, directory, directory, &err);
		if (r == 0 && files[i].why)
			fail_msg("%s %s: taken", files[i].file, files[i].text);
		if (r < 0 &&
		    (!files[i].why || !strstr(err.text, files[i].why) || err.kind != ERR_CONFIG))
			fail_msg("%s %s: %s", files[i].file, files[i].text, err.text);
		web_site_close(&site);
		unlink(path_of(files[i].file));
	}
}

/* Every piece includes the next one so often that nobody would live to see the end. */
static void test_pieces_without_end(void **state)
{
	static const char *const names[] = {"_1.mustache", "_2.mustache", "_3.mustache",
					    "_4.mustache", "_5.mustache", "thanks.mustache"};
	struct web_site site;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct buf text = BUF_MAX(SOL_PAGE_MAX_BYTES);

		for (unsigned copy = 0; copy < 100 && i; copy++)
			buf_printf(&text, "{{> _%zu}}", i);
		put(names[i], i ? text.bytes : "end");
		buf_free(&text);
	}
	assert_int_equal(sol_site_open(&site, directory, "", &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "the page \"thanks\" includes more than 1000000 pieces"));
	web_site_close(&site);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(path_of(names[i]));
}

static void test_no_directory(void **state)
{
	struct web_site site;
	struct err err;

	(void)state;
	assert_int_equal(sol_site_open(&site, "/nowhere", "", &err), -1);
	assert_string_equal(err.text, "NURTURE_PAGES: /nowhere: No such file or directory");
	web_site_close(&site);
}

/* Nobody writes into it: it must not be waited for. */
static void test_pipe(void **state)
{
	struct web_site site;
	struct err err;

	(void)state;
	assert_int_equal(mkfifo(path_of("fr.yaml"), 0600), 0);
	assert_int_equal(sol_site_open(&site, "", directory, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "/fr.yaml: expected a file, found a pipe"));
	web_site_close(&site);
	unlink(path_of("fr.yaml"));
}

static void draw_plain(const struct sol_page *page)
{
	static const struct {
		const char *name;
		void (*draw)(const struct sol_page *page);
	} plain[] = {{"thanks", sol_page_thanks},
		     {"unknown", sol_page_unknown},
		     {"unavailable", sol_page_unavailable},
		     {"too-often", sol_page_too_often},
		     {"forgotten", sol_page_forgotten}};
	char name[100];

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		buf_reset(page->out);
		plain[i].draw(page);
		snprintf(name, sizeof(name), "page-%s.%s.html", plain[i].name,
			 words_tag(page->site->words, page->language));
		golden(name, page->out);
	}
}

/* The person's own page in all its states is in review_solicitor_preferences_test.c. */
static void test_every_page(void **state)
{
	struct sol_form form = {4, "Good, <but> late."};
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct world w;

	(void)state;
	world_open(&w);
	w.policy->feedback.public_link = "https://reviews.example/?a=1&b=2";
	for (unsigned i = 0; i < 2; i++) {
		struct sol_page page = {&w.site, w.policy, i, &out};

		draw_plain(&page);
		buf_reset(&out);
		sol_page_unsubscribed(&page, "v1.x.y");
		golden(i ? "page-unsubscribed.de.html" : "page-unsubscribed.en.html", &out);
		buf_reset(&out);
		sol_page_form(&page, "17", &form, i ? SOL_SAY_UNREADABLE : SOL_SAY_NOTHING);
		golden(i ? "page-feedback.de.html" : "page-feedback.en.html", &out);
	}
	w.policy->feedback.public_link = "";
	buf_free(&out);
	world_close(&w);
}

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	(void)state;
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_esperanto),    cmocka_unit_test(test_what_esperanto_has_not),
	    cmocka_unit_test(test_files),        cmocka_unit_test(test_pieces_without_end),
	    cmocka_unit_test(test_no_directory), cmocka_unit_test(test_pipe),
	    cmocka_unit_test(test_every_page),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
