/*
 * io_index_rewrite_test.c - a rewrite that is wished is tried until one has succeeded, by whom
 * ever.
 *
 * A server in memory stands in place of redis.h and clock.h; two of our
 * services (two indexes) ask it.  tests/e2e/erasure.py asks a real one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/redis/index_internal.h"

enum { SECOND_MS = 1000, PAUSE_S = INDEX_REWRITE_PAUSE_MS / 1000 };

static struct {
	int64_t now_ms, begun_until_ms, wished, done;
	char begun[100];
	unsigned run; /* how often it was started */
	bool has_file, cannot_fork, cannot_write, is_busy, has_failed;
	unsigned rewrites;
	const char *words[8];
} server;

void log_event(enum log_level level, const char *event, ...)
{
	(void)level, (void)event;
}

int64_t clock_monotonic_ms(void)
{
	return server.now_ms;
}

struct redis_command redis_command(struct arena *arena, size_t room)
{
	(void)arena, (void)room;
	return (struct redis_command){0};
}

void redis_word(struct redis_command *command, struct slice word)
{
	server.words[command->count++] = (const char *)word.bytes;
}

void redis_append(struct redis *redis, const struct redis_command *command)
{
	(void)redis, (void)command;
}

static redisReply *text_reply(int type, const char *text)
{
	redisReply *reply = calloc(1, sizeof(*reply));

	reply->type = type;
	if (type == REDIS_REPLY_NIL)
		return reply;
	reply->str = strdup(text);
	reply->len = strlen(text);
	return reply;
}

static redisReply *number_reply(int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	return text_reply(number ? REDIS_REPLY_STRING : REDIS_REPLY_NIL, text);
}

static redisReply *keys_reply(void)
{
	redisReply *reply = calloc(1, sizeof(*reply));

	assert_string_equal(server.words[1], "n:aof_rewrite_wished");
	assert_string_equal(server.words[2], "n:aof_rewrite_done");
	assert_string_equal(server.words[3], "n:aof_rewrite_begun");
	reply->type = REDIS_REPLY_ARRAY;
	reply->elements = 3;
	reply->element = calloc(3, sizeof(*reply->element));
	reply->element[0] = number_reply(server.wished);
	reply->element[1] = number_reply(server.done);
	reply->element[2] =
	    text_reply(*server.begun ? REDIS_REPLY_STRING : REDIS_REPLY_NIL, server.begun);
	return reply;
}

static redisReply *info_reply(void)
{
	char text[300];

	snprintf(text, sizeof(text),
		 "# Server\r\nredis_version:7.0.15\r\nrun_id:run%u\r\naof_enabled:%d\r\n"
		 "aof_rewrite_in_progress:%d\r\naof_rewrite_scheduled:0\r\n"
		 "aof_last_bgrewrite_status:%s\r\n",
		 server.run, server.has_file, server.is_busy, server.has_failed ? "err" : "ok");
	return text_reply(REDIS_REPLY_STRING, text);
}

static redisReply *set_reply(struct err *err)
{
	if (server.cannot_write) {
		err_environment(err, "MISCONF");
		return NULL;
	}
	if (strcmp(server.words[1], "n:aof_rewrite_done") == 0) {
		server.done = strtoll(server.words[2], NULL, 10);
	} else {
		assert_string_equal(server.words[1], "n:aof_rewrite_begun");
		assert_string_equal(server.words[3], "PX");
		snprintf(server.begun, sizeof(server.begun), "%s", server.words[2]);
		server.begun_until_ms = server.now_ms + strtoll(server.words[4], NULL, 10);
	}
	return text_reply(REDIS_REPLY_STATUS, "OK");
}

