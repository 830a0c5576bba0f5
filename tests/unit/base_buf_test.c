/* The buffer with a maximum: never truncates, a failure sticks, memory is reused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"

static void test_appends(void **state)
{
	struct buf buf = BUF_MAX(100);

	(void)state;
	assert_int_equal(buf_slice(&buf).len, 0);
	buf_add(&buf, "a\0b", 3);
	buf_text(&buf, "cd");
	buf_char(&buf, 'e');
	buf_printf(&buf, "%03d", 7);
	buf_add(&buf, NULL, 0);
	assert_false(buf_failed(&buf));
	assert_true(slice_equal(buf_slice(&buf), slice_of("a\0bcde007", 9)));
	assert_int_equal(buf.bytes[9], '\0');
	buf_free(&buf);
}

/* What was appended moves along when something else stands behind it in the arena. */
static void test_grows_in_an_arena(void **state)
{
	struct arena arena = {0};
	struct buf buf = BUF_IN(&arena, 2000);
	struct slice first;

	(void)state;
	buf_text(&buf, "begin ");
	first = buf_slice(&buf);
	memset(arena_alloc(&arena, 16), '#', 16);
	for (int i = 0; i < 100; i++)
		buf_printf(&buf, "%09d", i);
	assert_false(buf_failed(&buf));
	assert_int_equal(buf.len, 906);
	assert_memory_equal(buf.bytes, "begin 000000000000000001", 24);
	assert_string_equal(buf.bytes + 906 - 9, "000000099");
	buf_free(&buf);
	assert_int_equal(buf.len, 0);
	assert_memory_equal(first.bytes, "begin ", 6);
	buf_text(&buf, "anew");
	assert_string_equal(buf.bytes, "anew");
	arena_free(&arena);
}

static void test_maximum_is_exact(void **state)
{
	struct buf buf = BUF_MAX(8);

	(void)state;
	buf_text(&buf, "12345678");
	assert_false(buf_failed(&buf));
	buf_char(&buf, '9');
	assert_true(buf_failed(&buf));
	assert_string_equal(buf.bytes, "12345678");
	buf_free(&buf);
}

static void test_failure_appends_nothing_and_sticks(void **state)
{
	struct buf buf = BUF_MAX(4);

	(void)state;
	buf_text(&buf, "ab");
	buf_printf(&buf, "%s", "cde");
	buf_text(&buf, "c");
	assert_true(buf_failed(&buf));
	assert_string_equal(buf.bytes, "ab");
	buf_reset(&buf);
	assert_false(buf_failed(&buf));
	buf_text(&buf, "wxyz");
	assert_string_equal(buf.bytes, "wxyz");
	buf_free(&buf);
}

static void test_lengths_that_would_wrap(void **state)
{
	struct buf buf = BUF_MAX(16);

	(void)state;
	buf_text(&buf, "abc");
	buf_add(&buf, "x", SIZE_MAX);
	assert_true(buf_failed(&buf));
	assert_int_equal(buf.len, 3);
	buf_free(&buf);
}

static void test_grows_and_reuses(void **state)
{
	struct buf buf = BUF_MAX(100000);
	char *bytes;

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_printf(&buf, "%09d\n", i);
	assert_false(buf_failed(&buf));
	assert_int_equal(buf.len, 100000);
	assert_memory_equal(buf.bytes + 99990, "000009999\n", 10);
	bytes = buf.bytes;
	buf_reset(&buf);
	buf_text(&buf, "again");
	assert_ptr_equal(buf.bytes, bytes);
	buf_free(&buf);
	assert_null(buf.bytes);
	assert_int_equal(buf.max_bytes, 100000);
	buf_free(&buf);
	buf_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_appends),
	    cmocka_unit_test(test_grows_in_an_arena),
	    cmocka_unit_test(test_maximum_is_exact),
	    cmocka_unit_test(test_failure_appends_nothing_and_sticks),
	    cmocka_unit_test(test_lengths_that_would_wrap),
	    cmocka_unit_test(test_grows_and_reuses),
	};

	return cmocka_run_group_tests_name("base_buf", tests, NULL, NULL);
}
