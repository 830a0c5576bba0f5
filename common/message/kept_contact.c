/* kept_contact.c - see kept_contact.h. */
#include "kept_contact.h"

#include <string.h>

static bool read_word(const struct words *words, uint64_t number, char **ret)
{
	*ret = (char *)words_text(words, number);
	return *ret != NULL;
}

static bool read_consent(const struct words *words, const Nurture__V1__KeptContact *kept,
			 struct arena *arena, Nurture__V1__Contact *ret)
{
	Nurture__V1__ConsentState *states = arena_alloc(arena, kept->n_consent * sizeof(*states));

	if (kept->n_consent_said_ms && kept->n_consent_said_ms != kept->n_consent)
		return false;
	ret->consent = arena_alloc(arena, kept->n_consent * sizeof(*ret->consent));
	ret->n_consent = kept->n_consent;
	for (size_t i = 0; i < kept->n_consent; i++) {
		nurture__v1__consent_state__init(&states[i]);
		states[i].said_ms = kept->n_consent_said_ms ? kept->consent_said_ms[i] : 0;
		states[i].given = kept->consent[i] & 1;
		ret->consent[i] = &states[i];
		if (!read_word(words, kept->consent[i] >> 1, &states[i].message_class))
			return false;
	}
	return true;
}

static bool read_bought(const struct words *words, const Nurture__V1__KeptContact *kept,
			struct arena *arena, Nurture__V1__Contact *ret)
{
	Nurture__V1__Bought *bought = arena_alloc(arena, kept->n_bought * sizeof(*bought));
	uint64_t time_ms = 0;

	if (kept->n_bought_ms != kept->n_bought)
		return false;
	ret->bought = arena_alloc(arena, kept->n_bought * sizeof(*ret->bought));
	ret->n_bought = kept->n_bought;
	for (size_t i = 0; i < kept->n_bought; i++) {
		nurture__v1__bought__init(&bought[i]);
		time_ms += (uint64_t)kept->bought_ms[i];
		bought[i].time_ms = (int64_t)time_ms;
		ret->bought[i] = &bought[i];
		if (!read_word(words, kept->bought[i], &bought[i].category))
			return false;
	}
	return true;
}

static bool read_segments(const struct words *words, const Nurture__V1__KeptContact *kept,
			  struct arena *arena, Nurture__V1__Contact *ret)
{
	ret->segments = arena_alloc(arena, kept->n_segments * sizeof(*ret->segments));
	ret->n_segments = kept->n_segments;
	for (size_t i = 0; i < kept->n_segments; i++)
		if (!read_word(words, kept->segments[i], &ret->segments[i]))
			return false;
	return true;
}

static void read_allowances(const Nurture__V1__KeptContact *kept, struct arena *arena,
			    Nurture__V1__Contact *ret)
{
	Nurture__V1__Allowance *own = arena_alloc(arena, kept->n_allowances * sizeof(*own));

	ret->allowances = arena_alloc(arena, kept->n_allowances * sizeof(*ret->allowances));
	ret->n_allowances = kept->n_allowances;
	for (size_t i = 0; i < kept->n_allowances; i++) {
		nurture__v1__allowance__init(&own[i]);
		own[i].limit = kept->allowances[i]->limit;
		own[i].window_ms = kept->allowances[i]->window_ms;
		ret->allowances[i] = &own[i];
	}
}

bool kept_contact_read(const struct words *words, const Nurture__V1__KeptContact *kept,
		       struct arena *arena, Nurture__V1__Contact *ret)
{
	ret->email = kept->email;
	ret->name = kept->name;
	ret->open_cases = kept->open_cases;
	ret->n_open_cases = kept->n_open_cases;
	ret->erased = kept->erased;
	ret->undeliverable = kept->undeliverable;
	ret->best_hour = kept->best_hour;
	ret->paused_until_ms = kept->paused_until_ms;
	ret->erased_ms = kept->erased_ms;
	ret->ended_cases = kept->ended_cases;
	ret->n_ended_cases = kept->n_ended_cases;
	ret->phone = kept->phone;
	ret->address = kept->address;
	ret->merged = kept->merged;
	ret->merged_into = kept->merged_into;
	ret->merged_ms = kept->merged_ms;
	read_allowances(kept, arena, ret);
	return read_word(words, kept->locale, &ret->locale) &&
	       read_word(words, kept->time_zone, &ret->time_zone) &&
	       read_word(words, kept->country, &ret->country) &&
	       read_consent(words, kept, arena, ret) && read_bought(words, kept, arena, ret) &&
	       read_segments(words, kept, arena, ret);
}

