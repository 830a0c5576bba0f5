/*
 * dispatch.c - the order to the email-sender: what, to whom, in whose name,
 * with which code, and the explanation of the decision.
 */
#include "dispatch.h"

#include "common/base/hash.h"
#include "common/policy/person.h"
#include "limits.h"
#include "outcome.h"
#include "pass_on.h"
#include "wire_dispatch.h"

static bool is_in_segment(const struct sched_decision *decision, int segment)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;

	if (segment < 0)
		return true;
	for (size_t i = 0; i < contact->n_segments; i++)
		if (strcmp(contact->segments[i], decision->policy->segments[segment].name) == 0)
			return true;
	return false;
}

/* "Name <address>"; "" for none. */
static char *mailbox(struct sched_decision *decision, const char *name, const char *address)
{
	if (!address[0] || !name[0])
		return (char *)address;
	return arena_printf(decision->step->arena, "%s <%s>", name, address);
}

/* The first entry that fits decides about both addresses, also where it leaves one to the shop. */
static void address(struct sched_decision *decision, const struct sched_candidate *candidate,
		    Nurture__V1__Dispatch *ret)
{
	const struct policy *policy = decision->policy;

	for (unsigned i = 0; i < policy->address_count; i++) {
		const struct address_rule *rule = &policy->addresses[i];

		if ((rule->message_class >= 0 && rule->message_class != candidate->message_class) ||
		    !is_in_segment(decision, rule->segment))
			continue;
		ret->sender = mailbox(decision, rule->sender_name, rule->sender_address);
		ret->reply_to = mailbox(decision, rule->reply_name, rule->reply_address);
		return;
	}
}

/* Makes the bytes of all requests in the mail. false: the step has failed. */
static bool pack_requests(struct sched_decision *decision, struct sched_candidate *candidate,
			  const struct sched_parts *parts)
{
	int r = sched_pack_request(&decision->ledger, candidate, decision->err);

	for (size_t i = 0; r == 0 && i < parts->count; i++)
		r = sched_pack_request(&decision->ledger, parts->items[i].candidate, decision->err);
	if (r < 0)
		decision->failed = true;
	return r == 0;
}

void sched_dispatch(struct sched_decision *decision, struct sched_candidate *candidate,
		    const char *coupon, const struct sched_explanation *explanation,
		    const struct sched_parts *parts)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;
	Nurture__V1__Dispatch body = NURTURE__V1__DISPATCH__INIT;
	char id[ID_TEXT_BYTES];

	if (!pack_requests(decision, candidate, parts))
		return;
	id_of_texts(id, candidate->request->id, channel_text(candidate->channel), NULL);
	body.id = id;
	body.email = contact->email;
	body.name = contact->name;
	body.locale = contact->locale;
	body.time_zone = contact->time_zone;
	body.country = contact->country;
	body.granted_ms = decision->now_ms;
	body.policy = (char *)decision->policy->hash;
	body.coupon = (char *)coupon;
	body.allowances = contact->allowances;
	body.n_allowances = contact->n_allowances;
	body.count_clicks = person_counts_clicks(decision->policy, contact);
	if (candidate->request->send_best) {
		struct send_window window = sched_window(decision, candidate);

		body.best_from_min = (uint32_t)window.from_min;
		body.best_to_min = (uint32_t)window.to_min;
	}
	address(decision, candidate, &body);
	step_emit_noted_to(
	    decision->step, SCHED_DISPATCH, sched_inbox(decision, contact),
	    sched_dispatch_encode(&body, candidate->packed, explanation, parts, decision->now_ms,
				  decision->customer, decision->step->arena),
	    sched_note(decision, candidate->channel, candidate->request->programme, "granted", ""));
}
