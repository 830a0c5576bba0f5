/* redis_facts.c - see redis_facts.h; INFO and TIME. */
#include "redis_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/process/clock.h"
#include "redis_info.h"

/* The reply is the caller's. */
static redisReply *ask(struct redis *redis, const char *word, struct err *err)
{
	struct arena scratch = {0};
	struct redis_command command = redis_command(&scratch, 1);
	redisReply *reply;

	redis_word(&command, slice_text(word));
	redis_append(redis, &command);
	reply = redis_reply(redis, err);
	arena_free(&scratch);
	return reply;
}

static void copy(struct slice from, char *to, size_t size)
{
	snprintf(to, size, "%.*s", SLICE_ARGS(from));
}

static int64_t number(const redisReply *info, const char *name)
{
	return strtoll((const char *)redis_info_field(info, name).bytes, NULL, 10);
}

/* "db0:keys=12,expires=3,...", one line for each database that has any. */
static int64_t keys_of(const redisReply *info, int database)
{
	char name[16];
	struct slice said;

	snprintf(name, sizeof(name), "db%d", database);
	said = redis_info_field(info, name);
	return said.len > 5 && memcmp(said.bytes, "keys=", 5) == 0
		   ? strtoll((const char *)said.bytes + 5, NULL, 10)
		   : 0;
}

static void take_info(const redisReply *info, int database, struct redis_facts *ret)
{
	ret->has_info = true;
	copy(redis_info_field(info, "redis_version"), ret->version, sizeof(ret->version));
	copy(redis_info_field(info, "maxmemory_policy"), ret->policy, sizeof(ret->policy));
	copy(redis_info_field(info, "role"), ret->role, sizeof(ret->role));
	ret->is_cluster = slice_is(redis_info_field(info, "cluster_enabled"), "1");
	ret->saving_failed = slice_is(redis_info_field(info, "rdb_last_bgsave_status"), "err") ||
			     slice_is(redis_info_field(info, "aof_last_write_status"), "err");
	ret->used_bytes = number(info, "used_memory");
	ret->max_bytes = number(info, "maxmemory");
	ret->evicted_keys = number(info, "evicted_keys");
	ret->keys = keys_of(info, database);
}

/* Two texts: seconds, and the microseconds behind them. */
static void take_time(const redisReply *time, int64_t began_ms, struct redis_facts *ret)
{
	int64_t theirs_ms, ours_ms = began_ms + (clock_wall_ms() - began_ms) / 2;

	if (time->type != REDIS_REPLY_ARRAY || time->elements != 2)
		return;
	theirs_ms = strtoll(time->element[0]->str, NULL, 10) * 1000 +
		    strtoll(time->element[1]->str, NULL, 10) / 1000;
	ret->has_time = true;
	ret->ahead_ms = theirs_ms - ours_ms;
}

int redis_facts_read(struct redis *redis, struct redis_facts *ret, struct err *err)
{
	redisReply *reply;
	struct err why;
	int64_t began_ms;

	*ret = (struct redis_facts){0};
	if (redis_connect(redis, err) < 0)
		return -1;
	reply = ask(redis, "INFO", &why);
	if (reply)
		take_info(reply, redis->place.database, ret);
	else
		snprintf(ret->why, sizeof(ret->why), "%.*s", (int)sizeof(ret->why) - 1, why.text);
	if (!reply && !redis->was_denied) {
		*err = why;
		return -1;
	}
	freeReplyObject(reply);
	/* A refusal closes the connection: the next question makes another one. */
	if (redis_connect(redis, err) < 0)
		return -1;
	began_ms = clock_wall_ms();
	reply = ask(redis, "TIME", &why);
	if (reply)
		take_time(reply, began_ms, ret);
	freeReplyObject(reply);
	return 0;
}
