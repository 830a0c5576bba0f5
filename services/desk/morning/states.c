/* states.c - see states.h. */
#include "states.h"

#include <stdlib.h>
#include <string.h>

#include "common/io/kafka/topic_reader.h"

enum { WAIT_MS = 30000, ROOM_LEAST = 256 };

static struct slice copy_of(struct dsk_states *states, struct slice bytes)
{
	return slice_of(arena_copy(&states->arena, bytes.bytes, bytes.len), bytes.len);
}

static void add(struct dsk_states *states, const struct topic_record *record)
{
	if (states->count == states->room) {
		states->room = states->room ? 2 * states->room : ROOM_LEAST;
		states->list = realloc(states->list, states->room * sizeof(*states->list));
		if (!states->list)
			abort();
	}
	states->list[states->count] = (struct dsk_state){
	    copy_of(states, record->key), copy_of(states, record->value), states->count};
	states->count++;
}

/* By customer, the newest first. */
static int compare(const void *first, const void *second)
{
	const struct dsk_state *a = first, *b = second;
	size_t least = a->customer.len < b->customer.len ? a->customer.len : b->customer.len;
	int order = memcmp(a->customer.bytes, b->customer.bytes, least);

	if (order == 0 && a->customer.len != b->customer.len)
		order = a->customer.len < b->customer.len ? -1 : 1;
	if (order == 0)
		order = a->number > b->number ? -1 : 1;
	return order;
}

/* A later record of a customer takes the place of those before. */
static void keep_newest(struct dsk_states *states)
{
	size_t kept = 0;

	if (states->count)
		qsort(states->list, states->count, sizeof(*states->list), compare);
	for (size_t i = 0; i < states->count; i++)
		if (kept == 0 ||
		    !slice_equal(states->list[i].customer, states->list[kept - 1].customer))
			states->list[kept++] = states->list[i];
	states->count = kept;
}

int dsk_states_read(const char *brokers, const char *topic, struct dsk_states *ret, struct err *err)
{
	const struct topic_reader_options wanted = {.brokers = brokers, .topic = topic};
	struct topic_reader *reader;
	struct topic_record record;
	int r;

	*ret = (struct dsk_states){0};
	if (topic_reader_open(&reader, &wanted, err) < 0)
		return -1;
	while ((r = topic_reader_next(reader, WAIT_MS, &record, err)) > 0)
		if (record.key.len > 0 && record.key.bytes[0] >= ' ')
			add(ret, &record);
	topic_reader_close(&reader);
	keep_newest(ret);
	return r;
}

void dsk_states_free(struct dsk_states *states)
{
	arena_free(&states->arena);
	free(states->list);
	*states = (struct dsk_states){0};
}
