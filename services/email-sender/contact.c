/*
 * contact.c - a contact change against the mails that are not over.  Pure.
 *
 * A contact says something about the sends that were granted before it: a
 * later dispatch was granted by somebody who knew it.  So it is not kept; its
 * verdict is noted on each open send.
 */
#include "turn.h"

#include <string.h>

#include "../../common/base/text.h"

/* The class's own entry before "all"; silence is no consent. */
static bool has_consent(const Nurture__V1__Contact *contact, const char *class_name)
{
	bool all = false;

	for (size_t i = 0; i < contact->n_consent; i++) {
		const Nurture__V1__ConsentState *consent = contact->consent[i];

		if (strcmp(consent->message_class, class_name) == 0)
			return consent->given;
		if (strcmp(consent->message_class, "all") == 0)
			all = consent->given;
	}
	return all;
}

static bool needs_consent(const struct policy *policy, const char *class_name)
{
	int index = policy_class(policy, slice_text(class_name));

	return index < 0 || policy->classes[index].needs_consent;
}

static enum status judge(const struct turn *turn, const char *class_name,
			 const Nurture__V1__Contact *contact)
{
	if (contact->erased)
		return STATUS_ERASED;
	if (needs_consent(turn->sender->policy, class_name) && !has_consent(contact, class_name))
		return STATUS_NO_CONSENT;
	if (contact->undeliverable[0] || !text_is_email(slice_text(contact->email)))
		return STATUS_UNDELIVERABLE;
	return STATUS_SENT; /* nothing is against it */
}

/* Not only the outcome counts: what was erased must not lie in the state either. */
static void erase(Nurture__V1__Dispatch *dispatch)
{
	dispatch->email = (char *)"";
	dispatch->name = (char *)"";
	dispatch->locale = (char *)"";
	dispatch->time_zone = (char *)"";
	dispatch->country = (char *)"";
	dispatch->coupon = (char *)"";
	dispatch->request->n_data = 0;
	for (size_t i = 0; i < dispatch->n_riders; i++) {
		dispatch->riders[i]->coupon = (char *)"";
		dispatch->riders[i]->request->n_data = 0;
	}
}

static void refresh(Nurture__V1__Dispatch *dispatch, const Nurture__V1__Contact *contact)
{
	dispatch->email = contact->email;
	dispatch->name = contact->name;
	dispatch->locale = contact->locale;
	dispatch->time_zone = contact->time_zone;
	dispatch->country = contact->country;
	dispatch->paused_until_ms = contact->paused_until_ms;
	dispatch->allowances = contact->allowances;
	dispatch->n_allowances = contact->n_allowances;
}

/* It may still stand in a queue of ours: then it is not begun. */
static void recall(struct turn *turn, const struct send *send)
{
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;

	effect.id = send->kept.id;
	effect.attempt = send->kept.attempt;
	effect.recall = true;
	step_emit(turn->step, STEP_EFFECT, send_effect_encode(&effect, turn->step->arena));
}

/* What the contact says of one request in the mail; true: it is against it, and was not before. */
static bool note_verdict(const struct turn *turn, const char *class_name,
			 const Nurture__V1__Contact *contact, char **blocked, char **blocked_why)
{
	enum status verdict = judge(turn, class_name, contact);
	bool was_blocked = (*blocked)[0];

	/* Who was forgotten and came back is a new person, to whom this was never to be said. */
	if (strcmp(*blocked, status_text(STATUS_ERASED)) == 0)
		return false;
	*blocked = (char *)(uintptr_t)(verdict == STATUS_SENT ? "" : status_text(verdict));
	*blocked_why = verdict == STATUS_UNDELIVERABLE ? contact->undeliverable : (char *)"";
	return !was_blocked && verdict != STATUS_SENT;
}

/* The leader's verdict is all that a mail needs: what was erased once is empty. */
static bool is_erased(const struct send *send)
{
	return strcmp(send->kept.blocked, status_text(STATUS_ERASED)) == 0;
}

static void apply(struct turn *turn, struct send *send, const Nurture__V1__Contact *contact)
{
	bool is_new = note_verdict(turn, send->kept.message_class, contact, &send->kept.blocked,
				   &send->kept.blocked_why);

	turn->changed = true;
	for (size_t i = 0; i < send->kept.n_riders; i++) {
		Nurture__V1__DeliveryRider *rider = send->kept.riders[i];

		is_new |= note_verdict(turn, rider->message_class, contact, &rider->blocked,
				       &rider->blocked_why);
	}
	if (contact->erased) {
		erase(send->dispatch);
		turn->step->forgets = true;
	} else if (!is_erased(send)) {
		refresh(send->dispatch, contact);
	}
	send->kept.dispatch.len = 0; /* to be packed anew */
	if (!send_is_blocked(send))
		return;
	if (send->kept.status == SEND_INTENDED) {
		if (is_new && send->kept.owner == turn->step->owner)
			recall(turn, send);
	} else {
		send_shed(turn, send); /* what is left of it keeps its time */
	}
}

void send_contact(struct turn *turn, const Nurture__V1__Contact *contact)
{
	for (size_t i = 0; i < turn->state->n_sends; i++)
		if (send_is_open(turn->state->sends[i]))
			apply(turn, turn->state->sends[i], contact);
}
