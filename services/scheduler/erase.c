/* erase.c - see erase.h. */
#include "erase.h"

#include "common/policy/event_type.h"
#include "common/policy/rule.h"
#include "end.h"
#include "tasks.h"

void sched_end_erased(struct sched_decision *decision)
{
	const struct sched_reason reason = sched_reason(BLOCKED_NOT, rule_text(RULE_ERASED), "");
	Nurture__V1__Cancel everything = NURTURE__V1__CANCEL__INIT;

	for (size_t i = 0; i < decision->ledger.waiting_count; i++)
		if (!decision->ledger.waiting[i]->gone)
			sched_end(decision, decision->ledger.waiting[i], STATUS_ERASED, reason);
	everything.reason = event_type_text(EVENT_CUSTOMER_ERASED);
	sched_cancel_tasks(decision, &everything);
	decision->ledger.cancel_count = 0;
}
