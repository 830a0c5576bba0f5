/* cancel.c - see cancel.h. */
#include "cancel.h"

#include "common/policy/person.h"
#include "common/policy/rule.h"
#include "end.h"
#include "pass_on.h"
#include "tasks.h"

void sched_cancel(struct sched_decision *decision, const Nurture__V1__Cancel *cancel)
{
	const struct sched_reason reason =
	    sched_reason(BLOCKED_NOT, rule_text(RULE_CANCEL), cancel->reason);

	for (size_t i = 0; i < decision->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = decision->ledger.waiting[i];
		const Nurture__V1__Request *request = candidate->request;
		struct cancel_target of = {request->id, request->programme, request->order,
					   request->category, request->outlives_order};

		if (!candidate->gone && cancel_matches(cancel, &of))
			sched_end(decision, candidate, STATUS_CANCELLED, reason);
	}
	sched_cancel_tasks(decision, cancel);
	sched_pass_on_cancel(decision, cancel);
}
