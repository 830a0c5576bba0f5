/*
 * index_rewrite.c - what a person was leaves the append-only file as well.
 *
 * One key says when a rewrite was begun last, by the server's own clock.
 * Whoever finds it younger than the own wish waits for its end and needs none
 * when that was good; whoever finds it older, but not old enough, waits.  The
 * wish ends with a rewrite that succeeded, not with one that was begun.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "index_internal.h"

enum { LOOK_AGAIN_MS = 5000 };

void index_forget(struct index *index)
{
	for (unsigned i = 0; i < index->server_count; i++) {
		index->rewrites[i].wanted = true;
		index->rewrites[i].is_begun = false;
		index->rewrites[i].since_ms = 0;
		index->rewrites[i].look_ms = 0;
	}
}

/* One command and its answer, freed by the caller; NULL: failed. */
static redisReply *ask(struct index *index, unsigned server, const char *const *words, size_t count,
		       struct err *err)
{
	struct redis_command command = redis_command(&index->scratch, count);
	redisReply *reply;

	for (size_t i = 0; i < count; i++)
		redis_word(&command, slice_text(words[i]));
	redis_append(&index->servers[server], &command);
	reply = redis_reply(&index->servers[server], err);
	arena_reset(&index->scratch);
	return reply;
}

static int read_time(struct index *index, unsigned server, int64_t *ret_ms, struct err *err)
{
	redisReply *reply = ask(index, server, (const char *const[]){"TIME"}, 1, err);

	if (!reply)
		return -1;
	*ret_ms = reply->type == REDIS_REPLY_ARRAY && reply->elements == 2
			  ? strtoll(reply->element[0]->str, NULL, 10) * 1000 +
				    strtoll(reply->element[1]->str, NULL, 10) / 1000
			  : 0;
	freeReplyObject(reply);
	return 0;
}

/* When somebody of us began one last; 0: not lately. */
static int read_begun(struct index *index, unsigned server, const char *key, int64_t *ret_ms,
		      struct err *err)
{
	redisReply *reply = ask(index, server, (const char *const[]){"GET", key}, 2, err);

	if (!reply)
		return -1;
	*ret_ms = reply->type == REDIS_REPLY_STRING ? strtoll(reply->str, NULL, 10) : 0;
	freeReplyObject(reply);
	return 0;
}

struct file_state {
	bool is_there, is_busy; /* being written anew, or about to be */
	bool has_failed;	/* the last rewrite that ended */
};

static int read_state(struct index *index, unsigned server, struct file_state *ret,
		      struct err *err)
{
	redisReply *reply = ask(index, server, (const char *const[]){"INFO", "persistence"}, 2, err);
	const char *text;

	if (!reply)
		return -1;
	text = reply->str ? reply->str : "";
	ret->is_there = strstr(text, "aof_enabled:1");
	ret->is_busy = strstr(text, "aof_rewrite_in_progress:1") ||
		       strstr(text, "aof_rewrite_scheduled:1");
	ret->has_failed = strstr(text, "aof_last_bgrewrite_status:err");
	freeReplyObject(reply);
	return 0;
}

/*
 * The key is written last: what was not begun must not look as if it were.  Of those who come at
 * the same time the server itself takes one only, and the others look again.
 */
static int begin(struct index *index, unsigned server, const char *key, int64_t now_ms,
		 struct err *err)
{
	char now[24], pause[24];
	redisReply *reply = ask(index, server, (const char *const[]){"BGREWRITEAOF"}, 1, err);

	if (!reply)
		return -1;
	freeReplyObject(reply);
	index->rewrites[server].is_begun = true;
	snprintf(now, sizeof(now), "%lld", (long long)now_ms);
	snprintf(pause, sizeof(pause), "%d", (int)INDEX_REWRITE_PAUSE_MS);
	reply = ask(index, server, (const char *const[]){"SET", key, now, "PX", pause}, 5, err);
	if (!reply)
		return -1;
	freeReplyObject(reply);
	return 0;
}

static int look(struct index *index, unsigned server, struct err *err)
{
	int64_t now_ms, begun_ms, *since_ms = &index->rewrites[server].since_ms;
	bool *is_begun = &index->rewrites[server].is_begun;
	struct file_state file;
	char key[300];

	snprintf(key, sizeof(key), "%saof_rewrite_begun", index->prefix);
	if (read_time(index, server, &now_ms, err) < 0 ||
	    read_state(index, server, &file, err) < 0 ||
	    read_begun(index, server, key, &begun_ms, err) < 0)
		return -1;
	if (*since_ms == 0)
		*since_ms = now_ms;
	if (begun_ms > *since_ms)
		*is_begun = true;
	if (!file.is_there || (*is_begun && !file.is_busy && !file.has_failed)) {
		index->rewrites[server].wanted = false;
		return 0;
	}
	if (file.is_busy)
		return 0;
	*is_begun = false; /* it came to nothing: once more, after the pause */
	return begun_ms ? 0 : begin(index, server, key, now_ms, err);
}

int index_rewrite(struct index *index, struct err *err)
{
	int64_t mono_ms = clock_monotonic_ms();

	for (unsigned i = 0; i < index->server_count; i++) {
		if (!index->rewrites[i].wanted || mono_ms < index->rewrites[i].look_ms)
			continue;
		index->rewrites[i].look_ms = mono_ms + LOOK_AGAIN_MS;
		if (look(index, i, err) < 0)
			return -1;
	}
	return 0;
}
