/*
 * consider.c - may this mail go now?  Asked again before every attempt, since
 * a dispatch or a retry may come hours after it was granted.  Pure.
 */
#include "decision.h"

#include <inttypes.h>

#include "common/codec/protobuf_message.h"
#include "common/policy/caps.h"
#include "common/policy/person.h"
#include "common/policy/quiet.h"
#include "common/policy/rule.h"

/* Why the mail cannot go now, and the first instant at which it can. */
struct blocker {
	Nurture__V1__Reason reason;
	bool is_cap;
};

struct ledger {
	struct ledger_send *sends;
	size_t count;
};

struct ledger_send send_counted_as(const struct send_decision *decision, const struct send *send,
				   int at)
{
	const struct send_part part = send_part_at(send, at);

	return (struct ledger_send){
	    .at_ms = send->kept.intended_ms,
	    .message_class = policy_class(decision->sender->policy, slice_text(part.message_class)),
	    .channel = CHANNEL_EMAIL,
	    .programme = part.programme,
	    .category = part.category,
	    .exempt = part.exempt,
	    .merged = at != SEND_LEAD,
	};
}

/* May it go, as far as caps are concerned?  Only rules of a programme or category bind a part. */
static struct send_question question_of(const struct send_decision *decision,
					const struct send *send, int at)
{
	const struct send_part part = send_part_at(send, at);

	return (struct send_question){
	    .message_class = policy_class(decision->sender->policy, slice_text(part.message_class)),
	    .channel = CHANNEL_EMAIL,
	    .programme = part.programme,
	    .category = part.category,
	    .exempt = part.exempt,
	    .merged = at != SEND_LEAD,
	};
}

bool send_counts(const struct send *send)
{
	return send->kept.status == SEND_INTENDED || send->kept.status == SEND_USED ||
	       send->kept.doubted;
}

/* Everything that may have reached the inbox, or only the customer, but for the send itself. */
static struct ledger ledger_of(const struct send_decision *decision, const struct send *self,
			       bool own_only)
{
	const char *customer = send_customer(decision, self);
	struct ledger ret = {0};
	size_t room = 0;

	for (size_t i = 0; i < decision->state->n_sends; i++)
		room += 1 + decision->state->sends[i]->kept.n_parts;
	ret.sends = arena_alloc(decision->step->arena, (room + 1) * sizeof(*ret.sends));
	for (size_t i = 0; i < decision->state->n_sends; i++) {
		const struct send *send = decision->state->sends[i];

		if (send == self || !send_counts(send) ||
		    (own_only && strcmp(send_customer(decision, send), customer) != 0))
			continue;
		for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++)
			ret.sends[ret.count++] = send_counted_as(decision, send, at);
	}
	return ret;
}

static void fill_reason(Nurture__V1__Reason *reason, const struct cap_verdict *verdict)
{
	reason->rule = (char *)(uintptr_t)verdict->cap->name;
	reason->count = verdict->count;
	reason->limit = verdict->cap->limit;
	reason->window_s = verdict->cap->window_ms / SECOND_MS;
}

/*
 * Asks the caps of all that went to the inbox.  When what went to the customer alone would allow it,
 * the reason says that the inbox is what they were asked of.
 */
static bool caps_allow(const struct send_decision *decision, const struct send *send,
		       const struct send_question *question, int64_t at_ms,
		       Nurture__V1__Reason *reason, int64_t *ret_eligible_ms)
{
	const struct policy *policy = decision->sender->policy;
	const struct ledger all = ledger_of(decision, send, false);
	struct cap_verdict verdict = caps_check(policy, all.sends, all.count, question, at_ms), own;
	struct ledger mine;

	*ret_eligible_ms = verdict.eligible_ms;
	if (verdict.allowed || !reason)
		return verdict.allowed;
	mine = ledger_of(decision, send, true);
	own = caps_check(policy, mine.sends, mine.count, question, at_ms);
	fill_reason(reason, own.allowed ? &verdict : &own);
	if (own.allowed)
		reason->rule = send_inbox_rule(decision, reason->rule);
	return false;
}

