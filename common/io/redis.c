/* redis.c - see redis.h. */
#include "redis.h"

#include <stdio.h>
#include <stdlib.h>

#include "../base/text.h"

/* Takes what stands before `end` off *rest into ret; false when there is no such character. */
static bool cut(struct slice *rest, char end, char *ret, size_t size)
{
	const uint8_t *at = rest->len ? memchr(rest->bytes, end, rest->len) : NULL;
	size_t len = at ? (size_t)(at - rest->bytes) : 0;

	if (!at || len >= size)
		return false;
	memcpy(ret, rest->bytes, len);
	ret[len] = '\0';
	*rest = slice_of(at + 1, rest->len - len - 1);
	return true;
}

/* The message does not show the URL: there may be a password in it. */
static int bad_url(struct err *err)
{
	return err_config(err, "REDIS_URL: expected redis://[user:password@]host[:port][/database]"
			       ", several with commas between them");
}

/* host[:port][/database] */
static int parse_place(struct redis *redis, struct slice rest, struct err *err)
{
	char host_port[sizeof(redis->host)], port[8] = "6379";
	int64_t number = 0;

	if (cut(&rest, '/', host_port, sizeof(host_port))) {
		if (rest.len && text_int64(rest, 0, 15, &number, err) < 0)
			return -1;
		redis->database = (int)number;
	} else {
		snprintf(host_port, sizeof(host_port), "%.*s", SLICE_ARGS(rest));
	}
	rest = slice_text(host_port);
	if (cut(&rest, ':', redis->host, sizeof(redis->host)))
		snprintf(port, sizeof(port), "%.*s", SLICE_ARGS(rest));
	else
		snprintf(redis->host, sizeof(redis->host), "%s", host_port);
	if (redis->host[0] == '\0')
		return err_set(err, "no host");
	if (text_int64(slice_text(port), 1, 65535, &number, err) < 0)
		return -1;
	redis->port = (int)number;
	return 0;
}

int redis_parse_url(struct redis *redis, struct slice url, struct err *err)
{
	static const char scheme[] = "redis://";
	struct slice rest = url;
	char login[400];
	struct err ignored;

	if (url.len <= strlen(scheme) || memcmp(url.bytes, scheme, strlen(scheme)) != 0)
		return bad_url(err);
	rest = slice_of(url.bytes + strlen(scheme), url.len - strlen(scheme));
	if (cut(&rest, '@', login, sizeof(login))) {
		struct slice word = slice_text(login);

		if (!cut(&word, ':', redis->user, sizeof(redis->user)))
			return bad_url(err);
		snprintf(redis->password, sizeof(redis->password), "%.*s", SLICE_ARGS(word));
	}
	return parse_place(redis, rest, &ignored) < 0 ? bad_url(err) : 0;
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
	redis_word(command,
		   slice_text(arena_printf(command->arena, "%lld", (long long)number)));
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
		freeReplyObject(reply);
	} else {
		return reply;
	}
	redis->why = *err;
	disconnect(redis);
	return NULL;
}
