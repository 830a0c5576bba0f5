/* index_write.c - the half of index.h that writes: always a compare-and-set on the checkpoint. */
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "index_internal.h"
#include "redis_writes.h"

static struct slice value_of(struct arena *arena, const struct index_change *change)
{
	uint8_t *bytes = arena_alloc(arena, INDEX_DUE_ROOM + change->state.len);
	size_t due_len = index_due_put(change->due_ms, bytes);

	memcpy(bytes + due_len, change->state.bytes, change->state.len);
	return slice_of(bytes, due_len + change->state.len);
}

/* Entries, or names, of the changes. */
struct words {
	struct slice *items;
	size_t count;
};

static int by_bytes(const void *a, const void *b)
{
	const struct slice *one = a, *other = b;
	size_t len = one->len < other->len ? one->len : other->len;
	int r = memcmp(one->bytes, other->bytes, len);

	return r ? r : (one->len > other->len) - (one->len < other->len);
}

static struct slice entry_of(struct arena *arena, struct slice customer, int64_t due_ms)
{
	uint8_t *bytes = arena_alloc(arena, INDEX_DUE_BYTES + customer.len);

	memcpy(bytes, index_entry_time(arena, due_ms).bytes, INDEX_DUE_BYTES);
	memcpy(bytes + INDEX_DUE_BYTES, customer.bytes, customer.len);
	return slice_of(bytes, INDEX_DUE_BYTES + customer.len);
}

/* What happens to entries, as the script wants it, and to states. */
enum list { LIST_OUT, LIST_UNKNOWN, LIST_IN, LIST_SET, LIST_GONE, LIST_COUNT };

/* The word of a change in one of the lists; len 0: it is not in it. */
static struct slice word_of(struct arena *arena, const struct index_change *change, enum list list)
{
	bool is_moved = change->was_ms != change->due_ms || change->state.len == 0;
	bool is_known = change->was_ms != INDEX_DUE_UNKNOWN;
	bool stays = change->state.len > 0;

	switch (list) {
	case LIST_OUT:
		if (is_moved && is_known && change->was_ms != NEVER_MS)
			return entry_of(arena, change->customer, change->was_ms);
		break;
	case LIST_UNKNOWN:
		return is_known ? slice_of(NULL, 0) : change->customer;
	case LIST_IN:
		if (stays && is_moved && change->due_ms != NEVER_MS)
			return entry_of(arena, change->customer, change->due_ms);
		break;
	case LIST_SET:
		return stays ? change->customer : slice_of(NULL, 0);
	case LIST_GONE:
		return stays ? slice_of(NULL, 0) : change->customer;
	case LIST_COUNT:
		abort();
	}
	return slice_of(NULL, 0);
}

static struct words words_of(struct arena *arena, const struct index_change *changes, size_t count,
			     enum list list)
{
	struct words words = {arena_alloc(arena, (2 * count + 1) * sizeof(*words.items)), 0};

	for (size_t i = 0; i < count; i++) {
		struct slice word = word_of(arena, &changes[i], list);

		if (word.len == 0)
			continue;
		words.items[words.count++] = word;
		if (list == LIST_SET)
			words.items[words.count++] = value_of(arena, &changes[i]);
	}
	if (list == LIST_OUT || list == LIST_IN)
		qsort(words.items, words.count, sizeof(*words.items), by_bytes);
	return words;
}

void index_ask_write(struct index *index, int32_t partition, const char *expected, const char *next,
		     const struct index_change *changes, size_t count, bool forgets)
{
	struct redis_command command = index_script(index, partition, INDEX_WRITE, 9 + 5 * count);
	struct words lists[LIST_COUNT];

	redis_word(&command, index_mark(&index->scratch, expected));
	redis_word(&command, index_mark(&index->scratch, next));
	redis_number(&command, forgets);
	if (forgets) /* then there is something to see to */
		index->rewrites[redis_servers_place(&index->servers, (uint32_t)partition)].look_ms =
		    0;
	redis_word(&command, index_entry_time(&index->scratch, INDEX_FIRST_TIME));
	for (int list = 0; list < LIST_COUNT; list++) {
		lists[list] = words_of(&index->scratch, changes, count, (enum list)list);
		redis_number(&command, (int64_t)(lists[list].count / (list == LIST_SET ? 2 : 1)));
	}
	for (int list = 0; list < LIST_COUNT; list++)
		for (size_t i = 0; i < lists[list].count; i++)
			redis_word(&command, lists[list].items[i]);
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
	if (written && reply->element[1]->len == INDEX_DUE_BYTES)
		*ret_next_due_ms = index_time_of((const uint8_t *)reply->element[1]->str);
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

	redis_word(&command, index_mark(&index->scratch, expected));
	redis_word(&command, index_mark(&index->scratch, token));
	redis_number(&command, clear);
	redis_append(redis_server_of(&index->servers, partition), &command);
	if (!(reply = index_take_array(index, partition, err)))
		return -1;
	claimed = reply->elements == 2 && reply->element[0]->integer == 1;
	freeReplyObject(reply);
	note_write(index, partition, claimed);
	return claimed;
}
