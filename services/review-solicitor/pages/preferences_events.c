/* preferences_events.c - see preferences_events.h. */
#include "preferences_events.h"

#include "common/base/hash.h"
#include "common/message/event.h"
#include "common/message/event_authority.h"
#include "common/policy/event_type.h"

#define PREFERENCES_PAGE PROOF_OWN_PAGE "preferences-page"

static void add(const Nurture__V1__Event *event, struct sol_events *ret)
{
	struct buf *out = &ret->items[ret->count++];

	*out = BUF_MAX(EVENT_MAX_BYTES);
	event_encode_json(event, out);
}

/* said is what the event says, as text: two different forms of one page are two events. */
static Nurture__V1__Event begin(const struct sol_sender *sender, const char *type, const char *said,
				char id[ID_TEXT_BYTES], Nurture__V1__Customer *customer)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;

	id_of_texts(id, "preferences-page", type, sender->customer, sender->signed_state, said,
		    NULL);
	nurture__v1__customer__init(customer);
	customer->id = (char *)(uintptr_t)sender->customer;
	event.id = id;
	event.type = (char *)(uintptr_t)type;
	event.time_ms = sender->now_ms;
	event.customer = customer;
	return event;
}

/* The proof that the person said it, here and now. */
static Nurture__V1__Proof said_now(const struct sol_sender *sender)
{
	Nurture__V1__Proof proof = NURTURE__V1__PROOF__INIT;

	proof.source = (char *)(uintptr_t)PREFERENCES_PAGE;
	proof.at_ms = sender->now_ms;
	return proof;
}

/* What the event says of consent; it lives as long as the event is made. */
struct said_consent {
	Nurture__V1__Consent items[POLICY_CLASSES_MAX + 1], *places[POLICY_CLASSES_MAX + 1];
	size_t count;
	struct buf text;
};

static void say_consent(struct said_consent *said, const char *name, bool given)
{
	Nurture__V1__Consent *item = &said->items[said->count];

	nurture__v1__consent__init(item);
	item->message_class = (char *)(uintptr_t)name;
	item->given = given;
	buf_printf(&said->text, "%s=%d,", name, (int)given);
	said->places[said->count++] = item;
}

static void add_consent(const struct sol_sender *sender, const struct sol_preferences *before,
			const struct sol_preferences *after, struct sol_events *ret)
{
	const struct policy *policy = sender->policy;
	struct said_consent said = {.text = BUF_MAX(SOL_FORM_STATE_MAX_BYTES)};
	Nurture__V1__MessageRef message = NURTURE__V1__MESSAGE_REF__INIT;
	Nurture__V1__Proof proof = said_now(sender);
	Nurture__V1__Customer customer;
	Nurture__V1__Event event;
	char id[ID_TEXT_BYTES];

	for (unsigned i = 0; i < policy->class_count; i++)
		if ((before->agreed ^ after->agreed) >> i & 1)
			say_consent(&said, policy->classes[i].name, after->agreed >> i & 1);
	if (before->clicks != after->clicks)
		say_consent(&said, CONSENT_CLICKS, after->clicks);
	if (!said.count)
		return;
	event =
	    begin(sender, event_type_text(EVENT_CONSENT_CHANGED), said.text.bytes, id, &customer);
	customer.consent = said.places;
	customer.n_consent = said.count;
	event.proof = &proof; /* with a proof, it may take a withdrawal back */
	message.inbox = (char *)(uintptr_t)sender->inbox;
	if (sender->inbox[0])
		event.message = &message;
	add(&event, ret);
	buf_free(&said.text);
}

static bool is_same_pace(const struct sol_preferences *a, const struct sol_preferences *b)
{
	if (a->paused_until_ms != b->paused_until_ms || a->own_count != b->own_count)
		return false;
	for (unsigned i = 0; i < a->own_count; i++)
		if (a->own[i].limit != b->own[i].limit || a->own[i].days != b->own[i].days)
			return false;
	return true;
}

