/* index.c - see index.h: which keys, and what is read. */
#include "index.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/io/process/log.h"
#include "index_internal.h"
#include "redis_info.h"
#include "redis_rights.h"
#include "redis_scripts.h"
#include "redis_trouble.h"

enum { STATES_PER_COMMAND = 1000, NAMES_PER_PAGE = 5000 };

static const char *const scripts[] = {[INDEX_WRITE] = LUA_INDEX_WRITE,
				      [INDEX_DUE] = LUA_INDEX_DUE,
				      [INDEX_CLAIM] = LUA_INDEX_CLAIM,
				      [INDEX_LIST] = LUA_INDEX_LIST,
				      [INDEX_RIGHTS] = LUA_REDIS_RIGHTS};

static struct slice key_of(struct index *index, int32_t partition, const char *what)
{
	return slice_text(arena_printf(&index->scratch, "%s{%s:%d}:%s", index->prefix,
				       index->service, (int)partition, what));
}

/* Without INFO nobody can see whether the server forgets: only its owner can vouch for that. */
static int check_vouched(const struct redis *redis, struct err *err)
{
	if (!redis->place.is_vouched)
		return err_config(
		    err,
		    "redis %s:%d: INFO may not be asked, so nobody can see whether it "
		    "forgets: allow +info, or vouch for it with "
		    "REDIS_MAXMEMORY_POLICY=noeviction",
		    redis->place.host, redis->place.port);
	log_event(LOG_LEVEL_WARN, "redis_policy_vouched", "server", redis->place.host, "meaning",
		  "that it never forgets is taken on trust", NULL);
	return 0;
}

/* Cap state must never be evicted: an evicted cap is a mail too many. */
static int check_eviction(struct index *index, struct redis *redis, struct err *err)
{
	struct redis_command command = redis_command(&index->scratch, 2);
	struct slice policy;
	redisReply *reply;
	int r;

	if (redis_connect(redis, err) < 0)
		return -1;
	redis_word(&command, slice_text("INFO"));
	redis_word(&command, slice_text("memory"));
	redis_append(redis, &command);
	reply = redis_reply(redis, err);
	if (!reply && redis->was_denied)
		return check_vouched(redis, err);
	if (!reply)
		return -1;
	policy = redis_info_field(reply, "maxmemory_policy");
	if (!policy.len)
		r = check_vouched(redis, err);
	else if (redis_policy_check(policy, index->service, err) < 0)
		r = err_prefix(err, "redis %s:%d", redis->place.host, redis->place.port);
	else
		r = 0;
	freeReplyObject(reply);
	return r;
}

int index_open(struct index **ret, const char *urls, const char *prefix, const char *service,
	       struct err *err)
{
	struct index *index = calloc(1, sizeof(*index));
	int r;

	if (!index)
		abort();
	index->prefix = prefix;
	index->service = service;
	r = redis_servers_read(&index->servers, urls, scripts, sizeof(scripts) / sizeof(*scripts),
			       err);
	if (r < 0)
		index_close(&index);
	*ret = index;
	return r;
}

int index_check_servers(struct index *index, struct err *err)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < index->servers.count; i++)
		r = check_eviction(index, &index->servers.list[i], err);
	return r;
}

/* The keys of the question are of one server at a time, and go with it. */
static int check_rights(struct index *index, struct redis *redis, struct err *err)
{
	const char *key =
	    arena_printf(&index->scratch, "%s{%s:rights}", index->prefix, index->service);
	bool is_sender = strcmp(index->service, "email-sender") == 0;
	struct redis_command command = redis_command(&index->scratch, 6);
	redisReply *reply;
	int r;

	if (redis_connect(redis, err) < 0)
		return -1;
	redis_word(&command, slice_text("EVALSHA"));
	redis_word(&command, slice_text(redis->shas[INDEX_RIGHTS]));
	redis_word(&command, slice_text("2"));
	redis_word(&command, slice_text(key));
	redis_word(&command, slice_text(arena_printf(&index->scratch, "%s:other", key)));
	redis_word(&command, slice_text(is_sender ? "1" : "0"));
	redis_append(redis, &command);
	reply = redis_reply(redis, err);
	if (!reply)
		return -1;
	r = redis_rights_read(reply, err);
	freeReplyObject(reply);
	return r < 0 ? err_prefix(err, "redis %s:%d", redis->place.host, redis->place.port) : 0;
}

