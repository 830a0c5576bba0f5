/*
 * inbox.c - the people behind one inbox: what one of them has said binds the mails of all.  Pure.
 *
 * The state is that of an inbox (common/mail/inbox.h).  Its caps need nothing here: the mails in the
 * state are those of everybody.
 */
#include "decision.h"

#include "common/mail/inbox.h"
#include "common/policy/holder.h"
#include "common/policy/rule.h"

const char *send_customer(const struct send_decision *decision, const struct send *send)
{
	const struct step *step = decision->step;

	if (send->kept.customer[0])
		return send->kept.customer;
	return arena_copy(step->arena, step->customer.bytes, step->customer.len);
}

bool send_leaves(const struct send_decision *decision, const Nurture__V1__Contact *contact)
{
	char room[INBOX_KEY_BYTES];

	/* What is kept by the customer's id is of a version before, and leaves with its last mail. */
	if (slice_is(decision->step->customer, decision->customer) && !decision->is_of_inbox)
		return false;
	return !contact->erased && !slice_equal(decision->step->customer,
						inbox_or(slice_text(contact->email),
							 slice_text(decision->customer), room));
}

bool send_inbox_withdraws(const struct send_decision *decision, const struct send *send,
			  const char *class_name)
{
	const struct message_class *class = send_class_of(decision, class_name);

	return class && class->needs_consent &&
	       holders_withdraw(decision->state->holders, decision->state->n_holders,
				send_customer(decision, send), class_name);
}

const char *send_inbox_undeliverable(const struct send_decision *decision, const struct send *send)
{
	if (!decision->state->n_holders)
		return "";
	return holders_undeliverable(decision->state->holders, decision->state->n_holders,
				     send_customer(decision, send));
}

bool send_is_shared(const struct send_decision *decision, const char *customer)
{
	const struct send_state *state = decision->state;

	for (size_t i = 0; i < state->n_sends; i++)
		if (strcmp(send_customer(decision, state->sends[i]), customer) != 0)
			return true;
	for (size_t i = 0; i < state->n_holders; i++)
		if (strcmp(state->holders[i]->customer, customer) != 0)
			return true;
	return false;
}

char *send_inbox_rule(const struct send_decision *decision, const char *rule)
{
	return arena_printf(decision->step->arena, RULE_INBOX_PREFIX "%s", rule);
}

/* Returns the place of what the customer has said; n_holders when that is nothing. */
static size_t place_of(const struct send_state *state, const char *customer)
{
	size_t at = 0;

	while (at < state->n_holders && strcmp(state->holders[at]->customer, customer) != 0)
		at++;
	return at;
}

/* Who has said something last is the last whose name goes when there are too many. */
static void put(struct send_decision *decision, const char *customer, Nurture__V1__Holder *holder)
{
	struct send_state *state = decision->state;
	size_t at = place_of(state, customer), kept = 0;
	Nurture__V1__Holder **holders =
	    arena_alloc(decision->step->arena, (state->n_holders + 1) * sizeof(*holders));

	for (size_t i = 0; i < state->n_holders; i++)
		if (i != at)
			holders[kept++] = state->holders[i];
	if (!holder_is_empty(holder))
		holders[kept++] = holder;
	state->holders = holders;
	state->n_holders = kept;
	decision->changed = true;
}

/* What was said of the inbox stays true of it, and no more whose word it was. */
static void leave(struct send_decision *decision, const Nurture__V1__Holder *said)
{
	static const Nurture__V1__Holder nothing = NURTURE__V1__HOLDER__INIT;
	const struct send_state *state = decision->state;
	Nurture__V1__Holder *left = arena_alloc(decision->step->arena, sizeof(*left));
	size_t at = place_of(state, "");

	*left = at < state->n_holders ? *state->holders[at] : nothing;
	holder_join(left, said, decision->step->arena);
	put(decision, "", left);
}

