/* Failures in words: kinds, prefixes, and texts that are longer than there is room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/err.h"

static void test_kinds(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_set(&err, "found %d", 7), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_string_equal(err.text, "found 7");
	assert_int_equal(err_exit_code(&err), 100);
	assert_int_equal(err_config(&err, "no policy"), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(err_exit_code(&err), 100);
	assert_int_equal(err_environment(&err, "no redis"), -1);
	assert_int_equal(err.kind, ERR_ENVIRONMENT);
	assert_int_equal(err_exit_code(&err), 111);
}

static void test_prefix_keeps_kind(void **state)
{
	struct err err;

	(void)state;
	err_environment(&err, "timed out");
	assert_int_equal(err_prefix(&err, "redis %s", "a:1"), -1);
	assert_int_equal(err.kind, ERR_ENVIRONMENT);
	assert_string_equal(err.text, "redis a:1: timed out");
}

static void test_long_texts_stay_inside(void **state)
{
	struct err err;
	char longer[2 * sizeof(err.text)];

	(void)state;
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	err_set(&err, "%s", longer);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	err_prefix(&err, "where");
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_memory_equal(err.text, "where: xxx", 10);
	err_prefix(&err, "%s", longer);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

/* What came from outside is an argument, never a format. */
static void test_percent_is_a_character(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, "%s", "100%s %n");
	err_prefix(&err, "%s", "%d");
	assert_string_equal(err.text, "%d: 100%s %n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_prefix_keeps_kind),
	    cmocka_unit_test(test_long_texts_stay_inside),
	    cmocka_unit_test(test_percent_is_a_character),
	};

	return cmocka_run_group_tests_name("base_err", tests, NULL, NULL);
}
