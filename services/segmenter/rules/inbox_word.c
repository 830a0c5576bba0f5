/* inbox_word.c - see inbox_word.h. */
#include "inbox_word.h"

#include "common/mail/address.h"
#include "common/mail/inbox.h"
#include "common/message/event_authority.h"
#include "common/policy/event_type.h"
#include "common/policy/person.h"
#include "emit.h"
#include "services/segmenter/profile/person.h"

/* Is there an inbox that the event names, and is it not the person's? */
static bool is_of_another(const struct seg_decision *decision, char ret[INBOX_KEY_BYTES])
{
	const Nurture__V1__MessageRef *message = decision->event->message;
	char own[INBOX_KEY_BYTES];

	if (inbox_is_key(slice_text(message->inbox)))
		memcpy(ret, message->inbox, INBOX_KEY_BYTES);
	else if (!inbox_key(slice_text(message->email), ret))
		return false;
	return !inbox_key(slice_text(seg_address(decision->profile)), own) || strcmp(own, ret) != 0;
}

static void add(const struct seg_decision *decision, Nurture__V1__InboxWord *word,
		const char *message_class, bool given, int64_t said_ms)
{
	Nurture__V1__ConsentState *said = arena_alloc(decision->step->arena, sizeof(*said));

	nurture__v1__consent_state__init(said);
	said->message_class = (char *)(uintptr_t)message_class;
	said->given = given;
	said->said_ms = said_ms;
	word->consent[word->n_consent++] = said;
}

/* What is said of all is said of each class: an inbox looks for the class by its name first. */
static void withdraw(const struct seg_decision *decision, Nurture__V1__InboxWord *word,
		     const char *message_class)
{
	const struct policy *policy = decision->policy;
	int64_t said_ms = decision->event->time_ms;

	if (policy_class(policy, slice_text(message_class)) != NO_CLASS) {
		add(decision, word, message_class, false, said_ms);
		return;
	}
	add(decision, word, "all", false, said_ms);
	for (unsigned i = 0; i < policy->class_count; i++)
		if (policy->classes[i].needs_consent)
			add(decision, word, policy->classes[i].name, false, said_ms);
}

/* What was chosen on the page of which the mail had the link. */
static void add_choices(const struct seg_decision *decision, Nurture__V1__InboxWord *word)
{
	const Nurture__V1__Event *event = decision->event;
	const Nurture__V1__Customer *customer = event->customer;

	if (!event->proof || event_authority(event) == AUTHORITY_ECHO)
		return;
	for (size_t i = 0; i < customer->n_consent; i++)
		if (policy_class(decision->policy,
				 slice_text(customer->consent[i]->message_class)) != NO_CLASS)
			add(decision, word, customer->consent[i]->message_class,
			    customer->consent[i]->given, event->proof->at_ms);
}

/*
 * A forwarded mail names where it went: of an address that the person never had it says nothing.  And
 * who writes the report of a complaint may name anybody in it: only whose mail it is about is signed.
 */
static bool had_address(const struct seg_profile *profile, const char *email)
{
	for (unsigned i = 0; i < profile->address_count; i++)
		if (address_equal(slice_text(profile->addresses[i].text), slice_text(email)))
			return true;
	return false;
}

void seg_inbox_word_emit(const struct seg_decision *decision)
{
	const Nurture__V1__Event *event = decision->event;
	const Nurture__V1__MessageRef *message = event ? event->message : NULL;
	Nurture__V1__InboxWord word = NURTURE__V1__INBOX_WORD__INIT;
	char inbox[INBOX_KEY_BYTES];
	size_t most = POLICY_CLASSES_MAX + 1;

	if (!message || !is_of_another(decision, inbox))
		return;
	word.inbox = inbox;
	if (event_type_is(event->type, EVENT_CONSENT_CHANGED))
		most += event->customer->n_consent;
	word.consent = arena_alloc(decision->step->arena, most * sizeof(*word.consent));
	if (event_type_is(event->type, EVENT_MESSAGE_UNSUBSCRIBED))
		withdraw(decision, &word, message->message_class);
	else if (event_type_is(event->type, EVENT_MESSAGE_COMPLAINED) &&
		 had_address(decision->profile, message->email))
		withdraw(decision, &word, "all");
	else if (event_type_is(event->type, EVENT_CONSENT_CHANGED))
		add_choices(decision, &word);
	else if (event_type_is(event->type, EVENT_MESSAGE_BOUNCED) &&
		 strcmp(message->kind, "hard") == 0 &&
		 had_address(decision->profile, message->email))
		word.undeliverable = (char *)(uintptr_t)UNDELIVERABLE_HARD;
	if (word.n_consent || word.undeliverable[0])
		seg_emit_inbox_word(decision->step, &word);
}
