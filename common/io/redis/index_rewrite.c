/*
 * index_rewrite.c - what a person was leaves the append-only file as well.
 *
 * All that has to be known stands in the server, so that whoever runs makes it
 * true, whoever wished it and ended since:
 *
 *	PREFIXaof_rewrite_wished	how many wishes there were
 *	PREFIXaof_rewrite_done		up to which of them a rewrite has answered
 *	PREFIXaof_rewrite_begun		"WISH RUN": the last that a rewrite was begun for
 *
 * A wish is counted inside the write that it is about.  The last key also says in
 * which run of the server the rewrite was begun, and goes when the next one may
 * begin.  A wish ends with a rewrite that was begun after it and has succeeded.
 * One that was under way when the server ended is none: after a restart the server
 * says of the last one that all is well, so its run is compared.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "index_internal.h"
#include "redis_info.h"

enum { LOOK_AGAIN_MS = 5000, LOOK_AROUND_MS = 60000, KEY_BYTES = 300 };

/* One command and its answer, freed by the caller; NULL: failed. */
static redisReply *ask(struct index *index, unsigned server, const char *const *words, size_t count,
		       struct err *err)
{
	struct redis_command command = redis_command(&index->scratch, count);
	redisReply *reply;

	for (size_t i = 0; i < count; i++)
		redis_word(&command, slice_text(words[i]));
	redis_append(&index->servers.list[server], &command);
	reply = redis_reply(&index->servers.list[server], err);
	arena_reset(&index->scratch);
	return reply;
}

static void name_key(const struct index *index, const char *name, char key[KEY_BYTES])
{
	snprintf(key, KEY_BYTES, "%saof_rewrite_%s", index->prefix, name);
}

/* The values of the three keys. */
struct wishes {
	int64_t wished, done;
	bool has_begun;
	struct index_begun begun; /* wish 0: nothing is said of it */
};

static const char *text_of(const redisReply *array, size_t at)
{
	return at < array->elements && array->element[at]->type == REDIS_REPLY_STRING
		   ? array->element[at]->str
		   : "";
}

static int read_wishes(struct index *index, unsigned server, struct wishes *ret, struct err *err)
{
	char wished[KEY_BYTES], done[KEY_BYTES], begun[KEY_BYTES];
	long long wish = 0;
	redisReply *reply;

	name_key(index, "wished", wished);
	name_key(index, "done", done);
	name_key(index, "begun", begun);
	reply = ask(index, server, (const char *const[]){"MGET", wished, done, begun}, 4, err);
	if (!reply)
		return -1;
	*ret = (struct wishes){.wished = strtoll(text_of(reply, 0), NULL, 10),
			       .done = strtoll(text_of(reply, 1), NULL, 10),
			       .has_begun = *text_of(reply, 2)};
	if (sscanf(text_of(reply, 2), "%lld %47s", &wish, ret->begun.run) == 2)
		ret->begun.wish = wish;
	freeReplyObject(reply);
	return 0;
}

struct file_state {
	bool is_there, is_busy; /* being written anew, or about to be */
	bool has_failed;        /* the last rewrite that ended */
	char run[INDEX_RUN_BYTES];
};

static int read_state(struct index *index, unsigned server, struct file_state *ret, struct err *err)
{
	redisReply *reply = ask(index, server, (const char *const[]){"INFO"}, 1, err);
	struct slice run;

	if (!reply)
		return -1;
	ret->is_there = slice_is(redis_info_field(reply, "aof_enabled"), "1");
	ret->is_busy = slice_is(redis_info_field(reply, "aof_rewrite_in_progress"), "1") ||
		       slice_is(redis_info_field(reply, "aof_rewrite_scheduled"), "1");
	ret->has_failed = slice_is(redis_info_field(reply, "aof_last_bgrewrite_status"), "err");
	run = redis_info_field(reply, "run_id");
	if (!run.len)
		run = slice_text("?");
	snprintf(ret->run, sizeof(ret->run), "%.*s", SLICE_ARGS(run));
	freeReplyObject(reply);
	return 0;
}