int index_check_rights(struct index *index, struct err *err)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < index->servers.count; i++)
		r = check_rights(index, &index->servers.list[i], err);
	return r;
}

void index_close(struct index **index)
{
	if (!*index)
		return;
	redis_servers_close(&(*index)->servers);
	arena_free(&(*index)->scratch);
	free(*index);
	*index = NULL;
}

void index_reset(struct index *index)
{
	redis_servers_close(&index->servers);
	arena_reset(&index->scratch);
}

void index_send(struct index *index)
{
	for (unsigned i = 0; i < index->servers.count; i++)
		redis_send(&index->servers.list[i]);
}

struct redis_command index_script(struct index *index, int32_t partition, unsigned which,
				  size_t room)
{
	static const char *const keys[][4] = {[INDEX_WRITE] = {"leaves", "states", "mark"},
					      [INDEX_DUE] = {"leaves", "states"},
					      [INDEX_CLAIM] = {"leaves", "states", "mark", "due"},
					      [INDEX_LIST] = {"states", "mark"}};
	struct redis *redis = redis_server_of(&index->servers, partition);
	struct redis_command command = redis_command(&index->scratch, room + 8);
	unsigned count = 0;
	struct err err;

	while (count < sizeof(keys[which]) / sizeof(keys[which][0]) && keys[which][count])
		count++;
	/* The sha is known once connected; if that fails, redis_reply() tells. */
	(void)redis_connect(redis, &err);
	redis_word(&command, slice_text("EVALSHA"));
	redis_word(&command, slice_text(redis->shas[which]));
	redis_number(&command, count + (which == INDEX_WRITE));
	for (unsigned i = 0; i < count; i++)
		redis_word(&command, key_of(index, partition, keys[which][i]));
	if (which == INDEX_WRITE) /* of the whole server: index_rewrite.c */
		redis_word(&command, slice_text(arena_printf(
					 &index->scratch, "%saof_rewrite_wished", index->prefix)));
	return command;
}

void index_ask_states(struct index *index, int32_t partition, const struct slice *customers,
		      size_t count)
{
	for (size_t from = 0; from < count; from += STATES_PER_COMMAND) {
		size_t n = count - from < STATES_PER_COMMAND ? count - from : STATES_PER_COMMAND;
		struct redis_command command = redis_command(&index->scratch, n + 2);

		redis_word(&command, slice_text("HMGET"));
		redis_word(&command, key_of(index, partition, "states"));
		for (size_t i = 0; i < n; i++)
			redis_word(&command, customers[from + i]);
		redis_append(redis_server_of(&index->servers, partition), &command);
	}
}

/* The end of a range of entries: behind all that are due at until_ms. */
static struct slice until_bound(struct arena *arena, int64_t until_ms)
{
	char *bytes = arena_alloc(arena, 1 + INDEX_DUE_BYTES);

	if (until_ms == INT64_MAX)
		return slice_text("+");
	bytes[0] = '(';
	memcpy(bytes + 1, index_entry_time(arena, until_ms + 1).bytes, INDEX_DUE_BYTES);
	return slice_of(bytes, 1 + INDEX_DUE_BYTES);
}

void index_ask_due(struct index *index, int32_t partition, bool apart, int64_t from_ms,
		   int64_t until_ms, size_t limit)
{
	struct redis_command command = index_script(index, partition, INDEX_DUE, 3);

	if (from_ms < INDEX_FIRST_TIME)
		from_ms = INDEX_FIRST_TIME;
	if (apart && until_ms < INDEX_DUE_APART)
		until_ms = INDEX_DUE_APART;
	redis_word(&command, apart ? slice_text("") : index_entry_time(&index->scratch, from_ms));
	redis_word(&command, until_bound(&index->scratch, until_ms));
	redis_number(&command, (int64_t)limit);
	redis_append(redis_server_of(&index->servers, partition), &command);
}

void index_ask_checkpoint(struct index *index, int32_t partition)
{
	struct redis_command command = redis_command(&index->scratch, 2);

	redis_word(&command, slice_text("GET"));
	redis_word(&command, key_of(index, partition, "mark"));
	redis_append(redis_server_of(&index->servers, partition), &command);
}

