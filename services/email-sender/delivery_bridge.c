/* delivery_bridge.c - see delivery_bridge.h. */
#include "delivery_bridge.h"

#include <stdlib.h>

#include "common/io/process/clock.h"
#include "step.h"

enum {
	BUSY_WAIT_MS = 5,   /* while mails are under way: a result may come at any moment */
	PATIENCE = 8,       /* such waits before a batch of what room there is */
	REPLAY_MOST = 1000, /* mails intended at a time where time is what the events say */
	DRAIN_MS = 15000,
	YIELD_MS =
	    30000, /* how long mails that are under way are waited for when a partition goes to another owner */
};

static void note_done(struct delivery_bridge *bridge, const struct send_pool_result *result)
{
	if (bridge->done_count == bridge->done_room) {
		bridge->done_room = bridge->done_room ? bridge->done_room * 2 : 256;
		bridge->done = realloc(bridge->done, bridge->done_room * sizeof(*bridge->done));
		if (!bridge->done)
			abort();
	}
	bridge->done[bridge->done_count].partition = result->partition;
	bridge->done[bridge->done_count].owner = stream_owner(bridge->stream, result->partition);
	send_attempt_name(bridge->done[bridge->done_count++].name, result->send, result->attempt);
}

static struct delivery_bridge_partition *bridge_partition(struct delivery_bridge *bridge,
							  int32_t partition)
{
	size_t count = (size_t)stream_partitions(bridge->stream);

	if (!bridge->partitions)
		bridge->partitions = calloc(count, sizeof(*bridge->partitions));
	if (!bridge->partitions)
		abort();
	return &bridge->partitions[partition];
}

/* How many partitions have mails under way. */
static size_t count_busy(struct delivery_bridge *bridge)
{
	size_t busy = 0;

	for (int32_t p = 0; p < stream_partitions(bridge->stream); p++)
		busy += bridge_partition(bridge, p)->under_way > 0;
	return busy;
}

/* Gives the loop all results that have come. */
static void collect(struct delivery_bridge *bridge)
{
	struct send_pool_result result;

	while (send_pool_take(bridge->pool, &result)) {
		bridge_partition(bridge, result.partition)->under_way--;
		bridge_partition(bridge, result.partition)->was_refused |= result.was_refused;
		stream_result(bridge->stream, result.partition, result.customer, result.value);
		note_done(bridge, &result);
	}
}

/* Waits until nothing is in flight, or the time is up, and collects. */
static void wait_for_all(struct delivery_bridge *bridge, int64_t patience_ms)
{
	int64_t until_ms = clock_monotonic_ms() + patience_ms;

	while (send_pool_in_flight(bridge->pool) > 0 && clock_monotonic_ms() < until_ms) {
		send_pool_wait(bridge->pool, send_pool_in_flight(bridge->pool), BUSY_WAIT_MS);
		collect(bridge);
	}
	collect(bridge);
}

/*
 * Removes results that are committed from the journal, since nobody will ask for them. If a
 * partition was lost since, its results are not committed: the entries must stay for the next
 * owner.
 */
static void forget_done(struct delivery_bridge *bridge)
{
	for (size_t i = 0; i < bridge->done_count; i++) {
		const struct delivery_bridge_done *done = &bridge->done[i];

		if (done->owner && done->owner == stream_owner(bridge->stream, done->partition))
			attempt_notes_forget(bridge->notes, done->partition, done->owner,
					     done->name);
	}
	bridge->done_count = 0;
}

static int put(struct delivery_bridge *bridge, const struct stream_effect *effect, struct err *err)
{
	size_t before = send_pool_in_flight(bridge->pool);

	if (send_pool_put(bridge->pool, effect->partition, effect->customer, effect->value, err) <
	    0)
		return -1;
	/* A recall puts nothing under way. */
	bridge_partition(bridge, effect->partition)->under_way +=
	    send_pool_in_flight(bridge->pool) - before;
	return 0;
}

/*
 * The journal of the partition is ours, or becomes it (attempts.h).  The commit of the next
 * hand-over was begun after it was found to be another's or nobody's.  One more is waited for, so
 * that this stays true should a batch be decided while the last one is committed.  Asked twice, as
 * the connection to a server that was restarted answers only that it is gone.
 */
static void confirm_journal(struct delivery_bridge *bridge, int32_t partition)
{
	struct delivery_bridge_partition *p = bridge_partition(bridge, partition);
	uint64_t other = bridge->hand_over_number >= p->found_number + 2 ? p->other_owner : 0;
	uint64_t owner = stream_owner(bridge->stream, partition);
	struct err ignored;
	int r = attempts_confirm(bridge->attempts, partition, owner, &other, &ignored);

	if (r < 0)
		r = attempts_confirm(bridge->attempts, partition, owner, &other, &ignored);
	if (r < 0)
		return;
	p->was_refused &= r == 0;
	if (other == p->other_owner)
		return;
	p->other_owner = other;
	p->found_number = bridge->hand_over_number;
}

/*
 * Hands the intended mails to the connections. If Redis has lost the journal of a partition, the
 * journal may begin anew here, provided that no mail of the partition is under way between the
 * commit and the first of these.  On the wall clock Redis is asked only while no mail is under way
 * at all, since this takes a round trip for each partition, or when it has refused one.
 */