/*
 * Returns the first instant from at_ms on that pause, night and send window allow. *rule names the
 * first of them that does not, unless it names a rule already. The person's best hour is not asked
 * again, since a mail that missed it is late already; it only says whose night counts, as it did at
 * the grant.
 */
static int64_t awake(const struct send_decision *decision, const struct send *send, int64_t at_ms,
		     const char **rule)
{
	const struct policy *policy = decision->sender->policy;
	const struct message_class *class = send_class_of(decision, send->kept.message_class);
	const Nurture__V1__Dispatch *dispatch = send->dispatch;
	const Nurture__V1__Request *request = dispatch->request;
	struct slice zone = slice_text(dispatch->time_zone),
		     country = slice_text(dispatch->country);
	struct send_window window = {(int)request->send_from_min, (int)request->send_to_min};
	struct send_window best = {(int)dispatch->best_from_min, (int)dispatch->best_to_min};
	bool keeps_night = class->quiet_hours;
	int64_t next_ms;

	if (person_pause_blocks(class, CHANNEL_EMAIL, dispatch->paused_until_ms, at_ms)) {
		if (!(*rule)[0])
			*rule = rule_text(RULE_PAUSED);
		at_ms = dispatch->paused_until_ms;
	}
	if (!keeps_night && !window.to_min)
		return at_ms;
	if (keeps_night)
		next_ms = window.to_min ? sending_time(policy, zone, country, &window, at_ms)
					: night_end(policy, zone, country, &best, at_ms);
	else
		next_ms = window_time(policy, zone, country, &window, at_ms);
	if (next_ms > at_ms && !(*rule)[0])
		*rule = hours_rule(policy, zone, country, window.to_min ? &window : &best,
				   keeps_night, at_ms);
	return next_ms;
}

/*
 * The first instant from now on that caps, pause and quiet hours all allow;
 * *ret says what stands in the way now.  Each only ever moves the instant on,
 * so they agree after a few rounds.
 */
static int64_t earliest(const struct send_decision *decision, const struct send *send,
			struct blocker *ret)
{
	const struct policy *policy = decision->sender->policy;
	struct send_question question = question_of(decision, send, SEND_LEAD);
	int64_t at_ms = decision->step->now_ms;

	question.own_caps = person_own_caps(policy, send->dispatch->allowances,
					    send->dispatch->n_allowances, decision->step->arena);
	question.own_cap_count = (unsigned)send->dispatch->n_allowances;
	nurture__v1__reason__init(&ret->reason);
	ret->is_cap = false;
	for (int round = 0; round < 1000 && at_ms != NEVER_MS; round++) {
		bool is_first = !ret->reason.rule[0];
		int64_t eligible_ms, next_ms = at_ms;
		const char *rule;

		if (!caps_allow(decision, send, &question, at_ms, is_first ? &ret->reason : NULL,
				&eligible_ms)) {
			ret->is_cap |= is_first;
			next_ms = eligible_ms;
		}
		rule = ret->reason.rule;
		if (next_ms != NEVER_MS)
			next_ms = awake(decision, send, next_ms, &rule);
		ret->reason.rule = (char *)(uintptr_t)rule;
		if (next_ms == at_ms)
			break;
		at_ms = next_ms;
	}
	return at_ms;
}

void send_hand_over(struct send_decision *decision, struct send *send)
{
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;
	char *at = strrchr(send->dispatch->email, '@');

	send->kept.owner = decision->step->owner;
	effect.id = send->kept.id;
	effect.attempt = send->kept.attempt;
	effect.intended_ms = send->kept.intended_ms;
	effect.owner = send->kept.owner;
	effect.customer = send->kept.customer;
	if (at)
		effect.domain = at + 1;
	effect.dispatch =
	    message_packed(send_dispatch_pack(send, decision->step->arena), decision->step->arena);
	step_emit(decision->step, STEP_EFFECT, send_effect_encode(&effect, decision->step->arena));
	decision->changed = true;
}