/* A pause is said by its day: two clicks on one button are one pause. */
static void add_preferences(const struct sol_sender *sender, const struct sol_preferences *after,
			    struct sol_events *ret)
{
	Nurture__V1__Preferences preferences = NURTURE__V1__PREFERENCES__INIT;
	Nurture__V1__OwnAllowance own[SOL_OWN_MAX], *places[SOL_OWN_MAX];
	struct buf said = BUF_MAX(SOL_FORM_STATE_MAX_BYTES);
	char id[ID_TEXT_BYTES], text[SOL_OWN_TEXT_BYTES];
	Nurture__V1__Customer customer;
	Nurture__V1__Event event;

	buf_printf(&said, "%lld", (long long)(after->paused_until_ms / DAY_MS));
	for (unsigned i = 0; i < after->own_count; i++) {
		nurture__v1__own_allowance__init(&own[i]);
		own[i].limit = after->own[i].limit;
		own[i].days = after->own[i].days;
		places[i] = &own[i];
		buf_printf(&said, " %s", sol_own_text(&after->own[i], text));
	}
	event =
	    begin(sender, event_type_text(EVENT_PREFERENCES_CHANGED), said.bytes, id, &customer);
	preferences.paused_until_ms = after->paused_until_ms;
	preferences.allowances = places;
	preferences.n_allowances = after->own_count;
	event.preferences = &preferences;
	add(&event, ret);
	buf_free(&said);
}

static void add_language(const struct sol_sender *sender, const char *locale,
			 struct sol_events *ret)
{
	Nurture__V1__Proof proof = said_now(sender);
	Nurture__V1__Customer customer;
	char id[ID_TEXT_BYTES];
	Nurture__V1__Event event =
	    begin(sender, event_type_text(EVENT_CUSTOMER_UPDATED), locale, id, &customer);

	customer.locale = (char *)(uintptr_t)locale;
	event.proof = &proof; /* a second click says the same, and it counts from its arrival */
	add(&event, ret);
}

void sol_preferences_events(const struct sol_sender *sender, const struct sol_preferences *before,
			    const struct sol_preferences *after, struct sol_events *ret)
{
	add_consent(sender, before, after, ret);
	if (!is_same_pace(before, after))
		add_preferences(sender, after, ret);
	if (strcmp(before->locale, after->locale) != 0)
		add_language(sender, after->locale, ret);
}

/*
 * The token never changes, and somebody who has agreed again meanwhile may leave again: so the time
 * is part of the id. A repeat finds consent withdrawn already.
 */
void sol_unsubscribe_event(const char *customer_id, const char *message_class, const char *inbox,
			   int64_t now_ms, struct sol_events *ret)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__MessageRef message = NURTURE__V1__MESSAGE_REF__INIT;
	char id[ID_TEXT_BYTES], at[RFC3339_BYTES];

	id_of_texts(id, "unsubscribe-page", customer_id, message_class, rfc3339_text(now_ms, at),
		    NULL);
	customer.id = (char *)(uintptr_t)customer_id;
	message.message_class = (char *)(uintptr_t)message_class;
	message.inbox = (char *)(uintptr_t)inbox;
	event.id = id;
	event.type = event_type_text(EVENT_MESSAGE_UNSUBSCRIBED);
	event.time_ms = now_ms;
	event.customer = &customer;
	event.message = &message;
	add(&event, ret);
}

void sol_forget_event(const struct sol_sender *sender, struct sol_events *ret)
{
	Nurture__V1__Customer customer;
	char id[ID_TEXT_BYTES];
	Nurture__V1__Event event =
	    begin(sender, event_type_text(EVENT_CUSTOMER_ERASED), "", id, &customer);

	add(&event, ret);
}

void sol_events_free(struct sol_events *events)
{
	for (unsigned i = 0; i < events->count; i++)
		buf_free(&events->items[i]);
	events->count = 0;
}
