/* index_write.c - the half of index.h that writes: always a compare-and-set on the checkpoint. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "index_internal.h"
#include "redis_writes.h"

static struct slice value_of(struct arena *arena, const struct index_change *change)
{
	uint8_t *bytes = arena_alloc(arena, INDEX_DUE_BYTES + change->state.len);
	uint64_t due = (uint64_t)change->due_ms;

	for (int i = 0; i < INDEX_DUE_BYTES; i++, due >>= 8)
		bytes[i] = (uint8_t)due;
	memcpy(bytes + INDEX_DUE_BYTES, change->state.bytes, change->state.len);
	return slice_of(bytes, INDEX_DUE_BYTES + change->state.len);
}

enum list { LIST_SET, LIST_REMOVE, LIST_DUE, LIST_UNDUE, LIST_COUNT };

static bool belongs(const struct index_change *change, enum list list)
{
	switch (list) {
	case LIST_SET:
		return change->state.len > 0;
	case LIST_REMOVE:
		return change->state.len == 0;
	case LIST_DUE:
		return change->due_changed && change->state.len > 0 && change->due_ms != NEVER_MS;
	case LIST_UNDUE:
		return change->due_changed &&
		       (change->state.len == 0 || change->due_ms == NEVER_MS);
	case LIST_COUNT:
		break;
	}
	abort();
}

static void add_list(struct redis_command *command, const struct index_change *changes,
		     size_t count, enum list list)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += belongs(&changes[i], list);
	redis_number(command, (int64_t)n);
	for (size_t i = 0; i < count; i++) {
		if (!belongs(&changes[i], list))
			continue;
		if (list == LIST_DUE)
			redis_number(command, changes[i].due_ms);
		redis_word(command, changes[i].customer);
		if (list == LIST_SET)
			redis_word(command, value_of(command->arena, &changes[i]));
	}
}

void index_ask_write(struct index *index, int32_t partition, const char *expected, const char *next,
		     const struct index_change *changes, size_t count, bool forgets)
{
	struct redis_command command = index_script(index, partition, INDEX_WRITE, 7 + 4 * count);

	redis_word(&command, slice_text(expected));
	redis_word(&command, slice_text(next));
	redis_number(&command, forgets);
	if (forgets) /* then there is something to see to */
		index->rewrites[redis_servers_place(&index->servers, (uint32_t)partition)].look_ms =
		    0;
	for (int list = 0; list < LIST_COUNT; list++)
		add_list(&command, changes, count, (enum list)list);
	redis_append(redis_server_of(&index->servers, partition), &command);
}

static void note_write(struct index *index, int32_t partition, int written)
{
	const struct redis *redis = redis_server_of(&index->servers, partition);

	if (written == 1)
		redis_writes_taken(redis->place.host, redis->place.port);
}

int index_take_write(struct index *index, int32_t partition, int64_t *ret_next_due_ms,
		     struct err *err)
{
	redisReply *reply = index_take_array(index, partition, err);
	int written;

	if (!reply)
		return -1;
	written = reply->elements == 2 && reply->element[0]->integer == 1;
	*ret_next_due_ms = NEVER_MS;
	if (written && reply->element[1]->len > 0)
		*ret_next_due_ms = strtoll(reply->element[1]->str, NULL, 10);
	freeReplyObject(reply);
	note_write(index, partition, written);
	return written;
}

int index_claim(struct index *index, int32_t partition, const char *expected, const char *token,
		bool clear, struct err *err)
{
	struct redis_command command = index_script(index, partition, INDEX_CLAIM, 3);
	redisReply *reply;
	int claimed;

	redis_word(&command, slice_text(expected));
	redis_word(&command, slice_text(token));
	redis_number(&command, clear);
	redis_append(redis_server_of(&index->servers, partition), &command);
	if (!(reply = index_take_array(index, partition, err)))
		return -1;
	claimed = reply->elements == 2 && reply->element[0]->integer == 1;
	freeReplyObject(reply);
	note_write(index, partition, claimed);
	return claimed;
}
