/*
 * Sets of templates: what is refused when they are loaded, and with which words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/email-sender/compose/templates.h"

#define EXPECTED                                                                                   \
	"expected NAME.subject.mustache, NAME.txt.mustache, NAME.html.mustache, "                  \
	"NAME.block.txt.mustache or NAME.block.html.mustache, or a language before the part: "     \
	"NAME.de.txt.mustache"

static void bad_templates(void **state)
{
	static const struct {
		const char *file, *text, *why;
	} cases[] = {
	    {"x.html.mustache", "a\n{{customer.nme}}",
	     "x.html.mustache:2: the variable \"customer.nme\" is not known; did you mean "
	     "\"customer.name\"?"},
	    {"x.txt.mustache", "{{#zzzzzzzzzz}}{{/zzzzzzzzzz}}",
	     "x.txt.mustache:1: the variable \"zzzzzzzzzz\" is not known"},
	    {"x.subject.mustache", "{{subject}}",
	     "x.subject.mustache:1: the variable \"subject\" is not known; did you mean "
	     "\"subject\"?"},
	    {"x.html.mustache", "{{> _nowhere}}",
	     "x.html.mustache:1: there is no _nowhere.html.mustache"},
	    {"_y.txt.mustache", "{{oops.oops}}",
	     "_y.txt.mustache:1: the variable \"oops.oops\" is not known"},
	    {"x.html.mustache", "{{#page}}",
	     "x.html.mustache:1: a section is not closed: \"page\""},
	    {"x.html.mustache", "\xff", "x.html.mustache: not UTF-8"},
	    {"x.html", "", "x.html: " EXPECTED},
	    {"x.pdf.mustache", "", "x.pdf.mustache: " EXPECTED},
	    {"x.block.subject.mustache", "", "x.block.subject.mustache: " EXPECTED},
	    {"x.block.de.txt.mustache", "", "x.block.de.txt.mustache: " EXPECTED},
	    {"x.german.txt.mustache", "", "x.german.txt.mustache: " EXPECTED},
	    {"x.de.at.txt.mustache", "", "x.de.at.txt.mustache: " EXPECTED},
	    {"x..txt.mustache", "", "x..txt.mustache: " EXPECTED},
	    {".de.txt.mustache", "", ".de.txt.mustache: " EXPECTED},
	    {".txt.mustache", "", ".txt.mustache: " EXPECTED},
	    {".block.txt.mustache", "", ".block.txt.mustache: " EXPECTED},
	    {"x.block.txt.mustache", "ok", "x.block.html.mustache: missing"},
	    {"x.block.html.mustache", "ok", "x.block.txt.mustache: missing"},
	    {"x.subject.mustache", "{{#also}}{{text}}{{/also}}",
	     "x.subject.mustache:1: the variable \"also\" is not known; did you mean \"also\"?"},
	    {"z.txt.mustache", "", "z.subject.mustache: missing"},
	    /* A mail in two languages. */
	    {"x.de.txt.mustache", "", "x.de.subject.mustache: missing"},
	    {"x.de-AT.html.mustache", "", "x.de-AT.subject.mustache: missing"},
	    {"y.de.txt.mustache", "", "y.subject.mustache: missing"},
	    {"x.de.block.txt.mustache", "", "x.de.subject.mustache: missing"},
	    {"x.de.subject.mustache", "{{nme}}",
	     "x.de.subject.mustache:1: the variable \"nme\" is not known"},
	};
	static const char *const good[] = {"x.subject.mustache", "x.txt.mustache",
					   "x.html.mustache"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct template_set *set = template_set_new();
		struct err err = {0};
		int r = template_set_add(set, cases[i].file, slice_text(cases[i].text), &err);

		for (int k = 0; k < 3 && r == 0; k++)
			if (strcmp(good[k], cases[i].file) != 0)
				r = template_set_add(set, good[k], slice_text("ok"), &err);
		if (r == 0)
			r = template_set_check(set, &err);
		assert_int_equal(r, -1);
		assert_string_equal(err.text, cases[i].why);
		assert_int_equal(err.kind, ERR_CONFIG);
		template_set_free(set);
	}
}

