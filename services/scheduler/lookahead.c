/*
 * lookahead.c - do not spend an allowance that a higher one will need.
 *
 * A waiting candidate of higher priority has an earliest instant: when it is
 * next looked at, and caps and quiet hours allow it.  If a send now would
 * make that instant later, the lower one waits until right after it.  Only a
 * need that is real counts: one that will end, has expired by then, is held
 * by an open case or follows a request that is not granted, needs nothing.
 */
#include "decide.h"

/* Adds a send that is only imagined; the room for it is there. */
static void imagine(struct sched_ledger *ledger, const struct sched_candidate *candidate,
		    int64_t at_ms)
{
	ledger->counted[ledger->send_count++] = (struct ledger_send){
		.at_ms = at_ms,
		.message_class = candidate->message_class,
		.channel = candidate->channel,
		.programme = candidate->request->programme,
		.category = candidate->request->category,
		.exempt = candidate->request->exempt,
	};
}

/* When the higher one will need its allowance; NEVER_MS: not at all. */
static int64_t needed_at(struct sched_work *work, const struct sched_candidate *higher)
{
	struct sched_fate fate;
	int64_t at_ms;

	if (higher->gone || higher->due_ms == NEVER_MS ||
	    sched_held_by(work, higher) != BLOCKED_NOT)
		return NEVER_MS;
	at_ms = sched_earliest(work, higher, higher->next_ms);
	if (at_ms == NEVER_MS || sched_must_end(work, higher, at_ms, &fate))
		return NEVER_MS;
	return at_ms;
}

/* Would candidate, sent now, take it away? Then *ret is when candidate's turn comes. */
static bool is_in_the_way(const struct sched_work *work, const struct sched_candidate *candidate,
			  const struct sched_candidate *higher, int64_t needed_ms, int64_t *ret)
{
	struct sched_work imagined = *work; /* its ledger's arrays are shared, its counts are not */
	struct sched_ledger *ledger = &imagined.ledger;

	imagine(ledger, candidate, work->now_ms);
	if (sched_earliest(&imagined, higher, needed_ms) == needed_ms)
		return false;
	ledger->send_count--;
	imagine(ledger, higher, needed_ms);
	*ret = sched_earliest(&imagined, candidate, needed_ms);
	return true;
}

bool sched_is_reserved(struct sched_work *work, const struct sched_candidate *candidate,
		       struct sched_reason *ret)
{
	if (candidate->request->exempt) /* from caps, so from keeping them free too */
		return false;
	for (size_t i = 0; i < work->ledger.waiting_count; i++) {
		const struct sched_candidate *higher = work->ledger.waiting[i];
		int64_t needed_ms, eligible_ms;

		if (!sched_is_higher(higher, candidate))
			return false; /* they are in order: none is left */
		needed_ms = needed_at(work, higher);
		if (needed_ms == NEVER_MS ||
		    !is_in_the_way(work, candidate, higher, needed_ms, &eligible_ms))
			continue;
		*ret = sched_reason(BLOCKED_BY_LOOK_AHEAD, "look_ahead", "");
		ret->won_by = higher->request->id;
		ret->eligible_ms = eligible_ms;
		return true;
	}
	return false;
}