redisReply *redis_reply(struct redis *redis, struct err *err)
{
	(void)redis;
	if (server.now_ms >= server.begun_until_ms)
		server.begun[0] = '\0';
	if (strcmp(server.words[0], "MGET") == 0)
		return keys_reply();
	if (strcmp(server.words[0], "INFO") == 0)
		return info_reply();
	if (strcmp(server.words[0], "SET") == 0)
		return set_reply(err);
	if (strcmp(server.words[0], "BGREWRITEAOF") != 0)
		abort();
	if (server.cannot_fork || server.is_busy) {
		err_environment(err, "ERR Can't execute an AOF background rewriting");
		return NULL;
	}
	server.rewrites++;
	server.is_busy = true;
	return text_reply(REDIS_REPLY_STATUS, "Background append only file rewriting started");
}

static struct index service = {.servers.count = 1, .prefix = "n:"},
		    other = {.servers.count = 1, .prefix = "n:"};

/* It ends and is started anew: what it had in memory is gone. */
static void start(struct index *index)
{
	memset(index->rewrites, 0, sizeof(index->rewrites));
}

static int begin(void **state)
{
	(void)state;
	memset(&server, 0, sizeof(server));
	server.now_ms = 1700000000000;
	server.has_file = true;
	start(&service);
	start(&other);
	return 0;
}

/* As the script of a write does. */
static void wish(struct index *index)
{
	server.wished++;
	index->rewrites[0].look_ms = 0;
}

static bool is_wished(void)
{
	return server.wished > server.done;
}

static void end_rewrite(bool well)
{
	server.is_busy = false;
	server.has_failed = !well;
}

/* The server is killed and comes back with what it had written. */
static void restart_server(void)
{
	server.run++;
	server.is_busy = server.has_failed = false;
}

/* Looks every second, as the loop does. */
static void pass(struct index *index, int seconds)
{
	struct err ignored;

	for (int i = 0; i < seconds; i++) {
		(void)index_rewrite(index, &ignored);
		server.now_ms += SECOND_MS;
	}
}

static void wished_until_it_has_succeeded(void **state)
{
	(void)state;
	wish(&service);
	pass(&service, 30);
	assert_int_equal(server.rewrites, 1);
	assert_true(is_wished());
	end_rewrite(true);
	pass(&service, 10);
	assert_false(is_wished());
	pass(&service, 3 * PAUSE_S);
	assert_int_equal(server.rewrites, 1);
}

/* Who wished is stopped within the pause; who runs next makes it true. */
static void wish_outlives_who_wished(void **state)
{
	(void)state;
	wish(&service);
	pass(&service, 10);
	end_rewrite(true);
	pass(&service, 10);
	wish(&service);
	pass(&service, 1);
	start(&service);
	server.now_ms += PAUSE_S * SECOND_MS;
	pass(&service, 1);
	assert_int_equal(server.rewrites, 2);
	/* Nor does it need to see the end: another one does, which only looks around. */
	end_rewrite(true);
	assert_true(is_wished());
	pass(&other, 10);
	assert_false(is_wished());
	wish(&service);
	pass(&other, 2 * PAUSE_S);
	assert_int_equal(server.rewrites, 3);
}

/* It came after the rewrite had begun, so this one may not have it. */
static void wish_during_a_rewrite_needs_another(void **state)
{
	(void)state;
	wish(&service);
	pass(&service, 10);
	wish(&service);
	pass(&service, 10);
	end_rewrite(true);
	pass(&service, 10);
	assert_int_equal(server.done, 1);
	assert_true(is_wished());
	assert_int_equal(server.rewrites, 1); /* not before the pause is over */
	pass(&service, PAUSE_S);
	assert_int_equal(server.rewrites, 2);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(is_wished());
}

/* A server that comes back says that its last rewrite was well, though it was cut off. */
static void rewrite_of_a_killed_server_is_none(void **state)
{
	(void)state;
	wish(&service);
	pass(&service, 10);
	restart_server();
	pass(&service, 60);
	assert_true(is_wished());
	pass(&service, PAUSE_S);
	assert_int_equal(server.rewrites, 2);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(is_wished());
}

