/* defer.c - not now: why, until when, and when to look again. */
#include "defer.h"

#include <stdio.h>

#include "limits.h"
#include "outcome.h"

static bool is_same(const struct sched_reason *a, const struct sched_reason *b)
{
	return a->by == b->by && a->eligible_ms == b->eligible_ms &&
	       strcmp(a->rule, b->rule) == 0 && strcmp(a->won_by, b->won_by) == 0 &&
	       strcmp(a->detail, b->detail) == 0;
}

void sched_defer(struct sched_decision *decision, struct sched_candidate *candidate,
		 struct sched_reason reason)
{
	const struct send_question question = sched_question(decision, candidate);
	struct sched_explanation explanation;
	char step[32];
	int64_t look_ms;

	if (reason.cap)
		reason.won_by = sched_winner(decision, reason.cap);
	/* Without an instant the candidate waits for another contact, or for its expiry. */
	look_ms = reason.look_ms ? reason.look_ms : reason.eligible_ms;
	sched_look_at(candidate, look_ms ? look_ms : NEVER_MS);
	decision->changed = true;
	if (candidate->last.by != BLOCKED_NOT && is_same(&candidate->last, &reason))
		return; /* another look found the same: this is no new deferral */
	candidate->last = reason;
	candidate->deferrals++;
	snprintf(step, sizeof(step), "deferred:%u", candidate->deferrals);
	sched_explain(decision, candidate, &question, &reason, &explanation);
	sched_put_outcome(decision, candidate, STATUS_DEFERRED, &reason, step, &explanation);
}

/* May a permit lapse before then? One that is not confirmed makes room when it lapses. */
static bool may_lapse_before(const struct sched_decision *decision, int64_t time_ms)
{
	const struct sched_ledger *ledger = &decision->ledger;

	for (size_t i = 0; i < ledger->send_count; i++)
		if (ledger->sends[i].lapses_ms && ledger->sends[i].lapses_ms < time_ms)
			return true;
	return false;
}

bool sched_is_hopeless(const struct sched_decision *decision,
		       const struct sched_candidate *candidate, const struct sched_reason *reason)
{
	int64_t expires_ms = candidate->request->expires_ms;

	return reason->eligible_ms >= expires_ms &&
	       !(sched_lost(reason) && may_lapse_before(decision, expires_ms));
}
