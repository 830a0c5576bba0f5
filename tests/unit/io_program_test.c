/* Other programs: what they say, how they end, and that none is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/io/process/program.h"

#define RUN(limit_ms, out, err, ...)                                                               \
	program_run((const char *const[]){__VA_ARGS__, NULL}, limit_ms, out, err)

static void says_and_ends(void **state)
{
	struct buf out = BUF_MAX(1000), small = BUF_MAX(10);
	struct err err;

	(void)state;
	/* Nobody reads the arguments but the program. */
	assert_int_equal(RUN(10000, &out, &err, "/bin/echo", "a b", "$HOME; `id`", "*"), 0);
	assert_string_equal(out.bytes, "a b $HOME; `id` *\n");
	assert_int_equal(RUN(10000, NULL, &err, "/bin/echo", "x"), 0);
	assert_int_equal(RUN(10000, &small, &err, "/bin/echo", "more than ten bytes"), -1);
	assert_string_equal(err.text, "/bin/echo: it says too much");
	assert_int_equal(RUN(10000, NULL, &err, "/bin/sh", "-c", "exit 3"), -1);
	assert_string_equal(err.text, "/bin/sh: it failed with 3");
	assert_int_equal(err.kind, ERR_ENVIRONMENT);
	assert_int_equal(RUN(10000, NULL, &err, "/bin/sh", "-c", "kill -9 $$"), -1);
	assert_string_equal(err.text, "/bin/sh: it died of signal 9");
	assert_int_equal(RUN(10000, NULL, &err, "/no/such"), -1);
	assert_string_equal(err.text, "/no/such: No such file or directory");
	buf_free(&out);
	buf_free(&small);
}

static void is_ended_in_time(void **state)
{
	static const char *const slow[] = {"sleep 30",             /* says nothing */
					   "sleep 30 & exit 0",    /* its child holds the line */
					   "exec 1>&-; sleep 30"}; /* holds nothing, does not end */
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(slow) / sizeof(*slow); i++) {
		struct buf out = BUF_MAX(1000);
		int64_t begin_ms = clock_monotonic_ms();

		assert_int_equal(RUN(300, &out, &err, "/bin/sh", "-c", slow[i]), -1);
		assert_string_equal(err.text, "/bin/sh: not done in time");
		assert_true(clock_monotonic_ms() - begin_ms < 10000);
		buf_free(&out);
	}
}

static void is_found(void **state)
{
	static const char *const names[] = {"no-such-program-at-all", "sh", NULL};
	static const char *const none[] = {"no-such-program-at-all", NULL};
	char path[256], few[4];

	(void)state;
	setenv("PATH", "/nonexistent::/bin:/usr/bin", 1);
	assert_true(program_find(names, path, sizeof(path)));
	assert_string_equal(path, "/bin/sh");
	assert_false(program_find(none, path, sizeof(path)));
	assert_false(program_find(names, few, sizeof(few)));
	unsetenv("PATH");
	assert_false(program_find(names, path, sizeof(path)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_and_ends),
	    cmocka_unit_test(is_ended_in_time),
	    cmocka_unit_test(is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
