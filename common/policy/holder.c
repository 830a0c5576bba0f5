/* holder.c - see holder.h. */
#include "holder.h"

#include <string.h>

static bool binds(const Nurture__V1__ConsentState *word)
{
	return !word->given || word->said_ms;
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
		if (binds(contact->consent[i]))
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

static bool is_newer(const Nurture__V1__ConsentState *word, const Nurture__V1__ConsentState *than)
{
	return word->said_ms > than->said_ms || (word->said_ms == than->said_ms && !word->given);
}

static void join_word(Nurture__V1__Holder *into, Nurture__V1__ConsentState *word)
{
	for (size_t i = 0; i < into->n_consent; i++) {
		if (strcmp(into->consent[i]->message_class, word->message_class) != 0)
			continue;
		if (is_newer(word, into->consent[i]))
			into->consent[i] = word;
		return;
	}
	into->consent[into->n_consent++] = word;
}

void holder_join(Nurture__V1__Holder *into, const Nurture__V1__Holder *from, struct arena *arena)
{
	size_t most = into->n_consent + from->n_consent;
	Nurture__V1__ConsentState **words = arena_alloc(arena, (most + 1) * sizeof(*words));

	if (into->n_consent)
		memcpy(words, into->consent, into->n_consent * sizeof(*words));
	into->consent = words;
	for (size_t i = 0; i < from->n_consent; i++)
		join_word(into, from->consent[i]);
	if (from->undeliverable[0])
		into->undeliverable = from->undeliverable;
}

/* What the holder has said of the class, by name or with all others; NULL: nothing. */
static const Nurture__V1__ConsentState *word_on(const Nurture__V1__Holder *holder,
						const char *message_class)
{
	const Nurture__V1__ConsentState *all = NULL;

	for (size_t i = 0; i < holder->n_consent; i++) {
		if (strcmp(holder->consent[i]->message_class, message_class) == 0)
			return holder->consent[i];
		if (strcmp(holder->consent[i]->message_class, "all") == 0)
			all = holder->consent[i];
	}
	return all;
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
