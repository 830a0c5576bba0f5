/* partition.c - see partition.h. */
#include "partition.h"

#include <stdlib.h>

static void pending_release(struct pending *pending)
{
	if (pending->customer_owned)
		free((void *)(uintptr_t)pending->customer.bytes);
	kafka_release(&pending->record);
}

void partition_clear(struct partition *partition)
{
	for (unsigned i = 0; i < partition->input_count; i++) {
		struct input_queue *queue = &partition->inputs[i];

		for (size_t k = 0; k < queue->count; k++)
			pending_release(&queue->ring[(queue->head + k) % queue->room]);
		free(queue->ring);
		*queue = (struct input_queue){
		    .next_offset = -1, .taken_offset = -1, .progress_ms = INT64_MIN};
	}
	pending_drop(partition->taken, partition->taken_count);
	partition->taken_count = 0;
	results_drop(partition->results);
	partition->results = NULL;
	partition->last_result = &partition->results;
	sweep_clear(&partition->sweep);
}

void partition_give_back(struct partition *partition)
{
	for (unsigned i = 0; i < partition->input_count; i++) {
		struct input_queue *queue = &partition->inputs[i];

		if (queue->count > 0)
			continue;
		free(queue->ring);
		queue->ring = NULL;
		queue->room = queue->head = 0;
	}
	if (partition->taken_count > 0)
		return;
	free(partition->taken);
	partition->taken = NULL;
	partition->taken_room = 0;
}

void pending_drop(struct pending *taken, size_t count)
{
	for (size_t k = 0; k < count; k++)
		pending_release(&taken[k]);
}

void results_drop(struct result *results)
{
	while (results) {
		struct result *result = results;

		results = result->next;
		free(result);
	}
}

static void grow(struct input_queue *queue)
{
	size_t room = queue->room ? queue->room * 2 : 256;
	struct pending *ring = malloc(room * sizeof(*ring));

	if (!ring)
		abort();
	for (size_t k = 0; k < queue->count; k++)
		ring[k] = queue->ring[(queue->head + k) % queue->room];
	free(queue->ring);
	queue->ring = ring;
	queue->room = room;
	queue->head = 0;
}

void partition_push(struct partition *partition, const struct pending *pending)
{
	struct input_queue *queue = &partition->inputs[pending->record.input];

	if (queue->count == queue->room)
		grow(queue);
	queue->ring[(queue->head + queue->count++) % queue->room] = *pending;
	queue->next_offset = pending->record.offset + 1;
}

/* Returns the first waiting record of an input; NULL when there is none. */
static struct pending *head_of(struct partition *partition, unsigned input)
{
	struct input_queue *queue = &partition->inputs[input];

	return queue->count ? &queue->ring[queue->head] : NULL;
}

static struct pending pop(struct input_queue *queue)
{
	struct pending pending = queue->ring[queue->head];

	queue->head = (queue->head + 1) % queue->room;
	queue->count--;
	queue->taken_offset = pending.record.offset + 1;
	queue->stamp_ms = pending.record.timestamp_ms > 0 ? pending.record.timestamp_ms : 0;
	if (pending.time_ms > queue->progress_ms)
		queue->progress_ms = pending.time_ms;
	return pending;
}

/* The time at which the merge orders a record: a late record counts as coming now. */
static int64_t merge_time(const struct input_queue *queue, const struct pending *pending)
{
	return pending->time_ms > queue->progress_ms ? pending->time_ms : queue->progress_ms;
}

static int64_t input_bound(const struct input_queue *queue)
{
	return queue->count ? merge_time(queue, &queue->ring[queue->head]) : queue->progress_ms;
}

/*
 * The time up to which a batch of at most max records could come.  The last of them may be a late
 * one: a batch that ended before its first record would never come to an end.
 */
static int64_t input_reach(const struct input_queue *queue, size_t max)
{
	size_t last = queue->count < max ? queue->count : max;
	int64_t bound_ms = input_bound(queue), last_ms;

	if (last == 0)
		return bound_ms;
	last_ms = merge_time(queue, &queue->ring[(queue->head + last - 1) % queue->room]);
	return last_ms > bound_ms ? last_ms : bound_ms;
}

int64_t partition_reach(struct partition *partition, size_t max)
{
	int64_t reach = INT64_MAX;

	for (unsigned i = 0; i < partition->input_count; i++) {
		int64_t mine = input_reach(&partition->inputs[i], max);

		if (mine < reach)
			reach = mine;
	}
	return reach;
}

int64_t partition_bound(struct partition *partition)
{
	int64_t bound = INT64_MAX;

	for (unsigned i = 0; i < partition->input_count; i++) {
		int64_t mine = input_bound(&partition->inputs[i]);

		if (mine < bound)
			bound = mine;
	}
	return bound;
}

static void take_ticks(struct partition *partition)
{
	for (unsigned i = 0; i < partition->input_count; i++) {
		struct pending *head;

		while ((head = head_of(partition, i)) && head->record.is_tick) {
			struct pending tick = pop(&partition->inputs[i]);

			pending_release(&tick);
			partition->touched = true;
		}
	}
}

/* The input whose head comes first; -1 when an input without a record may still bring an earlier
 * one. */
static int first_input(struct partition *partition)
{
	int64_t first_ms = INT64_MAX;
	int first = -1;

	for (unsigned i = 0; i < partition->input_count; i++) {
		struct input_queue *queue = &partition->inputs[i];
		int64_t bound = input_bound(queue);

		/* Of equal times the lower input comes first, even while it has no record yet. */
		if (bound < first_ms) {
			first_ms = bound;
			first = queue->count ? (int)i : -1;
		}
	}
	return first;
}

static void keep(struct partition *partition, struct pending pending)
{
	if (partition->taken_count == partition->taken_room) {
		partition->taken_room = partition->taken_room ? partition->taken_room * 2 : 256;
		partition->taken =
		    realloc(partition->taken, partition->taken_room * sizeof(*partition->taken));
		if (!partition->taken)
			abort();
	}
	partition->taken[partition->taken_count++] = pending;
}

static bool take_by_time(struct partition *partition, int64_t until_ms)
{
	struct input_queue *queue;
	int first;

	take_ticks(partition);
	first = first_input(partition);
	if (first < 0)
		return false;
	queue = &partition->inputs[first];
	if (merge_time(queue, &queue->ring[queue->head]) > until_ms)
		return false;
	keep(partition, pop(queue));
	return true;
}

static bool take_any(struct partition *partition)
{
	take_ticks(partition);
	for (unsigned i = 0; i < partition->input_count; i++) {
		if (partition->inputs[i].count) {
			keep(partition, pop(&partition->inputs[i]));
			return true;
		}
	}
	return false;
}

void partition_take(struct partition *partition, bool by_time, int64_t until_ms, size_t max)
{
	while (partition->taken_count < max &&
	       (by_time ? take_by_time(partition, until_ms) : take_any(partition)))
		;
	take_ticks(partition);
}
