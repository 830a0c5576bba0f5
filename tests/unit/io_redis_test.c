/* io_redis_test.c - what a REDIS_URL says, and which errors mean that nothing is written. */
#include "common/io/redis/redis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/redis/redis_writes.h"

static void url_is_read(void **state)
{
	static struct redis redis;
	struct err err;

	(void)state;
	assert_int_equal(
	    redis_parse_url(&redis, slice_text("redis://me:p%40ss%2Fw%6Frd@cache.example:7000/2"),
			    &err),
	    0);
	assert_string_equal(redis.user, "me");
	assert_string_equal(redis.password, "p@ss/word");
	assert_string_equal(redis.host, "cache.example");
	assert_int_equal(redis.port, 7000);
	assert_int_equal(redis.database, 2);
	assert_int_equal(redis_parse_url(&redis, slice_text("redis://localhost"), &err), 0);
	assert_string_equal(redis.password, "");
	assert_int_equal(redis.port, 6379);
	assert_int_equal(redis.database, 0);
}

/* The host is what logs show, so nothing of a password may ever stand there. */
static void password_is_not_shown(void **state)
{
	static const char *const wrong[] = {
	    "http://me:hunter2@h",     "redis://hunter2@h",      "redis://me:hunter2@h/x",
	    "redis://me:hunter2@h/16", "redis://me:x/hunter2@h", "redis://me:hunter2",
	    "redis://me:%hunter2@h",
	};
	static struct redis redis;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(redis_parse_url(&redis, slice_text(wrong[i]), &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_null(strstr(err.text, "hunter2"));
		assert_non_null(strstr(err.text, "REDIS_URL: expected redis://"));
	}
	assert_int_equal(
	    redis_parse_url(&redis, slice_text("redis://me:a@hunter2@127.0.0.1:1"), &err), 0);
	assert_string_equal(redis.host, "127.0.0.1");
	assert_int_equal(redis_connect(&redis, &err), -1);
	assert_null(strstr(err.text, "hunter2"));
	assert_non_null(strstr(err.text, "redis 127.0.0.1:1: "));
}

/* Before anybody is called: the second server's, too, and how many there are. */
static void all_of_the_setting(void **state)
{
	char many[17 * 16] = "";
	struct err err;

	(void)state;
	assert_int_equal(redis_check_urls("redis://a,redis://:x@b:7000/2", &err), 0);
	assert_int_equal(redis_check_urls("redis://a,redis://me:hunter2@:x", &err), -1);
	assert_null(strstr(err.text, "hunter2"));
	assert_int_equal(redis_check_urls("", &err), -1);
	for (int i = 0; i < 16; i++)
		strcat(many, i ? ",redis://h" : "redis://h");
	assert_int_equal(redis_check_urls(many, &err), 0);
	strcat(many, ",redis://h");
	assert_int_equal(redis_check_urls(many, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "16"));
}

/* As servers say it: src/server.c of Redis 7 and Valkey 8, and a script's error before Redis 7. */
static void refusals(void **state)
{
	(void)state;
	assert_true(redis_is_refusal("OOM command not allowed when used memory > 'maxmemory'."));
	assert_true(redis_is_refusal("MISCONF Redis is configured to save RDB snapshots, but ..."));
	assert_true(redis_is_refusal("READONLY You can't write against a read only replica."));
	assert_true(redis_is_refusal("NOREPLICAS Not enough good replicas to write."));
	assert_true(redis_is_refusal("ERR Error running script (call to f_1a2b): @user_script:3: "
				     "@user_script: 3: -OOM command not allowed when used memory"));
	assert_false(redis_is_refusal("NOSCRIPT No matching script. Please use EVAL."));
	assert_false(redis_is_refusal("WRONGTYPE Operation against a key ..."));
	assert_false(redis_is_refusal("ERR value is not an integer or OOM something"));
	assert_false(redis_is_refusal(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(url_is_read),
	    cmocka_unit_test(password_is_not_shown),
	    cmocka_unit_test(all_of_the_setting),
	    cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
