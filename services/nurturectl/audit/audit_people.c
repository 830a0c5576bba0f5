/* audit_people.c - see audit_people.h. */
#include "audit_people.h"

#include <stdlib.h>

#include "common/base/grow.h"
#include "common/base/hash.h"
#include "common/mail/inbox.h"
#include "common/policy/event_type.h"

/* Where a customer is, as far as was heard. */
struct audit_home {
	const char *customer; /* NULL: free */
	const char *inbox;    /* "": nobody knows */
	int64_t erased_ms;    /* INT64_MIN: never */
};

static struct audit_home *slot_of(const struct audit_people *people, const char *customer)
{
	size_t mask = people->home_room - 1, at = hash64(slice_text(customer)) & mask;

	while (people->homes[at].customer && strcmp(people->homes[at].customer, customer) != 0)
		at = (at + 1) & mask;
	return &people->homes[at];
}

/* At most half full. */
static void make_room(struct audit_people *people)
{
	struct audit_people old = *people;

	if (2 * old.home_count < old.home_room)
		return;
	people->home_room = old.home_room ? 2 * old.home_room : 1024;
	people->homes = calloc(people->home_room, sizeof(*people->homes));
	if (!people->homes)
		abort();
	for (size_t i = 0; i < old.home_room; i++)
		if (old.homes[i].customer)
			*slot_of(people, old.homes[i].customer) = old.homes[i];
	free(old.homes);
}

static struct audit_home *home_of(struct audit_people *people, const char *customer)
{
	struct audit_home *home;

	make_room(people);
	home = slot_of(people, customer);
	if (!home->customer) {
		people->home_count++;
		*home = (struct audit_home){arena_text(&people->arena, customer), "", INT64_MIN};
	}
	return home;
}

static void add(struct audit_people *people, const char *customer, enum audit_fact_kind kind,
		const char *text, int64_t at_ms, int64_t said_ms)
{
	people->facts =
	    grow_zeroed(people->facts, &people->room, people->count + 1, sizeof(*people->facts));
	people->facts[people->count] = (struct audit_fact){
	    .customer = home_of(people, customer)->customer,
	    .text = arena_text(&people->arena, text),
	    .at_ms = at_ms,
	    .said_ms = said_ms,
	    .number = people->count,
	    .kind = kind,
	};
	people->count++;
}

static void move(struct audit_people *people, const char *customer, const char *inbox,
		 int64_t at_ms)
{
	if (strcmp(home_of(people, customer)->inbox, inbox) == 0)
		return;
	add(people, customer, AUDIT_HOME, inbox, at_ms, at_ms);
	home_of(people, customer)->inbox = people->facts[people->count - 1].text;
}

/* Is it known when and where the person said so? */
static bool can_be_shown(const Nurture__V1__Event *event)
{
	return event->proof && (event_type_is(event->type, EVENT_CONSENT_CHANGED) ||
				event_type_is(event->type, EVENT_PREFERENCES_CHANGED));
}

static void hear_consent(struct audit_people *people, const Nurture__V1__Event *event,
			 int64_t arrived_ms)
{
	int64_t said_ms = event->time_ms < arrived_ms ? event->time_ms : arrived_ms;
	bool is_shown = can_be_shown(event);

	if (is_shown && event->proof->at_ms < said_ms)
		said_ms = event->proof->at_ms;
	for (size_t i = 0; i < event->customer->n_consent; i++) {
		const Nurture__V1__Consent *word = event->customer->consent[i];

		if (!word->given)
			add(people, event->customer->id, AUDIT_WITHDRAWN, word->message_class,
			    arrived_ms, said_ms);
		else if (is_shown)
			add(people, event->customer->id, AUDIT_GIVEN, word->message_class,
			    arrived_ms, said_ms);
	}
}

static void hear_bounce(struct audit_people *people, const Nurture__V1__Event *event,
			int64_t arrived_ms)
{
	char named[INBOX_KEY_BYTES] = "";

	if (!event->message || strcmp(event->message->kind, "hard") != 0)
		return;
	inbox_key(slice_text(event->message->email), named);
	add(people, event->customer->id, AUDIT_DEAD, named, arrived_ms, arrived_ms);
}

