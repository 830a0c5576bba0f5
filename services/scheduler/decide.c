/*
 * decide.c - the decision instant.
 *
 * First, candidates that must end do so, and those that cannot be granted yet whatever the caps
 * say are put away.  The rest is weighed in one order: the first candidate is granted if it is
 * free, and the next is weighed against the ledger with that grant in it.  A grant or an end can
 * change what blocks others, so the round is repeated until nothing changes.  Only then are
 * deferrals written, so all of them tell the truth about the final ledger.
 */
#include "decide.h"

#include "defer.h"
#include "end.h"
#include "grant.h"
#include "blocker.h"
#include "limits.h"
#include "look_ahead.h"
#include "verdict.h"

bool sched_is_free(struct sched_decision *decision, const struct sched_candidate *candidate,
		   struct sched_reason *ret)
{
	return sched_limits_allow(decision, candidate, ret) &&
	       !sched_is_reserved(decision, candidate, ret);
}

/* Afterwards the candidate is gone, ready, blocked, or not worth a look before a later time. */
static void sort_out(struct sched_decision *decision, struct sched_candidate *candidate)
{
	struct sched_verdict verdict;

	if (sched_must_end(decision, candidate, decision->now_ms, &verdict))
		sched_end(decision, candidate, verdict.status, verdict.reason);
	else if (candidate->due_ms > decision->now_ms)
		sched_look_at(candidate, candidate->due_ms);
	else if ((candidate->blocker = sched_blocker_of(decision, candidate)) != BLOCKED_NOT)
		/* It is deferred with the others, when everything is decided. */
		sched_look_at(candidate, NEVER_MS);
	else
		candidate->ready = true;
}

static void sort_out_all(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;
	bool found;

	sched_reorder(ledger);
	decision->has_led = false;
	do {
		found = false;
		for (size_t i = 0; i < ledger->waiting_count; i++) {
			struct sched_candidate *candidate = ledger->waiting[i];

			if (candidate->gone || candidate->ready ||
			    candidate->next_ms > decision->now_ms)
				continue;
			sort_out(decision, candidate);
			found = true;
		}
	} while (found); /* an end may have woken one that was passed */
}

/* Has a grant made a candidate due that nobody has looked at yet? */
static bool has_news(const struct sched_decision *decision)
{
	const struct sched_ledger *ledger = &decision->ledger;

	for (size_t i = 0; i < ledger->waiting_count; i++)
		if (!ledger->waiting[i]->gone && !ledger->waiting[i]->ready &&
		    ledger->waiting[i]->next_ms <= decision->now_ms)
			return true;
	return false;
}

/*
 * Returns true when the round must begin again: a grant came after a candidate that was weighed, or
 * made one due that may go before those that are left.
 */
static bool grant_free(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;
	bool weighed = false;

	for (size_t i = 0; i < ledger->waiting_count; i++)
		ledger->waiting[i]->weighed = false;
	for (size_t i = 0; i < ledger->waiting_count; i++) {
		struct sched_candidate *candidate = ledger->waiting[i];

		if (candidate->gone || !candidate->ready)
			continue;
		candidate->weighed = true;
		if (sched_is_free(decision, candidate, &candidate->why)) {
			sched_grant(decision, candidate);
			if (weighed || decision->has_led || has_news(decision))
				return true;
		} else {
			/* The candidates after this one look ahead to this instant. */
			sched_look_at(candidate, candidate->why.eligible_ms);
			weighed = true;
		}
	}
	return false;
}

/*
 * Did another candidate wait for this one? Only look-ahead makes one wait for another that is not
 * granted.
 */
static bool held_another(const struct sched_ledger *ledger, const char *request)
{
	for (size_t i = 0; i < ledger->waiting_count; i++) {
		const struct sched_candidate *other = ledger->waiting[i];

		if (!other->gone && other->why.by == BLOCKED_BY_LOOK_AHEAD &&
		    strcmp(other->why.won_by, request) == 0)
			return true;
	}
	return false;
}

/*
 * Stops after the first that made others wait: these are weighed again before more candidates end.
 */
static bool end_hopeless(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;
	bool ended = false;

	for (size_t i = 0; i < ledger->waiting_count; i++) {
		struct sched_candidate *candidate = ledger->waiting[i];

		if (candidate->gone || !candidate->ready ||
		    !sched_is_hopeless(decision, candidate, &candidate->why))
			continue;
		sched_end_late(decision, candidate, candidate->why);
		ended = true;
		if (has_news(decision) || held_another(ledger, candidate->request->id))
			break;
	}
	return ended;
}

void sched_decide(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;

	do {
		sort_out_all(decision);
	} while (grant_free(decision) || end_hopeless(decision));
	for (size_t i = 0; i < ledger->waiting_count; i++) {
		struct sched_candidate *candidate = ledger->waiting[i];

		if (candidate->gone)
			continue;
		if (candidate->ready)
			sched_defer(decision, candidate, candidate->why);
		else if (candidate->blocker != BLOCKED_NOT)
			sched_defer(decision, candidate,
				    sched_blocker_reason(decision, candidate, candidate->blocker));
	}
}
