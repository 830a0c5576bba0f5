/* Settings: every type, every way to be wrong, secrets from files, and the pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/io/config.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

struct sample_config {
	struct common_config common;
	const char *url, *key;
	int64_t threads, deadline_ms, mode;
};

static const struct setting sample_settings[] = {
	{"SAMPLE_URL", SETTING_TEXT, offsetof(struct sample_config, url), "smtp://localhost", 0, 0,
	 NULL, "Where mails go."},
	{"SAMPLE_KEY", SETTING_SECRET, offsetof(struct sample_config, key), NULL, 0, 0, NULL,
	 "What links are signed with."},
	{"SAMPLE_THREADS", SETTING_INT, offsetof(struct sample_config, threads), "4", 1, 64, NULL,
	 "How many threads."},
	{"SAMPLE_DEADLINE", SETTING_DURATION_MS, offsetof(struct sample_config, deadline_ms), "10s",
	 1000, 60000, NULL, "How long an answer may take."},
	{"SAMPLE_MODE", SETTING_CHOICE, offsetof(struct sample_config, mode), "off", 0, 0,
	 "off|test|live", "Whether it is meant."},
	{0},
};

static const struct setting_table tables[] = {
	{COMMON_SETTINGS(struct sample_config, common, ":9999")},
	{.settings = sample_settings},
	{0},
};

static const char *const names[] = {
	"KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "REDIS_URL_FILE", "NURTURE_POLICY", "NURTURE_CLOCK",
	"NURTURE_INSTANCE", "NURTURE_LISTEN", "NURTURE_ZONEINFO", "NURTURE_OUTCOME_FORMAT",
	"NURTURE_TOPIC_PREFIX", "LOG_LEVEL", "SAMPLE_URL", "SAMPLE_KEY", "SAMPLE_KEY_FILE",
	"SAMPLE_THREADS", "SAMPLE_DEADLINE", "SAMPLE_MODE",
};

/* Nothing but what must be set. */
static int set_least(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		unsetenv(names[i]);
	setenv("NURTURE_POLICY", "shop.yaml", 1);
	setenv("SAMPLE_KEY", "k", 1);
	return 0;
}

static int load(struct sample_config *config, struct err *err)
{
	char *argv[] = {"sample", NULL};

	return config_load(1, argv, "sample", tables, config, err);
}

static void test_defaults(void **state)
{
	struct sample_config config;
	struct err err;
	char host[256] = "";

	(void)state;
	gethostname(host, sizeof(host) - 1);
	assert_int_equal(load(&config, &err), 0);
	assert_string_equal(config.common.brokers, "localhost:9092");
	assert_string_equal(config.common.redis_url, "redis://localhost:6379");
	assert_string_equal(config.common.policy_file, "shop.yaml");
	assert_int_equal(config.common.clock, CLOCK_WALL);
	assert_string_equal(config.common.instance, host);
	assert_string_equal(config.common.listen, ":9999");
	assert_string_equal(config.common.zoneinfo, "/usr/share/zoneinfo");
	assert_int_equal(config.common.outcome_format, 0);
	assert_string_equal(config.common.topic_prefix, "nurture.");
	assert_int_equal(config.common.log_level, 2);
	assert_string_equal(config.url, "smtp://localhost");
	assert_string_equal(config.key, "k");
	assert_int_equal(config.threads, 4);
	assert_int_equal(config.deadline_ms, 10000);
	assert_int_equal(config.mode, 0);
}

static void test_values(void **state)
{
	struct sample_config config;
	struct err err;

	(void)state;
	setenv("NURTURE_CLOCK", "event", 1);
	setenv("NURTURE_INSTANCE", "seg-2", 1);
	setenv("NURTURE_LISTEN", "127.0.0.1:1", 1);
	setenv("SAMPLE_THREADS", "64", 1);
	setenv("SAMPLE_DEADLINE", "1m", 1);
	setenv("SAMPLE_MODE", "live", 1);
	setenv("SAMPLE_URL", "", 1); /* empty counts as not set */
	assert_int_equal(load(&config, &err), 0);
	assert_int_equal(config.common.clock, CLOCK_EVENT);
	assert_string_equal(config.common.instance, "seg-2");
	assert_string_equal(config.common.listen, "127.0.0.1:1");
	assert_int_equal(config.threads, 64);
	assert_int_equal(config.deadline_ms, 60000);
	assert_int_equal(config.mode, 2);
	assert_string_equal(config.url, "smtp://localhost");
	setenv("SAMPLE_URL", "smtp://other", 1);
	assert_int_equal(load(&config, &err), 0);
	/* Texts are the configuration's own: the environment may change later. */
	setenv("SAMPLE_URL", "smtp://third", 1);
	assert_string_equal(config.url, "smtp://other");
}