static int hand_over(struct delivery_bridge *bridge, struct err *err)
{
	bool is_idle = bridge->by_batch || send_pool_in_flight(bridge->pool) == 0;
	bool has_results = stream_has_results(bridge->stream);
	struct delivery_bridge_partition *p;
	struct stream_effect effect;
	int32_t partition = -1;

	while (stream_next_effect(bridge->stream, &effect)) {
		if (partition < 0) {
			bridge->hand_over_number++;
			intent_window_learn(&bridge->window, send_pool_connections(bridge->pool),
					    send_pool_unfinished(bridge->pool));
		}
		if (effect.partition != partition) {
			partition = effect.partition;
			p = bridge_partition(bridge, partition);
			if ((is_idle || p->was_refused) && !has_results && p->under_way == 0)
				confirm_journal(bridge, partition);
		}
		if (put(bridge, &effect, err) < 0)
			return -1;
	}
	if (partition < 0)
		return 0;
	bridge->crowd = count_busy(bridge);
	intent_window_handed_over(&bridge->window, send_pool_connections(bridge->pool),
				  send_pool_in_flight(bridge->pool));
	return 0;
}

/*
 * Where mails are refused no more are intended until those are over: however busy the others are,
 * the partition's journal begins anew then.
 */
static void hold_refused(struct delivery_bridge *bridge)
{
	for (int32_t p = 0; p < stream_partitions(bridge->stream); p++) {
		const struct delivery_bridge_partition *partition = bridge_partition(bridge, p);

		stream_hold(bridge->stream, p, partition->was_refused && partition->under_way > 0);
	}
}

/*
 * The next batch takes what the window (intent_window.h) has room for, and the rest stays on the topic.
 * It waits until half of the room is free, since small commits cost as much as large ones.
 */
static void make_room(struct delivery_bridge *bridge, int *wait_ms)
{
	size_t window = intent_window_size(&bridge->window, send_pool_connections(bridge->pool));
	size_t in_flight = send_pool_in_flight(bridge->pool);
	bool is_full;

	for (int i = 0; i < PATIENCE && in_flight > window / 2; i++) {
		send_pool_wait(bridge->pool, in_flight - window / 2, BUSY_WAIT_MS);
		collect(bridge);
		in_flight = send_pool_in_flight(bridge->pool);
	}
	is_full = in_flight >= window;
	stream_limit(bridge->stream, is_full ? 1 : window - in_flight);
	if (is_full)
		*wait_ms = -1;
	else if (in_flight > 0)
		*wait_ms = BUSY_WAIT_MS;
}

/*
 * On the event clock a partition goes on only when all of its mails are over.  While one half of
 * the partitions is decided and committed, the connections say the mails of the other half.  The
 * batches are larger then (REPLAY_MOST), for a commit costs as much as some tens of mails.
 */
static void make_turns(struct delivery_bridge *bridge, int *wait_ms)
{
	collect(bridge);
	while (count_busy(bridge) > bridge->crowd / 2) {
		size_t in_flight = send_pool_in_flight(bridge->pool);

		send_pool_wait(bridge->pool, bridge->crowd > 1 ? in_flight / 2 + 1 : in_flight,
			       BUSY_WAIT_MS);
		collect(bridge);
	}
	for (int32_t p = 0; p < stream_partitions(bridge->stream); p++)
		stream_hold(bridge->stream, p, bridge_partition(bridge, p)->under_way > 0);
	if (send_pool_in_flight(bridge->pool) > 0)
		*wait_ms = BUSY_WAIT_MS;
}

int delivery_bridge_before_batch(void *context, struct stream *stream, int *wait_ms,
				 struct err *err)
{
	struct delivery_bridge *bridge = context;

	(void)stream;
	(void)err;
	if (bridge->by_batch) {
		make_turns(bridge, wait_ms);
		stream_limit(bridge->stream, REPLAY_MOST);
	} else {
		collect(bridge);
		make_room(bridge, wait_ms);
		hold_refused(bridge);
	}
	return 0;
}

int delivery_bridge_after_batch(void *context, struct stream *stream, struct err *err)
{
	struct delivery_bridge *bridge = context;

	/* First, since an intent that had not begun comes again under the same name. */
	if (!stream_has_results(stream))
		forget_done(bridge);
	return hand_over(bridge, err);
}

/* Commits a batch that holds nothing but results. */
static int commit_results(struct delivery_bridge *bridge, struct err *err)
{
	if (stream_begin(bridge->stream, -1, err) < 0)
		return -1;
	return stream_decide(bridge->stream, send_step, err);
}

int delivery_bridge_yield(void *context, struct err *err)
{
	struct delivery_bridge *bridge = context;

	if (!bridge->pool)
		return 0;
	wait_for_all(bridge, YIELD_MS);
	return commit_results(bridge, err);
}

int delivery_bridge_taken_over(void *context, int32_t partition, uint64_t owner, struct err *err)
{
	struct delivery_bridge *bridge = context;
	struct attempts_left left[ATTEMPTS_OWNERS_MAX];
	int count = attempts_take_over(bridge->attempts, partition, owner, &bridge->journal.arena,
				       left, err);
	struct delivery_bridge_partition *p = bridge_partition(bridge, partition);

	/* Whom we found when we had the partition before need not be before us now. */
	p->other_owner = 0;
	p->was_refused = false;
	for (int i = 0; i < count; i++)
		send_journal_add(&bridge->journal, &left[i]);
	return count < 0 ? -1 : 0;
}

int delivery_bridge_drain(struct delivery_bridge *bridge, struct err *err)
{
	if (bridge->by_batch)
		wait_for_all(bridge, DRAIN_MS);
	send_pool_stop(bridge->pool, DRAIN_MS);
	collect(bridge);
	return commit_results(bridge, err);
}

void delivery_bridge_close(struct delivery_bridge *bridge)
{
	stream_close(&bridge->stream);
	send_pool_close(&bridge->pool);
	attempt_notes_close(&bridge->notes);
	attempts_close(&bridge->attempts);
	send_journal_free(&bridge->journal);
	free(bridge->done);
	free(bridge->partitions);
}
