/* outcome.c - see outcome.h. */
#include "outcome.h"

#include "common/base/hash.h"
#include "common/policy/rule.h"
#include "answer.h"
#include "outcome_counts.h"

enum { OUTCOME_MAX_BYTES = 64 * 1024 };

static Nurture__V1__Reason to_wire(const struct sched_reason *reason)
{
	Nurture__V1__Reason ret = NURTURE__V1__REASON__INIT;

	ret.rule = (char *)reason->rule;
	ret.count = reason->count;
	ret.limit = reason->limit;
	ret.window_s = reason->window_s;
	ret.eligible_at_ms = reason->eligible_ms == NEVER_MS ? 0 : reason->eligible_ms;
	ret.won_by = (char *)reason->won_by;
	ret.detail = (char *)reason->detail;
	return ret;
}

const struct sched_note *sched_note(const struct sched_decision *decision, enum channel channel,
				    const char *programme, const char *status, const char *rule)
{
	struct sched_note *note = arena_alloc(decision->step->arena, sizeof(*note));

	*note = (struct sched_note){
	    channel == CHANNEL_EXTERNAL || !*programme ? "other" : programme, status, rule};
	return note;
}

static void put(struct sched_decision *decision, enum channel channel,
		const Nurture__V1__Outcome *outcome)
{
	struct arena *arena = decision->step->arena;
	struct buf bytes = BUF_IN(arena, OUTCOME_MAX_BYTES);
	const char *programme = arena_text(arena, outcome->programme);
	const char *rule = outcome->reason ? arena_text(arena, outcome->reason->rule) : "";

	outcome_encode(outcome, decision->service->format, &bytes);
	step_emit_noted(decision->step, SCHED_OUTCOMES, buf_slice(&bytes),
			sched_note(decision, channel, programme, outcome->status, rule));
}

/*
 * Returns the id of the send that the request became; a task counts as a send. The outcomes of a
 * mail itself are written by the email-sender.
 */
static const char *send_of(const struct sched_decision *decision,
			   const struct sched_candidate *candidate, enum status status)
{
	char *id;

	if (status != STATUS_TASK_CREATED)
		return "";
	id = arena_alloc(decision->step->arena, ID_TEXT_BYTES);
	id_of_texts(id, candidate->request->id, channel_text(candidate->channel), NULL);
	return id;
}

void sched_put_outcome(struct sched_decision *decision, const struct sched_candidate *candidate,
		       enum status status, const struct sched_reason *reason, const char *step,
		       const struct sched_explanation *explanation)
{
	const Nurture__V1__Request *request = candidate->request;
	Nurture__V1__Outcome outcome;
	Nurture__V1__Reason why;
	char *id = arena_alloc(decision->step->arena, ID_TEXT_BYTES);

	outcome_id(id, request->id, step);
	outcome = outcome_of_request(
	    request,
	    &(struct outcome_words){id, decision->customer, decision->policy->hash, status,
				    decision->now_ms, decision->ledger.contact->locale,
				    send_of(decision, candidate, status),
				    candidate->coupon ? candidate->coupon : ""},
	    decision->policy, sched_class_of(decision, candidate));
	if (reason) {
		why = to_wire(reason);
		outcome.reason = &why;
	}
	if (explanation) {
		outcome.rules = (Nurture__V1__Trial **)explanation->trial_list;
		outcome.n_rules = explanation->trial_count;
		outcome.considered = (Nurture__V1__Rival **)explanation->rival_list;
		outcome.n_considered = explanation->rival_count;
	}
	put(decision, candidate->channel, &outcome);
	if (candidate->channel == CHANNEL_EXTERNAL)
		sched_answer(decision, &outcome,
			     status == STATUS_PERMITTED && request->reserve_ms
				 ? decision->now_ms + request->reserve_ms
				 : 0);
}

void sched_put_released(struct sched_decision *decision, const struct ledger_send *counted,
			struct sched_send *send, const char *why)
{
	const struct sched_reason reason = sched_reason(BLOCKED_NOT, rule_text(RULE_PERMIT), why);
	Nurture__V1__Reason wire = to_wire(&reason);
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
	const char *request = sched_send_id(&decision->ledger, send);
	char *id = arena_alloc(decision->step->arena, ID_TEXT_BYTES);

	outcome_id(id, request, "released");
	outcome.at_ms = (uint64_t)decision->now_ms;
	outcome.id = id;
	outcome.request = (char *)request;
	outcome.customer = (char *)decision->customer;
	outcome.programme = (char *)counted->programme;
	outcome.message_class = (char *)send->message_class;
	outcome.channel = (char *)channel_text(counted->channel);
	outcome.category = (char *)counted->category;
	outcome.status = (char *)status_text(STATUS_RELEASED);
	outcome.policy = (char *)decision->policy->hash;
	outcome.version = OUTCOME_VERSION;
	outcome.reason = &wire;
	put(decision, counted->channel, &outcome);
	sched_answer_changes(decision, &outcome);
}
