/* io_redis_test.c - what a REDIS_URL and an INFO say, who has which partition, and which errors mean
 * that nothing is written. */
#include "common/io/redis/redis_servers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/redis/redis_info.h"
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

static void partition_is_on_one_server(void **state)
{
	static const char *const scripts[] = {"return 1"};
	static struct redis_servers servers;
	struct err err;

	(void)state;
	assert_int_equal(
	    redis_servers_read(&servers, "redis://a,redis://b,redis://c", scripts, 1, &err), 0);
	assert_int_equal(servers.count, 3);
	assert_string_equal(redis_server_of(&servers, 0)->host, "a");
	assert_string_equal(redis_server_of(&servers, 5)->host, "c");
	assert_int_equal(redis_servers_place(&servers, UINT64_MAX), UINT64_MAX % 3);
	assert_ptr_equal(servers.list[1].scripts, scripts);
	redis_servers_close(&servers);
}

/* A name is all of what stands before the colon, and begins its line. */
static void info_field(void **state)
{
	char text[] = "# Server\r\nold_run_id:no\r\nrun_id:abc\r\naof_enabled:1\r\nempty:\r\n";
	redisReply reply = {.str = text}, none = {0};

	(void)state;
	assert_true(slice_is(redis_info_field(&reply, "run_id"), "abc"));
	assert_true(slice_is(redis_info_field(&reply, "aof_enabled"), "1"));
	assert_int_equal(redis_info_field(&reply, "empty").len, 0);
	assert_int_equal(redis_info_field(&reply, "run").len, 0);
	assert_int_equal(redis_info_field(&none, "run_id").len, 0);
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
	    cmocka_unit_test(url_is_read),        cmocka_unit_test(password_is_not_shown),
	    cmocka_unit_test(all_of_the_setting), cmocka_unit_test(partition_is_on_one_server),
	    cmocka_unit_test(info_field),         cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
