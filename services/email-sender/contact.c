/*
 * contact.c - what a contact change or a cancellation means for the open sends.  Pure.
 *
 * A contact matters to the sends that were granted before it: whoever granted a later
 * dispatch knew the contact already.  So the contact is not kept; its verdict is noted on
 * each open send.
 */
#include "decision.h"

#include "common/policy/event_type.h"

#include <string.h>

#include "common/policy/person.h"

/*
 * A class that the policy has no longer is judged as one that needs consent; that it is gone ends
 * the mail when its next attempt is considered.  An erasure comes as a contact of its own, so
 * nobody asks what the mail was set off by.
 */
static enum status judge(const struct send_decision *decision, const char *class_name,
			 const Nurture__V1__Contact *contact)
{
	static const struct message_class removed = {.needs_consent = true};
	const struct message_class *class = send_class_of(decision, class_name);
	const struct person_message message = {
	    .class = class ? class : &removed,
	    .class_name = class_name,
	    .channel = CHANNEL_EMAIL,
	    .no_address = person_no_address(contact->email, contact->undeliverable),
	};

	switch (person_ends(contact, &message)) {
	case PERSON_ERASED:
		return STATUS_ERASED;
	case PERSON_MERGED:
	case PERSON_CLASS_REMOVED:
		return STATUS_CANCELLED;
	case PERSON_NO_CONSENT:
		return STATUS_NO_CONSENT;
	case PERSON_NO_ADDRESS:
		return STATUS_UNDELIVERABLE;
	case PERSON_ENDS_NOTHING:
		break;
	}
	return STATUS_SENT; /* nothing stands against it */
}