/* Which of two addresses goes on is told by the next event that has one. */
static void hear_merge(struct audit_people *people, const Nurture__V1__Event *event,
		       int64_t arrived_ms)
{
	const char *into = event->merge ? event->merge->into : "", *from = event->customer->id;
	const char *old, *own;

	if (!into[0] || strcmp(into, from) == 0)
		return;
	add(people, from, AUDIT_MERGED, into, arrived_ms, arrived_ms);
	old = home_of(people, from)->inbox;
	own = home_of(people, into)->inbox;
	if (old[0] && !own[0])
		move(people, into, old, arrived_ms);
	else if (old[0] && strcmp(old, own) != 0)
		move(people, into, "", arrived_ms);
}

void audit_people_hear(struct audit_people *people, const struct policy *policy,
		       const Nurture__V1__Event *event, int64_t arrived_ms)
{
	const char *customer = event->customer->id;
	char inbox[INBOX_KEY_BYTES];

	/* What happened up to an erasure changes nothing. */
	if (arrived_ms <= home_of(people, customer)->erased_ms)
		return;
	if (inbox_key(slice_text(event->customer->email), inbox))
		move(people, customer, inbox, arrived_ms);
	hear_consent(people, event, arrived_ms);
	if (event_type_is(event->type, EVENT_MESSAGE_COMPLAINED)) {
		add(people, customer, AUDIT_WITHDRAWN, "all", arrived_ms, arrived_ms);
	} else if (event_type_is(event->type, EVENT_MESSAGE_UNSUBSCRIBED)) {
		const char *class = event->message ? event->message->message_class : "";

		if (policy_class(policy, slice_text(class)) < 0)
			class = "all";
		add(people, customer, AUDIT_WITHDRAWN, class, arrived_ms, arrived_ms);
	} else if (event_type_is(event->type, EVENT_MESSAGE_BOUNCED)) {
		hear_bounce(people, event, arrived_ms);
	} else if (event_type_is(event->type, EVENT_CUSTOMER_MERGED)) {
		hear_merge(people, event, arrived_ms);
	} else if (event_type_is(event->type, EVENT_CUSTOMER_ERASED)) {
		add(people, customer, AUDIT_ERASED, "", arrived_ms, arrived_ms);
		move(people, customer, "", arrived_ms);
		home_of(people, customer)->erased_ms = arrived_ms;
	}
}

static int compare_facts(const void *a, const void *b)
{
	const struct audit_fact *x = a, *y = b;
	int order = strcmp(x->customer, y->customer);

	return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* A bounce is about the address that it names, if the person had it, else about the one in use. */
static void place_bounce(const struct audit_people *people, size_t at)
{
	struct audit_fact *bounce = &people->facts[at];
	const char *home = "";

	for (size_t i = at; i-- > 0 && strcmp(people->facts[i].customer, bounce->customer) == 0;) {
		if (people->facts[i].kind == AUDIT_ERASED)
			break; /* of who was here before nothing is known */
		if (people->facts[i].kind != AUDIT_HOME)
			continue;
		if (strcmp(people->facts[i].text, bounce->text) == 0)
			return;
		home = home[0] ? home : people->facts[i].text;
	}
	bounce->text = home;
}

void audit_people_sort(struct audit_people *people)
{
	if (people->count)
		qsort(people->facts, people->count, sizeof(*people->facts), compare_facts);
	for (size_t i = 0; i < people->count; i++)
		if (people->facts[i].kind == AUDIT_DEAD)
			place_bounce(people, i);
}

const struct audit_fact *audit_people_of(const struct audit_people *people, const char *customer,
					 size_t *ret_count)
{
	size_t from = 0, to = people->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(people->facts[middle].customer, customer) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (to = from; to < people->count && strcmp(people->facts[to].customer, customer) == 0;)
		to++;
	*ret_count = to - from;
	return people->facts + from;
}

const char *audit_people_home(const struct audit_people *people, const char *customer,
			      int64_t at_ms, int64_t late_ms)
{
	size_t count;
	const struct audit_fact *facts = audit_people_of(people, customer, &count);
	const char *home = "";

	for (size_t i = 0; i < count; i++) {
		if (facts[i].kind != AUDIT_HOME || facts[i].at_ms > at_ms)
			continue;
		/* A first address was never another one. */
		home = facts[i].at_ms > at_ms - late_ms && home[0] ? "" : facts[i].text;
	}
	return home[0] ? home : NULL;
}

void audit_people_free(struct audit_people *people)
{
	free(people->facts);
	free(people->homes);
	arena_free(&people->arena);
	*people = (struct audit_people){0};
}
