/* delivery_bridge.c - see delivery_bridge.h. */
#include "delivery_bridge.h"

#include <stdlib.h>

#include "common/io/process/clock.h"
#include "step.h"

enum {
	BUSY_WAIT_MS = 5,
	YIELD_MS = 30000, /* for mails under way when a partition goes to another owner */
};

static void note_done(struct post *post, const struct send_pool_result *result)
{
	if (post->done_count == post->done_room) {
		post->done_room = post->done_room ? post->done_room * 2 : 256;
		post->done = realloc(post->done, post->done_room * sizeof(*post->done));
		if (!post->done)
			abort();
	}
	post->done[post->done_count].partition = result->partition;
	post->done[post->done_count].owner = stream_owner(post->stream, result->partition);
	send_attempt_name(post->done[post->done_count++].name, result->send, result->attempt);
}

void post_collect(struct post *post)
{
	struct send_pool_result result;

	while (send_pool_take(post->pool, &result)) {
		stream_result(post->stream, result.partition, result.customer, result.value);
		note_done(post, &result);
	}
}

void post_wait_for_all(struct post *post, int64_t patience_ms)
{
	int64_t until_ms = clock_monotonic_ms() + patience_ms;

	while (send_pool_in_flight(post->pool) > 0 && clock_monotonic_ms() < until_ms) {
		send_pool_wait(post->pool, BUSY_WAIT_MS);
		post_collect(post);
	}
	post_collect(post);
}

/*
 * What is committed, nobody will ask the journal for.  A partition that was
 * lost since took its results with it, uncommitted: its entries must stay.
 */
static void forget_done(struct post *post)
{
	const char *name;

	for (size_t i = 0; i < post->done_count; i++) {
		const struct post_done *done = &post->done[i];

		name = done->name;
		if (done->owner && done->owner == stream_owner(post->stream, done->partition))
			attempts_forget(post->attempts, done->partition, &name, 1);
	}
	post->done_count = 0;
}

/*
 * What was intended goes to the connections.  Between the commit and the first
 * of these mails nothing may be under way: then is the moment at which the
 * journal of a partition may begin anew, should Redis have lost it.
 */
static int hand_over(struct post *post, struct err *err)
{
	bool is_idle = send_pool_in_flight(post->pool) == 0 && !stream_has_results(post->stream);
	struct stream_effect effect;
	int32_t confirmed = -1;
	struct err ignored;

	while (stream_next_effect(post->stream, &effect)) {
		if (is_idle && effect.partition != confirmed) {
			confirmed = effect.partition;
			(void)attempts_confirm(post->attempts, confirmed,
					       stream_owner(post->stream, confirmed), &ignored);
		}
		if (send_pool_put(post->pool, effect.partition, effect.customer, effect.value,
				  err) < 0)
			return -1;
	}
	return 0;
}

int post_batch(struct post *post, int wait_ms, struct err *err)
{
	if (stream_begin(post->stream, wait_ms, err) < 0 ||
	    stream_decide(post->stream, send_step, err) < 0 || hand_over(post, err) < 0)
		return -1;
	if (!stream_has_results(post->stream))
		forget_done(post);
	return 0;
}

int post_yield(void *context, struct err *err)
{
	struct post *post = context;

	if (!post->pool)
		return 0;
	post_wait_for_all(post, YIELD_MS);
	return post_batch(post, -1, err);
}

int post_taken_over(void *context, int32_t partition, uint64_t owner, struct err *err)
{
	struct post *post = context;
	struct attempts_left left[ATTEMPTS_OWNERS_MAX];
	int count =
	    attempts_take_over(post->attempts, partition, owner, &post->journal.arena, left, err);

	for (int i = 0; i < count; i++)
		send_journal_add(&post->journal, &left[i]);
	return count < 0 ? -1 : 0;
}

void post_close(struct post *post)
{
	stream_close(&post->stream);
	send_pool_close(&post->pool);
	attempts_close(&post->attempts);
	send_journal_free(&post->journal);
	free(post->done);
}
