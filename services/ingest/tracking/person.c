/* person.c - traits of a person and the context of a call, as a customer of ours. */
#include "mapper_internal.h"

/* A trait, as identify has it, or as RudderStack and the other calls have it in their context. */
static char *trait(const struct ing_message *message, const char *const *names)
{
	char *text = ing_field_first(message->traits, names, message->arena);

	return text[0] ? text : ing_field_first(message->context_traits, names, message->arena);
}

static char *one(const struct ing_message *message, const char *name)
{
	return trait(message, (const char *const[]){name, NULL});
}

static char *full_name(const struct ing_message *message)
{
	char *name = one(message, "name");
	char *first = trait(message, (const char *const[]){"firstName", "first_name", NULL});
	char *last = trait(message, (const char *const[]){"lastName", "last_name", NULL});

	if (name[0])
		return name;
	return first[0] && last[0] ? arena_printf(message->arena, "%s %s", first, last)
	       : first[0]          ? first
				   : last;
}

static char *country(const struct ing_message *message)
{
	static const char *const names[] = {"country_code", "countryCode", "country", NULL};
	char *text = ing_field_first(ing_field(message->traits, "address", message->arena), names,
				     message->arena);

	if (!text[0])
		text =
		    ing_field_first(ing_field(message->context_traits, "address", message->arena),
				    names, message->arena);
	if (!text[0])
		text = trait(message, names);
	for (char *c = text; strlen(text) == 2 && *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return text;
}

/* "1980-02-29", also where a time stands behind it: people are not born at midnight in London. */
static char *birthday(const struct ing_message *message)
{
	char *text = one(message, "birthday");

	if (strlen(text) > 10 && text[10] == 'T')
		text[10] = '\0';
	return text;
}

/* "en_US" is written as often as "en-US". */
static char *locale(const struct ing_message *message)
{
	char *text = ing_field_text(message->context, "locale", message->arena);

	for (char *c = text; *c; c++)
		if (*c == '_')
			*c = '-';
	return text;
}

/* Only true and false are words of consent: what else a trait may hold is not guessed at. */
static void put_consent(const struct ing_message *message, Nurture__V1__Customer *customer,
			unsigned *left_out)
{
	const struct ing_tracking_names *names = message->names;

	customer->consent =
	    arena_alloc(message->arena, ING_CONSENTS_MAX * sizeof(*customer->consent));
	for (size_t i = 0; i < names->consent_count; i++) {
		const struct ing_tracking_consent *from = &names->consents[i];
		int given = ing_field_bool(message->traits, from->trait, message->arena);
		Nurture__V1__Consent *consent;

		if (given < 0)
			given =
			    ing_field_bool(message->context_traits, from->trait, message->arena);
		if (given < 0) {
			*left_out +=
			    ing_field(message->traits, from->trait, message->arena).len ||
			    ing_field(message->context_traits, from->trait, message->arena).len;
			continue;
		}
		consent = arena_alloc(message->arena, sizeof(*consent));
		nurture__v1__consent__init(consent);
		consent->message_class = arena_text(message->arena, from->message_class);
		consent->given = given;
		customer->consent[customer->n_consent++] = consent;
	}
}

void ing_tracked_person(const struct ing_message *message, Nurture__V1__Customer *customer,
			unsigned *left_out)
{
	customer->email = one(message, "email");
	customer->name = full_name(message);
	customer->phone = one(message, "phone");
	customer->birthday = birthday(message);
	customer->country = country(message);
	customer->locale = locale(message);
	customer->time_zone = ing_field_text(message->context, "timezone", message->arena);
	put_consent(message, customer, left_out);
}
