/* blocker.c - see blocker.h. */
#include "blocker.h"

#include "common/policy/person.h"
#include "common/policy/rule.h"
#include "limits.h"

enum sched_blocker sched_blocker_of(const struct sched_decision *decision,
				    const struct sched_candidate *candidate)
{
	const struct message_class *class = sched_class_of(decision, candidate);
	const Nurture__V1__Contact *contact = decision->ledger.contact;

	if (contact->n_open_cases > 0 && person_case_blocks(class, candidate->request))
		return BLOCKED_BY_OPEN_CASE;
	if (person_pause_blocks(class, candidate->channel, contact->paused_until_ms,
				decision->now_ms))
		return BLOCKED_BY_PAUSE;
	return BLOCKED_NOT;
}

/*
 * Nobody knows when a case will be closed; a pause has an end, at which the question is asked
 * again.
 */
struct sched_reason sched_blocker_reason(struct sched_decision *decision,
					 const struct sched_candidate *candidate,
					 enum sched_blocker by)
{
	struct sched_reason reason;

	if (by == BLOCKED_BY_OPEN_CASE)
		return sched_reason(by, rule_text(RULE_OPEN_CASE),
				    decision->ledger.contact->open_cases[0]);
	reason = sched_reason(by, rule_text(RULE_PAUSED), "");
	reason.look_ms = decision->ledger.contact->paused_until_ms;
	reason.eligible_ms = sched_earliest(decision, candidate, reason.look_ms);
	return reason;
}