/* What the mails of a merge group need. */
static void merge_groups(void **state)
{
	static const struct {
		const char *file, *text;
	} files[] = {
	    {"_rest.txt.mustache", "{{#also}}{{text}}{{/also}}"},
	    {"_rest.html.mustache", "{{#also}}{{{html}}}{{/also}}"},
	    {"a.subject.mustache", "a"},
	    {"a.txt.mustache", "{{> _rest}}"},
	    {"a.html.mustache", "{{> _rest}}"},
	    {"a.block.txt.mustache", "a"},
	    {"a.block.html.mustache", "a"},
	    {"b.subject.mustache", "b"},
	    {"b.txt.mustache", "b"},
	    {"b.html.mustache", "{{> _rest}}"},
	    {"b.block.txt.mustache", "b"},
	    {"b.block.html.mustache", "b"},
	    {"c.subject.mustache", "c"},
	    {"c.txt.mustache", "{{> _rest}}"},
	    {"c.html.mustache", "{{> _rest}}"},
	    /* in German it does not show them */
	    {"d.subject.mustache", "d"},
	    {"d.txt.mustache", "{{> _rest}}"},
	    {"d.html.mustache", "{{> _rest}}"},
	    {"d.block.txt.mustache", "d"},
	    {"d.block.html.mustache", "d"},
	    {"d.de.subject.mustache", "d"},
	    {"d.de.txt.mustache", "{{> _rest}}"},
	    {"d.de.html.mustache", "d"},
	    {"d.de.block.txt.mustache", "d"},
	    {"d.de.block.html.mustache", "d"},
	};
	struct merge_group group = {.name = "x+y"};
	struct action action = {CHANNEL_EMAIL, "a"};
	struct variant variant = {.name = "v", .email = ""};
	struct programme programme = {.name = "x",
				      .actions = &action,
				      .action_count = 1,
				      .variants = &variant,
				      .variant_count = 1,
				      .merge = &group};
	struct policy policy = {.programmes = &programme, .programme_count = 1};
	struct template_set *set = template_set_new();
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		assert_int_equal(
		    template_set_add(set, files[i].file, slice_text(files[i].text), &err), 0);
	assert_int_equal(template_set_check(set, &err), 0);
	assert_int_equal(template_set_check_merges(set, &policy, &err), 0);
	variant.email = "b";
	assert_int_equal(template_set_check_merges(set, &policy, &err), -1);
	assert_string_equal(err.text,
			    "merge x+y: programme x: its template \"b\" does not show what "
			    "is merged into it: expected {{#also}} in b.txt.mustache and "
			    "b.html.mustache");
	action.name = "c";
	assert_int_equal(template_set_check_merges(set, &policy, &err), -1);
	assert_string_equal(err.text,
			    "merge x+y: programme x: its template \"c\" cannot be part of "
			    "another mail: expected c.block.txt.mustache and "
			    "c.block.html.mustache");
	action.name = "d";
	variant.email = "";
	assert_int_equal(template_set_check_merges(set, &policy, &err), -1);
	assert_non_null(strstr(err.text, "\"d\" does not show what is merged into it"));
	programme.merge = NULL;
	assert_int_equal(template_set_check_merges(set, &policy, &err), 0);
	template_set_free(set);
}

static const struct {
	const char *file, *text;
} several[] = {
    {"a.subject.mustache", "a"},
    {"a.txt.mustache", "a {{> _end}}"},
    {"a.html.mustache", "a"},
    {"a.de.subject.mustache", "a-de"},
    {"a.de.txt.mustache", "a-de {{> _end}} {{> _all}}"},
    {"a.de.html.mustache", "a-de"},
    {"a.de-at.subject.mustache", "a-at"},
    {"b.subject.mustache", "b"},
    {"b.txt.mustache", "b {{> _end}}"},
    {"b.html.mustache", "b"},
    {"a.block.txt.mustache", "a in another"},
    {"a.block.html.mustache", "<b>{{order.id}}</b>"},
    {"a.de.block.txt.mustache", "a in einer anderen"},
    {"a.de.block.html.mustache", "<i>"},
    {"_end.txt.mustache", "end"},
    {"_end.de.txt.mustache", "end-de"},
    {"_end.de-AT.txt.mustache", "end-at"},
    {"_all.txt.mustache", "all"},
};

static struct template_set *open_several(void)
{
	struct template_set *set = template_set_new();
	struct err err;

	for (size_t i = 0; i < sizeof(several) / sizeof(*several); i++)
		assert_int_equal(
		    template_set_add(set, several[i].file, slice_text(several[i].text), &err), 0);
	if (template_set_check(set, &err) < 0)
		fail_msg("%s", err.text);
	return set;
}