/* What is under way was begun before, by nobody knows whom. */
static void somebody_elses_rewrite_is_none(void **state)
{
	(void)state;
	server.is_busy = true;
	wish(&service);
	pass(&service, 10);
	assert_int_equal(server.rewrites, 0);
	end_rewrite(true);
	pass(&service, 10);
	assert_int_equal(server.rewrites, 1);
	assert_true(is_wished());
}

static void failed_fork_is_no_rewrite(void **state)
{
	(void)state;
	server.cannot_fork = true;
	wish(&service);
	pass(&service, 30);
	assert_true(is_wished());
	/* Nor does anybody else take it for one. */
	pass(&other, 10);
	assert_true(is_wished());
	assert_string_equal(server.begun, "");
	server.cannot_fork = false;
	pass(&service, 10);
	assert_int_equal(server.rewrites, 1);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(is_wished());
}

static void rewrite_that_broke_off_is_begun_again(void **state)
{
	(void)state;
	wish(&service);
	pass(&service, 10);
	end_rewrite(false);
	pass(&service, 60);
	assert_int_equal(server.rewrites, 1); /* not before the pause is over */
	assert_true(is_wished());
	pass(&service, PAUSE_S);
	assert_int_equal(server.rewrites, 2);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(is_wished());
}

static void one_that_outlives_its_pause_is_enough(void **state)
{
	(void)state;
	wish(&service);
	pass(&service, 2 * PAUSE_S);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(is_wished());
	assert_int_equal(server.rewrites, 1);
}

static void one_serves_all(void **state)
{
	(void)state;
	wish(&other);
	wish(&service);
	pass(&service, 1);
	pass(&other, 10);
	assert_true(is_wished());
	end_rewrite(true);
	pass(&other, 10);
	assert_false(is_wished());
	assert_int_equal(server.rewrites, 1);
}

/* Of a service as it was before wishes were counted. */
static void key_of_an_older_service_is_a_pause(void **state)
{
	(void)state;
	snprintf(server.begun, sizeof(server.begun), "1700000000000");
	server.begun_until_ms = server.now_ms + INDEX_REWRITE_PAUSE_MS;
	wish(&service);
	pass(&service, 60);
	assert_int_equal(server.rewrites, 0);
	assert_true(is_wished());
	pass(&service, PAUSE_S);
	assert_int_equal(server.rewrites, 1);
}

static void key_that_cannot_be_written_costs_no_second_one(void **state)
{
	(void)state;
	server.cannot_write = true;
	wish(&service);
	pass(&service, 10);
	end_rewrite(true);
	pass(&service, 10);
	assert_int_equal(server.rewrites, 1);
	server.cannot_write = false;
	pass(&service, 10);
	assert_false(is_wished());
	assert_int_equal(server.rewrites, 1);
}

static void no_file_nothing_to_do(void **state)
{
	(void)state;
	server.has_file = false;
	wish(&service);
	pass(&service, 1);
	assert_false(is_wished());
	assert_int_equal(server.rewrites, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(wished_until_it_has_succeeded, begin),
	    cmocka_unit_test_setup(wish_outlives_who_wished, begin),
	    cmocka_unit_test_setup(wish_during_a_rewrite_needs_another, begin),
	    cmocka_unit_test_setup(rewrite_of_a_killed_server_is_none, begin),
	    cmocka_unit_test_setup(somebody_elses_rewrite_is_none, begin),
	    cmocka_unit_test_setup(failed_fork_is_no_rewrite, begin),
	    cmocka_unit_test_setup(rewrite_that_broke_off_is_begun_again, begin),
	    cmocka_unit_test_setup(one_that_outlives_its_pause_is_enough, begin),
	    cmocka_unit_test_setup(one_serves_all, begin),
	    cmocka_unit_test_setup(key_of_an_older_service_is_a_pause, begin),
	    cmocka_unit_test_setup(key_that_cannot_be_written_costs_no_second_one, begin),
	    cmocka_unit_test_setup(no_file_nothing_to_do, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
