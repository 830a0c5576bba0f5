/*
 * read.c - what the batch is about, and the states it needs.
 *
 * Two pipelines: who is due, then the states of everybody else concerned; the
 * checkpoint comes last in each, so an index that was changed in between is seen.
 * What the batch under way has changed is taken from there (ahead.c).
 */
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "ahead.h"
#include "checkpoint.h"
#include "gather.h"

static void for_all(struct stream *stream, void (*act)(struct stream *, struct partition *))
{
	for (int32_t p = 0; p < stream->partition_count; p++)
		if (stream->partitions[p].assigned)
			act(stream, &stream->partitions[p]);
}

void stream_limit(struct stream *stream, size_t most)
{
	stream->batch_limit = most;
}

static size_t assigned_count(const struct stream *stream)
{
	size_t count = 0;

	for (int32_t p = 0; p < stream->partition_count; p++)
		count += stream->partitions[p].assigned;
	return count ? count : 1;
}

/* A partition's share of what can be done in time, whatever the service has room for. */
static size_t pace_share(const struct stream *stream)
{
	size_t mine = stream->pace / assigned_count(stream);

	return mine > SHARE_MIN ? mine : SHARE_MIN;
}

static size_t share(const struct stream *stream)
{
	size_t mine = pace_share(stream), most;

	if (!stream->batch_limit)
		return mine;
	most = stream->batch_limit / assigned_count(stream);
	most = most ? most : 1;
	return mine < most ? mine : most;
}

/*
 * Timers that earlier owners left open are taken up at once, whatever room there is: they had their
 * room with those owners, and until they are decided only the journal of those owners knows what
 * became of them.
 */
static size_t due_share(const struct stream *stream, const struct partition *partition)
{
	return partition->newly_assigned ? pace_share(stream) : share(stream);
}

/* Does the batch take nothing of the partition but what came of its effects? */
static bool takes_results_only(const struct stream *stream, const struct partition *partition)
{
	return stream->results_only || partition->held;
}

/* Up to where timers could fire: now, or as far as the waiting records reach. */
static int64_t reach(const struct stream *stream, struct partition *partition)
{
	int64_t reach_ms;

	if (takes_results_only(stream, partition))
		return INT64_MIN;
	if (!stream->event_time)
		return stream->now_ms;
	reach_ms = partition_reach(partition, share(stream));
	return reach_ms == INT64_MIN ? INT64_MIN : reach_ms - 1;
}

static bool asks_due(const struct stream *stream, struct partition *partition)
{
	return !takes_results_only(stream, partition) &&
	       (stream->looks || partition->newly_assigned ||
		partition->next_due_ms <= reach(stream, partition));
}

static void ask_due(struct stream *stream, struct partition *partition)
{
	/* What another owner left open comes first, and nothing else beside it. */
	int64_t until_ms = partition->newly_assigned ? INT64_MIN : reach(stream, partition);
	int64_t from_ms = stream_ahead_from(stream, partition);

	/* Later timers are not asked for, so no later record may be taken either. */
	partition->timers_until_ms = until_ms;
	partition->horizon_ms = !stream->event_time     ? INT64_MAX
				: until_ms == INT64_MIN ? INT64_MIN
							: until_ms + 1;
	partition->due_count = 0;
	partition->heard = false;
	if (!asks_due(stream, partition))
		return;
	partition->due_asked =
	    due_share(stream, partition) + stream_ahead_moved(stream, partition, from_ms, until_ms);
	index_ask_due(stream->index, partition->id, partition->newly_assigned, from_ms, until_ms,
		      partition->due_asked);
	index_ask_checkpoint(stream->index, partition->id);
}

static int take_checkpoint(struct stream *stream, struct partition *partition, struct err *err)
{
	char checkpoint[INDEX_CHECKPOINT_BYTES];

	if (index_take_checkpoint(stream->index, partition->id, checkpoint, err) < 0)
		return -1;
	if (!stream_is_our_checkpoint(stream, partition, checkpoint))
		partition->index_valid = false;
	return 0;
}

static int take_due(struct stream *stream, struct partition *partition, struct err *err)
{
	size_t count, most = partition->due_asked;
	struct index_state *due;

	if (index_take_due(stream->index, partition->id, &stream->arena, &due, &count, err) < 0 ||
	    take_checkpoint(stream, partition, err) < 0)
		return -1;
	partition->heard = partition->newly_assigned && count < most;
	stream->full |= partition->heard;
	if (count >= most) {
		partition->horizon_ms = partition->timers_until_ms = due[count - 1].due_ms;
		stream->full = true;
	}
	stream_ahead_due(stream, partition, due, count, partition->timers_until_ms);
	return 0;
}

