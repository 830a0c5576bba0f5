/* wake.c - see wake.h. */
#include "wake.h"

static void look_now(struct sched_decision *decision, struct sched_candidate *candidate)
{
	candidate->next_ms = decision->now_ms;
	candidate->ready = false;
	decision->changed = true;
}

void sched_wake(struct sched_decision *decision, enum sched_blocker blocker, const char *won_by)
{
	for (size_t i = 0; i < decision->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = decision->ledger.waiting[i];

		if (candidate->gone || candidate->last.by != blocker ||
		    (won_by && strcmp(candidate->last.won_by, won_by) != 0))
			continue;
		look_now(decision, candidate);
	}
}

/* A candidate that was never weighed is not due yet or settles: neither depends on the rules. */
void sched_wake_all(struct sched_decision *decision)
{
	for (size_t i = 0; i < decision->ledger.waiting_count; i++)
		if (!decision->ledger.waiting[i]->gone &&
		    decision->ledger.waiting[i]->last.by != BLOCKED_NOT)
			look_now(decision, decision->ledger.waiting[i]);
}

void sched_lead_followers(struct sched_decision *decision, const char *request)
{
	for (size_t i = 0; i < decision->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = decision->ledger.waiting[i];
		const Nurture__V1__Request *asked = candidate->request;
		int64_t due_ms = decision->now_ms + asked->follow_after_ms;

		if (candidate->gone || candidate->due_ms != NEVER_MS ||
		    strcmp(asked->follows, request) != 0)
			continue;
		candidate->due_ms = due_ms > asked->due_ms ? due_ms : asked->due_ms;
		sched_look_at(candidate, candidate->due_ms);
		decision->has_led = true;
	}
}

void sched_leave_followers(struct sched_decision *decision, const char *request)
{
	for (size_t i = 0; i < decision->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = decision->ledger.waiting[i];

		if (!candidate->gone && candidate->due_ms == NEVER_MS &&
		    strcmp(candidate->request->follows, request) == 0)
			candidate->next_ms = decision->now_ms;
	}
}
