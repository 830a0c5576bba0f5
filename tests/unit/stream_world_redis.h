/*
 * stream_world_redis.h - index.h in memory: commands are carried out when they are asked.
 */
#ifndef NURTURE_TESTS_STREAM_WORLD_REDIS_H
#define NURTURE_TESTS_STREAM_WORLD_REDIS_H

#include "stream_world.h"

struct world_answer {
	struct index_state *states;
	size_t count;
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	int written;
	int64_t next_due_ms;
};

struct index {
	struct world_answer answers[64];
	size_t asked, taken;
};

static struct world_answer *world_command(struct index *index)
{
	world_point();
	world.commands++;
	if (world.flush_in > 0 && --world.flush_in == 0)
		memset(world.index, 0, sizeof(world.index));
	if (index->taken == index->asked)
		index->taken = index->asked = 0;
	return memset(&index->answers[index->asked++], 0, sizeof(*index->answers));
}

static const struct world_answer *world_answer(struct index *index)
{
	if (index->taken == index->asked)
		abort();
	return &index->answers[index->taken++];
}

static struct index_state *world_find(int32_t partition, struct slice customer)
{
	struct world_index *in = &world.index[partition];

	for (size_t i = 0; i < in->count; i++)
		if (slice_equal(in->entries[i].customer, customer))
			return &in->entries[i];
	return NULL;
}

int index_open(struct index **ret, const char *urls, const char *prefix, const char *service,
	       struct err *err)
{
	(void)urls, (void)prefix, (void)service, (void)err;
	*ret = calloc(1, sizeof(**ret));
	return 0;
}

int index_check_servers(struct index *index, struct err *err)
{
	(void)index, (void)err;
	return 0;
}

int index_check_rights(struct index *index, struct err *err)
{
	(void)index, (void)err;
	return 0;
}

void index_close(struct index **index)
{
	free(*index);
	*index = NULL;
}

void index_reset(struct index *index)
{
	index->asked = index->taken = 0;
}

void index_ask_states(struct index *index, int32_t partition, const struct slice *customers,
		      size_t count)
{
	struct world_answer *answer = world_command(index);

	answer->states = arena_zalloc(&world.memory, (count + 1) * sizeof(*answer->states));
	for (size_t i = 0; i < count; i++) {
		const struct index_state *found = world_find(partition, customers[i]);

		answer->states[i].due_ms = NEVER_MS;
		if (found)
			answer->states[i] = *found;
	}
}

static int world_by_due(const void *a, const void *b)
{
	const struct index_state *one = a, *other = b;

	return (one->due_ms > other->due_ms) - (one->due_ms < other->due_ms);
}

void index_ask_due(struct index *index, int32_t partition, bool apart, int64_t from_ms,
		   int64_t until_ms, size_t limit)
{
	struct world_answer *answer = world_command(index);
	const struct world_index *in = &world.index[partition];

	answer->states = arena_alloc(&world.memory, (in->count + 1) * sizeof(*answer->states));
	for (size_t i = 0; i < in->count; i++)
		if (in->entries[i].state.len > 0 &&
		    (in->entries[i].due_ms == INDEX_DUE_APART
			 ? apart
			 : in->entries[i].due_ms >= from_ms && in->entries[i].due_ms <= until_ms))
			answer->states[answer->count++] = in->entries[i];
	qsort(answer->states, answer->count, sizeof(*answer->states), world_by_due);
	if (answer->count > limit)
		answer->count = limit;
}

void index_ask_checkpoint(struct index *index, int32_t partition)
{
	struct world_answer *answer = world_command(index);

	memcpy(answer->checkpoint, world.index[partition].checkpoint, INDEX_CHECKPOINT_BYTES);
}

int index_take_states(struct index *index, int32_t partition, size_t count, struct arena *arena,
		      struct index_state *ret, struct err *err)
{
	(void)partition, (void)arena, (void)err;
	memcpy(ret, world_answer(index)->states, count * sizeof(*ret));
	return 0;
}

