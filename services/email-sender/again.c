/*
 * again.c - asks the rules of common/policy/person.h again for a mail that was granted, since
 * the newest contact may stand against it.  Pure.
 */
#include "decision.h"

#include "common/policy/person.h"

const struct message_class *send_class_of(const struct send_decision *decision,
					  const char *class_name)
{
	int index = policy_class(decision->sender->policy, slice_text(class_name));

	return index < 0 ? NULL : &decision->sender->policy->classes[index];
}

int64_t send_expires_ms(const struct send *send, const Nurture__V1__Request *request)
{
	int64_t told_until_ms = send->dispatch->granted_ms + REQUEST_REMEMBERED_MS;

	if (!send->dispatch->granted_ms || request->expires_ms < told_until_ms)
		return request->expires_ms;
	return told_until_ms;
}

int64_t send_just_bought_ms(const struct send_decision *decision, const struct send *send,
			    const char *class_name, const char *category)
{
	const struct message_class *class = send_class_of(decision, class_name);
	const Nurture__V1__Dispatch *dispatch = send->dispatch;

	if (!class)
		return 0;
	return person_just_bought_ms(decision->sender->policy, class, dispatch->bought,
				     dispatch->n_bought, category, decision->step->now_ms);
}

static bool case_blocks(const struct send_decision *decision, const char *class_name,
			const Nurture__V1__Request *request)
{
	const struct message_class *class = send_class_of(decision, class_name);

	return class && person_case_blocks(class, request);
}

const char *send_case(const struct send_decision *decision, const struct send *send)
{
	const Nurture__V1__Dispatch *dispatch = send->dispatch;
	bool is_blocked;

	if (!dispatch->n_open_cases)
		return "";
	is_blocked = case_blocks(decision, send->kept.message_class, dispatch->request);
	for (size_t i = 0; i < send->kept.n_parts && !is_blocked; i++)
		is_blocked = case_blocks(decision, send->kept.parts[i]->message_class,
					 dispatch->parts[i]->request);
	return is_blocked ? dispatch->open_cases[0] : "";
}

static bool is_bought(const struct send_decision *decision, const struct send *send)
{
	if (send_just_bought_ms(decision, send, send->kept.message_class, send->kept.category))
		return true;
	for (size_t i = 0; i < send->kept.n_parts; i++)
		if (send_just_bought_ms(decision, send, send->kept.parts[i]->message_class,
					send->kept.parts[i]->category))
			return true;
	return false;
}

bool send_has_blocker(const struct send_decision *decision, const struct send *send)
{
	return send_is_blocked(send) || send_case(decision, send)[0] || is_bought(decision, send);
}

bool send_counts_as_sent(const struct send_decision *decision, const struct send *send)
{
	return decision->sender->is_event_time &&
	       strcmp(send->kept.blocked, status_text(STATUS_ERASED)) != 0;
}

static bool is_about(const struct send *send, const char *category)
{
	if (strcmp(send->kept.category, category) == 0)
		return true;
	for (size_t i = 0; i < send->kept.n_parts; i++)
		if (strcmp(send->kept.parts[i]->category, category) == 0)
			return true;
	return false;
}

void send_note_person(struct send_decision *decision, struct send *send,
		      const Nurture__V1__Contact *contact)
{
	Nurture__V1__Dispatch *dispatch = send->dispatch;

	dispatch->open_cases = contact->open_cases;
	dispatch->n_open_cases = contact->n_open_cases;
	dispatch->bought =
	    arena_alloc(decision->step->arena, contact->n_bought * sizeof(*dispatch->bought));
	dispatch->n_bought = 0;
	for (size_t i = 0; i < contact->n_bought; i++)
		if (is_about(send, contact->bought[i]->category))
			dispatch->bought[dispatch->n_bought++] = contact->bought[i];
}
