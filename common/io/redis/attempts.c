/* attempts.c - see attempts.h. */
#include "attempts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/base/civil.h"
#include "attempts_internal.h"
#include "redis_info.h"
#include "redis_scripts.h"
#include "redis_servers.h"

enum { RUN_BYTES = 48, KEPT_S = 7 * DAY_S };
enum { SCRIPT_CONFIRM, SCRIPT_TAKE_OVER };
static const char NOBODY[] = "nobody"; /* as attempts_confirm.lua has it */

static const char *const scripts[] = {
    [SCRIPT_CONFIRM] = LUA_ATTEMPTS_CONFIRM, [SCRIPT_TAKE_OVER] = LUA_ATTEMPTS_TAKE_OVER};

struct attempts {
	struct redis_servers servers;
	/* Of the connection's server; "" when not asked yet. */
	char runs[REDIS_SERVERS_MAX][RUN_BYTES];
	const char *prefix, *service;
	struct arena scratch;
};

static char *run_at(struct attempts *attempts, int32_t partition)
{
	return attempts->runs[redis_servers_place(&attempts->servers, (uint32_t)partition)];
}

int attempts_open(struct attempts **ret, const char *urls, const char *prefix, const char *service,
		  struct err *err)
{
	struct attempts *attempts = calloc(1, sizeof(*attempts));

	if (!attempts)
		abort();
	attempts->prefix = prefix;
	attempts->service = service;
	if (redis_servers_read(&attempts->servers, urls, scripts,
			       sizeof(scripts) / sizeof(*scripts), err) < 0) {
		free(attempts);
		return -1;
	}
	*ret = attempts;
	return 0;
}

void attempts_close(struct attempts **attempts)
{
	if (!*attempts)
		return;
	redis_servers_close(&(*attempts)->servers);
	arena_free(&(*attempts)->scratch);
	free(*attempts);
	*attempts = NULL;
}

/* The answer to the command just appended. */
static redisReply *answer(struct redis *redis, struct err *err)
{
	redisReply *reply = redis_reply(redis, err);

	if (!reply)
		redis_close(redis);
	return reply;
}

/*
 * Where INFO may not be asked each connection counts as another run: then what an earlier one has
 * noted may have been lost with a restart, and is doubted.
 */
static int unknown_run(char run[RUN_BYTES], struct err *err)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return err_environment(err, "getrandom: %s", strerror(errno));
	snprintf(run, RUN_BYTES, "unknown-%016" PRIx64, random);
	return 0;
}

/* The run id of the server, which is another one after each restart. */
static int run_of(struct attempts *attempts, struct redis *redis, char run[RUN_BYTES],
		  struct err *err)
{
	struct redis_command command = redis_command(&attempts->scratch, 2);
	redisReply *reply;
	struct slice said;
	bool was_denied;

	redis_word(&command, slice_text("INFO"));
	redis_word(&command, slice_text("server"));
	redis_append(redis, &command);
	reply = answer(redis, err);
	was_denied = !reply && redis->was_denied;
	/* An error has closed the connection. */
	if (was_denied)
		return unknown_run(run, err) < 0 ? -1 : redis_connect(redis, err);
	if (!reply)
		return -1;
	said = redis_info_field(reply, "run_id");
	snprintf(run, RUN_BYTES, "%.*s", SLICE_ARGS(said));
	freeReplyObject(reply);
	return *run ? 0 : unknown_run(run, err);
}

/* The run of the server that we are connected to: a restart ends the connection. */
static int connect_to(struct attempts *attempts, int32_t partition, struct err *err)
{
	struct redis *redis = redis_server_of(&attempts->servers, partition);
	char *run = run_at(attempts, partition);

	if (redis->context)
		return 0;
	run[0] = '\0';
	return redis_connect(redis, err) < 0 ? -1 : run_of(attempts, redis, run, err);
}