/* A value of the hash: due and state. */
static void read_value(const redisReply *reply, struct arena *arena, struct index_state *ret)
{
	struct slice value = slice_of(NULL, 0);
	size_t due_len;

	if (reply->type == REDIS_REPLY_STRING)
		value = slice_of(reply->str, (size_t)reply->len);
	ret->state = slice_of(NULL, 0);
	ret->due_ms = NEVER_MS;
	due_len = index_due_read(value, &ret->due_ms);
	if (due_len == 0)
		return;
	ret->state = slice_of(arena_copy(arena, value.bytes + due_len, value.len - due_len),
			      value.len - due_len);
}

redisReply *index_take_array(struct index *index, int32_t partition, struct err *err)
{
	redisReply *reply = redis_reply(redis_server_of(&index->servers, partition), err);

	arena_reset(&index->scratch);
	if (reply && reply->type != REDIS_REPLY_ARRAY) {
		freeReplyObject(reply);
		err_environment(err, "redis: an answer of another type than expected");
		return NULL;
	}
	return reply;
}

int index_take_states(struct index *index, int32_t partition, size_t count, struct arena *arena,
		      struct index_state *ret, struct err *err)
{
	for (size_t from = 0; from < count; from += STATES_PER_COMMAND) {
		redisReply *reply = index_take_array(index, partition, err);

		if (!reply)
			return -1;
		for (size_t i = 0; i < reply->elements && from + i < count; i++)
			read_value(reply->element[i], arena, &ret[from + i]);
		freeReplyObject(reply);
	}
	return 0;
}

int index_take_due(struct index *index, int32_t partition, struct arena *arena,
		   struct index_state **ret, size_t *ret_count, struct err *err)
{
	redisReply *reply = index_take_array(index, partition, err);
	struct index_state *states;

	if (!reply)
		return -1;
	states = arena_alloc(arena, (reply->elements / 2 + 1) * sizeof(*states));
	for (size_t i = 0; i + 1 < reply->elements; i += 2) {
		const redisReply *who = reply->element[i];

		states[i / 2].customer =
		    slice_of(arena_copy(arena, who->str, (size_t)who->len), (size_t)who->len);
		read_value(reply->element[i + 1], arena, &states[i / 2]);
	}
	*ret = states;
	*ret_count = reply->elements / 2;
	freeReplyObject(reply);
	return 0;
}

int index_take_checkpoint(struct index *index, int32_t partition,
			  char checkpoint[INDEX_CHECKPOINT_BYTES], struct err *err)
{
	redisReply *reply = redis_reply(redis_server_of(&index->servers, partition), err);

	arena_reset(&index->scratch);
	if (!reply)
		return -1;
	index_mark_read(reply->type == REDIS_REPLY_STRING ? reply->str : "", checkpoint);
	freeReplyObject(reply);
	return 0;
}

static struct slice copy_of(struct arena *arena, const redisReply *reply)
{
	return slice_of(arena_copy(arena, reply->str, (size_t)reply->len), (size_t)reply->len);
}

int index_list(struct index *index, int32_t partition, char cursor[INDEX_CURSOR_BYTES],
	       struct arena *arena, struct slice **ret, size_t *ret_count,
	       char checkpoint[INDEX_CHECKPOINT_BYTES], struct err *err)
{
	struct redis_command command = index_script(index, partition, INDEX_LIST, 2);
	redisReply *reply, *names;

	redis_word(&command, slice_text(cursor));
	redis_number(&command, NAMES_PER_PAGE);
	redis_append(redis_server_of(&index->servers, partition), &command);
	if (!(reply = index_take_array(index, partition, err)))
		return -1;
	if (reply->elements != 3 || reply->element[0]->type != REDIS_REPLY_STRING ||
	    reply->element[1]->type != REDIS_REPLY_STRING ||
	    reply->element[2]->type != REDIS_REPLY_ARRAY) {
		freeReplyObject(reply);
		return err_environment(err, "redis: a page of names is not what was asked for");
	}
	snprintf(cursor, INDEX_CURSOR_BYTES, "%s", reply->element[0]->str);
	index_mark_read(reply->element[1]->str, checkpoint);
	names = reply->element[2];
	*ret_count = names->elements;
	*ret = arena_alloc(arena, (names->elements + 1) * sizeof(**ret));
	for (size_t i = 0; i < names->elements; i++)
		(*ret)[i] = copy_of(arena, names->element[i]);
	freeReplyObject(reply);
	return 0;
}
