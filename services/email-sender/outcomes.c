/* outcomes.c - outcomes of the email-sender, and the ends that they mean.  Pure. */
#include "decision.h"

#include "common/base/hash.h"

enum { OUTCOME_MAX_BYTES = 64 * 1024 };

/* What of a mail an outcome is about. */
struct part {
	const Nurture__V1__Request *request;
	const Nurture__V1__Decision *decision; /* may be NULL */
	const char *merged_into, *coupon, *send, *locale;
};

static struct part part_of(const struct send *send, int rider)
{
	const Nurture__V1__Dispatch *dispatch = send->dispatch;

	if (rider == SEND_LEADER)
		return (struct part){dispatch->request, dispatch->decision, "",
				     dispatch->coupon,  send->kept.id,      dispatch->locale};
	return (struct part){dispatch->riders[rider]->request,
			     dispatch->riders[rider]->decision,
			     dispatch->request->id,
			     dispatch->riders[rider]->coupon,
			     send->kept.id,
			     dispatch->locale};
}

static void emit(struct turn *turn, const struct part *part, const char *step_name,
		 enum status status, int64_t at_ms, const Nurture__V1__Reason *reason)
{
	const Nurture__V1__Request *request = part->request;
	struct arena *arena = turn->step->arena;
	struct buf out = BUF_MAX(OUTCOME_MAX_BYTES);
	Nurture__V1__Outcome outcome;
	char *id = arena_alloc(arena, ID_TEXT_BYTES);

	outcome_id(id, request->id, step_name);
	outcome = outcome_of_request(
	    request,
	    &(struct outcome_words){
		id, arena_copy(arena, turn->step->customer.bytes, turn->step->customer.len),
		turn->sender->policy->hash, status, at_ms, part->locale, part->send, part->coupon},
	    turn->sender->policy, send_class_of(turn, request->message_class));
	outcome.reason = (Nurture__V1__Reason *)(uintptr_t)reason;
	outcome.merged_into = (char *)(uintptr_t)part->merged_into;
	if (part->decision) {
		outcome.rules = part->decision->rules;
		outcome.n_rules = part->decision->n_rules;
		outcome.considered = part->decision->considered;
		outcome.n_considered = part->decision->n_considered;
	}
	outcome_encode(&outcome, turn->sender->format, &out);
	step_emit(turn->step, SEND_OUTCOMES,
		  slice_of(arena_copy(arena, out.bytes, out.len), out.len));
	buf_free(&out);
}

/* A copy of reason (or an empty one) with a detail; NULL when there is neither. */
static Nurture__V1__Reason *with_detail(struct turn *turn, const Nurture__V1__Reason *reason,
					const char *detail)
{
	Nurture__V1__Reason *copy;

	if (!reason && !detail)
		return NULL;
	copy = arena_alloc(turn->step->arena, sizeof(*copy));
	if (reason)
		*copy = *reason;
	else
		nurture__v1__reason__init(copy);
	if (detail)
		copy->detail = arena_text(turn->step->arena, detail);
	return copy;
}

/* Did this word leave a mail behind, or perhaps? */
static bool is_used(enum status status)
{
	return status == STATUS_SENT || status == STATUS_IN_DOUBT;
}

enum status send_tell_end(struct turn *turn, const struct send *send, int rider,
			  struct send_fate fate)
{
	struct part part = part_of(send, rider);

	if (send->kept.doubted && !is_used(fate.status)) {
		fate.detail = arena_printf(
		    turn->step->arena, "an earlier attempt may have been delivered; then %s%s%s",
		    status_text(fate.status), fate.detail ? ": " : "",
		    fate.detail ? fate.detail : "");
		fate.status = STATUS_IN_DOUBT;
		fate.at_ms = send->kept.intended_ms;
	}
	if (!fate.is_whole && !is_used(fate.status))
		part.merged_into = ""; /* no mail carried it */
	emit(turn, &part, "end", fate.status, fate.at_ms,
	     with_detail(turn, fate.reason, fate.detail));
	return fate.status;
}

void send_end(struct turn *turn, struct send *send, enum status status, int64_t at_ms,
	      const Nurture__V1__Reason *reason, const char *detail)
{
	const struct send_fate fate = {status, at_ms, reason, detail, true};
	enum status told = send_tell_end(turn, send, SEND_LEADER, fate);

	for (size_t i = 0; i < send->kept.n_riders; i++) {
		send_tell_end(turn, send, (int)i, fate);
		send->kept.riders[i]->blocked = (char *)"";
		send->kept.riders[i]->blocked_why = (char *)"";
	}
	if (is_used(told)) {
		send->kept.status = SEND_USED;
	} else {
		send->kept.status = SEND_UNUSED;
		send->kept.intended_ms = turn->step->now_ms;
		send->kept.n_riders = 0;
	}
	/* What is over keeps no personal data. */
	send->dispatch = NULL;
	send->kept.dispatch = (ProtobufCBinaryData){0};
	send->kept.blocked = (char *)"";
	send->kept.blocked_why = (char *)"";
	send->kept.owner = 0;
	send->kept.next_ms = 0;
	turn->changed = true;
}

void send_wait(struct turn *turn, struct send *send, const char *step_name, int64_t at_ms,
	       const Nurture__V1__Reason *reason)
{
	const struct part leader = part_of(send, SEND_LEADER);

	emit(turn, &leader, step_name, STATUS_DEFERRED, at_ms, reason);
	send->kept.status = SEND_WAITING;
	send->kept.owner = 0;
	send->kept.next_ms = reason->eligible_at_ms;
	turn->changed = true;
}
