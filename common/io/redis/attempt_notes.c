/* attempt_notes.c - see attempt_notes.h. */
#include "attempt_notes.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempts_internal.h"
#include "redis_scripts.h"
#include "redis_servers.h"
#include "redis_writes.h"

enum { GROUP_MAX = 1000 }; /* notes in one go; a script's unpack() takes some thousands */

static const char *const scripts[] = {LUA_ATTEMPT_NOTES_WRITE};

enum note_kind { NOTE_BEGIN, NOTE_FINISH, NOTE_FORGET };

struct attempt_note {
	struct attempt_note *next;
	struct attempt_begin *begin; /* whose answer it is; only of a NOTE_BEGIN */
	enum note_kind kind;
	bool is_taken; /* being written */
	bool is_void;  /* forgotten by a note behind it, before it was written */
	int32_t partition;
	uint64_t owner;
	char id[ATTEMPT_ID_BYTES];
	size_t result_len;
	uint8_t result[];
};

struct attempt_queue {
	struct attempt_note *first, **last;
};

/* The notes of one partition and owner; those of a server are one command. */
struct group {
	struct group *next;
	struct attempt_queue notes;
	struct redis *redis;
	int answer;
	struct err why;
};

struct attempt_notes {
	const char *prefix, *service;
	pthread_mutex_t lock; /* of the following */
	struct attempt_queue queue;
	size_t urgent; /* notes in it that are not only a forget */
	bool is_writing;
	unsigned long number; /* of the newest write */
	/*
	 * By whether that number is even: who waits for this write, and who waits for the next
	 * one.  So nobody is woken for another's sake, but for the one who is to write next.
	 */
	pthread_cond_t written[2];

	/* of the thread that writes */
	struct redis_servers servers;
	struct arena scratch;
};

static void push(struct attempt_queue *queue, struct attempt_note *note)
{
	note->next = NULL;
	*queue->last = note;
	queue->last = &note->next;
}

static struct attempt_note *pop(struct attempt_queue *queue)
{
	struct attempt_note *note = queue->first;

	if (note) {
		queue->first = note->next;
		if (!note->next)
			queue->last = &queue->first;
	}
	return note;
}

int attempt_notes_open(struct attempt_notes **ret, const char *urls, const char *prefix,
		       const char *service, struct err *err)
{
	struct attempt_notes *notes = calloc(1, sizeof(*notes));

	if (!notes)
		abort();
	notes->prefix = prefix;
	notes->service = service;
	notes->queue.last = &notes->queue.first;
	if (redis_servers_read(&notes->servers, urls, scripts, sizeof(scripts) / sizeof(*scripts),
			       err) < 0) {
		free(notes);
		return -1;
	}
	pthread_mutex_init(&notes->lock, NULL);
	for (int i = 0; i < 2; i++)
		pthread_cond_init(&notes->written[i], NULL);
	*ret = notes;
	return 0;
}

static struct attempt_note *new_note(enum note_kind kind, int32_t partition, uint64_t owner,
				     const char *id, struct slice result)
{
	struct attempt_note *note = malloc(sizeof(*note) + result.len);

	if (!note)
		abort();
	*note = (struct attempt_note){
	    .kind = kind, .partition = partition, .owner = owner, .result_len = result.len};
	snprintf(note->id, sizeof(note->id), "%s", id);
	if (result.len)
		memcpy(note->result, result.bytes, result.len);
	return note;
}

static void add(struct attempt_notes *notes, struct attempt_note *note)
{
	pthread_mutex_lock(&notes->lock);
	push(&notes->queue, note);
	notes->urgent += note->kind != NOTE_FORGET;
	pthread_mutex_unlock(&notes->lock);
}

void attempt_notes_begin(struct attempt_notes *notes, struct attempt_begin *begin,
			 int32_t partition, uint64_t owner, const char *id)
{
	begin->note = new_note(NOTE_BEGIN, partition, owner, id, slice_of(NULL, 0));
	begin->note->begin = begin;
	add(notes, begin->note);
}

void attempt_notes_finish(struct attempt_notes *notes, int32_t partition, uint64_t owner,
			  const char *id, struct slice result)
{
	add(notes, new_note(NOTE_FINISH, partition, owner, id, result));
}