static int store(struct index *index, unsigned server, const char *const *words, size_t count,
		 struct err *err)
{
	redisReply *reply = ask(index, server, words, count, err);

	if (!reply)
		return -1;
	freeReplyObject(reply);
	return 0;
}

/*
 * Two instances that write the key at the same time may set it back: that costs another rewrite,
 * but no wish.
 */
static int end_wish(struct index *index, unsigned server, int64_t wish, struct err *err)
{
	char key[KEY_BYTES], number[24];

	name_key(index, "done", key);
	snprintf(number, sizeof(number), "%lld", (long long)wish);
	return store(index, server, (const char *const[]){"SET", key, number}, 3, err);
}

/*
 * The key is written last: what was not begun must not look as if it were.  Of those who come at
 * the same time the server itself takes one only, and the others look again.
 */
static int begin(struct index *index, unsigned server, int64_t wish, const char *run,
		 struct err *err)
{
	struct index_begun *begun = &index->rewrites[server].begun;
	char key[KEY_BYTES], value[24 + INDEX_RUN_BYTES], pause[24];

	if (store(index, server, (const char *const[]){"BGREWRITEAOF"}, 1, err) < 0)
		return -1;
	begun->wish = wish;
	snprintf(begun->run, sizeof(begun->run), "%s", run);
	name_key(index, "begun", key);
	snprintf(value, sizeof(value), "%lld %s", (long long)wish, run);
	snprintf(pause, sizeof(pause), "%d", INDEX_REWRITE_PAUSE_MS);
	return store(index, server, (const char *const[]){"SET", key, value, "PX", pause}, 5, err);
}

/*
 * Answers an open wish. The state of the file was asked after the keys were read, so a rewrite that
 * the keys tell of is in it.
 */
static int see_to(struct index *index, unsigned server, const struct wishes *wishes,
		  const struct file_state *file, struct err *err)
{
	struct index_begun *begun = &index->rewrites[server].begun;

	if (!file->is_there)
		return end_wish(index, server, wishes->wished, err);
	if (wishes->begun.wish > begun->wish)
		*begun = wishes->begun;
	if (file->is_busy)
		return 0;
	if (begun->wish > wishes->done && !file->has_failed && strcmp(begun->run, file->run) == 0) {
		if (end_wish(index, server, begun->wish, err) < 0)
			return -1;
		if (begun->wish >= wishes->wished)
			return 0;
	}
	/* The rewrite failed, or was for an earlier wish: another one is begun after the pause. */
	begun->wish = 0;
	return wishes->has_begun ? 0 : begin(index, server, wishes->wished, file->run, err);
}

/* A server that somebody else runs: its files are theirs, and nobody here can do more. */
static int leave_to_others(struct index *index, unsigned server, int64_t wish, struct err *err)
{
	log_event(LOG_LEVEL_WARN, "index_rewrite_not_allowed", "why", err->text, "meaning",
		  "what was erased leaves the server's files when it writes them anew by itself",
		  NULL);
	return end_wish(index, server, wish, err);
}

static int look(struct index *index, unsigned server, bool *ret_wished, struct err *err)
{
	struct file_state file;
	struct wishes wishes;

	*ret_wished = true;
	if (read_wishes(index, server, &wishes, err) < 0)
		return -1;
	*ret_wished = wishes.wished > wishes.done;
	if (!*ret_wished)
		return 0;
	if (read_state(index, server, &file, err) == 0 &&
	    see_to(index, server, &wishes, &file, err) == 0)
		return 0;
	return index->servers.list[server].was_denied
		   ? leave_to_others(index, server, wishes.wished, err)
		   : -1;
}

int index_rewrite(struct index *index, struct err *err)
{
	int64_t mono_ms = clock_monotonic_ms();
	bool is_wished;
	int r;

	for (unsigned i = 0; i < index->servers.count; i++) {
		if (mono_ms < index->rewrites[i].look_ms)
			continue;
		r = look(index, i, &is_wished, err);
		index->rewrites[i].look_ms = mono_ms + (is_wished ? LOOK_AGAIN_MS : LOOK_AROUND_MS);
		if (r < 0)
			return -1;
	}
	return 0;
}
