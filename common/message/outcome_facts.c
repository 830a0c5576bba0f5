/* outcome_facts.c - see outcome.h. */
#include "outcome.h"

#include "common/base/hash.h"

static uint64_t id_hash(const char *id)
{
	return id[0] ? hash64(slice_text(id)) : 0;
}

struct outcome_facts outcome_facts_of(const Nurture__V1__Outcome *outcome)
{
	const Nurture__V1__Reason *reason = outcome->reason;
	int status = status_from_text(slice_text(outcome->status));
	struct outcome_facts facts = {.at_ms = (int64_t)outcome->at_ms,
				      .triggered_ms = outcome->triggered_ms,
				      .request = id_hash(outcome->request),
				      .status = (enum status)status,
				      .merged = outcome->merged_into[0] != '\0',
				      .id = outcome->id,
				      .programme = outcome->programme,
				      .message_class = outcome->message_class,
				      .channel = outcome->channel,
				      .rule = "",
				      .detail = ""};

	if (reason) {
		facts.rule = reason->rule;
		facts.detail = reason->detail;
		facts.won_by = id_hash(reason->won_by);
		facts.count = reason->count;
		facts.limit = reason->limit;
		facts.window_s = reason->window_s;
	}
	return facts;
}