/* de-AT, then de, then the one for all; and no mail is half in another language. */
static void languages(void **state)
{
	static const struct {
		const char *name, *locale;
		enum template_part part;
		const char *text;
	} cases[] = {
	    {"a", "de-AT", TEMPLATE_SUBJECT, "a-at"},
	    {"a", "DE_at", TEMPLATE_SUBJECT, "a-at"},
	    {"a", "de-AT-1996", TEMPLATE_SUBJECT, "a-at"},
	    {"a", "de-CH", TEMPLATE_SUBJECT, "a-de"},
	    {"a", "de", TEMPLATE_SUBJECT, "a-de"},
	    {"a", "fr", TEMPLATE_SUBJECT, "a"},
	    {"a", "", TEMPLATE_SUBJECT, "a"},
	    {"a", "\xff nonsense", TEMPLATE_SUBJECT, "a"},
	    {"a", "de-AT", TEMPLATE_HTML, "a-de"},
	    {"a", "de-AT", TEMPLATE_TXT, "a-de end-at all"},
	    {"a", "de-DE", TEMPLATE_TXT, "a-de end-de all"},
	    {"a", "en-GB", TEMPLATE_TXT, "a end"},
	    {"b", "de-AT", TEMPLATE_TXT, "b end"},
	};
	struct template_set *set = open_several();
	struct mustache_value values = {.name = "", .kind = MUSTACHE_OBJECT};
	struct buf out = BUF_MAX(1000);
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&out);
		assert_int_equal(template_set_render(set, cases[i].name,
						     slice_text(cases[i].locale), cases[i].part,
						     &values, &out, &err),
				 0);
		if (!slice_equal(buf_slice(&out), slice_text(cases[i].text)))
			fail_msg("%s for \"%s\": expected %s, found %.*s", cases[i].name,
				 cases[i].locale, cases[i].text, SLICE_ARGS(buf_slice(&out)));
	}
	buf_free(&out);
	template_set_free(set);
}

static void blocks(void **state)
{
	const struct mustache_value id = {
	    .name = "id", .kind = MUSTACHE_TEXT, .text = slice_text("<17>")};
	const struct mustache_value order = {
	    .name = "order", .kind = MUSTACHE_OBJECT, .items = &id, .count = 1};
	const struct mustache_value values = {
	    .name = "", .kind = MUSTACHE_OBJECT, .items = &order, .count = 1};
	struct template_set *set = open_several();
	struct buf out = BUF_MAX(1000);
	struct err err;

	(void)state;
	assert_true(template_set_has_block(set, "a"));
	assert_false(template_set_has_block(set, "b"));
	assert_false(template_set_has_block(set, "_end"));
	assert_string_equal(template_set_names(set)[0], "a");
	assert_string_equal(template_set_names(set)[1], "b");
	assert_null(template_set_names(set)[2]);
	assert_int_equal(template_set_render(set, "a", slice_text("fr"), TEMPLATE_BLOCK_HTML,
					     &values, &out, &err),
			 0);
	assert_string_equal(out.bytes, "<b>&lt;17&gt;</b>");
	buf_reset(&out);
	assert_int_equal(template_set_render(set, "a", slice_text("de-CH"), TEMPLATE_BLOCK_TXT,
					     &values, &out, &err),
			 0);
	assert_string_equal(out.bytes, "a in einer anderen");
	assert_int_equal(
	    template_set_render(set, "b", slice_text(""), TEMPLATE_BLOCK_TXT, &values, &out, &err),
	    -1);
	assert_string_equal(err.text, "there is no b.block.txt.mustache");
	buf_free(&out);
	template_set_free(set);
}

static void missing_directory(void **state)
{
	struct template_set *set = NULL;
	struct err err;

	(void)state;
	assert_int_equal(template_set_open("no/such", &set, &err), -1);
	assert_string_equal(err.text, "templates no/such: No such file or directory");
	assert_int_equal(template_set_open("tests/unit", &set, &err), -1);
	assert_non_null(strstr(err.text, "templates tests/unit: no templates"));
	assert_null(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bad_templates),     cmocka_unit_test(merge_groups),
	    cmocka_unit_test(languages),         cmocka_unit_test(blocks),
	    cmocka_unit_test(missing_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
