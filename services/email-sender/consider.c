/*
 * consider.c - may this mail go now?  Asked again before every attempt, since
 * a dispatch or a retry may come hours after it was granted.  Pure.
 */
#include "turn.h"

#include <inttypes.h>

#include "../../common/base/text.h"
#include "../../common/policy/caps.h"
#include "../../common/policy/quiet.h"
#include "templates.h"

/* Why it cannot be now, and the first instant at which it can. */
struct hindrance {
	Nurture__V1__Reason reason;
	bool is_cap;
};

/* Everything that may have reached the customer, but for the send itself. */
static size_t ledger(const struct turn *turn, const struct send *self, struct ledger_send *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < turn->state->n_sends; i++) {
		const struct send *send = turn->state->sends[i];
		bool counts = send->kept.status == SEND_INTENDED ||
			      send->kept.status == SEND_USED || send->kept.doubted;

		if (send == self || !counts)
			continue;
		ret[count++] = (struct ledger_send){
		    .at_ms = send->kept.intended_ms,
		    .message_class =
			policy_class(turn->sender->policy, slice_text(send->kept.message_class)),
		    .channel = CHANNEL_EMAIL,
		    .programme = send->kept.programme,
		    .category = send->kept.category,
		    .exempt = send->kept.exempt,
		};
	}
	return count;
}

static bool has_quiet_hours(const struct policy *policy, const char *class_name)
{
	int index = policy_class(policy, slice_text(class_name));

	return !policy->quiet_hours.off && (index < 0 || policy->classes[index].quiet_hours);
}

/*
 * The first instant from now on that caps and quiet hours both allow; *ret
 * says what stands in the way now.  Each only ever moves the instant on, so
 * they agree after a few rounds.
 */
static int64_t earliest(const struct turn *turn, const struct send *send, struct hindrance *ret)
{
	const struct policy *policy = turn->sender->policy;
	struct ledger_send *sends =
	    arena_alloc(turn->step->arena, (turn->state->n_sends + 1) * sizeof(*sends));
	size_t count = ledger(turn, send, sends);
	struct send_question question = {
	    .message_class = policy_class(policy, slice_text(send->kept.message_class)),
	    .channel = CHANNEL_EMAIL,
	    .programme = send->kept.programme,
	    .category = send->kept.category,
	    .exempt = send->kept.exempt,
	};
	bool is_quiet = has_quiet_hours(policy, send->kept.message_class);
	int64_t at_ms = turn->step->now_ms;

	nurture__v1__reason__init(&ret->reason);
	ret->is_cap = false;
	for (int round = 0; round < 1000 && at_ms != NEVER_MS; round++) {
		struct cap_verdict caps = caps_check(policy, sends, count, &question, at_ms);
		int64_t next_ms = caps.allowed ? at_ms : caps.eligible_ms;

		if (!caps.allowed && !ret->reason.rule[0]) {
			ret->is_cap = true;
			ret->reason.rule = (char *)(uintptr_t)caps.cap->name;
			ret->reason.count = caps.count;
			ret->reason.limit = caps.cap->limit;
			ret->reason.window_s = caps.cap->window_ms / SECOND_MS;
		}
		if (is_quiet && next_ms != NEVER_MS) {
			next_ms = quiet_hours_end(policy, slice_text(send->dispatch->time_zone),
						  slice_text(send->dispatch->country), next_ms);
			if (next_ms > at_ms && !ret->reason.rule[0])
				ret->reason.rule = (char *)"quiet_hours";
		}
		if (next_ms == at_ms)
			break;
		at_ms = next_ms;
	}
	return at_ms;
}

void send_hand_over(struct turn *turn, struct send *send)
{
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;

	send->kept.owner = turn->step->owner;
	effect.id = send->kept.id;
	effect.attempt = send->kept.attempt;
	effect.intended_ms = send->kept.intended_ms;
	effect.owner = send->kept.owner;
	step_emit(turn->step, STEP_EFFECT,
		  send_effect_encode_with(&effect, send_dispatch_pack(send, turn->step->arena),
					  turn->step->arena));
	turn->changed = true;
}

static void intend(struct turn *turn, struct send *send)
{
	send->kept.status = SEND_INTENDED;
	send->kept.attempt++;
	send->kept.intended_ms = turn->step->now_ms;
	send->kept.next_ms = 0;
	send_hand_over(turn, send);
}

/* True when the send is over for a reason that waiting does not mend. */
static bool end_now(struct turn *turn, struct send *send)
{
	const Nurture__V1__Dispatch *dispatch = send->dispatch;
	const struct template_set *templates = turn->sender->templates;
	int64_t now_ms = turn->step->now_ms;
	struct arena *arena = turn->step->arena;

	if (now_ms >= dispatch->request->expires_ms)
		send_end(turn, send, STATUS_EXPIRED, now_ms, NULL,
			 send->kept.failures
			     ? arena_printf(arena, "after attempt %" PRIu32, send->kept.failures)
			     : NULL);
	else if (send->kept.blocked[0])
		send_end(turn, send, (enum status)status_from_text(slice_text(send->kept.blocked)),
			 now_ms, NULL, send->kept.blocked_why[0] ? send->kept.blocked_why : NULL);
	else if (!text_is_email(slice_text(dispatch->email)))
		send_end(turn, send, STATUS_UNDELIVERABLE, now_ms, NULL,
			 dispatch->email[0] ? "the address is none that mail can be sent to"
					    : "no address");
	else if (templates && !template_set_has(templates, dispatch->request->action))
		send_end(turn, send, STATUS_REJECTED, now_ms, NULL,
			 arena_printf(arena, "there is no template \"%.100s\"",
				      dispatch->request->action));
	else
		return false;
	return true;
}

void send_consider(struct turn *turn, struct send *send)
{
	int64_t now_ms = turn->step->now_ms;
	struct hindrance why;
	int64_t eligible_ms;

	if (end_now(turn, send))
		return;
	eligible_ms = earliest(turn, send, &why);
	if (eligible_ms <= now_ms) {
		intend(turn, send);
		return;
	}
	why.reason.eligible_at_ms = eligible_ms == NEVER_MS ? 0 : eligible_ms;
	if (eligible_ms >= send->dispatch->request->expires_ms)
		send_end(turn, send, why.is_cap ? STATUS_DISPLACED : STATUS_EXPIRED, now_ms,
			 &why.reason, NULL);
	else
		send_wait(turn, send,
			  arena_printf(turn->step->arena, "send-deferred:%" PRIu32,
				       ++send->kept.deferrals),
			  now_ms, &why.reason);
}
