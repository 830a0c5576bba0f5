/* partition.c - see partition.h. */
#include "partition.h"

#include <stdlib.h>

enum { CLIENT_BYTES = 400 }; /* librdkafka's operation around a message, with what malloc adds */

static void pending_release(struct pending *pending)
{
	if (pending->customer_owned)
		free((void *)(uintptr_t)pending->customer.bytes);
	kafka_release(&pending->record);
}

void partition_open(struct partition *partition, unsigned input_count, const unsigned *lanes)
{
	partition->input_count = input_count;
	for (unsigned i = 0; i < input_count; i++) {
		struct input_queue *queue = &partition->inputs[i];

		queue->lane_count = lanes ? lanes[i] : 1;
		queue->lanes = calloc(queue->lane_count, sizeof(*queue->lanes));
		if (!queue->lanes)
			abort();
	}
	partition_clear(partition);
}

static void lane_clear(struct lane *lane)
{
	for (size_t k = 0; k < lane->count; k++)
		pending_release(&lane->ring[(lane->head + k) % lane->room]);
	free(lane->ring);
	*lane = (struct lane){.progress_ms = INT64_MIN};
}

void partition_clear(struct partition *partition)
{
	for (unsigned i = 0; i < partition->input_count; i++) {
		struct input_queue *queue = &partition->inputs[i];

		for (unsigned k = 0; k < queue->lane_count; k++)
			lane_clear(&queue->lanes[k]);
		*queue = (struct input_queue){.lanes = queue->lanes,
					      .lane_count = queue->lane_count,
					      .next_offset = -1,
					      .taken_offset = -1,
					      .point.time_ms = INT64_MIN};
	}
	pending_drop(partition->taken, partition->taken_count);
	partition->taken_count = 0;
	results_drop(partition->results);
	partition->results = NULL;
	partition->last_result = &partition->results;
	sweep_clear(&partition->sweep);
}

void partition_close(struct partition *partition)
{
	partition_clear(partition);
	for (unsigned i = 0; i < partition->input_count; i++)
		free(partition->inputs[i].lanes);
	free(partition->taken);
}

static void lane_give_back(struct lane *lane)
{
	if (lane->count > 0)
		return;
	free(lane->ring);
	lane->ring = NULL;
	lane->room = lane->head = 0;
}

