/* rate_limit.c - see rate_limit.h. */
#include "rate_limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "redis_scripts.h"
#include "redis_servers.h"

enum { REST_MS = 5000 };

enum { SCRIPT_TAKE, SCRIPT_COUNT };
static const char *const scripts[SCRIPT_COUNT] = {[SCRIPT_TAKE] = LUA_RATE_LIMIT};

struct rate_limit {
	struct redis_servers servers;
	int64_t rests_until_ms[REDIS_SERVERS_MAX]; /* after a failure */
	const char *prefix;
	struct arena scratch;
};

int rate_limit_open(struct rate_limit **ret, const char *urls, const char *prefix, struct err *err)
{
	struct rate_limit *limit = calloc(1, sizeof(*limit));

	if (!limit)
		abort();
	limit->prefix = prefix;
	if (redis_servers_read(&limit->servers, urls, scripts, SCRIPT_COUNT, err) < 0) {
		free(limit);
		return -1;
	}
	*ret = limit;
	return 0;
}

void rate_limit_close(struct rate_limit **limit)
{
	if (!*limit)
		return;
	redis_servers_close(&(*limit)->servers);
	arena_free(&(*limit)->scratch);
	free(*limit);
	*limit = NULL;
}

static int ask(struct rate_limit *limit, struct redis *redis, const char *name,
	       const struct rate *rate, struct rate_verdict *ret, struct err *err)
{
	struct redis_command command;
	redisReply *reply;
	int r = -1;

	if (redis_connect(redis, err) < 0)
		return -1;
	command = redis_command(&limit->scratch, 7);
	redis_word(&command, slice_text("EVALSHA"));
	redis_word(&command, slice_text(redis->shas[SCRIPT_TAKE]));
	redis_word(&command, slice_text("1"));
	redis_word(&command, slice_text(arena_printf(&limit->scratch, "%s{mail-rate:%s}",
						     limit->prefix, name)));
	redis_number(&command, rate->interval_us);
	redis_number(&command, rate->tolerance_us);
	redis_number(&command, rate->day_limit);
	redis_append(redis, &command);
	reply = redis_reply(redis, err);
	if (!reply)
		return -1;
	if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 && reply->element[1]->str) {
		ret->word = (enum rate_word)reply->element[0]->integer;
		ret->wait_us = strtoll(reply->element[1]->str, NULL, 10);
		r = 0;
	} else {
		err_environment(err, "redis: an answer that is none of the script's");
	}
	freeReplyObject(reply);
	return r;
}

int rate_limit_take(struct rate_limit *limit, const char *name, const struct rate *rate,
		    struct rate_verdict *ret, struct err *err)
{
	unsigned place = redis_servers_place(&limit->servers, hash64(slice_text(name)));
	int64_t now_ms = clock_monotonic_ms();

	if (now_ms < limit->rests_until_ms[place])
		return err_environment(err, "redis did not answer some seconds ago");
	arena_reset(&limit->scratch);
	if (ask(limit, &limit->servers.list[place], name, rate, ret, err) == 0)
		return 0;
	redis_close(&limit->servers.list[place]);
	limit->rests_until_ms[place] = clock_monotonic_ms() + REST_MS;
	return -1;
}
