/* hold.c - see hold.h. */
#include "hold.h"

#include "common/policy/person.h"
#include "limits.h"

enum sched_blocker sched_held_by(const struct sched_work *work,
				 const struct sched_candidate *candidate)
{
	const struct message_class *class = sched_class_of(work, candidate);
	const Nurture__V1__Contact *contact = work->ledger.contact;

	if (contact->n_open_cases > 0 && person_case_blocks(class, candidate->request))
		return BLOCKED_BY_OPEN_CASE;
	if (person_pause_blocks(class, candidate->channel, contact->paused_until_ms, work->now_ms))
		return BLOCKED_BY_PAUSE;
	return BLOCKED_NOT;
}

/* Nobody knows when a case is closed; a pause has an end, and is asked again at it. */
struct sched_reason sched_hold_reason(struct sched_work *work,
				      const struct sched_candidate *candidate,
				      enum sched_blocker by)
{
	struct sched_reason reason;

	if (by == BLOCKED_BY_OPEN_CASE)
		return sched_reason(by, "open_case", work->ledger.contact->open_cases[0]);
	reason = sched_reason(by, "paused", "");
	reason.look_ms = work->ledger.contact->paused_until_ms;
	reason.eligible_ms = sched_earliest(work, candidate, reason.look_ms);
	return reason;
}
