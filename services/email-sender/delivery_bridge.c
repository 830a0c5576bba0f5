/* delivery_bridge.c - see delivery_bridge.h. */
#include "delivery_bridge.h"

#include <stdlib.h>

#include "common/io/process/clock.h"
#include "step.h"

enum {
	BUSY_WAIT_MS = 5,
	YIELD_MS = 30000, /* for mails under way when a partition goes to another owner */
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

void delivery_bridge_collect(struct delivery_bridge *bridge)
{
	struct send_pool_result result;

	while (send_pool_take(bridge->pool, &result)) {
		stream_result(bridge->stream, result.partition, result.customer, result.value);
		note_done(bridge, &result);
	}
}

void delivery_bridge_wait_for_all(struct delivery_bridge *bridge, int64_t patience_ms)
{
	int64_t until_ms = clock_monotonic_ms() + patience_ms;

	while (send_pool_in_flight(bridge->pool) > 0 && clock_monotonic_ms() < until_ms) {
		send_pool_wait(bridge->pool, BUSY_WAIT_MS);
		delivery_bridge_collect(bridge);
	}
	delivery_bridge_collect(bridge);
}

/*
 * Nobody asks the journal for a result that is committed.  When a partition was
 * lost since, its results are uncommitted: the entries must stay for the next owner.
 */
static void forget_done(struct delivery_bridge *bridge)
{
	const char *name;

	for (size_t i = 0; i < bridge->done_count; i++) {
		const struct delivery_bridge_done *done = &bridge->done[i];

		name = done->name;
		if (done->owner && done->owner == stream_owner(bridge->stream, done->partition))
			attempts_forget(bridge->attempts, done->partition, &name, 1);
	}
	bridge->done_count = 0;
}

/*
 * Hands what was intended to the connections.  When no mail is under way between the
 * commit and the first of these, the journal of a partition may begin anew, should
 * Redis have lost it.
 */
static int hand_over(struct delivery_bridge *bridge, struct err *err)
{
	bool is_idle =
	    send_pool_in_flight(bridge->pool) == 0 && !stream_has_results(bridge->stream);
	struct stream_effect effect;
	int32_t confirmed = -1;
	struct err ignored;

	while (stream_next_effect(bridge->stream, &effect)) {
		if (is_idle && effect.partition != confirmed) {
			confirmed = effect.partition;
			(void)attempts_confirm(bridge->attempts, confirmed,
					       stream_owner(bridge->stream, confirmed), &ignored);
		}
		if (send_pool_put(bridge->pool, effect.partition, effect.customer, effect.value,
				  err) < 0)
			return -1;
	}
	return 0;
}

int delivery_bridge_batch(struct delivery_bridge *bridge, int wait_ms, struct err *err)
{
	if (stream_begin(bridge->stream, wait_ms, err) < 0 ||
	    stream_decide(bridge->stream, send_step, err) < 0 || hand_over(bridge, err) < 0)
		return -1;
	if (!stream_has_results(bridge->stream))
		forget_done(bridge);
	return 0;
}

int delivery_bridge_yield(void *context, struct err *err)
{
	struct delivery_bridge *bridge = context;

	if (!bridge->pool)
		return 0;
	delivery_bridge_wait_for_all(bridge, YIELD_MS);
	return delivery_bridge_batch(bridge, -1, err);
}

int delivery_bridge_taken_over(void *context, int32_t partition, uint64_t owner, struct err *err)
{
	struct delivery_bridge *bridge = context;
	struct attempts_left left[ATTEMPTS_OWNERS_MAX];
	int count = attempts_take_over(bridge->attempts, partition, owner, &bridge->journal.arena,
				       left, err);

	for (int i = 0; i < count; i++)
		send_journal_add(&bridge->journal, &left[i]);
	return count < 0 ? -1 : 0;
}

void delivery_bridge_close(struct delivery_bridge *bridge)
{
	stream_close(&bridge->stream);
	send_pool_close(&bridge->pool);
	attempts_close(&bridge->attempts);
	send_journal_free(&bridge->journal);
	free(bridge->done);
}