void attempt_notes_forget(struct attempt_notes *notes, int32_t partition, uint64_t owner,
			  const char *id)
{
	add(notes, new_note(NOTE_FORGET, partition, owner, id, slice_of(NULL, 0)));
}

static struct group *group_of(struct attempt_notes *notes, struct group **groups,
			      const struct attempt_note *note)
{
	struct group **at = groups;

	for (; *at; at = &(*at)->next)
		if ((*at)->notes.first->partition == note->partition &&
		    (*at)->notes.first->owner == note->owner)
			return *at;
	*at = arena_zalloc(&notes->scratch, sizeof(**at));
	(*at)->notes.last = &(*at)->notes.first;
	(*at)->redis = redis_server_of(&notes->servers, note->partition);
	return *at;
}

/* What is forgotten in the same command was begun or finished before it: nothing stays of it. */
static void void_forgotten(struct attempt_queue *queue, const struct attempt_note *forget)
{
	for (struct attempt_note *note = queue->first; note != forget; note = note->next)
		if (note->kind != NOTE_FORGET && strcmp(note->id, forget->id) == 0)
			note->is_void = true;
}

/* One key's share of the arguments. */
static void add_words(struct redis_command *command, const struct group *group)
{
	int64_t forgets = 0, words = 0;

	for (const struct attempt_note *note = group->notes.first; note; note = note->next) {
		forgets += note->kind == NOTE_FORGET;
		words += note->kind == NOTE_FORGET || note->is_void ? 0 : 2;
	}
	redis_word(command, attempts_owner_text(command->arena, group->notes.first->owner));
	redis_number(command, forgets);
	redis_number(command, words);
	for (const struct attempt_note *note = group->notes.first; note; note = note->next)
		if (note->kind == NOTE_FORGET)
			redis_word(command, slice_text(note->id));
	for (const struct attempt_note *note = group->notes.first; note; note = note->next) {
		if (note->kind == NOTE_FORGET || note->is_void)
			continue;
		redis_word(command, slice_text(note->id));
		redis_word(command, slice_of(note->result, note->result_len));
	}
}

/* All groups of a server, as one command. */
static void append(struct attempt_notes *notes, const struct group *groups, struct redis *redis)
{
	struct redis_command command = redis_command(&notes->scratch, 3 + 6 * GROUP_MAX);
	int64_t keys = 0;

	for (const struct group *group = groups; group; group = group->next)
		keys += group->redis == redis;
	redis_word(&command, slice_text("EVALSHA"));
	redis_word(&command, slice_text(redis->shas[0]));
	redis_number(&command, keys);
	for (const struct group *group = groups; group; group = group->next)
		if (group->redis == redis)
			redis_word(&command,
				   attempts_key(&notes->scratch, notes->prefix, notes->service,
						group->notes.first->partition));
	for (const struct group *group = groups; group; group = group->next)
		if (group->redis == redis)
			add_words(&command, group);
	redis_append(redis, &command);
}

/* Each group of the server gets its answer. */
static void take_answers(struct group *groups, struct redis *redis)
{
	struct err why;
	redisReply *reply = redis_reply(redis, &why);
	size_t at = 0;

	for (struct group *group = groups; group; group = group->next) {
		if (group->redis != redis)
			continue;
		group->answer = -1;
		if (!reply)
			group->why = why;
		else if (at < reply->elements)
			group->answer = reply->element[at++]->integer == 1;
		if (group->answer == 1)
			redis_writes_taken(redis->place.host, redis->place.port);
	}
	if (reply)
		freeReplyObject(reply);
	else
		redis_close(redis);
}

static void fail(struct group *groups, const struct redis *redis, const struct err *why)
{
	for (struct group *group = groups; group; group = group->next) {
		if (group->redis != redis)
			continue;
		group->answer = -1;
		group->why = *why;
	}
}

