/* end.c - see end.h. */
#include "end.h"

#include "entries.h"
#include "limits.h"
#include "outcome.h"
#include "wake.h"

/* Were the rules asked, or would they have been next? */
static bool asks_rules(enum status status)
{
	return status == STATUS_DISPLACED || status == STATUS_EXPIRED || status == STATUS_REFUSED;
}

void sched_end(struct sched_decision *decision, struct sched_candidate *candidate,
	       enum status status, struct sched_reason reason)
{
	const struct send_question question = sched_question(decision, candidate);
	struct sched_explanation explanation;

	if (reason.cap)
		reason.won_by = sched_winner(decision, reason.cap);
	candidate->gone = true;
	sched_remember_ended(decision, candidate->request, 0);
	sched_leave_followers(decision, candidate->request->id);
	sched_wake(decision, BLOCKED_BY_LOOK_AHEAD, candidate->request->id);
	if (asks_rules(status))
		sched_explain(decision, candidate, &question, &reason, &explanation);
	sched_put_outcome(decision, candidate, status, &reason, "end",
			  asks_rules(status) ? &explanation : NULL);
}

void sched_end_late(struct sched_decision *decision, struct sched_candidate *candidate,
		    struct sched_reason reason)
{
	sched_end(decision, candidate, sched_lost(&reason) ? STATUS_DISPLACED : STATUS_EXPIRED,
		  reason);
}