static void test_what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *name, *value, *text;
	} cases[] = {
		{"NURTURE_POLICY", "", "NURTURE_POLICY: must be set: The shop's policy file."},
		{"NURTURE_CLOCK", "sun", "NURTURE_CLOCK: expected one of wall|event, found \"sun\""},
		{"NURTURE_CLOCK", "wal", "NURTURE_CLOCK: expected one of wall|event, found \"wal\""},
		{"NURTURE_CLOCK", "wall|event", "NURTURE_CLOCK: expected one of wall|event, found "
						"\"wall|event\""},
		{"SAMPLE_THREADS", "0", "SAMPLE_THREADS: expected a whole number from 1 to 64, found \"0\""},
		{"SAMPLE_THREADS", "many", "SAMPLE_THREADS: expected a whole number, found \"many\""},
		{"SAMPLE_DEADLINE", "999ms", "SAMPLE_DEADLINE: expected a duration from 1s to 1m, "
					     "found \"999ms\""},
		{"SAMPLE_DEADLINE", "10", "SAMPLE_DEADLINE: expected a duration: a whole number and "
					  "one of ms, s, m, h, d, w, such as 20h; found \"10\""},
		{"SAMPLE_KEY", "", "SAMPLE_KEY: must be set, or SAMPLE_KEY_FILE"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sample_config config;
		struct err err;

		set_least(state);
		setenv(cases[i].name, cases[i].value, 1);
		assert_int_equal(load(&config, &err), -1);
		assert_int_equal(err_exit_code(&err), 100);
		assert_string_equal(err.text, cases[i].text);
	}
}

static const char *temporary_file(const void *bytes, size_t len)
{
	static char path[64];
	int fd;

	strcpy(path, "/tmp/nurture-config-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
	return path;
}

static void test_secrets_from_files(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *key, *text;
	} cases[] = {
		{"s3cret\n", 7, "s3cret", NULL},
		{"s3cret\r\n", 8, "s3cret", NULL},
		{"s3cret", 6, "s3cret", NULL},
		{" s\n\n", 4, " s\n", NULL},
		{"a\0b", 3, NULL, "expected text, found a zero byte"},
		{"\n", 1, NULL, "holds no secret: it is empty"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *path = temporary_file(cases[i].bytes, cases[i].len);
		struct sample_config config;
		struct err err;

		set_least(state);
		unsetenv("SAMPLE_KEY");
		setenv("SAMPLE_KEY_FILE", path, 1);
		if (cases[i].key) {
			assert_int_equal(load(&config, &err), 0);
			assert_string_equal(config.key, cases[i].key);
		} else {
			assert_int_equal(load(&config, &err), -1);
			assert_int_equal(err.kind, ERR_CONFIG);
			assert_non_null(strstr(err.text, cases[i].text));
		}
		unlink(path);
	}
}

static void test_secret_files_that_are_wrong(void **state)
{
	struct sample_config config;
	struct err err;

	(void)state;
	setenv("SAMPLE_KEY_FILE", "/nonexistent/key", 1);
	assert_int_equal(load(&config, &err), -1);
	assert_string_equal(err.text, "SAMPLE_KEY: expected this or SAMPLE_KEY_FILE, found both");
	unsetenv("SAMPLE_KEY");
	assert_int_equal(load(&config, &err), -1);
	assert_string_equal(err.text, "SAMPLE_KEY: /nonexistent/key: No such file or directory");
	setenv("SAMPLE_KEY_FILE", "/tmp", 1);
	assert_int_equal(load(&config, &err), -1);
	assert_non_null(strstr(err.text, "/tmp: expected a file, found a directory"));
}

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
		config_load(2, argv, "sample - shows how", tables, &config, &err);
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
	static char *const unknown[] = {"--halp", "-h", "", "file", "--help=yes", "--check-config "};

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

static void test_files(void **state)
{
	const char *path = temporary_file("12345", 5);
	char *bytes = NULL;
	size_t len = 77;
	struct err err;

	(void)state;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_defaults, set_least),
		cmocka_unit_test_setup(test_values, set_least),
		cmocka_unit_test(test_what_is_wrong_is_said),
		cmocka_unit_test(test_secrets_from_files),
		cmocka_unit_test_setup(test_secret_files_that_are_wrong, set_least),
		cmocka_unit_test_setup(test_pages, set_least),
		cmocka_unit_test_setup(test_unknown_arguments, set_least),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests_name("io_config", tests, NULL, NULL);
}
