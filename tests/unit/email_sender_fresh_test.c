/*
 * Are the mails what their MJML sources compile to?  By the hashes that the compiler wrote, and by
 * compiling them again where that is installed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void hashes(void **state)
{
	(void)state;
	if (system("cd deploy/templates && sha256sum --check --quiet mjml/compiled.sha256") != 0)
		fail_msg("a template is not of its source: make templates");
	/* No source, and no compiled mail, beside the list. */
	if (system("cd deploy/templates && "
		   "[ $(ls mjml/*.mjml [a-z]*.html.mustache | grep -vc '\\.block\\.') = "
		   "$(wc -l <mjml/compiled.sha256) ]") != 0)
		fail_msg("a template has no source in mjml/, or the other way round");
}

static void compiled_again(void **state)
{
	(void)state;
	if (system(
		"command -v node >/dev/null && [ -d deploy/templates/mjml/node_modules/mjml ]") !=
	    0) {
		print_message("skipped: node and the compiler are not here: make templates\n");
		skip();
	}
	if (system("node deploy/templates/mjml/compile.mjs --check") != 0)
		fail_msg("a template is not what its source compiles to: make templates");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hashes),
	    cmocka_unit_test(compiled_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