/* Most consents are echoes, which have no time: then nothing is written. */
static void write_said(const Nurture__V1__Contact *contact, struct arena *arena,
		       Nurture__V1__KeptContact *ret)
{
	int64_t any = 0;

	for (size_t i = 0; i < contact->n_consent; i++)
		any |= contact->consent[i]->said_ms;
	if (!any)
		return;
	ret->consent_said_ms =
	    arena_alloc(arena, contact->n_consent * sizeof(*ret->consent_said_ms));
	for (size_t i = 0; i < contact->n_consent; i++)
		ret->consent_said_ms[ret->n_consent_said_ms++] = contact->consent[i]->said_ms;
}

static void write_lists(struct words *words, const Nurture__V1__Contact *contact,
			struct arena *arena, Nurture__V1__KeptContact *ret)
{
	int64_t before_ms = 0;

	ret->consent = arena_alloc(arena, contact->n_consent * sizeof(*ret->consent));
	for (size_t i = 0; i < contact->n_consent; i++)
		ret->consent[ret->n_consent++] =
		    (uint64_t)words_number(words, contact->consent[i]->message_class) << 1 |
		    (contact->consent[i]->given != 0);
	ret->bought = arena_alloc(arena, contact->n_bought * sizeof(*ret->bought));
	ret->bought_ms = arena_alloc(arena, contact->n_bought * sizeof(*ret->bought_ms));
	for (size_t i = 0; i < contact->n_bought; i++) {
		ret->bought[ret->n_bought++] = words_number(words, contact->bought[i]->category);
		ret->bought_ms[ret->n_bought_ms++] = contact->bought[i]->time_ms - before_ms;
		before_ms = contact->bought[i]->time_ms;
	}
	ret->segments = arena_alloc(arena, contact->n_segments * sizeof(*ret->segments));
	for (size_t i = 0; i < contact->n_segments; i++)
		ret->segments[ret->n_segments++] = words_number(words, contact->segments[i]);
}

static void write_allowances(const Nurture__V1__Contact *contact, struct arena *arena,
			     Nurture__V1__KeptContact *ret)
{
	Nurture__V1__KeptAllowance *own = arena_alloc(arena, contact->n_allowances * sizeof(*own));

	ret->allowances = arena_alloc(arena, contact->n_allowances * sizeof(*ret->allowances));
	for (size_t i = 0; i < contact->n_allowances; i++) {
		nurture__v1__kept_allowance__init(&own[i]);
		own[i].limit = contact->allowances[i]->limit;
		own[i].window_ms = contact->allowances[i]->window_ms;
		ret->allowances[ret->n_allowances++] = &own[i];
	}
}

void kept_contact_write(struct words *words, const Nurture__V1__Contact *contact,
			struct arena *arena, Nurture__V1__KeptContact *ret)
{
	ret->email = contact->email;
	ret->name = contact->name;
	ret->locale = words_number(words, contact->locale);
	ret->time_zone = words_number(words, contact->time_zone);
	ret->country = words_number(words, contact->country);
	ret->open_cases = contact->open_cases;
	ret->n_open_cases = contact->n_open_cases;
	ret->erased = contact->erased;
	ret->undeliverable = contact->undeliverable;
	ret->best_hour = contact->best_hour;
	ret->paused_until_ms = contact->paused_until_ms;
	ret->erased_ms = contact->erased_ms;
	ret->ended_cases = contact->ended_cases;
	ret->n_ended_cases = contact->n_ended_cases;
	ret->phone = contact->phone;
	ret->address = contact->address;
	ret->merged = contact->merged;
	ret->merged_into = contact->merged_into;
	ret->merged_ms = contact->merged_ms;
	write_lists(words, contact, arena, ret);
	write_allowances(contact, arena, ret);
	write_said(contact, arena, ret);
}
