/*
 * io_index_rewrite_test.c - a rewrite that is wanted is tried until one has succeeded.
 *
 * A server in memory stands in place of redis.h and clock.h; two of our
 * services (two indexes) ask it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

#include "common/io/clock.h"
#include "common/io/index_internal.h"

enum { SECOND_MS = 1000, PAUSE_S = INDEX_REWRITE_PAUSE_MS / 1000 };

static struct {
	int64_t now_ms, key_ms, key_until_ms;
	bool has_file, cannot_fork, cannot_write, is_busy, has_failed;
	unsigned begun;
	const char *words[8];
} server;

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

static redisReply *time_reply(void)
{
	redisReply *reply = calloc(1, sizeof(*reply));
	char text[24];

	reply->type = REDIS_REPLY_ARRAY;
	reply->elements = 2;
	reply->element = calloc(2, sizeof(*reply->element));
	snprintf(text, sizeof(text), "%lld", (long long)(server.now_ms / 1000));
	reply->element[0] = text_reply(REDIS_REPLY_STRING, text);
	snprintf(text, sizeof(text), "%lld", (long long)(server.now_ms % 1000 * 1000));
	reply->element[1] = text_reply(REDIS_REPLY_STRING, text);
	return reply;
}

static redisReply *info_reply(void)
{
	char text[200];

	snprintf(text, sizeof(text),
		 "aof_enabled:%d\r\naof_rewrite_in_progress:%d\r\naof_rewrite_scheduled:0\r\n"
		 "aof_last_bgrewrite_status:%s\r\n",
		 server.has_file, server.is_busy, server.has_failed ? "err" : "ok");
	return text_reply(REDIS_REPLY_STRING, text);
}

redisReply *redis_reply(struct redis *redis, struct err *err)
{
	char text[24];

	(void)redis;
	if (server.key_ms && server.now_ms >= server.key_until_ms)
		server.key_ms = 0;
	if (strcmp(server.words[0], "TIME") == 0)
		return time_reply();
	if (strcmp(server.words[0], "INFO") == 0)
		return info_reply();
	if (strcmp(server.words[0], "GET") == 0) {
		snprintf(text, sizeof(text), "%lld", (long long)server.key_ms);
		return text_reply(server.key_ms ? REDIS_REPLY_STRING : REDIS_REPLY_NIL, text);
	}
	if (strcmp(server.words[0], "SET") == 0) {
		if (server.cannot_write) {
			err_environment(err, "MISCONF");
			return NULL;
		}
		server.key_ms = strtoll(server.words[2], NULL, 10);
		server.key_until_ms = server.now_ms + INDEX_REWRITE_PAUSE_MS;
		return text_reply(REDIS_REPLY_STATUS, "OK");
	}
	if (strcmp(server.words[0], "BGREWRITEAOF") != 0)
		abort();
	if (server.cannot_fork || server.is_busy) {
		err_environment(err, "ERR Can't execute an AOF background rewriting");
		return NULL;
	}
	server.begun++;
	server.is_busy = true;
	return text_reply(REDIS_REPLY_STATUS, "Background append only file rewriting started");
}

static struct index service = {.server_count = 1, .prefix = "n:"},
		    other = {.server_count = 1, .prefix = "n:"};

static int begin(void **state)
{
	(void)state;
	memset(&server, 0, sizeof(server));
	server.now_ms = 1700000000000;
	server.has_file = true;
	memset(service.rewrites, 0, sizeof(service.rewrites));
	memset(other.rewrites, 0, sizeof(other.rewrites));
	return 0;
}

static void end_rewrite(bool well)
{
	server.is_busy = false;
	server.has_failed = !well;
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

static void wanted_until_it_has_succeeded(void **state)
{
	(void)state;
	index_forget(&service);
	pass(&service, 30);
	assert_int_equal(server.begun, 1);
	assert_true(service.rewrites[0].wanted);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(service.rewrites[0].wanted);
	pass(&service, 3 * PAUSE_S);
	assert_int_equal(server.begun, 1);
}

static void failed_fork_is_no_rewrite(void **state)
{
	(void)state;
	server.cannot_fork = true;
	index_forget(&service);
	pass(&service, 30);
	assert_true(service.rewrites[0].wanted);
	/* Nor does anybody else take it for one. */
	index_forget(&other);
	pass(&other, 10);
	assert_true(other.rewrites[0].wanted);
	assert_int_equal(server.key_ms, 0);
	server.cannot_fork = false;
	pass(&service, 10);
	assert_int_equal(server.begun, 1);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(service.rewrites[0].wanted);
}

/* The fork comes in a later look than the wish: the first had to wait for somebody's. */
static void failed_fork_after_a_wait_is_no_rewrite(void **state)
{
	(void)state;
	server.is_busy = true;
	index_forget(&service);
	pass(&service, 10);
	end_rewrite(true);
	server.cannot_fork = true;
	pass(&service, 30);
	assert_true(service.rewrites[0].wanted);
	server.cannot_fork = false;
	pass(&service, 10);
	assert_int_equal(server.begun, 1);
}

static void rewrite_that_broke_off_is_begun_again(void **state)
{
	(void)state;
	index_forget(&service);
	pass(&service, 10);
	end_rewrite(false);
	pass(&service, 60);
	assert_int_equal(server.begun, 1); /* not before the pause is over */
	assert_true(service.rewrites[0].wanted);
	pass(&service, PAUSE_S);
	assert_int_equal(server.begun, 2);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(service.rewrites[0].wanted);
}

static void one_that_outlives_its_pause_is_enough(void **state)
{
	(void)state;
	index_forget(&service);
	pass(&service, 2 * PAUSE_S);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(service.rewrites[0].wanted);
	assert_int_equal(server.begun, 1);
}

static void one_serves_all(void **state)
{
	(void)state;
	index_forget(&other);
	other.rewrites[0].since_ms = server.now_ms - SECOND_MS;
	index_forget(&service);
	pass(&service, 1);
	pass(&other, 10);
	assert_true(other.rewrites[0].wanted);
	end_rewrite(true);
	pass(&other, 10);
	assert_false(other.rewrites[0].wanted);
	assert_int_equal(server.begun, 1);
}

static void key_that_cannot_be_written_costs_no_second_one(void **state)
{
	(void)state;
	server.cannot_write = true;
	index_forget(&service);
	pass(&service, 10);
	end_rewrite(true);
	pass(&service, 10);
	assert_false(service.rewrites[0].wanted);
	assert_int_equal(server.begun, 1);
}

static void no_file_nothing_to_do(void **state)
{
	(void)state;
	server.has_file = false;
	index_forget(&service);
	pass(&service, 1);
	assert_false(service.rewrites[0].wanted);
	assert_int_equal(server.begun, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(wanted_until_it_has_succeeded, begin),
	    cmocka_unit_test_setup(failed_fork_is_no_rewrite, begin),
	    cmocka_unit_test_setup(failed_fork_after_a_wait_is_no_rewrite, begin),
	    cmocka_unit_test_setup(rewrite_that_broke_off_is_begun_again, begin),
	    cmocka_unit_test_setup(one_that_outlives_its_pause_is_enough, begin),
	    cmocka_unit_test_setup(one_serves_all, begin),
	    cmocka_unit_test_setup(key_that_cannot_be_written_costs_no_second_one, begin),
	    cmocka_unit_test_setup(no_file_nothing_to_do, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
