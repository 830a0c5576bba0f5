/* admit.c - see admit.h. */
#include "admit.h"

#include "common/base/text.h"
#include "common/codec/protobuf_message.h"
#include "common/policy/rule.h"
#include "answer.h"
#include "decide.h"
#include "end.h"
#include "entries.h"
#include "grant.h"
#include "blocker.h"
#include "verdict.h"

static int find_class(const struct policy *policy, const char *name, const char *where,
		      struct err *err)
{
	const char *names[POLICY_CLASSES_MAX], *nearest;
	char shown[TEXT_SHOWN_BYTES];
	int found = policy_class(policy, slice_text(name));

	if (found >= 0)
		return found;
	for (unsigned i = 0; i < policy->class_count; i++)
		names[i] = policy->classes[i].name;
	nearest = text_nearest(slice_text(name), names, policy->class_count);
	text_shown(slice_text(name), shown);
	if (nearest)
		return err_set(err,
			       "$.%s.message_class: expected a class of the policy "
			       "(perhaps \"%s\"), found \"%s\"",
			       where, nearest, shown);
	return err_set(err, "$.%s.message_class: expected a class of the policy, found \"%s\"",
		       where, shown);
}

static int find_channel(const char *name, const char *where, struct err *err)
{
	char shown[TEXT_SHOWN_BYTES];
	int found = channel_from_text(slice_text(name));

	if (found >= 0)
		return found;
	return err_set(err, "$.%s.channel: expected email, task or external, found \"%s\"", where,
		       text_shown(slice_text(name), shown));
}

static bool is_known(const struct sched_ledger *ledger, const char *request)
{
	for (size_t i = 0; i < ledger->waiting_count; i++)
		if (strcmp(ledger->waiting[i]->request->id, request) == 0)
			return true;
	return sched_find_ended(ledger, request) != NULL;
}

bool sched_has_room(const struct sched_decision *decision)
{
	return decision->ledger.waiting_count < SCHED_WAITING_MAX &&
	       decision->step->state.len + decision->step->value.len <= SCHED_STATE_MAX_BYTES;
}

void sched_turn_away(struct sched_decision *decision, struct sched_candidate *candidate)
{
	const struct sched_reason reason =
	    sched_reason(BLOCKED_BY_CAP, rule_text(RULE_WAITING_LIMIT), "too much is waiting");

	sched_end(decision, candidate, STATUS_DISPLACED, reason);
}

static bool may_permit(struct sched_decision *decision, const struct sched_candidate *candidate,
		       struct sched_reason *ret)
{
	enum sched_blocker blocker;
	struct sched_verdict verdict;

	if (sched_must_end(decision, candidate, decision->now_ms, &verdict)) {
		*ret = verdict.reason;
		return false;
	}
	if (candidate->due_ms > decision->now_ms) {
		*ret = sched_reason(BLOCKED_NOT, rule_text(RULE_DUE), "");
		ret->eligible_ms = candidate->due_ms;
		return false;
	}
	blocker = sched_blocker_of(decision, candidate);
	if (blocker != BLOCKED_NOT) {
		*ret = sched_blocker_reason(decision, candidate, blocker);
		return false;
	}
	return sched_is_free(decision, candidate, ret);
}

/* The other tool waits for an answer, so there is no timer in between. */
static void answer(struct sched_decision *decision, struct sched_candidate *candidate)
{
	struct sched_reason reason;

	if (may_permit(decision, candidate, &reason))
		sched_grant(decision, candidate); /* without a coupon it always goes */
	else
		sched_end(decision, candidate, STATUS_REFUSED, reason);
}

/*
 * Was it set off before an erasure?  Then it is the person's data, and not kept until it is due.  What
 * was set off after it waits, since the person may come back.
 */
static bool is_erased(const struct sched_decision *decision, const Nurture__V1__Request *request)
{
	return request->triggered_ms &&
	       request->triggered_ms <= decision->ledger.contact->erased_ms;
}

