/* report.c - outcomes of the email-sender, and the ends that they mean.  Pure. */
#include "turn.h"

enum { OUTCOME_MAX_BYTES = 64 * 1024 };

static void emit(struct turn *turn, const struct send *send, const char *step_name,
		 enum status status, int64_t at_ms, const Nurture__V1__Reason *reason)
{
	const Nurture__V1__Request *request = send->dispatch->request;
	struct arena *arena = turn->step->arena;
	struct buf out = BUF_MAX(OUTCOME_MAX_BYTES);
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
	char id[33];

	outcome_id(id, request->id, step_name);
	outcome.at_ms = (uint64_t)at_ms;
	outcome.id = id;
	outcome.request = request->id;
	outcome.customer = arena_copy(arena, turn->step->customer.bytes, turn->step->customer.len);
	outcome.programme = request->programme;
	outcome.message_class = request->message_class;
	outcome.channel = request->channel;
	outcome.category = request->category;
	outcome.status = (char *)(uintptr_t)status_text(status);
	outcome.triggered_ms = request->triggered_ms;
	outcome.reason = (Nurture__V1__Reason *)(uintptr_t)reason;
	outcome.policy = (char *)(uintptr_t)turn->sender->policy->hash;
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

void send_end(struct turn *turn, struct send *send, enum status status, int64_t at_ms,
	      const Nurture__V1__Reason *reason, const char *detail)
{
	/* An attempt without an answer may have been delivered: no later word can deny it. */
	if (send->kept.doubted && status != STATUS_SENT && status != STATUS_IN_DOUBT) {
		detail = arena_printf(
		    turn->step->arena, "an earlier attempt may have been delivered; then %s%s%s",
		    status_text(status), detail ? ": " : "", detail ? detail : "");
		status = STATUS_IN_DOUBT;
		at_ms = send->kept.intended_ms;
	}
	emit(turn, send, "end", status, at_ms, with_detail(turn, reason, detail));
	if (status == STATUS_SENT || status == STATUS_IN_DOUBT) {
		send->kept.status = SEND_USED;
	} else {
		send->kept.status = SEND_UNUSED;
		send->kept.intended_ms = turn->step->now_ms;
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
	emit(turn, send, step_name, STATUS_DEFERRED, at_ms, reason);
	send->kept.status = SEND_WAITING;
	send->kept.owner = 0;
	send->kept.next_ms = reason->eligible_at_ms;
	turn->changed = true;
}