/* Without the lock: writes the groups, each gets its answer.  All servers are asked at once. */
static void write_groups(struct attempt_notes *notes, struct group *groups)
{
	bool is_asked[REDIS_SERVERS_MAX] = {false};
	struct err why;

	for (struct group *group = groups; group; group = group->next) {
		struct redis *redis = group->redis;

		for (struct attempt_note *note = group->notes.first; note; note = note->next)
			if (note->kind == NOTE_FORGET)
				void_forgotten(&group->notes, note);
		is_asked[redis - notes->servers.list] = true;
	}
	for (unsigned i = 0; i < notes->servers.count; i++) {
		struct redis *redis = &notes->servers.list[i];

		if (!is_asked[i])
			continue;
		/* Connected first, since the script's name is known only then. */
		is_asked[i] = redis_connect(redis, &why) == 0;
		if (!is_asked[i]) {
			fail(groups, redis, &why);
			continue;
		}
		append(notes, groups, redis);
		/* To each server, before the first answer is waited for. */
		redis_send(redis);
	}
	for (unsigned i = 0; i < notes->servers.count; i++)
		if (is_asked[i])
			take_answers(groups, &notes->servers.list[i]);
}

/* With the lock held: the answers go to who waits for them, the notes are over. */
static void hand_out(struct group *groups)
{
	for (struct group *group = groups; group; group = group->next) {
		struct attempt_note *note;

		while ((note = pop(&group->notes))) {
			if (note->begin) {
				note->begin->answer = group->answer;
				note->begin->why = group->why;
				note->begin->note = NULL;
			}
			free(note);
		}
	}
}

/* With the lock held: who writes now has the notes that are in the queue. */
static struct group *take_queue(struct attempt_notes *notes)
{
	struct group *groups = NULL;
	struct attempt_note *note;

	notes->number++;
	arena_reset(&notes->scratch);
	for (int i = 0; i < GROUP_MAX && (note = pop(&notes->queue)); i++) {
		notes->urgent -= note->kind != NOTE_FORGET;
		note->is_taken = true;
		push(&group_of(notes, &groups, note)->notes, note);
	}
	return groups;
}

/*
 * With the lock held, which is given up meanwhile: writes what is in the queue.  Where processors
 * are what is short, other threads are let go first, since they may have something to note: a
 * command costs far more than a note.
 */
static void write_queue(struct attempt_notes *notes)
{
	struct group *groups;
	unsigned long number;

	notes->is_writing = true;
	pthread_mutex_unlock(&notes->lock);
	sched_yield();
	pthread_mutex_lock(&notes->lock);
	groups = take_queue(notes);
	number = notes->number;
	pthread_mutex_unlock(&notes->lock);
	write_groups(notes, groups);
	pthread_mutex_lock(&notes->lock);
	hand_out(groups);
	notes->is_writing = false;
	pthread_mutex_unlock(&notes->lock);
	pthread_cond_broadcast(&notes->written[number % 2]);
	pthread_cond_signal(&notes->written[(number + 1) % 2]);
	pthread_mutex_lock(&notes->lock);
}

/* With the lock held: writes, or waits until this write is over or the next one can begin. */
static void write_or_wait(struct attempt_notes *notes, bool is_taken)
{
	unsigned long number = notes->number + !is_taken;

	if (notes->is_writing)
		pthread_cond_wait(&notes->written[number % 2], &notes->lock);
	else
		write_queue(notes);
}

int attempt_notes_wait(struct attempt_notes *notes, struct attempt_begin *begin, struct err *err)
{
	pthread_mutex_lock(&notes->lock);
	while (begin->note)
		write_or_wait(notes, begin->note->is_taken);
	pthread_mutex_unlock(&notes->lock);
	if (begin->answer < 0)
		*err = begin->why;
	return begin->answer;
}

void attempt_notes_flush(struct attempt_notes *notes)
{
	unsigned long until;

	pthread_mutex_lock(&notes->lock);
	/* Who writes now may have begun before: what came since goes with the next write. */
	until = notes->number + 1;
	while (notes->urgent && notes->number < until)
		write_or_wait(notes, false);
	pthread_mutex_unlock(&notes->lock);
}

void attempt_notes_close(struct attempt_notes **notes)
{
	struct attempt_notes *n = *notes;

	if (!n)
		return;
	pthread_mutex_lock(&n->lock);
	while (n->queue.first)
		write_queue(n);
	pthread_mutex_unlock(&n->lock);
	redis_servers_close(&n->servers);
	arena_free(&n->scratch);
	pthread_mutex_destroy(&n->lock);
	for (int i = 0; i < 2; i++)
		pthread_cond_destroy(&n->written[i]);
	free(n);
	*notes = NULL;
}