static void intend(struct send_decision *decision, struct send *send)
{
	send->kept.status = SEND_INTENDED;
	send->kept.attempt++;
	send->kept.intended_ms = decision->step->now_ms;
	send->kept.next_ms = 0;
	send->kept.open_case = (char *)"";
	send_hand_over(decision, send);
}

/* A part that a cap blocks ends at once: it has no mail of its own to wait for. */
static void drop_parts_over_cap(struct send_decision *decision, struct send *send)
{
	for (size_t i = 0; i < send->kept.n_parts;) {
		const struct send_question question = question_of(decision, send, (int)i);
		Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
		int64_t ignored_ms;

		if (caps_allow(decision, send, &question, decision->step->now_ms, &reason,
			       &ignored_ms)) {
			i++;
			continue;
		}
		send_end_part(decision, send, i, STATUS_DISPLACED, &reason, NULL);
	}
}

static char *deferral_name(struct send_decision *decision, struct send *send)
{
	return arena_printf(decision->step->arena, "send-deferred:%" PRIu32,
			    ++send->kept.deferrals);
}

/*
 * An open case blocks the mail, and nobody knows when it is closed: the mail is considered again
 * with the next contact, or when its first part expires.  Each case is told of only once.
 */
static void block(struct send_decision *decision, struct send *send, const char *name)
{
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
	int64_t until_ms = NEVER_MS;

	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++) {
		int64_t expires_ms = send_expires_ms(send, send_part_at(send, at).request);

		if (expires_ms < until_ms)
			until_ms = expires_ms;
	}
	reason.rule = rule_text(RULE_OPEN_CASE);
	reason.detail = (char *)(uintptr_t)name;
	if (strcmp(send->kept.open_case, name) != 0)
		send_wait(decision, send, deferral_name(decision, send), decision->step->now_ms,
			  &reason);
	send->kept.status = SEND_WAITING;
	send->kept.owner = 0;
	send->kept.next_ms = until_ms;
	send->kept.open_case = (char *)(uintptr_t)name;
	decision->changed = true;
}

void send_consider(struct send_decision *decision, struct send *send)
{
	int64_t now_ms = decision->step->now_ms;
	struct blocker why;
	int64_t eligible_ms;

	for (;;) {
		if (!send_drop_parts(decision, send))
			return;
		if (send_case(decision, send)[0]) {
			block(decision, send, send_case(decision, send));
			return;
		}
		eligible_ms = earliest(decision, send, &why);
		why.reason.eligible_at_ms = eligible_ms == NEVER_MS ? 0 : eligible_ms;
		if (eligible_ms < send_expires_ms(send, send->dispatch->request))
			break;
		if (!send_end_lead(decision, send, why.is_cap ? STATUS_DISPLACED : STATUS_EXPIRED,
				   now_ms, &why.reason, NULL))
			return;
	}
	if (eligible_ms <= now_ms) {
		drop_parts_over_cap(decision, send);
		intend(decision, send);
		return;
	}
	send->kept.open_case = (char *)"";
	send_wait(decision, send, deferral_name(decision, send), now_ms, &why.reason);
}

void send_look_again(struct send_decision *decision, struct send *send)
{
	struct blocker ignored;
	int64_t eligible_ms;

	if (send->kept.open_case[0] || !send_class_of(decision, send->kept.message_class)) {
		send_consider(decision, send);
		return;
	}
	if (send->kept.failures > 0)
		return; /* the pause is owed to the mail server */
	eligible_ms = earliest(decision, send, &ignored);
	if (eligible_ms >= send->kept.next_ms)
		return; /* the send is considered again at next_ms, and then deferred */
	if (eligible_ms <= decision->step->now_ms) {
		send_consider(decision, send);
		return;
	}
	send->kept.next_ms = eligible_ms;
	decision->changed = true;
}