/* Personal data that was erased must not stay in the state either. */
static void erase(Nurture__V1__Dispatch *dispatch)
{
	dispatch->email = (char *)"";
	dispatch->name = (char *)"";
	dispatch->locale = (char *)"";
	dispatch->time_zone = (char *)"";
	dispatch->country = (char *)"";
	dispatch->coupon = (char *)"";
	dispatch->n_open_cases = 0;
	dispatch->n_bought = 0;
	dispatch->request->n_data = 0;
	for (size_t i = 0; i < dispatch->n_parts; i++) {
		dispatch->parts[i]->coupon = (char *)"";
		dispatch->parts[i]->request->n_data = 0;
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

/* Recalls a mail that may still wait for a connection, so that it is not begun. */
static void recall(struct send_decision *decision, const struct send *send)
{
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;

	effect.id = send->kept.id;
	effect.attempt = send->kept.attempt;
	effect.recall = true;
	step_emit(decision->step, STEP_EFFECT, send_effect_encode(&effect, decision->step->arena));
}

/* A cancelled request stays cancelled, whatever the contact says. */
static bool is_cancelled(const char *blocked)
{
	return strcmp(blocked, status_text(STATUS_CANCELLED)) == 0;
}

static bool is_final(const char *blocked)
{
	return is_cancelled(blocked) || strcmp(blocked, status_text(STATUS_ERASED)) == 0;
}

/* What ends one request of the mail when it is considered again; "": nothing does. */
static void set_blocked(struct send *send, int at, const char *blocked, const char *why)
{
	char **kept = at == SEND_LEAD ? &send->kept.blocked : &send->kept.parts[at]->blocked;
	char **kept_why =
	    at == SEND_LEAD ? &send->kept.blocked_why : &send->kept.parts[at]->blocked_why;

	*kept = (char *)(uintptr_t)blocked;
	*kept_why = (char *)(uintptr_t)why;
}

/* A mail goes to the address at which it was asked about, or not at all. */
static const char address_changed[] = "the address has changed";

/* Notes the contact's verdict on one request in the mail. */
static void note_verdict(const struct send_decision *decision, struct send *send, int at,
			 const Nurture__V1__Contact *contact)
{
	const struct send_part part = send_part_at(send, at);
	enum status verdict = judge(decision, part.message_class, contact);
	bool leaves = send_leaves(decision, contact);

	/* A customer who was erased and came back is a new person: the mail is not for them. */
	if (strcmp(part.blocked, status_text(STATUS_ERASED)) == 0)
		return;
	if (is_cancelled(part.blocked) && verdict != STATUS_ERASED)
		return;
	if (leaves && (verdict == STATUS_SENT || verdict == STATUS_UNDELIVERABLE)) {
		set_blocked(send, at, status_text(STATUS_UNDELIVERABLE), address_changed);
		return;
	}
	set_blocked(send, at, verdict == STATUS_SENT ? "" : status_text(verdict),
		    verdict == STATUS_UNDELIVERABLE ? contact->undeliverable
		    : verdict == STATUS_CANCELLED   ? event_type_text(EVENT_CUSTOMER_MERGED)
						    : "");
}

/* A mail that has not begun is recalled, and a waiting one asks again. */
void send_react(struct send_decision *decision, struct send *send, bool had_blocker)
{
	decision->changed = true;
	if (send->kept.status == SEND_INTENDED) {
		if (!had_blocker && send_has_blocker(decision, send) &&
		    !send_counts_as_sent(decision, send) &&
		    send->kept.owner == decision->step->owner)
			recall(decision, send);
	} else if (send->kept.open_case[0]) {
		send_consider(decision, send);
	} else if (send_is_blocked(decision, send)) {
		send_drop_parts(decision, send); /* the rest of the mail keeps its time */
	}
}

/* Erasure is of the whole mail, so the lead's verdict tells of all parts. */
static bool is_erased(const struct send *send)
{
	return strcmp(send->kept.blocked, status_text(STATUS_ERASED)) == 0;
}

static void apply(struct send_decision *decision, struct send *send,
		  const Nurture__V1__Contact *contact)
{
	bool had_blocker = send_has_blocker(decision, send);

	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++)
		note_verdict(decision, send, at, contact);
	if (contact->erased) {
		erase(send->dispatch);
		decision->step->forgets = true;
	} else if (!is_erased(send) && !send_leaves(decision, contact)) {
		refresh(send->dispatch, contact);
		send_note_person(decision, send, contact);
	}
	send->kept.dispatch.len = 0; /* must be packed again */
	send_react(decision, send, had_blocker);
}

/* Sends that are over still count against the person's own caps: notes their window. */
void send_note_own_window(struct send_decision *decision, Nurture__V1__Allowance *const *allowances,
			  size_t count)
{
	int64_t window_ms = person_own_window_ms(allowances, count);
	struct send_state *state = decision->state;

	/* Of several customers the longest one holds, also when that was one's that is gone. */
	if (window_ms < state->own_window_ms && send_is_shared(decision, decision->customer))
		return;
	if (window_ms == state->own_window_ms)
		return;
	state->own_window_ms = window_ms;
	decision->changed = true;
}

static void note_own_window(struct send_decision *decision, const Nurture__V1__Contact *contact)
{
	int64_t was_ms = decision->state->own_window_ms;

	if (!decision->state->n_sends)
		return;
	send_note_own_window(decision, contact->allowances,
			     contact->erased ? 0 : contact->n_allowances);
	decision->step->forgets |= contact->erased && decision->state->own_window_ms != was_ms;
}

/* An open mail of the record's customer. */
static bool is_meant(const struct send_decision *decision, const struct send *send)
{
	return send_is_open(send) && strcmp(send_customer(decision, send), decision->customer) == 0;
}

void send_contact(struct send_decision *decision, const Nurture__V1__Contact *contact)
{
	note_own_window(decision, contact);
	for (size_t i = 0; i < decision->state->n_sends; i++)
		if (is_meant(decision, decision->state->sends[i]))
			apply(decision, decision->state->sends[i], contact);
	send_note_holder(decision, contact);
}

static bool note_cancel(const Nurture__V1__Cancel *cancel, struct send *send, int at)
{
	const struct send_part part = send_part_at(send, at);
	const Nurture__V1__Request *request = part.request;
	const struct cancel_target of = {request->id, request->programme, request->order,
					 request->category, request->outlives_order};

	if (is_final(part.blocked) || !cancel_matches(cancel, &of))
		return false;
	set_blocked(send, at, status_text(STATUS_CANCELLED), cancel->reason);
	return true;
}

static void cancel_parts(struct send_decision *decision, struct send *send,
			 const Nurture__V1__Cancel *cancel)
{
	bool had_blocker = send_has_blocker(decision, send), is_matched = false;

	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++)
		is_matched |= note_cancel(cancel, send, at);
	if (is_matched)
		send_react(decision, send, had_blocker);
}

void send_cancel(struct send_decision *decision, const Nurture__V1__Cancel *cancel)
{
	for (size_t i = 0; i < decision->state->n_sends; i++)
		if (is_meant(decision, decision->state->sends[i]))
			cancel_parts(decision, decision->state->sends[i], cancel);
}
