/* What a program prints about itself, and arguments that it does not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sample_config.h"

/* The page that an argument prints, from a child that must exit with 0. */
static void page_of(char *argument, char *page, size_t size)
{
	char *argv[] = {"sample", argument, NULL};
	struct sample_config config;
	struct err err;
	int pipe_fds[2], status;
	ssize_t len;
	pid_t child;

	assert_int_equal(pipe(pipe_fds), 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		dup2(pipe_fds[1], STDOUT_FILENO);
		close(pipe_fds[0]);
		if (config_load(2, argv, "sample - shows how", tables, &config, &err) == 0)
			config_end_check(&config.common);
		_exit(42);
	}
	close(pipe_fds[1]);
	len = 0;
	for (ssize_t got; (got = read(pipe_fds[0], page + len, size - 1 - (size_t)len)) > 0;)
		len += got;
	page[len] = '\0';
	close(pipe_fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_pages(void **state)
{
	static char page[16384];

	(void)state;
	page_of("--check-config", page, sizeof(page));
	assert_string_equal(page, "ok\n");
	page_of("--version", page, sizeof(page));
	assert_memory_equal(page, "nurture ", 8);
	unsetenv("NURTURE_POLICY"); /* help is for those who have not set anything yet */
	page_of("--help", page, sizeof(page));
	assert_memory_equal(page, "sample - shows how\n", 19);
	assert_non_null(strstr(page, "NURTURE_POLICY                   required\n"));
	assert_non_null(strstr(page, "NURTURE_LISTEN                   default :9999\n"));
	assert_non_null(strstr(page, "NURTURE_INSTANCE                 default (the host name)\n"));
	assert_non_null(strstr(page, "required; secret, also as SAMPLE_KEY_FILE\n"));
	assert_non_null(strstr(page, "default 4; 1 to 64\n    How many threads.\n"));
	assert_non_null(strstr(page, "default 10s; 1s to 1m\n"));
	assert_non_null(strstr(page, "default off; off|test|live\n"));
}

static void test_unknown_arguments(void **state)
{
	static char *const unknown[] = {"--halp", "-h",         "",
					"file",   "--help=yes", "--check-config "};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		char *argv[] = {"sample", unknown[i], NULL};
		struct sample_config config;
		struct err err;

		assert_int_equal(config_load(2, argv, "sample", tables, &config, &err), -1);
		assert_int_equal(err_exit_code(&err), 100);
		assert_non_null(strstr(err.text, "unknown argument"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_pages, set_least),
	    cmocka_unit_test_setup(test_unknown_arguments, set_least),
	};

	return cmocka_run_group_tests_name("io_config_help", tests, NULL, NULL);
}
