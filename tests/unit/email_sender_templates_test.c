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
	     "x.html: expected NAME.subject.mustache, NAME.txt.mustache or "
	     "NAME.html.mustache"},
	    {"x.pdf.mustache", "",
	     "x.pdf.mustache: expected NAME.subject.mustache, "
	     "NAME.txt.mustache or NAME.html.mustache"},
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
	    cmocka_unit_test(missing_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