static void await(struct sched_decision *decision, struct sched_candidate *candidate)
{
	const Nurture__V1__Request *request = candidate->request;
	const struct sched_ended *followed = NULL;
	int64_t soonest_ms = decision->now_ms + decision->service->settle_ms;

	if (request->follows[0]) {
		followed = sched_find_ended(&decision->ledger, request->follows);
		candidate->due_ms = NEVER_MS;
	}
	if (followed && followed->granted_ms) {
		candidate->due_ms = followed->granted_ms + request->follow_after_ms;
		if (candidate->due_ms < request->due_ms)
			candidate->due_ms = request->due_ms;
	}
	/* What must end is looked at now, so also what follows one that ended without a grant. */
	if (candidate->due_ms > soonest_ms && !(followed && !followed->granted_ms) &&
	    !is_erased(decision, request))
		soonest_ms = candidate->due_ms;
	sched_look_at(candidate, soonest_ms);
	sched_enter(&decision->ledger, candidate);
	decision->changed = true;
}

int sched_admit(struct sched_decision *decision, Nurture__V1__Request *request, struct slice packed,
		struct err *err)
{
	int class = find_class(decision->policy, request->message_class, "request", err);
	int channel = class < 0 ? -1 : find_channel(request->channel, "request", err);
	struct sched_candidate *candidate;

	if (channel < 0)
		return -1;
	if (channel == CHANNEL_EXTERNAL && request->follows[0])
		return err_set(err, "$.request.follows: expected nothing on channel external, "
				    "which is answered at once, found a request");
	if (is_known(&decision->ledger, request->id))
		return channel == CHANNEL_EXTERNAL ? sched_answer_again(decision, request->id, err)
						   : 0;
	candidate = arena_zalloc(decision->step->arena, sizeof(*candidate));
	candidate->request = request;
	candidate->packed = packed.len ? packed : message_pack(request, decision->step->arena);
	candidate->message_class = class;
	candidate->channel = (enum channel)channel;
	candidate->due_ms = request->due_ms;
	if (candidate->channel == CHANNEL_EXTERNAL)
		answer(decision, candidate);
	else if (!sched_has_room(decision))
		sched_turn_away(decision, candidate);
	else
		await(decision, candidate);
	return 0;
}

/* Returns -1 unless there is room for one more of the mails that no cap bounds. */
static int check_elsewhere(const struct sched_ledger *ledger, struct err *err)
{
	unsigned count = 0;

	for (size_t i = 0; i < ledger->send_count; i++)
		count += ledger->sends[i].elsewhere;
	if (count < SCHED_ELSEWHERE_MAX)
		return 0;
	return err_set(err, "$.sent_elsewhere: expected at most %d of them for one customer",
		       SCHED_ELSEWHERE_MAX);
}

int sched_admit_elsewhere(struct sched_decision *decision, const Nurture__V1__SentElsewhere *sent,
			  int64_t record_ms, struct err *err)
{
	const char *channel_name =
	    sent->channel[0] ? sent->channel : channel_text(CHANNEL_EXTERNAL);
	int class = find_class(decision->policy, sent->message_class, "sent_elsewhere", err);
	int channel = class < 0 ? -1 : find_channel(channel_name, "sent_elsewhere", err);
	int64_t at_ms = sent->time_ms ? sent->time_ms : record_ms;

	if (channel < 0)
		return -1;
	if (at_ms > decision->now_ms)
		at_ms = decision->now_ms; /* it has been sent, so its time is not in the future */
	if (at_ms <= decision->now_ms - sched_memory_ms(decision))
		return 0; /* no cap counts it any more */
	for (size_t i = 0; i < decision->ledger.send_count; i++)
		if (decision->ledger.sends[i].elsewhere &&
		    strcmp(sched_send_id(&decision->ledger, &decision->ledger.sends[i]),
			   sent->id) == 0)
			return 0;
	if (check_elsewhere(&decision->ledger, err) < 0)
		return -1;
	sched_count(decision,
		    (struct ledger_send){.at_ms = at_ms,
					 .message_class = class,
					 .channel = (enum channel)channel,
					 .programme = "",
					 .category = sent->category},
		    (struct sched_send){
			.id = sent->id, .message_class = sent->message_class, .elsewhere = true});
	return 0;
}
