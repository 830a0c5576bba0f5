/*
 * handle_result.c - what came of an attempt, and what that means for the send: over,
 * again later, or in doubt.  Pure.
 */
#include "decision.h"

#include <inttypes.h>

#include "common/base/text.h"
#include "common/policy/rule.h"
#include "retry.h"

enum { NOT_SENT_PAUSE_MS = 1000 };

/* "550 5.1.1 no such user", "no answer to DATA": the answer for people. */
static const char *answer_text(struct send_decision *decision,
			       const Nurture__V1__DeliveryResult *result)
{
	const char *text = result->text[0] ? result->text : "no answer";

	if (!text_is_printable(slice_text(text)) || !text_is_utf8(slice_text(text)))
		text = "an answer that is not printable";
	if (!result->code)
		return arena_printf(decision->step->arena, "%.200s", text);
	return arena_printf(decision->step->arena, "%" PRIu32 "%s%.11s %.200s", result->code,
			    result->enhanced[0] ? " " : "", result->enhanced, text);
}

struct pause {
	int64_t until_ms;
	const char *rule, *step, *detail; /* of the outcome */
};

/* Ends each lead that would expire before the pause is over; the rest of the mail waits. */
static void wait_for(struct send_decision *decision, struct send *send, struct pause pause,
		     const char *last)
{
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;

	while (pause.until_ms >= send_expires_ms(send, send->dispatch->request))
		if (!send_end_lead(decision, send, STATUS_EXPIRED, send->kept.intended_ms, NULL,
				   last))
			return;
	reason.rule = (char *)(uintptr_t)pause.rule;
	reason.eligible_at_ms = pause.until_ms;
	reason.detail = arena_text(decision->step->arena, pause.detail);
	send_wait(
	    decision, send,
	    arena_printf(decision->step->arena, "%s:%" PRIu32, pause.step, send->kept.attempt),
	    send->kept.intended_ms, &reason);
}

/* Tells of the address what a bounce would tell, when a server has refused the mail. */
static void tell_of_address(struct send_decision *decision, const struct send *send,
			    const Nurture__V1__DeliveryResult *result)
{
	if (result && result->bad_address)
		send_tell_bounce(decision, send, BOUNCE_HARD);
	else if (result && result->soft)
		send_tell_bounce(decision, send, BOUNCE_SOFT);
}

/* After an attempt without success: defers the send, or ends it with give_up after the last. */
static void try_later(struct send_decision *decision, struct send *send, enum status give_up,
		      const Nurture__V1__DeliveryResult *result, const char *answer)
{
	const struct policy *policy = decision->sender->policy;
	struct arena *arena = decision->step->arena;
	const char *rule = result && result->rule[0] ? result->rule : rule_text(RULE_RETRY);
	/* "slowed" is about the domain: the next mail to it would have heard the same. */
	uint32_t times = rule_is(rule, RULE_SLOWED) ? send->kept.slowed : send->kept.failures;
	int64_t pause_ms = send_pause_ms(policy, send->kept.id, send->kept.attempt, times, rule);

	if (send_is_blocked(decision, send) && !send_drop_parts(decision, send))
		return;
	if (send->kept.failures >= policy->retry.attempts) {
		tell_of_address(decision, send, result);
		send_end(decision, send, give_up, send->kept.intended_ms, NULL,
			 arena_printf(arena, "gave up after %" PRIu32 " attempts: %s",
				      send->kept.failures, answer));
		return;
	}
	if (result && result->wait_ms > pause_ms)
		pause_ms = result->wait_ms;
	wait_for(decision, send,
		 (struct pause){decision->step->now_ms + pause_ms, rule, "retry", answer},
		 arena_printf(arena, "after attempt %" PRIu32 ": %s", send->kept.attempt, answer));
}

/*
 * The attempt has not begun. If the service stopped or moved, the send is tried again soon; if its
 * destination is closed for a while, the send is deferred.
 */
static void not_begun(struct send_decision *decision, struct send *send,
		      const Nurture__V1__DeliveryResult *result)
{
	if (send_counts_as_sent(decision, send)) {
		/* No time has passed, so the same intent is handed over once more. */
		send_hand_over(decision, send);
		return;
	}
	if (result->wait_ms > 0 && result->rule[0]) {
		if (!send_drop_parts(decision, send))
			return;
		wait_for(decision, send,
			 (struct pause){decision->step->now_ms + result->wait_ms, result->rule,
					"held", answer_text(decision, result)},
			 answer_text(decision, result));
		return;
	}
	send->kept.status = SEND_WAITING;
	send->kept.owner = 0;
	send->kept.next_ms = decision->step->now_ms + NOT_SENT_PAUSE_MS;
	decision->changed = true;
	if (send_has_blocker(decision, send))
		send_consider(decision, send);
}

static bool may_resend(const struct send_decision *decision, const struct send *send)
{
	const struct policy *policy = decision->sender->policy;
	int index = policy_class(policy, slice_text(send->kept.message_class));

	return index >= 0 && policy->classes[index].in_doubt_resend;
}

void send_doubt(struct send_decision *decision, struct send *send, bool at_once, const char *answer)
{
	if (!may_resend(decision, send)) {
		send_end(decision, send, STATUS_IN_DOUBT, send->kept.intended_ms, NULL, answer);
		return;
	}
	send->kept.doubted = true;
	send->kept.failures++;
	decision->changed = true;
	if (at_once && send->kept.failures < decision->sender->policy->retry.attempts)
		send_consider(decision, send);
	else
		try_later(decision, send, STATUS_IN_DOUBT, NULL, answer);
}

void send_handle_result(struct send_decision *decision, struct send *send,
			const Nurture__V1__DeliveryResult *result)
{
	switch ((enum send_verdict)result->verdict) {
	case SEND_SENT:
		send_end(decision, send, STATUS_SENT, send->kept.intended_ms, NULL, NULL);
		return;
	case SEND_REFUSED:
		tell_of_address(decision, send, result);
		send_end(decision, send, STATUS_REJECTED, send->kept.intended_ms, NULL,
			 answer_text(decision, result));
		return;
	case SEND_LATER:
		if (rule_is(result->rule, RULE_SLOWED))
			send->kept.slowed++;
		else
			send->kept.failures++;
		try_later(decision, send, STATUS_REJECTED, result, answer_text(decision, result));
		return;
	case SEND_IN_DOUBT:
		send_doubt(decision, send, false, answer_text(decision, result));
		return;
	case SEND_NOT_SENT:
		not_begun(decision, send, result);
		return;
	}
}