/* Takes the records, and says how far timers may fire. */
static void choose_records(struct stream *stream, struct partition *partition)
{
	size_t max = share(stream);
	int64_t bound_ms;

	/* By time, those that were taken before have gone as far as time does. */
	if (!takes_results_only(stream, partition) &&
	    (partition->taken_count == 0 || !stream->event_time))
		partition_take(partition, stream->event_time, partition->horizon_ms, max);
	if (partition->taken_count >= max)
		stream->full = true;
	if (!stream->event_time || takes_results_only(stream, partition))
		return;
	bound_ms = partition_bound(partition);
	if (bound_ms == INT64_MIN)
		partition->timers_until_ms = INT64_MIN;
	else if (bound_ms - 1 < partition->timers_until_ms)
		partition->timers_until_ms = bound_ms - 1;
	partition->bound_ms = partition->horizon_ms < bound_ms ? partition->horizon_ms : bound_ms;
	stream->full |= partition->horizon_ms < bound_ms;
	partition->touched |= partition->bound_ms > partition->decided_ms;
}

static void choose(struct stream *stream, struct partition *partition)
{
	bool sweeps = false;

	sweep_take_none(&partition->sweep);
	if (!partition->index_valid)
		return;
	if (!takes_results_only(stream, partition))
		sweeps = stream_sweep_choose(stream, partition, share(stream));
	/* In event time everybody is evaluated again before time goes on. */
	if (stream->event_time && partition->sweep.checkpoint.left > 0)
		partition->timers_until_ms = INT64_MIN;
	else
		choose_records(stream, partition);
	if (partition->due_count == 0 && partition->heard)
		partition->newly_assigned = false;
	partition->active = partition->taken_count > 0 || partition->touched || sweeps;
	for (size_t i = 0; i < partition->due_count && !partition->active; i++)
		partition->active = partition->due[i]->due_ms == STEP_DUE_NEW_OWNER ||
				    partition->due[i]->due_ms <= partition->timers_until_ms;
}

/* Results make a batch when they may wait no longer; when there is one, all of them go along. */
static void choose_results(struct stream *stream)
{
	bool is_time = stream_gather_ms(stream) == 0;

	for (int32_t p = 0; p < stream->partition_count; p++)
		is_time |= stream->partitions[p].assigned && stream->partitions[p].active;
	for (int32_t p = 0; is_time && p < stream->partition_count; p++)
		if (stream->partitions[p].assigned && stream->partitions[p].index_valid)
			stream->partitions[p].active |= stream->partitions[p].results != NULL;
}

/* The shared state is loaded as a customer's is. */
static void share_state(struct stream *stream, struct partition *partition)
{
	if (!stream->options.check_shared)
		return;
	partition->shared = batch_entry(&stream->batch, partition->id, shared_key());
	partition->shared_room = 0;
}

/* The sweep's list of names may go before the batch does. */
static struct slice copy_of(struct stream *stream, struct slice name)
{
	return slice_of(arena_copy(&stream->arena, name.bytes, name.len), name.len);
}

/* Asks for the states of all customers of the batch whose state is not known yet. */
static void ask_states(struct stream *stream, struct partition *partition)
{
	struct slice *customers;
	size_t count = 0, most, known = stream->batch.entry_count;
	struct entry **from = stream->batch.last;

	if (!partition->active)
		return;
	for (size_t k = 0; k < partition->taken_count; k++)
		if (!partition->taken[k].misrouted)
			batch_entry(&stream->batch, partition->id, partition->taken[k].customer);
	for (struct result *result = partition->results; result; result = result->next)
		batch_entry(&stream->batch, partition->id, result->customer);
	for (size_t i = 0; i < partition->sweep.taken; i++)
		batch_entry(&stream->batch, partition->id,
			    copy_of(stream, sweep_taken(&partition->sweep, i)));
	share_state(stream, partition);
	most = stream->batch.entry_count - known + 1;
	customers = arena_alloc(&stream->arena, most * sizeof(*customers));
	partition->unknown = arena_alloc(&stream->arena, most * sizeof(*partition->unknown));
	for (struct entry *entry = *from; entry; entry = entry->next) {
		if (stream_take_ahead(stream, entry))
			continue;
		partition->unknown[count] = entry;
		customers[count++] = entry->customer;
	}
	partition->unknown_count = count;
	index_ask_states(stream->index, partition->id, customers, count);
	index_ask_checkpoint(stream->index, partition->id);
}