static void begin_script(struct attempts *attempts, struct redis *redis, int32_t partition,
			 unsigned script, struct redis_command *ret)
{
	*ret = redis_command(&attempts->scratch, 8);
	redis_word(ret, slice_text("EVALSHA"));
	redis_word(ret, slice_text(redis->shas[script]));
	redis_word(ret, slice_text("1"));
	redis_word(
	    ret, attempts_key(&attempts->scratch, attempts->prefix, attempts->service, partition));
}

static struct slice whose_text(struct arena *arena, uint64_t other)
{
	if (!other)
		return slice_text("");
	return other == ATTEMPTS_NOBODY ? slice_text(NOBODY) : attempts_owner_text(arena, other);
}

int attempts_confirm(struct attempts *attempts, int32_t partition, uint64_t owner, uint64_t *other,
		     struct err *err)
{
	struct redis *redis = redis_server_of(&attempts->servers, partition);
	const char *run = run_at(attempts, partition);
	struct redis_command command;
	redisReply *reply;
	int said;

	arena_reset(&attempts->scratch);
	if (connect_to(attempts, partition, err) < 0)
		return -1;
	begin_script(attempts, redis, partition, SCRIPT_CONFIRM, &command);
	redis_word(&command, attempts_owner_text(&attempts->scratch, owner));
	redis_word(&command, slice_text(run));
	redis_word(&command, whose_text(&attempts->scratch, *other));
	redis_append(redis, &command);
	if (!(reply = answer(redis, err)))
		return -1;
	said = reply->type == REDIS_REPLY_INTEGER && reply->integer == 1;
	*other = 0;
	if (reply->type == REDIS_REPLY_STRING)
		*other = strcmp(reply->str, NOBODY) == 0 ? ATTEMPTS_NOBODY
							 : strtoull(reply->str, NULL, 16);
	freeReplyObject(reply);
	return said;
}

static struct slice copy(struct arena *arena, const redisReply *text)
{
	return slice_of(arena_copy(arena, text->str, (size_t)text->len), (size_t)text->len);
}

static bool is_attempt(struct slice field)
{
	return !slice_equal(field, slice_text("owner")) && !slice_equal(field, slice_text("run")) &&
	       !slice_equal(field, slice_text("before"));
}

/* One owner's hash, as fields and values in turn. */
static void read_left(const redisReply *owner, const redisReply *hash, struct arena *arena,
		      struct attempts_left *ret)
{
	*ret = (struct attempts_left){.owner = strtoull(owner->str, NULL, 16)};
	ret->attempts = arena_alloc(arena, (hash->elements / 2 + 1) * sizeof(*ret->attempts));
	for (size_t i = 0; i + 1 < hash->elements; i += 2) {
		struct slice field = copy(arena, hash->element[i]);

		if (is_attempt(field))
			ret->attempts[ret->count++] =
			    (struct attempt_left){field, copy(arena, hash->element[i + 1])};
	}
}

int attempts_take_over(struct attempts *attempts, int32_t partition, uint64_t owner,
		       struct arena *arena, struct attempts_left ret[ATTEMPTS_OWNERS_MAX],
		       struct err *err)
{
	const char *run = run_at(attempts, partition);
	struct redis *redis = redis_server_of(&attempts->servers, partition);
	struct redis_command command;
	redisReply *reply;
	int count = 0;

	arena_reset(&attempts->scratch);
	if (connect_to(attempts, partition, err) < 0)
		return -1;
	begin_script(attempts, redis, partition, SCRIPT_TAKE_OVER, &command);
	redis_word(&command, attempts_owner_text(&attempts->scratch, owner));
	redis_word(&command, slice_text(run));
	redis_number(&command, ATTEMPTS_OWNERS_MAX);
	redis_number(&command, KEPT_S);
	redis_append(redis, &command);
	if (!(reply = answer(redis, err)))
		return -1;
	for (size_t i = 0; i + 1 < reply->elements && count < ATTEMPTS_OWNERS_MAX; i += 2)
		read_left(reply->element[i], reply->element[i + 1], arena, &ret[count++]);
	freeReplyObject(reply);
	return count;
}
