/* holder.c - see holder.h. */
#include "holder.h"

#include <string.h>

#include "person.h"

/* Who was erased and came back has withdrawn as of then, which nobody said of the inbox. */
static bool binds(const Nurture__V1__Contact *contact, const Nurture__V1__ConsentState *word)
{
	if (!word->given)
		return !contact->erased_ms || word->said_ms != contact->erased_ms;
	return word->said_ms;
}

Nurture__V1__Holder *holder_of(const Nurture__V1__Contact *contact, const char *customer,
			       struct arena *arena)
{
	Nurture__V1__Holder *holder = arena_alloc(arena, sizeof(*holder));

	nurture__v1__holder__init(holder);
	holder->customer = (char *)(uintptr_t)customer;
	if (contact->erased)
		return holder;
	holder->undeliverable = contact->undeliverable;
	holder->consent = arena_alloc(arena, (contact->n_consent + 1) * sizeof(*holder->consent));
	for (size_t i = 0; i < contact->n_consent; i++)
		if (binds(contact, contact->consent[i]))
			holder->consent[holder->n_consent++] = contact->consent[i];
	return holder;
}

bool holder_is_empty(const Nurture__V1__Holder *holder)
{
	return !holder->undeliverable[0] && !holder->n_consent;
}

static bool is_same_word(const Nurture__V1__ConsentState *a, const Nurture__V1__ConsentState *b)
{
	return a->given == b->given && a->said_ms == b->said_ms &&
	       strcmp(a->message_class, b->message_class) == 0;
}

bool holder_equal(const Nurture__V1__Holder *a, const Nurture__V1__Holder *b)
{
	if (a->n_consent != b->n_consent || strcmp(a->undeliverable, b->undeliverable) != 0)
		return false;
	for (size_t i = 0; i < a->n_consent; i++)
		if (!is_same_word(a->consent[i], b->consent[i]))
			return false;
	return true;
}

/* What the holder has said of the class, by name or with all others; NULL: nothing. */
static Nurture__V1__ConsentState *word_on(const Nurture__V1__Holder *holder,
					  const char *message_class)
{
	Nurture__V1__ConsentState *all = NULL;

	for (size_t i = 0; i < holder->n_consent; i++) {
		if (strcmp(holder->consent[i]->message_class, message_class) == 0)
			return holder->consent[i];
		if (strcmp(holder->consent[i]->message_class, "all") == 0)
			all = holder->consent[i];
	}
	return all;
}

/* Of two words the newer one, of one time the withdrawal; either may be NULL, not both. */
static Nurture__V1__ConsentState *stronger(Nurture__V1__ConsentState *a,
					   Nurture__V1__ConsentState *b)
{
	if (!a || !b)
		return a ? a : b;
	if (a->said_ms != b->said_ms)
		return a->said_ms > b->said_ms ? a : b;
	return a->given ? b : a;
}

static bool has_word(const Nurture__V1__Holder *holder, const char *message_class)
{
	for (size_t i = 0; i < holder->n_consent; i++)
		if (strcmp(holder->consent[i]->message_class, message_class) == 0)
			return true;
	return false;
}

/* Makes room for a word, which a yes gives sooner than a no.  false: there is none for it. */
static bool has_room(Nurture__V1__Holder *holder, const Nurture__V1__ConsentState *word)
{
	if (holder->n_consent < HOLDER_WORDS_MAX)
		return true;
	for (size_t i = 0; i < holder->n_consent && !word->given; i++) {
		if (!holder->consent[i]->given)
			continue;
		holder->consent[i] = holder->consent[--holder->n_consent];
		return true;
	}
	return false;
}

/* What is said of a class by all of them: a word on it, or on all, of either. */
static void join_class(Nurture__V1__Holder *into, const char *message_class,
		       const Nurture__V1__Holder *a, const Nurture__V1__Holder *b,
		       struct arena *arena)
{
	Nurture__V1__ConsentState *word, *copy;

	if (has_word(into, message_class))
		return;
	word = stronger(word_on(a, message_class), word_on(b, message_class));
	if (!has_room(into, word))
		return;
	copy = arena_alloc(arena, sizeof(*copy));
	*copy = *word;
	copy->message_class = (char *)(uintptr_t)message_class;
	into->consent[into->n_consent++] = copy;
}

void holder_join(Nurture__V1__Holder *into, const Nurture__V1__Holder *from, struct arena *arena)
{
	const Nurture__V1__Holder before = *into;

	into->consent = arena_alloc(arena, (HOLDER_WORDS_MAX + 1) * sizeof(*into->consent));
	into->n_consent = 0;
	for (size_t i = 0; i < before.n_consent; i++)
		join_class(into, before.consent[i]->message_class, &before, from, arena);
	for (size_t i = 0; i < from->n_consent; i++)
		join_class(into, from->consent[i]->message_class, &before, from, arena);
	if (strcmp(from->undeliverable, UNDELIVERABLE_HARD) == 0)
		into->undeliverable = from->undeliverable;
}

void holder_keep_suppressions(Nurture__V1__Holder *holder, struct arena *arena)
{
	Nurture__V1__ConsentState **all = holder->consent;
	size_t count = holder->n_consent;

	holder->consent = arena_alloc(arena, (count + 1) * sizeof(*all));
	holder->n_consent = 0;
	for (size_t i = 0; i < count; i++)
		if (!all[i]->given)
			holder->consent[holder->n_consent++] = all[i];
}

void holder_heal(Nurture__V1__Holder *holder)
{
	if (!holder->customer[0] && strcmp(holder->undeliverable, UNDELIVERABLE_HARD) != 0)
		holder->undeliverable = (char *)"";
}

static bool is_of(const Nurture__V1__Holder *holder, const char *customer)
{
	return strcmp(holder->customer, customer) == 0;
}

bool holders_withdraw(Nurture__V1__Holder *const *holders, size_t count, const char *customer,
		      const char *message_class)
{
	int64_t withdrawn_ms = -1, given_ms = -1;

	for (size_t i = 0; i < count; i++) {
		const Nurture__V1__ConsentState *word = word_on(holders[i], message_class);

		if (word && word->given && word->said_ms > given_ms)
			given_ms = word->said_ms;
		if (word && !word->given && !is_of(holders[i], customer) &&
		    word->said_ms > withdrawn_ms)
			withdrawn_ms = word->said_ms;
	}
	return withdrawn_ms >= 0 && withdrawn_ms >= given_ms;
}

const char *holders_undeliverable(Nurture__V1__Holder *const *holders, size_t count,
				  const char *customer)
{
	for (size_t i = 0; i < count; i++)
		if (holders[i]->undeliverable[0] && !is_of(holders[i], customer))
			return holders[i]->undeliverable;
	return "";
}