/* A merged id is told of no more, not even that the person is to be forgotten. */
static void leave_merged(struct send_decision *decision, const Nurture__V1__Holder *said)
{
	Nurture__V1__Holder suppresses = *said;

	holder_keep_suppressions(&suppresses, decision->step->arena);
	leave(decision, &suppresses);
}

static bool are_too_many(const struct send_state *state)
{
	size_t bytes = 0, named = 0;

	for (size_t i = 0; i < state->n_holders; i++) {
		named += state->holders[i]->customer[0] != '\0';
		bytes += SEND_FRAME_BYTES + nurture__v1__holder__get_packed_size(state->holders[i]);
	}
	return named > SEND_HOLDERS_MAX || (named && bytes > SEND_HOLDERS_MAX_BYTES);
}

/* The names of those go who have said nothing for longest; what they have said still holds. */
static void bound_holders(struct send_decision *decision)
{
	struct send_state *state = decision->state;

	while (are_too_many(state)) {
		Nurture__V1__Holder *first = state->holders[!state->holders[0]->customer[0]];
		static const Nurture__V1__Holder nothing = NURTURE__V1__HOLDER__INIT;

		put(decision, first->customer, (Nurture__V1__Holder *)(uintptr_t)&nothing);
		leave(decision, first);
	}
}

/* Which open mails of others had something against them: one for each send. */
static bool *blockers_of_others(struct send_decision *decision)
{
	const struct send_state *state = decision->state;
	bool *had = arena_zalloc(decision->step->arena, (state->n_sends + 1) * sizeof(*had));

	for (size_t i = 0; i < state->n_sends; i++)
		had[i] =
		    send_is_open(state->sends[i]) && send_has_blocker(decision, state->sends[i]);
	return had;
}

static void ask_others(struct send_decision *decision, const bool *had_blocker)
{
	const struct send_state *state = decision->state;

	for (size_t i = 0; i < state->n_sends; i++)
		if (send_is_open(state->sends[i]) &&
		    strcmp(send_customer(decision, state->sends[i]), decision->customer) != 0)
			send_react(decision, state->sends[i], had_blocker[i]);
}

void send_note_holder(struct send_decision *decision, const Nurture__V1__Contact *contact)
{
	static const Nurture__V1__Holder nothing = NURTURE__V1__HOLDER__INIT;
	const struct send_state *state = decision->state;
	size_t at = place_of(state, decision->customer);
	const Nurture__V1__Holder *said = at < state->n_holders ? state->holders[at] : &nothing;
	bool leaves = !contact->merged && send_leaves(decision, contact);
	Nurture__V1__Holder *says;
	const bool *had_blocker;

	if (!decision->is_of_inbox)
		return;
	says = holder_of(contact, decision->customer, decision->step->arena);
	if (leaves || contact->merged)
		*says = nothing;
	if (holder_equal(said, says))
		return;
	had_blocker = blockers_of_others(decision);
	decision->step->forgets |= contact->erased;
	put(decision, decision->customer, says);
	if (leaves)
		leave(decision, said);
	else if (contact->merged && !contact->erased)
		leave_merged(decision, said);
	bound_holders(decision);
	ask_others(decision, had_blocker);
}

/* The customer's own mails that wait here still are those of the address before. */
int send_hear_inbox_word(struct send_decision *decision, const Nurture__V1__InboxWord *word,
			 struct err *err)
{
	Nurture__V1__Holder said = NURTURE__V1__HOLDER__INIT;
	const bool *had_blocker;

	if (!decision->is_of_inbox || !slice_is(decision->step->customer, word->inbox))
		return err_set(err, "dispatch: the word is about another inbox than the key");
	said.consent = word->consent;
	said.n_consent = word->n_consent;
	said.undeliverable = word->undeliverable;
	had_blocker = blockers_of_others(decision);
	leave(decision, &said);
	bound_holders(decision);
	ask_others(decision, had_blocker);
	return 0;
}
