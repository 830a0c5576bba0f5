/* redis.c - see redis.h. */
#include "redis.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/text.h"
#include "redis_writes.h"

/* No message shows the URL: there may be a password in it. */
#define EXPECTED_URL                                                                               \
	"REDIS_URL: expected redis://[user:password@]host[:port][/database], several with "        \
	"commas between them, and with , @ / : of a password as %%2C %%40 %%2F %%3A"

int redis_parse_url(struct redis *redis, struct slice text, struct err *err)
{
	struct err why;
	int64_t database = 0;
	struct url url;

	if (url_parse(text, &url, &why) < 0)
		return err_config(err, EXPECTED_URL " (%s)", why.text);
	if (strcmp(url.scheme, "redis") != 0 || (url.has_user && !url.has_password))
		return err_config(err, EXPECTED_URL);
	if (url.path.len && text_int64(url.path, 0, 15, &database, &why) < 0)
		return err_config(err, EXPECTED_URL " (expected a database of 0 to 15)");
	memcpy(redis->host, url.host, sizeof(redis->host));
	memcpy(redis->user, url.user, sizeof(redis->user));
	memcpy(redis->password, url.password, sizeof(redis->password));
	redis->port = url.port ? url.port : 6379;
	redis->database = (int)database;
	return 0;
}

/* What is pending stays counted, so that late replies cannot be taken for other ones. */
static void disconnect(struct redis *redis)
{
	if (redis->context)
		redisFree(redis->context);
	redis->context = NULL;
}

void redis_close(struct redis *redis)
{
	disconnect(redis);
	redis->pending = 0;
}

/* One command and its reply at once: for what happens once per connection. */
static redisReply *ask(struct redis *redis, struct err *err, size_t count, const char **words)
{
	if (redisAppendCommandArgv(redis->context, (int)count, words, NULL) != REDIS_OK)
		abort();
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

	if (redis->password[0]) {
		reply = redis->user[0] ? ASK(redis, err, "AUTH", redis->user, redis->password)
				       : ASK(redis, err, "AUTH", redis->password);
		if (!reply)
			return -1;
		freeReplyObject(reply);
	}
	if (redis->database) {
		snprintf(number, sizeof(number), "%d", redis->database);
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

int redis_connect(struct redis *redis, struct err *err)
{
	const struct timeval patience = {.tv_sec = REDIS_TIMEOUT_S};

	if (redis->context)
		return 0;
	if (redis->pending > 0) {
		*err = redis->why;
		return -1;
	}
	redis->context = redisConnectWithTimeout(redis->host, redis->port, patience);
	if (!redis->context)
		abort();
	if (redis->context->err) {
		err_environment(err, "redis %s:%d: %s", redis->host, redis->port,
				redis->context->errstr);
		redis->why = *err;
		redis_close(redis);
		return -1;
	}
	redisSetTimeout(redis->context, patience);
	redisEnableKeepAlive(redis->context);
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
	if (connected && redisAppendCommandArgv(redis->context, (int)command->count, command->words,
						command->lengths) != REDIS_OK)
		abort();
}

redisReply *redis_reply(struct redis *redis, struct err *err)
{
	redisReply *reply = NULL;

	redis->pending--;
	if (!redis->context) {
		*err = redis->why;
		return NULL;
	}
	if (redisGetReply(redis->context, (void **)&reply) != REDIS_OK) {
		err_environment(err, "redis %s:%d: %s", redis->host, redis->port,
				redis->context->errstr);
	} else if (reply->type == REDIS_REPLY_ERROR) {
		err_environment(err, "redis %s:%d: %.300s", redis->host, redis->port, reply->str);
		redis_writes_refused(redis->host, redis->port, reply->str);
		freeReplyObject(reply);
	} else {
		return reply;
	}
	redis->why = *err;
	disconnect(redis);
	return NULL;
}