void partition_give_back(struct partition *partition)
{
	for (unsigned i = 0; i < partition->input_count; i++)
		for (unsigned k = 0; k < partition->inputs[i].lane_count; k++)
			lane_give_back(&partition->inputs[i].lanes[k]);
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

static void grow(struct lane *lane)
{
	size_t room = lane->room ? lane->room * 2 : 256;
	struct pending *ring = malloc(room * sizeof(*ring));

	if (!ring)
		abort();
	for (size_t k = 0; k < lane->count; k++)
		ring[k] = lane->ring[(lane->head + k) % lane->room];
	free(lane->ring);
	lane->ring = ring;
	lane->room = room;
	lane->head = 0;
}

/*
 * Was the record taken before its offset was committed?  What has no time cannot say so: it is taken
 * once more.
 */
static bool was_taken(const struct input_queue *queue, const struct pending *pending)
{
	const struct merge_point at = {pending->time_ms, pending->lane, pending->record.offset};

	return pending->record.offset < queue->again_until && !pending->record.is_tick &&
	       pending->time_ms != INT64_MIN && merge_point_covers(&queue->point, &at);
}

/* All before the offset have been taken, when no record of a lane waits that stands before it. */
static int64_t taken_until(const struct input_queue *queue)
{
	int64_t until = queue->next_offset;

	for (unsigned k = 0; k < queue->lane_count; k++) {
		const struct lane *lane = &queue->lanes[k];

		if (lane->count && lane->ring[lane->head].record.offset < until)
			until = lane->ring[lane->head].record.offset;
	}
	return until;
}

static int64_t stamp_of(const struct pending *pending)
{
	return pending->record.timestamp_ms > 0 ? pending->record.timestamp_ms : 0;
}

/*
 * How far the queue has been taken, and the stamp of the record before that offset: where another
 * record than this one stands there, nobody has kept its stamp, and an older one would be wrong.
 */
static void note_taken(struct input_queue *queue, const struct pending *pending)
{
	int64_t until = taken_until(queue);

	if (until == pending->record.offset + 1)
		queue->stamp_ms = stamp_of(pending);
	else if (until != queue->taken_offset)
		queue->stamp_ms = 0;
	queue->taken_offset = until;
}

/*
 * What a record takes of the memory while it waits: its own bytes, what the client keeps beside
 * them, and its place in the ring, which may be half empty.
 */
static size_t bytes_of(const struct pending *pending)
{
	return CLIENT_BYTES + 2 * sizeof(*pending) + pending->record.key.len +
	       pending->record.value.len;
}

void partition_push(struct partition *partition, const struct pending *pending)
{
	struct input_queue *queue = &partition->inputs[pending->record.input];
	struct lane *lane = &queue->lanes[pending->lane];

	queue->next_offset = pending->record.offset + 1;
	if (was_taken(queue, pending)) {
		struct pending again = *pending;

		pending_release(&again);
		return;
	}
	if (lane->count == lane->room)
		grow(lane);
	lane->ring[(lane->head + lane->count++) % lane->room] = *pending;
	queue->count++;
	queue->bytes += bytes_of(pending);
}

/* Returns the first record of a lane that waits; NULL when there is none. */
static struct pending *head_of(const struct lane *lane)
{
	return lane->count ? &lane->ring[lane->head] : NULL;
}

/* The time at which the merge orders a record: a late record counts as coming now. */
static int64_t merge_time(const struct lane *lane, const struct pending *pending)
{
	return pending->time_ms > lane->progress_ms ? pending->time_ms : lane->progress_ms;
}

static struct pending pop(struct input_queue *queue, struct lane *lane)
{
	struct pending pending = lane->ring[lane->head];

	lane->head = (lane->head + 1) % lane->room;
	lane->count--;
	queue->count--;
	queue->bytes -= bytes_of(&pending);
	if (queue->lane_count == 1) {
		queue->taken_offset = pending.record.offset + 1;
		queue->stamp_ms = stamp_of(&pending);
	} else {
		note_taken(queue, &pending);
		if (!pending.record.is_tick)
			queue->point = (struct merge_point){merge_time(lane, &pending),
							    pending.lane, pending.record.offset};
	}
	if (pending.time_ms > lane->progress_ms)
		lane->progress_ms = pending.time_ms;
	return pending;
}

static int64_t lane_bound(const struct lane *lane)
{
	return lane->count ? merge_time(lane, head_of(lane)) : lane->progress_ms;
}

/*
 * The time up to which a batch of at most max records could come.  The last of them may be a late
 * one: a batch that ended before its first record would never come to an end.
 */
static int64_t lane_reach(const struct lane *lane, size_t max)
{
	size_t last = lane->count < max ? lane->count : max;
	int64_t bound_ms = lane_bound(lane), last_ms;

	if (last == 0)
		return bound_ms;
	last_ms = merge_time(lane, &lane->ring[(lane->head + last - 1) % lane->room]);
	return last_ms > bound_ms ? last_ms : bound_ms;
}

int64_t partition_reach(struct partition *partition, size_t max)
{
	int64_t reach = INT64_MAX;

	for (unsigned i = 0; i < partition->input_count; i++) {
		for (unsigned k = 0; k < partition->inputs[i].lane_count; k++) {
			int64_t mine = lane_reach(&partition->inputs[i].lanes[k], max);

			if (mine < reach)
				reach = mine;
		}
	}
	return reach;
}

static int64_t queue_bound(const struct input_queue *queue)
{
	int64_t bound = INT64_MAX;

	for (unsigned k = 0; k < queue->lane_count; k++)
		if (lane_bound(&queue->lanes[k]) < bound)
			bound = lane_bound(&queue->lanes[k]);
	return bound;
}

int64_t partition_bound(struct partition *partition)
{
	int64_t bound = INT64_MAX;

	for (unsigned i = 0; i < partition->input_count; i++)
		if (queue_bound(&partition->inputs[i]) < bound)
			bound = queue_bound(&partition->inputs[i]);
	return bound;
}

int64_t input_queue_end(const struct input_queue *queue)
{
	return queue->again_until > queue->next_offset ? queue->again_until : queue->next_offset;
}

int64_t input_queue_progress(const struct input_queue *queue)
{
	int64_t progress = INT64_MAX;

	for (unsigned k = 0; k < queue->lane_count; k++)
		if (queue->lanes[k].progress_ms < progress)
			progress = queue->lanes[k].progress_ms;
	return progress;
}

static void take_ticks(struct partition *partition)
{
	for (unsigned i = 0; i < partition->input_count; i++) {
		struct input_queue *queue = &partition->inputs[i];

		for (unsigned k = 0; k < queue->lane_count; k++) {
			struct pending *head;

			while ((head = head_of(&queue->lanes[k])) && head->record.is_tick) {
				struct pending tick = pop(queue, &queue->lanes[k]);

				pending_release(&tick);
				partition->touched = true;
			}
		}
	}
}

/* The lane whose head comes first, and its queue; NULL when one without a record may still bring an
 * earlier one. */
static struct lane *first_lane(struct partition *partition, struct input_queue **ret_queue)
{
	int64_t first_ms = INT64_MAX;
	struct lane *first = NULL;

	for (unsigned i = 0; i < partition->input_count; i++) {
		struct input_queue *queue = &partition->inputs[i];

		for (unsigned k = 0; k < queue->lane_count; k++) {
			struct lane *lane = &queue->lanes[k];
			int64_t bound = lane_bound(lane);

			/* Of equal times the lower one comes first, even while it has no record. */
			if (bound >= first_ms)
				continue;
			first_ms = bound;
			first = lane->count ? lane : NULL;
			*ret_queue = queue;
		}
	}
	return first;
}

bool partition_is_stuck(struct partition *partition)
{
	struct input_queue *ignored;

	take_ticks(partition);
	return first_lane(partition, &ignored) == NULL;
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
	struct input_queue *queue = NULL;
	struct lane *first;

	take_ticks(partition);
	first = first_lane(partition, &queue);
	if (!first || merge_time(first, head_of(first)) > until_ms)
		return false;
	keep(partition, pop(queue, first));
	return true;
}

/* By the wall clock every input has one lane. */
static bool take_any(struct partition *partition)
{
	take_ticks(partition);
	for (unsigned i = 0; i < partition->input_count; i++) {
		struct input_queue *queue = &partition->inputs[i];

		if (queue->count) {
			keep(partition, pop(queue, &queue->lanes[0]));
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
