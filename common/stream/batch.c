/* batch.c - see batch.h. */
#include "batch.h"

#include "common/base/civil.h"
#include "common/base/hash.h"

enum { FIRST_BUCKETS = 256, FIRST_TIMERS = 64 };

void batch_start(struct batch *batch, struct arena *arena)
{
	*batch = (struct batch){.arena = arena};
	batch->last = &batch->entries;
	batch->bucket_count = FIRST_BUCKETS;
	batch->buckets = arena_zalloc(arena, FIRST_BUCKETS * sizeof(*batch->buckets));
}

static void rehash(struct batch *batch)
{
	batch->bucket_count *= 4;
	batch->buckets = arena_zalloc(batch->arena, batch->bucket_count * sizeof(*batch->buckets));
	for (struct entry *entry = batch->entries; entry; entry = entry->next) {
		struct entry **bucket = &batch->buckets[entry->hash & (batch->bucket_count - 1)];

		entry->next_in_bucket = *bucket;
		*bucket = entry;
	}
}

static uint64_t hash_of(int32_t partition, struct slice customer)
{
	return hash64(customer) + (uint64_t)partition * UINT64_C(0x9e3779b97f4a7c15);
}

static struct entry *find(const struct batch *batch, uint64_t hash, int32_t partition,
			  struct slice customer)
{
	struct entry *entry = batch->buckets[hash & (batch->bucket_count - 1)];

	while (entry && (entry->hash != hash || entry->partition != partition ||
			 !slice_equal(entry->customer, customer)))
		entry = entry->next_in_bucket;
	return entry;
}

struct entry *batch_find(const struct batch *batch, int32_t partition, struct slice customer)
{
	return find(batch, hash_of(partition, customer), partition, customer);
}

struct entry *batch_entry(struct batch *batch, int32_t partition, struct slice customer)
{
	uint64_t hash = hash_of(partition, customer);
	struct entry *entry = find(batch, hash, partition, customer);
	struct entry **bucket = &batch->buckets[hash & (batch->bucket_count - 1)];

	if (entry)
		return entry;
	entry = arena_zalloc(batch->arena, sizeof(*entry));
	entry->partition = partition;
	entry->hash = hash;
	entry->customer = customer;
	entry->due_ms = entry->index_due_ms = NEVER_MS;
	entry->next_in_bucket = *bucket;
	*bucket = entry;
	*batch->last = entry;
	batch->last = &entry->next;
	if (++batch->entry_count > batch->bucket_count)
		rehash(batch);
	return entry;
}

void batch_keep(struct batch *batch, struct entry *entry, struct slice state)
{
	if (state.len > entry->own_room) {
		/* At first the room is exact: most customers have one step in a batch. */
		entry->own_room = entry->own_room ? 2 * state.len : state.len;
		entry->own = arena_alloc(batch->arena, entry->own_room);
	}
	if (state.len > 0)
		memmove(entry->own, state.bytes, state.len);
	entry->state = slice_of(entry->own, state.len);
}

static bool before(const struct timer *a, const struct timer *b)
{
	size_t len;
	int order;

	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	len = a->entry->customer.len < b->entry->customer.len ? a->entry->customer.len
							      : b->entry->customer.len;
	order = memcmp(a->entry->customer.bytes, b->entry->customer.bytes, len);
	return order ? order < 0 : a->entry->customer.len < b->entry->customer.len;
}

void batch_arm(struct batch *batch, struct entry *entry, int64_t due_ms)
{
	size_t at = batch->timer_count++;
	struct timer timer = {due_ms, entry, entry->version};

	if (at == batch->timer_room) {
		size_t room = at ? at * 2 : FIRST_TIMERS;
		struct timer *heap = arena_alloc(batch->arena, room * sizeof(*heap));

		if (at)
			memcpy(heap, batch->heap, at * sizeof(*heap));
		batch->heap = heap;
		batch->timer_room = room;
	}
	for (; at > 0 && before(&timer, &batch->heap[(at - 1) / 2]); at = (at - 1) / 2)
		batch->heap[at] = batch->heap[(at - 1) / 2];
	batch->heap[at] = timer;
}

void batch_pop_timer(struct batch *batch)
{
	struct timer last = batch->heap[--batch->timer_count];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < batch->timer_count) {
		if (child + 1 < batch->timer_count &&
		    before(&batch->heap[child + 1], &batch->heap[child]))
			child++;
		if (!before(&batch->heap[child], &last))
			break;
		batch->heap[at] = batch->heap[child];
		at = child;
	}
	if (batch->timer_count > 0)
		batch->heap[at] = last;
}

const struct timer *batch_first_timer(struct batch *batch)
{
	while (batch->timer_count > 0) {
		const struct timer *first = &batch->heap[0];

		if (first->version == first->entry->version)
			return first;
		batch_pop_timer(batch);
	}
	return NULL;
}

void batch_disarm(struct batch *batch)
{
	batch->timer_count = 0;
}
