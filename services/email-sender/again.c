/*
 * again.c - asks the rules of common/policy/person.h again for a mail that was granted, since
 * the newest contact may stand against it.  Pure.
 */
#include "common/policy/memory.h"
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
			    const struct send_part *part)
{
	const struct message_class *class = send_class_of(decision, part->message_class);
	const Nurture__V1__Dispatch *dispatch = send->dispatch;

	if (!class)
		return 0;
	return person_just_bought_ms(decision->sender->policy, class, dispatch->bought,
				     dispatch->n_bought, part->category, decision->step->now_ms);
}

const char *send_case(const struct send_decision *decision, const struct send *send)
{
	if (!send->dispatch->n_open_cases)
		return "";
	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++) {
		const struct send_part part = send_part_at(send, at);
		const struct message_class *class = send_class_of(decision, part.message_class);

		if (class && person_case_blocks(class, part.request))
			return send->dispatch->open_cases[0];
	}
	return "";
}

static bool is_bought(const struct send_decision *decision, const struct send *send)
{
	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++) {
		const struct send_part part = send_part_at(send, at);

		if (send_just_bought_ms(decision, send, &part))
			return true;
	}
	return false;
}

bool send_has_blocker(const struct send_decision *decision, const struct send *send)
{
	return send_is_blocked(decision, send) || send_case(decision, send)[0] ||
	       is_bought(decision, send);
}

bool send_counts_as_sent(const struct send_decision *decision, const struct send *send)
{
	return decision->sender->is_event_time &&
	       strcmp(send->kept.blocked, status_text(STATUS_ERASED)) != 0;
}

static bool is_about(const struct send *send, const char *category)
{
	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++)
		if (strcmp(send_part_at(send, at).category, category) == 0)
			return true;
	return false;
}

void send_note_person(struct send_decision *decision, struct send *send,
		      const Nurture__V1__Contact *contact)
{
	Nurture__V1__Dispatch *dispatch = send->dispatch;

	/* One is enough to block the mail, and the first one is told. */
	dispatch->open_cases = contact->open_cases;
	dispatch->n_open_cases = contact->n_open_cases ? 1 : 0;
	dispatch->bought =
	    arena_alloc(decision->step->arena, contact->n_bought * sizeof(*dispatch->bought));
	dispatch->n_bought = 0;
	for (size_t i = 0; i < contact->n_bought; i++)
		if (is_about(send, contact->bought[i]->category))
			dispatch->bought[dispatch->n_bought++] = contact->bought[i];
}
