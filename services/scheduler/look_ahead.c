/*
 * look_ahead.c - do not spend an allowance that a higher one will need.
 *
 * A waiting candidate of higher priority has an earliest instant: when it is
 * next looked at, and caps and quiet hours allow it.  If a send now would
 * make that instant later, the lower one waits until right after it.  Only a
 * need that is real counts: one that will end, has expired by then, is held
 * by an open case or follows a request that is not granted, needs nothing.
 */
#include "look_ahead.h"

#include "common/policy/rule.h"
#include "entries.h"
#include "blocker.h"
#include "limits.h"
#include "verdict.h"

static int64_t needed_at(struct sched_decision *decision, const struct sched_candidate *higher)
{
	struct sched_verdict verdict;
	int64_t at_ms;

	if (higher->due_ms == NEVER_MS || sched_blocker_of(decision, higher) != BLOCKED_NOT)
		return NEVER_MS;
	at_ms = sched_earliest(decision, higher, higher->next_ms);
	if (at_ms == NEVER_MS || sched_must_end(decision, higher, at_ms, &verdict))
		return NEVER_MS;
	return at_ms;
}

/*
 * Finds the caps that would have no room left at that instant with one more entry that they count.
 */
static void find_tight(struct sched_decision *decision, const struct sched_candidate *higher,
		       struct sched_need *need)
{
	const struct send_question question = sched_question(decision, higher);
	struct cap_trial trials[SCHED_TRIALS_MAX];
	size_t count =
	    caps_trials(decision->policy, decision->ledger.counted, decision->ledger.send_count,
			&question, need->at_ms, trials, SCHED_TRIALS_MAX);

	need->tight = arena_alloc(decision->step->arena, count * sizeof(*need->tight));
	need->tight_count = 0;
	for (size_t i = 0; i < count; i++)
		if (trials[i].count + 1 >= trials[i].cap->limit)
			need->tight[need->tight_count++] = trials[i].cap;
}

/* Remembers the need, since many lower candidates ask for it. */
static const struct sched_need *need_of(struct sched_decision *decision,
					struct sched_candidate *higher)
{
	struct sched_need *need = &higher->need;

	if (need->entries == decision->entries && need->next_ms == higher->next_ms &&
	    need->due_ms == higher->due_ms)
		return need;
	need->entries = decision->entries;
	need->next_ms = higher->next_ms;
	need->due_ms = higher->due_ms;
	need->at_ms = needed_at(decision, higher);
	if (need->at_ms != NEVER_MS)
		find_tight(decision, higher, need);
	return need;
}

/* Would the candidate, sent now, take away what is needed? */
static bool is_in_the_way(const struct sched_decision *decision,
			  const struct sched_candidate *candidate, const struct sched_need *need)
{
	const struct ledger_send send = sched_entry(candidate, decision->now_ms);

	for (size_t i = 0; i < need->tight_count; i++)
		if (need->at_ms - need->tight[i]->window_ms < decision->now_ms &&
		    cap_counts(decision->policy, need->tight[i], &send))
			return true;
	return false;
}

/* The first instant at which the candidate can go, if the higher one goes out as soon as it can. */
static int64_t turn_after(const struct sched_decision *decision,
			  const struct sched_candidate *candidate,
			  const struct sched_candidate *higher, int64_t needed_ms)
{
	/* The copy of the ledger shares its arrays with the real one, but has counts of its own. */
	struct sched_decision imagined = *decision;
	struct sched_ledger *ledger = &imagined.ledger;

	/* The arrays have room for one more entry, and no entry is later than this one. */
	ledger->counted[ledger->send_count++] = sched_entry(higher, needed_ms);
	return sched_earliest(&imagined, candidate, needed_ms);
}

bool sched_is_reserved(struct sched_decision *decision, const struct sched_candidate *candidate,
		       struct sched_reason *ret)
{
	if (candidate->request->exempt) /* from caps, and so from keeping them free for others */
		return false;
	for (size_t i = 0; i < decision->ledger.waiting_count; i++) {
		struct sched_candidate *higher = decision->ledger.waiting[i];
		const struct sched_need *need;

		if (!sched_is_higher(higher, candidate))
			return false; /* they are in order: none is left */
		if (higher->gone)
			continue;
		need = need_of(decision, higher);
		if (need->at_ms == NEVER_MS || !is_in_the_way(decision, candidate, need))
			continue;
		*ret = sched_reason(BLOCKED_BY_LOOK_AHEAD, rule_text(RULE_LOOK_AHEAD), "");
		ret->won_by = higher->request->id;
		ret->eligible_ms = turn_after(decision, candidate, higher, need->at_ms);
		return true;
	}
	return false;
}
