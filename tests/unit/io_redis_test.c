/* io_redis_test.c - what a REDIS_URL and an INFO say, who has which partition, and which errors mean
 * that nothing is written. */
#include "common/io/redis/redis_servers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/redis/redis_info.h"
#include "common/io/redis/redis_trouble.h"
#include "common/io/redis/redis_writes.h"

static void url_is_read(void **state)
{
	struct redis_place redis;
	struct err err;

	(void)state;
	assert_int_equal(
	    redis_url_read(slice_text("redis://me:p%40ss%2Fw%6Frd@cache.example:7000/2"), &redis,
			   &err),
	    0);
	assert_string_equal(redis.user, "me");
	assert_string_equal(redis.password, "p@ss/word");
	assert_string_equal(redis.host, "cache.example");
	assert_int_equal(redis.port, 7000);
	assert_int_equal(redis.database, 2);
	assert_int_equal(redis_url_read(slice_text("redis://localhost"), &redis, &err), 0);
	assert_string_equal(redis.password, "");
	assert_int_equal(redis.port, 6379);
	assert_int_equal(redis.database, 0);
}

static void url_with_tls_is_read(void **state)
{
	static const char *const wrong[][2] = {
	    {"redis://h?ca=/x", "expected rediss://"},
	    {"rediss://h?cert=/x", "expected both"},
	    {"rediss://h?hunter2=1", "expected ca, cert, key, sni"},
	    {"rediss://h?ca=%zz", "hexadecimal"},
	    {"redis://h?maxmemory_policy=hunter2", "expected noeviction"},
	    {"redis+sentinel://:hunter2@h", "not supported"},
	};
	struct redis_place place;
	struct err err;

	(void)state;
	assert_int_equal(redis_url_read(slice_text("rediss://me:a?b@[2001:db8::1]:6390/3?ca=/etc/"
						   "ca%20s.pem&cert=/c&key=/k&sni=cache.example&"
						   "maxmemory_policy=noeviction"),
					&place, &err),
			 0);
	assert_true(place.has_tls && place.is_vouched);
	assert_string_equal(place.password, "a?b");
	assert_string_equal(place.host, "2001:db8::1");
	assert_int_equal(place.database, 3);
	assert_string_equal(place.ca, "/etc/ca s.pem");
	assert_string_equal(place.cert, "/c");
	assert_string_equal(place.key, "/k");
	assert_string_equal(place.name, "cache.example");
	assert_int_equal(redis_url_read(slice_text("rediss://h?ca=/x"), &place, &err), 0);
	assert_string_equal(place.host, "h");
	assert_string_equal(place.name, "h");
	assert_int_equal(place.port, 6379);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(redis_url_read(slice_text(wrong[i][0]), &place, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_null(strstr(err.text, "hunter2"));
		assert_non_null(strstr(err.text, wrong[i][1]));
	}
}

static void files_of_tls_are_looked_at(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(redis_check_urls("redis://h,rediss://h?ca=/nowhere", &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "REDIS_URL: ca (REDIS_TLS_CA): /nowhere: "));
	assert_int_equal(redis_check_urls("rediss://h", &err), 0);
}

static void errors_have_a_meaning(void **state)
{
	static const char *const list[][2] = {
	    {"WRONGPASS invalid username-password pair or user is disabled.", "REDIS_PASSWORD"},
	    {"NOAUTH Authentication required.", "wants a password"},
	    {"NOPERM this user has no permissions to run the 'info' command", "ACL"},
	    {"MOVED 3999 127.0.0.1:6381", "Redis Cluster"},
	    {"ERR unknown command 'SCRIPT', with args beginning with: 'LOAD'", "Sentinel"},
	    {"READONLY You can't write against a read only replica.", "replica"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		assert_non_null(strstr(redis_trouble_meaning(list[i][0]), list[i][1]));
	assert_string_equal(redis_trouble_meaning("OOM command not allowed"), "");
	assert_true(redis_trouble_is_denied(list[2][0]));
	assert_false(redis_trouble_is_denied(list[0][0]));
}

/* What may be evicted under volatile-* has a time to live, and that is the email-sender's. */
static void policy_that_forgets_is_refused(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(redis_policy_check(slice_text("noeviction"), "email-sender", &err), 0);
	assert_int_equal(redis_policy_check(slice_text("volatile-lru"), "scheduler", &err), 0);
	assert_int_equal(redis_policy_check(slice_text("volatile-ttl"), "email-sender", &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "journal of attempts"));
	assert_int_equal(redis_policy_check(slice_text("allkeys-lru"), "scheduler", &err), -1);
	assert_non_null(strstr(err.text, "must be noeviction"));
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
		assert_int_equal(redis_url_read(slice_text(wrong[i]), &redis.place, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_null(strstr(err.text, "hunter2"));
		assert_non_null(strstr(err.text, "REDIS_URL: expected redis://"));
	}
	assert_int_equal(
	    redis_url_read(slice_text("redis://me:a@hunter2@127.0.0.1:1"), &redis.place, &err), 0);
	assert_string_equal(redis.place.host, "127.0.0.1");
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
	assert_string_equal(redis_server_of(&servers, 0)->place.host, "a");
	assert_string_equal(redis_server_of(&servers, 5)->place.host, "c");
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
	    cmocka_unit_test(url_is_read),
	    cmocka_unit_test(url_with_tls_is_read),
	    cmocka_unit_test(files_of_tls_are_looked_at),
	    cmocka_unit_test(errors_have_a_meaning),
	    cmocka_unit_test(policy_that_forgets_is_refused),
	    cmocka_unit_test(password_is_not_shown),
	    cmocka_unit_test(all_of_the_setting),
	    cmocka_unit_test(partition_is_on_one_server),
	    cmocka_unit_test(info_field),
	    cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