static int take_states(struct stream *stream, struct partition *partition, struct err *err)
{
	struct index_state *states =
	    arena_alloc(&stream->arena, (partition->unknown_count + 1) * sizeof(*states));

	if (index_take_states(stream->index, partition->id, partition->unknown_count,
			      &stream->arena, states, err) < 0 ||
	    take_checkpoint(stream, partition, err) < 0)
		return -1;
	for (size_t i = 0; i < partition->unknown_count; i++) {
		struct entry *entry = partition->unknown[i];

		entry->state = states[i].state;
		entry->due_ms = entry->index_due_ms = states[i].due_ms;
		entry->loaded = true;
	}
	partition->active = partition->index_valid; /* else it is restored and comes again */
	return 0;
}

/* Lists whom a sweep concerns, and reads the earliest timer where it is not known. */
static int settle(struct stream *stream, struct partition *partition, struct err *err)
{
	int r;

	if (stream_sweep_list(stream, partition, err) < 0)
		return -1;
	if (partition->next_due_ms != INT64_MIN)
		return 0;
	/* No batch is under way: stream_may_overlap() wants the earliest timer to be known. */
	index_ask_write(stream->writer, partition->id, partition->checkpoint, partition->checkpoint,
			NULL, 0, false);
	r = index_take_write(stream->writer, partition->id, &partition->next_due_ms, err);
	if (r == 0) {
		partition->index_valid = false;
		partition->next_due_ms = INT64_MIN;
	}
	return r < 0 ? -1 : 0;
}

static bool all_valid(const struct stream *stream)
{
	for (int32_t p = 0; p < stream->partition_count; p++)
		if (stream->partitions[p].assigned && !stream->partitions[p].index_valid)
			return false;
	return true;
}

/* Restores every index that is not valid; one may be lost once more meanwhile. */
static int settle_all(struct stream *stream, struct err *err)
{
	for (int tries = 0; tries < 3; tries++) {
		if (stream_restore(stream, NULL, err) < 0)
			return -1;
		for (int32_t p = 0; p < stream->partition_count; p++)
			if (stream->partitions[p].assigned &&
			    settle(stream, &stream->partitions[p], err) < 0)
				return -1;
		if (all_valid(stream))
			return 0;
	}
	return 0;
}

static int read_all(struct stream *stream, struct err *err)
{
	struct partition *partition;

	for (int32_t p = 0; p < stream->partition_count; p++)
		stream->partitions[p].active = false;
	if (settle_all(stream, err) < 0)
		return -1;
	if (stream_is_gathering(stream))
		return 0;
	for_all(stream, ask_due);
	for (int32_t p = 0; p < stream->partition_count; p++) {
		partition = &stream->partitions[p];
		if (partition->assigned && asks_due(stream, partition) &&
		    take_due(stream, partition, err) < 0)
			return -1;
	}
	for_all(stream, choose);
	choose_results(stream);
	for_all(stream, ask_states);
	for (int32_t p = 0; p < stream->partition_count; p++) {
		partition = &stream->partitions[p];
		if (partition->assigned && partition->active &&
		    take_states(stream, partition, err) < 0)
			return -1;
	}
	return 0;
}

int stream_read(struct stream *stream, struct err *err)
{
	stream->full = stream->urgent = stream->put_off = false;
	stream->looks = !stream->results_only && !stream_is_gathering(stream) &&
			clock_monotonic_ms() - stream->redis_ok_ms >= LOOK_MS;
	batch_start(&stream->batch, &stream->arena);
	outputs_start(&stream->kept);
	for (int32_t p = 0; p < stream->partition_count; p++)
		stream->partitions[p].shared = NULL; /* it was the last batch's */
	if (read_all(stream, err) == 0) {
		if (stream->looks) /* else there may have been nothing to ask */
			stream_redis_answered(stream);
		return 0;
	}
	/* Redis may come back, so the records that were taken wait, but not for ever. */
	index_reset(stream->index);
	if (!stream->commit.under_way)
		index_reset(stream->writer);
	for (int32_t p = 0; p < stream->partition_count; p++) {
		stream->partitions[p].active = false;
		/* A cursor is of the server that gave it, and the next one may be another. */
		if (!stream->partitions[p].sweep.listed)
			sweep_unlist(&stream->partitions[p].sweep);
	}
	if (clock_monotonic_ms() - stream->redis_ok_ms > PATIENCE_MS)
		return -1;
	clock_sleep_ms(200);
	return 0;
}
