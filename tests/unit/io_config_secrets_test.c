/* io_config_secrets_test.c - secrets that everybody knows are good on this machine alone. */
#include "common/io/config/config_secrets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct door {
	const char *listen, *redis, *key;
};

static const struct setting door_settings[] = {
    SETTING("NURTURE_LISTEN", TEXT, door, listen, ".", DEFAULT("127.0.0.1:1")),
    SETTING("REDIS_URL", SECRET, door, redis, ".", DEFAULT("redis://localhost:6379")),
    SETTING("NURTURE_TOKEN_KEY", SECRET, door, key, "."),
    {0}};
static const struct setting_table tables[] = {{door_settings, 0, NULL}, {0}};

static int load(const char *listen, const char *redis, const char *key, const char *development,
		struct err *err)
{
	struct door door;

	setenv("NURTURE_LISTEN", listen, 1);
	setenv("REDIS_URL", redis, 1);
	setenv("NURTURE_TOKEN_KEY", key, 1);
	setenv("NURTURE_DEVELOPMENT", development, 1);
	return config_load(1, NULL, "", tables, &door, err);
}

/* What cannot be listened on or called is said before anything is started. */
static void places(void **state)
{
	static const struct {
		const char *listen, *redis, *why;
	} table[] = {
	    {"8080", "", "NURTURE_LISTEN: listen address '8080': expected address:port"},
	    {"127.0.0.1:99999", "",
	     "NURTURE_LISTEN: listen address '127.0.0.1:99999': expected a port"},
	    {"", "redis://me:secret%4@cache:6379", "REDIS_URL: "},
	    {"", "redis://cache:6379,http://me:secret@cache", "REDIS_URL: "},
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(load(table[i].listen, table[i].redis, "", "", &err), -1);
		assert_int_equal(err_exit_code(&err), EXIT_CONFIG);
		if (strncmp(err.text, table[i].why, strlen(table[i].why)) != 0)
			fail_msg("expected %s, found %s", table[i].why, err.text);
		assert_null(strstr(err.text, "secret"));
	}
	assert_int_equal(load("[::1]:0", "redis://cache,redis://me:p%40ss@cache:1/2", "", "", &err),
			 0);
}

static void known_secrets(void **state)
{
	static const char *const known[] = {"only-for-development", "shop=only-for-development",
					    "a newer key, 24 bytes\nonly-for-development"};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_int_equal(load("", "", known[i], "", &err), 0);
		assert_int_equal(load(":8080", "", known[i], "yes", &err), 0);
		assert_int_equal(load(":8080", "", known[i], "no", &err), -1);
		assert_int_equal(err_exit_code(&err), EXIT_CONFIG);
		assert_string_equal(err.text,
				    "NURTURE_TOKEN_KEY: \"only-for-development\" is known to "
				    "everybody, and NURTURE_LISTEN is no loopback address: set a "
				    "secret of your own (openssl rand -base64 24), or "
				    "NURTURE_DEVELOPMENT=yes to try things out");
		assert_int_equal(load("", "redis://valkey:6379", known[i], "", &err), -1);
		assert_non_null(strstr(err.text, "and REDIS_URL is no loopback"));
	}
	assert_int_equal(load(":8080", "redis://valkey:6379", "a secret of my own", "", &err), 0);
	assert_int_equal(load(":8080", "", "", "", &err), 0);
	assert_int_equal(load(":8080", "", "x", "perhaps", &err), -1);
	assert_string_equal(err.text,
			    "NURTURE_DEVELOPMENT: expected one of no|yes, found \"perhaps\"");
}

static void loopback(void **state)
{
	static const char *const here[] = {
	    "",
	    "localhost:9092",
	    "LOCALHOST",
	    "127.0.0.1:8080",
	    "127.1.2.3",
	    "[::1]:8080",
	    "[::1]",
	    "redis://me:secret@localhost:6379/1,redis://127.0.0.1",
	    "smtp://localhost/",
	    "127.0.0.1:1,localhost:2,[::1]:3",
	    "redis://me:a@b@localhost",
	    "127.0.0.1:0",
	    "[::1]:0",
	};
	static const char *const elsewhere[] = {
	    ":8080",
	    ":0",
	    "0.0.0.0:0",
	    "0.0.0.0:8080",
	    "[::]:8080",
	    "kafka:9092",
	    "localhost.example:9092",
	    "127.0.0.1.example:80",
	    "127.0.0.1:1,kafka:2",
	    "mx:",
	    "redis://localhost@valkey:6379",
	    "redis://127.0.0.1:x@valkey",
	    "10.0.0.1:80",
	    "[::1]x",
	    ",localhost:1",
	    "redis://evil/@127.0.0.1",
	    "redis://evil:6379/0@localhost",
	    "evil/@localhost:1",
	    "redis://localhost@evil/@127.0.0.1",
	    "redis://[::1",
	    "localhost:99999",
	    "[::2]:1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		if (!config_is_loopback(here[i]))
			fail_msg("%s", here[i]);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (config_is_loopback(elsewhere[i]))
			fail_msg("%s", elsewhere[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(places),
	    cmocka_unit_test(known_secrets),
	    cmocka_unit_test(loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
