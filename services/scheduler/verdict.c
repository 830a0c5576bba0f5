/*
 * verdict.c - why a candidate ends although no cap is in its way.
 *
 * The order of the checks is part of the contract: a request that could end for two reasons ends
 * for the first.  The order of those that look at the contact and the class stands in
 * person_ends(), since the email-sender keeps to it as well.
 */
#include "verdict.h"

#include "common/policy/event_type.h"
#include "common/policy/experiments.h"
#include "common/policy/person.h"
#include "common/policy/rule.h"

/* Fills in the verdict and returns true: the candidate ends. */
static bool ends(struct sched_verdict *ret, enum status status, enum rule rule, const char *detail)
{
	*ret = (struct sched_verdict){status, sched_reason(BLOCKED_NOT, rule_text(rule), detail)};
	return true;
}

static bool is_late(const struct sched_candidate *candidate, int64_t at_ms,
		    struct sched_verdict *ret)
{
	if (at_ms < candidate->request->expires_ms)
		return false;
	if (candidate->last.by == BLOCKED_NOT && candidate->due_ms == NEVER_MS)
		return ends(ret, STATUS_EXPIRED, RULE_FOLLOWS, candidate->request->follows);
	if (candidate->last.by == BLOCKED_NOT)
		return ends(ret, STATUS_EXPIRED, RULE_EXPIRES, "");
	ret->reason = candidate->last;
	ret->status = sched_lost(&candidate->last) ? STATUS_DISPLACED : STATUS_EXPIRED;
	return true;
}

/* The contact does not change while a step decides. */
static const char *why_no_address(struct sched_decision *decision)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;

	if (decision->no_address)
		return decision->no_address;
	decision->no_address = person_no_address(contact->email, contact->undeliverable);
	return decision->no_address;
}

/* Is there a reason in the contact, or is the class gone from the policy? */
static bool is_refused(struct sched_decision *decision, const struct sched_candidate *candidate,
		       struct sched_verdict *ret)
{
	const Nurture__V1__Request *request = candidate->request;
	bool has_class = candidate->message_class != NO_CLASS;
	const struct person_message message = {
	    .class = has_class ? sched_class_of(decision, candidate) : NULL,
	    .class_name = request->message_class,
	    .channel = candidate->channel,
	    .triggered_ms = request->triggered_ms,
	    .no_address = why_no_address(decision),
	};

	switch (person_ends(decision->ledger.contact, &message)) {
	case PERSON_ERASED:
		return ends(ret, STATUS_ERASED, RULE_ERASED, "");
	case PERSON_MERGED:
		return ends(ret, STATUS_CANCELLED, RULE_CANCEL,
			    event_type_text(EVENT_CUSTOMER_MERGED));
	case PERSON_CLASS_REMOVED: /* while it waited: nothing says what would be right */
		return ends(ret, STATUS_CANCELLED, RULE_CLASS_REMOVED, request->message_class);
	case PERSON_NO_CONSENT:
		return ends(ret, STATUS_NO_CONSENT, RULE_CONSENT, message.class->name);
	case PERSON_NO_ADDRESS:
		return ends(ret, STATUS_UNDELIVERABLE, RULE_ADDRESS, message.no_address);
	case PERSON_ENDS_NOTHING:
		break;
	}
	return false;
}

static bool is_just_bought(const struct sched_decision *decision,
			   const struct sched_candidate *candidate, int64_t at_ms,
			   struct sched_verdict *ret)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;
	const char *category = candidate->request->category;
	int64_t until_ms =
	    person_just_bought_ms(decision->policy, sched_class_of(decision, candidate),
				  contact->bought, contact->n_bought, category, at_ms);

	if (!until_ms)
		return false;
	ends(ret, STATUS_JUST_BOUGHT, RULE_JUST_BOUGHT, category);
	ret->reason.eligible_ms = until_ms;
	return true;
}

/* Its outcome's probability is that of being held out: sched_put_outcome(). */
static bool is_held_out(const struct sched_decision *decision,
			const struct sched_candidate *candidate, struct sched_verdict *ret)
{
	const Nurture__V1__Request *request = candidate->request;
	const char *group;

	if (request->always)
		return false;
	group =
	    experiment_holdout(decision->policy, sched_class_of(decision, candidate),
			       request->programme, request->holdout_permille, decision->customer);
	return group && ends(ret, STATUS_HOLDOUT, RULE_HOLDOUT, group);
}

/* Did the request that it follows end without a grant? */
static bool is_left_alone(const struct sched_decision *decision,
			  const struct sched_candidate *candidate, struct sched_verdict *ret)
{
	const struct sched_ended *ended;

	if (candidate->due_ms != NEVER_MS)
		return false;
	ended = sched_find_ended(&decision->ledger, candidate->request->follows);
	return ended && !ended->granted_ms &&
	       ends(ret, STATUS_CANCELLED, RULE_FOLLOWS, candidate->request->follows);
}

bool sched_must_end(struct sched_decision *decision, const struct sched_candidate *candidate,
		    int64_t at_ms, struct sched_verdict *ret)
{
	return is_late(candidate, at_ms, ret) || is_refused(decision, candidate, ret) ||
	       is_just_bought(decision, candidate, at_ms, ret) ||
	       is_held_out(decision, candidate, ret) || is_left_alone(decision, candidate, ret);
}
