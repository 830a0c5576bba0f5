/* redis.c - see redis.h. */
#include "redis.h"

#include <stdio.h>
#include <stdlib.h>

#include "redis_tls.h"
#include "redis_trouble.h"
#include "redis_writes.h"

/* What is pending stays counted, so that late replies cannot be taken for other ones. */
static void disconnect(struct redis *redis)
{
	redis_tls_close(&redis->tls);
	if (redis->context)
		redisFree(redis->context);
	redis->context = NULL;
}

void redis_close(struct redis *redis)
{
	disconnect(redis);
	redis->pending = 0;
}

static void append(struct redis *redis, int count, const char **words, const size_t *lengths)
{
	if (redis->tls)
		redis_tls_append(redis->tls, count, words, lengths);
	else if (redisAppendCommandArgv(redis->context, count, words, lengths) != REDIS_OK)
		abort();
}

/* One command and its reply at once: for what happens once per connection. */
static redisReply *ask(struct redis *redis, struct err *err, size_t count, const char **words)
{
	append(redis, (int)count, words, NULL);
	redis->pending++;
	return redis_reply(redis, err);
}

#define ASK(redis, err, ...)                                                                       \
	ask(redis, err, sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *),              \
	    (const char *[]){__VA_ARGS__})

static int greet(struct redis *redis, struct err *err)
{
	redisReply *reply = NULL;
	char number[16];

	if (redis->place.password[0]) {
		reply = redis->place.user[0]
			    ? ASK(redis, err, "AUTH", redis->place.user, redis->place.password)
			    : ASK(redis, err, "AUTH", redis->place.password);
		if (!reply)
			return -1;
		freeReplyObject(reply);
	}
	if (redis->place.database) {
		snprintf(number, sizeof(number), "%d", redis->place.database);
		if (!(reply = ASK(redis, err, "SELECT", number)))
			return -1;
		freeReplyObject(reply);
	}
	for (unsigned i = 0; i < redis->script_count; i++) {
		if (!(reply = ASK(redis, err, "SCRIPT", "LOAD", redis->scripts[i])))
			return -1;
		snprintf(redis->shas[i], sizeof(redis->shas[i]), "%s", reply->str);
		freeReplyObject(reply);
	}
	return 0;
}

/* Keeps why there is no connection, with the server's name before it. */
static int failed(struct redis *redis, struct err *err)
{
	(void)err_prefix(err, "redis %s:%d", redis->place.host, redis->place.port);
	redis->why = *err;
	redis_close(redis);
	return -1;
}

int redis_connect(struct redis *redis, struct err *err)
{
	const struct timeval patience = {.tv_sec = REDIS_TIMEOUT_S};

	if (redis->context)
		return 0;
	if (redis->pending > 0) {
		*err = redis->why;
		return -1;
	}
	redis->has_answered = false;
	redis->context = redisConnectWithTimeout(redis->place.host, redis->place.port, patience);
	if (!redis->context)
		abort();
	if (redis->context->err) {
		err_environment(err, "%s", redis->context->errstr);
		return failed(redis, err);
	}
	redisSetTimeout(redis->context, patience);
	redisEnableKeepAlive(redis->context);
	if (redis->place.has_tls &&
	    redis_tls_open(&redis->tls, redis->context->fd, &redis->place, err) < 0)
		return failed(redis, err);
	if (greet(redis, err) < 0) {
		redis_close(redis);
		return -1;
	}
	return 0;
}

struct redis_command redis_command(struct arena *arena, size_t room)
{
	return (struct redis_command){.arena = arena,
				      .words = arena_alloc(arena, room * sizeof(char *)),
				      .lengths = arena_alloc(arena, room * sizeof(size_t)),
				      .room = room};
}

void redis_word(struct redis_command *command, struct slice word)
{
	if (command->count == command->room)
		abort();
	command->words[command->count] = (const char *)word.bytes;
	command->lengths[command->count++] = word.len;
}

void redis_number(struct redis_command *command, int64_t number)
{
	redis_word(command, slice_text(arena_printf(command->arena, "%lld", (long long)number)));
}

void redis_append(struct redis *redis, const struct redis_command *command)
{
	struct err err;
	bool connected = redis_connect(redis, &err) == 0;

	redis->pending++;
	if (connected)
		append(redis, (int)command->count, command->words, command->lengths);
}

void redis_send(struct redis *redis)
{
	struct err ignored;
	int done = 0;

	if (redis->tls) {
		(void)redis_tls_flush(redis->tls, &ignored);
		return;
	}
	while (redis->context && !done)
		if (redisBufferWrite(redis->context, &done) != REDIS_OK)
			return;
}

/* The next reply of either kind of connection, errors too. */
static redisReply *receive(struct redis *redis, struct err *err)
{
	redisReply *reply = NULL;

	if (redis->tls)
		return redis_tls_reply(redis->tls, err);
	if (redisGetReply(redis->context, (void **)&reply) == REDIS_OK)
		return reply;
	err_environment(err, "%s%s", redis->context->errstr,
			redis->has_answered ? "" : ": does this port want TLS (rediss://)?");
	return NULL;
}

redisReply *redis_reply(struct redis *redis, struct err *err)
{
	redisReply *reply;

	redis->pending--;
	redis->was_denied = false;
	if (!redis->context) {
		*err = redis->why;
		return NULL;
	}
	reply = receive(redis, err);
	redis->has_answered |= reply != NULL;
	if (reply && reply->type != REDIS_REPLY_ERROR)
		return reply;
	if (reply) {
		err_environment(err, "%.200s%s", reply->str, redis_trouble_meaning(reply->str));
		redis->was_denied = redis_trouble_is_denied(reply->str);
		redis_writes_refused(redis->place.host, redis->place.port, reply->str);
		freeReplyObject(reply);
	}
	(void)err_prefix(err, "redis %s:%d", redis->place.host, redis->place.port);
	redis->why = *err;
	disconnect(redis);
	return NULL;
}