int index_take_due(struct index *index, int32_t partition, struct arena *arena,
		   struct index_state **ret, size_t *ret_count, struct err *err)
{
	const struct world_answer *answer = world_answer(index);

	(void)partition, (void)arena, (void)err;
	*ret = answer->states;
	*ret_count = answer->count;
	return 0;
}

int index_take_checkpoint(struct index *index, int32_t partition,
			  char checkpoint[INDEX_CHECKPOINT_BYTES], struct err *err)
{
	(void)partition, (void)err;
	memcpy(checkpoint, world_answer(index)->checkpoint, INDEX_CHECKPOINT_BYTES);
	return 0;
}

/* One name a page, so that a flush may come between any two. */
int index_list(struct index *index, int32_t partition, char cursor[INDEX_CURSOR_BYTES],
	       struct arena *arena, struct slice **ret, size_t *ret_count,
	       char checkpoint[INDEX_CHECKPOINT_BYTES], struct err *err)
{
	size_t at = (size_t)strtoul(cursor, NULL, 10);
	const struct world_index *in = &world.index[partition];

	(void)err;
	world_command(index);
	world_answer(index);
	*ret = arena_alloc(arena, sizeof(**ret));
	*ret_count = at < in->count && in->entries[at].state.len > 0;
	(*ret)[0] = in->entries[at].customer;
	memcpy(checkpoint, in->checkpoint, INDEX_CHECKPOINT_BYTES);
	snprintf(cursor, INDEX_CURSOR_BYTES, "%zu", at + 1 < in->count ? at + 1 : 0);
	return 0;
}

void index_ask_write(struct index *index, int32_t partition, const char *expected, const char *next,
		     const struct index_change *changes, size_t count, bool forgets)
{
	struct world_answer *answer = world_command(index);
	struct world_index *in = &world.index[partition];

	world.wishes += forgets;
	answer->next_due_ms = NEVER_MS;
	answer->written = strcmp(in->checkpoint, expected) == 0;
	if (!answer->written)
		return;
	snprintf(in->checkpoint, sizeof(in->checkpoint), "%s", next);
	for (size_t i = 0; i < count; i++) {
		struct index_state *to = world_find(partition, changes[i].customer);

		if (!to)
			to = &in->entries[in->count++];
		*to = (struct index_state){.customer = world_copy(changes[i].customer),
					   .state = world_copy(changes[i].state),
					   .due_ms = changes[i].due_ms};
	}
	for (size_t i = 0; i < in->count; i++)
		if (in->entries[i].state.len > 0 && in->entries[i].due_ms != INDEX_DUE_APART &&
		    in->entries[i].due_ms < answer->next_due_ms)
			answer->next_due_ms = in->entries[i].due_ms;
}

void index_send(struct index *index)
{
	(void)index;
	world_point();
}

int index_take_write(struct index *index, int32_t partition, int64_t *ret_next_due_ms,
		     struct err *err)
{
	const struct world_answer *answer = world_answer(index);

	(void)partition;
	world.writes++;
	if (world.fail_in > 0 && --world.fail_in == 0)
		return err_environment(err, "an error instead of an answer");
	*ret_next_due_ms = answer->next_due_ms;
	return answer->written;
}

int index_claim(struct index *index, int32_t partition, const char *expected, const char *token,
		bool clear, struct err *err)
{
	struct world_index *in = &world.index[partition];

	(void)index, (void)err;
	world_point();
	if (strcmp(in->checkpoint, expected) != 0)
		return 0;
	if (clear)
		in->count = 0;
	snprintf(in->checkpoint, sizeof(in->checkpoint), "%s", token);
	world.restores++;
	return 1;
}

/* There is no file here that what was forgotten could still stand in. */
int index_rewrite(struct index *index, struct err *err)
{
	(void)index, (void)err;
	return 0;
}

#endif
