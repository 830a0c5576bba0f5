/*
 * Sets of templates: what is refused when they are loaded, and with which words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../services/email-sender/templates.h"

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
	    {"x.html", "",
	     "x.html: expected NAME.subject.mustache, NAME.txt.mustache, NAME.html.mustache, "
	     "NAME.block.txt.mustache or NAME.block.html.mustache"},
	    {"x.pdf.mustache", "",
	     "x.pdf.mustache: expected NAME.subject.mustache, NAME.txt.mustache, "
	     "NAME.html.mustache, NAME.block.txt.mustache or NAME.block.html.mustache"},
	    {"x.block.txt.mustache", "ok", "x.block.html.mustache: missing"},
	    {"x.block.html.mustache", "ok", "x.block.txt.mustache: missing"},
	    {"x.subject.mustache", "{{#also}}{{text}}{{/also}}",
	     "x.subject.mustache:1: the variable \"also\" is not known; did you mean \"also\"?"},
	    {"z.txt.mustache", "", "z.subject.mustache: missing"},
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
			    "rides in it: expected {{#also}} in b.txt.mustache and "
			    "b.html.mustache");
	action.name = "c";
	assert_int_equal(template_set_check_merges(set, &policy, &err), -1);
	assert_string_equal(err.text, "merge x+y: programme x: its template \"c\" cannot ride in "
				      "another mail: expected c.block.txt.mustache and "
				      "c.block.html.mustache");
	programme.merge = NULL;
	assert_int_equal(template_set_check_merges(set, &policy, &err), 0);
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
	    cmocka_unit_test(bad_templates),
	    cmocka_unit_test(merge_groups),
	    cmocka_unit_test(missing_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
