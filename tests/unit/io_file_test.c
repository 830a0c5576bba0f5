/* Whole files: the maximum is exact, sizes are not believed, what is no file is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/io/config/config.h"

static void test_files(void **state)
{
	char path[] = "/tmp/nurture-file-XXXXXX";
	int fd = mkstemp(path);
	char *bytes = NULL;
	size_t len = 77;
	struct err err;

	(void)state;
	assert_int_equal(write(fd, "12345", 5), 5);
	close(fd);
	assert_int_equal(file_read(path, 5, &bytes, &len, &err), 0);
	assert_int_equal(len, 5);
	assert_string_equal(bytes, "12345");
	free(bytes);
	bytes = NULL;
	assert_int_equal(file_read(path, 4, &bytes, &len, &err), -1);
	assert_null(bytes);
	assert_int_equal(len, 5);
	assert_non_null(strstr(err.text, "expected at most 4 bytes, found more"));
	assert_int_equal(file_read("/proc/self/status", 1 << 20, &bytes, &len, &err), 0);
	assert_true(len > 100); /* though it has no size */
	free(bytes);
	unlink(path);
}

static void test_what_is_no_file(void **state)
{
	char *bytes = NULL;
	size_t len;
	struct err err;

	(void)state;
	assert_int_equal(file_read("/nonexistent/x", 10, &bytes, &len, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, "/nonexistent/x: No such file or directory");
	assert_int_equal(file_read("/tmp", 10, &bytes, &len, &err), -1);
	assert_string_equal(err.text, "/tmp: expected a file, found a directory");
	assert_int_equal(file_read("/dev/zero", 100000, &bytes, &len, &err), -1);
	assert_string_equal(err.text, "/dev/zero: expected at most 100000 bytes, found more");
	assert_int_equal(file_read("/dev/null", 10, &bytes, &len, &err), 0);
	assert_int_equal(len, 0);
	assert_string_equal(bytes, "");
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_what_is_no_file),
	};

	return cmocka_run_group_tests_name("io_file", tests, NULL, NULL);
}
