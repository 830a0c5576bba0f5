/* Settings: every type, every way to be wrong, secrets from files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sample_config.h"

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
	    {"NURTURE_CLOCK", "wall|event",
	     "NURTURE_CLOCK: expected one of wall|event, found "
	     "\"wall|event\""},
	    {"SAMPLE_THREADS", "0",
	     "SAMPLE_THREADS: expected a whole number from 1 to 64, found \"0\""},
	    {"SAMPLE_THREADS", "many", "SAMPLE_THREADS: expected a whole number, found \"many\""},
	    {"SAMPLE_DEADLINE", "999ms",
	     "SAMPLE_DEADLINE: expected a duration from 1s to 1m, "
	     "found \"999ms\""},
	    {"SAMPLE_DEADLINE", "10",
	     "SAMPLE_DEADLINE: expected a duration: a whole number and "
	     "one of ms, s, m, h, d, w, such as 20h; found \"10\""},
	    {"KAFKA_BOOTSTRAP_SERVERS", "kafka:9092,me:hunter2@host:9092",
	     "KAFKA_BOOTSTRAP_SERVERS: expected host:port, separated by commas, found a login (@)"},
	    {"KAFKA_BOOTSTRAP_SERVERS", "kafka:9092,foo:99999",
	     "KAFKA_BOOTSTRAP_SERVERS: broker 2: expected host:port, the port from 1 to 65535"},
	    {"KAFKA_BOOTSTRAP_SERVERS", "foo:0",
	     "KAFKA_BOOTSTRAP_SERVERS: broker 1: expected host:port, the port from 1 to 65535"},
	    {"KAFKA_BOOTSTRAP_SERVERS", ":9092",
	     "KAFKA_BOOTSTRAP_SERVERS: broker 1: expected host:port, the port from 1 to 65535"},
	    {"NURTURE_TOPIC_PREFIX", "a b",
	     "NURTURE_TOPIC_PREFIX: expected at most 200 of A-Z, a-z, 0-9, '.', '_' and '-'"},
	    {"NURTURE_LISTEN", "xx", "NURTURE_LISTEN: listen address 'xx': expected address:port"},
	    {"NURTURE_ADMIN_LISTEN", ":9999",
	     "NURTURE_ADMIN_LISTEN: expected another address than that of NURTURE_LISTEN"},
	    {"SAMPLE_KEY", "", "SAMPLE_KEY: must be set, or SAMPLE_KEY_FILE"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sample_config config;
		struct err err;

		set_least(state);
		setenv(cases[i].name, cases[i].value, 1);
		if (load(&config, &err) == 0)
			fail_msg("%s=%s was taken", cases[i].name, cases[i].value);
		assert_int_equal(err_exit_code(&err), 100);
		assert_string_equal(err.text, cases[i].text);
	}
}

static void test_places_that_are_right(void **state)
{
	static const struct {
		const char *name, *value;
	} cases[] = {
	    {"KAFKA_BOOTSTRAP_SERVERS", "kafka:9092, other:1,[::1]:65535,plain,PLAINTEXT://b:9092"},
	    {"KAFKA_BOOTSTRAP_SERVERS", "[2001:db8::1]"},
	    {"NURTURE_TOPIC_PREFIX", "Shop_1.nurture-"},
	    {"NURTURE_ADMIN_LISTEN", "127.0.0.1:9999"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sample_config config;
		struct err err;

		set_least(state);
		setenv(cases[i].name, cases[i].value, 1);
		if (load(&config, &err) < 0)
			fail_msg("%s: %s", cases[i].value, err.text);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_defaults, set_least),
	    cmocka_unit_test_setup(test_values, set_least),
	    cmocka_unit_test(test_what_is_wrong_is_said),
	    cmocka_unit_test(test_places_that_are_right),
	    cmocka_unit_test(test_secrets_from_files),
	    cmocka_unit_test_setup(test_secret_files_that_are_wrong, set_least),
	};

	return cmocka_run_group_tests_name("io_config", tests, NULL, NULL);
}
