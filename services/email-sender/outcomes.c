/* outcomes.c - outcomes of the email-sender, and the ends that they mean.  Pure. */
#include "decision.h"

#include "common/base/hash.h"

enum { OUTCOME_MAX_BYTES = 64 * 1024 };

/* The part of a mail that an outcome is about. */
struct content {
	const Nurture__V1__Request *request;
	const Nurture__V1__Decision *decision; /* may be NULL */
	const char *merged_into, *coupon, *send, *locale;
};

static struct content content_of(const struct send *send, int part)
{
	const Nurture__V1__Dispatch *dispatch = send->dispatch;

	if (part == SEND_LEAD)
		return (struct content){dispatch->request, dispatch->decision, "",
					dispatch->coupon,  send->kept.id,      dispatch->locale};
	return (struct content){dispatch->parts[part]->request,
				dispatch->parts[part]->decision,
				dispatch->request->id,
				dispatch->parts[part]->coupon,
				send->kept.id,
				dispatch->locale};
}

static void emit(struct send_decision *decision, const struct send *send,
		 const struct content *content, const char *step_name, enum status status,
		 int64_t at_ms, const Nurture__V1__Reason *reason)
{
	const Nurture__V1__Request *request = content->request;
	const char *customer = send_customer(decision, send);
	struct arena *arena = decision->step->arena;
	struct buf out = BUF_IN(arena, OUTCOME_MAX_BYTES);
	Nurture__V1__Outcome outcome;
	char *id = arena_alloc(arena, ID_TEXT_BYTES);

	outcome_id(id, request->id, step_name);
	outcome = outcome_of_request(
	    request,
	    &(struct outcome_words){id, customer, decision->sender->policy->hash, status, at_ms,
				    content->locale, content->send, content->coupon},
	    decision->sender->policy, send_class_of(decision, request->message_class));
	outcome.reason = (Nurture__V1__Reason *)(uintptr_t)reason;
	outcome.merged_into = (char *)(uintptr_t)content->merged_into;
	if (content->decision) {
		outcome.rules = content->decision->rules;
		outcome.n_rules = content->decision->n_rules;
		outcome.considered = content->decision->considered;
		outcome.n_considered = content->decision->n_considered;
	}
	outcome_encode(&outcome, decision->sender->format, &out);
	step_emit_buf_to(decision->step, SEND_OUTCOMES, customer, &out);
}

/* A copy of reason (or an empty one) with a detail; NULL when there is neither. */
static Nurture__V1__Reason *with_detail(struct send_decision *decision,
					const Nurture__V1__Reason *reason, const char *detail)
{
	Nurture__V1__Reason *copy;

	if (!reason && !detail)
		return NULL;
	copy = arena_alloc(decision->step->arena, sizeof(*copy));
	if (reason)
		*copy = *reason;
	else
		nurture__v1__reason__init(copy);
	if (detail)
		copy->detail = arena_text(decision->step->arena, detail);
	return copy;
}

/* Was a mail delivered with this status, or perhaps delivered? */
static bool is_used(enum status status)
{
	return status == STATUS_SENT || status == STATUS_IN_DOUBT;
}

enum status send_tell_end(struct send_decision *decision, const struct send *send, int part,
			  struct end_verdict verdict)
{
	struct content content = content_of(send, part);

	if (send->kept.doubted && !is_used(verdict.status)) {
		verdict.detail =
		    arena_printf(decision->step->arena,
				 "an earlier attempt may have been delivered; then %s%s%s",
				 status_text(verdict.status), verdict.detail ? ": " : "",
				 verdict.detail ? verdict.detail : "");
		verdict.status = STATUS_IN_DOUBT;
		verdict.at_ms = send->kept.intended_ms;
	}
	if (!verdict.is_whole && !is_used(verdict.status))
		content.merged_into = ""; /* no mail carried it */
	emit(decision, send, &content, "end", verdict.status, verdict.at_ms,
	     with_detail(decision, verdict.reason, verdict.detail));
	return verdict.status;
}

void send_end(struct send_decision *decision, struct send *send, enum status status, int64_t at_ms,
	      const Nurture__V1__Reason *reason, const char *detail)
{
	const struct end_verdict verdict = {status, at_ms, reason, detail, true};
	enum status told = send_tell_end(decision, send, SEND_LEAD, verdict);

	for (size_t i = 0; i < send->kept.n_parts; i++) {
		send_tell_end(decision, send, (int)i, verdict);
		send->kept.parts[i]->blocked = (char *)"";
		send->kept.parts[i]->blocked_why = (char *)"";
	}
	if (is_used(told)) {
		send->kept.status = SEND_USED;
	} else {
		send->kept.status = SEND_UNUSED;
		send->kept.intended_ms = decision->step->now_ms;
		send->kept.n_parts = 0;
	}
	/* A send that is over keeps no personal data. */
	send->dispatch = NULL;
	send->stored_bytes = 0; /* it is another size now */
	send->kept.dispatch = (ProtobufCBinaryData){0};
	send->kept.blocked = (char *)"";
	send->kept.blocked_why = (char *)"";
	send->kept.owner = 0;
	send->kept.next_ms = 0;
	decision->changed = true;
}

void send_wait(struct send_decision *decision, struct send *send, const char *step_name,
	       int64_t at_ms, const Nurture__V1__Reason *reason)
{
	const struct content lead = content_of(send, SEND_LEAD);

	emit(decision, send, &lead, step_name, STATUS_DEFERRED, at_ms, reason);
	send->kept.status = SEND_WAITING;
	send->kept.owner = 0;
	send->kept.next_ms = reason->eligible_at_ms;
	decision->changed = true;
}
