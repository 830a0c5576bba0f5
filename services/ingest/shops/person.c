/* person.c - whose it is, and what a payload says of them. */
#include "common/base/region.h"
#include "common/mail/inbox.h"
#include "shop_order.h"

const char *shop_email_key(struct arena *arena, const char *email)
{
	char key[INBOX_KEY_BYTES];

	return inbox_key(slice_text(email), key) ? arena_text(arena, key) : "";
}

static bool is_guest(const struct shop_person *person)
{
	return !*person->id || strcmp(person->id, "0") == 0;
}

const char *shop_person_key(struct shop_reading *reading, const struct shop_person *person)
{
	const struct shop_source *source = reading->source;
	const char *ret = "";

	if (source->key == SHOP_KEY_ID && !is_guest(person))
		return arena_printf(reading->arena, "%s%s", source->prefix, person->id);
	ret = shop_email_key(reading->arena, person->email);
	if (!*ret)
		shop_skip(reading, is_guest(person) ? SHOP_SKIP_NO_CUSTOMER : SHOP_SKIP_NO_EMAIL,
			  NULL);
	return ret;
}

static char *trimmed(struct arena *arena, const char *text)
{
	struct slice ret = slice_trim(slice_text(text), " \t\r\n");

	return arena_copy(arena, ret.bytes, ret.len);
}

void shop_person_put(struct shop_reading *reading, const struct shop_person *person,
		     Nurture__V1__Customer *customer)
{
	char region[REGION_BYTES];

	customer->email = trimmed(reading->arena, person->email);
	customer->name = trimmed(reading->arena, person->name);
	customer->locale = trimmed(reading->arena, person->locale);
	customer->country = trimmed(reading->arena, person->country);
	if (person->province &&
	    region_of(slice_text(customer->country), slice_text(person->province), region))
		customer->region = arena_text(reading->arena, region);
}

void shop_person_default(struct shop_reading *reading, Nurture__V1__Customer *customer)
{
	const struct shop_source *source = reading->source;

	if (!*customer->locale)
		customer->locale = arena_text(reading->arena, source->locale);
	if (!*customer->country)
		customer->country = arena_text(reading->arena, source->country);
}

const char *shop_full_name(struct arena *arena, const char *first, const char *last)
{
	return *first && *last ? arena_printf(arena, "%s %s", first, last) : *first ? first : last;
}

void shop_consent_put(struct shop_reading *reading, Nurture__V1__Customer *customer, bool given)
{
	Nurture__V1__Consent *consent = arena_alloc(reading->arena, sizeof(*consent));

	nurture__v1__consent__init(consent);
	consent->message_class = arena_text(reading->arena, reading->source->consent_class);
	consent->given = given;
	customer->n_consent = 1;
	customer->consent = arena_alloc(reading->arena, sizeof(Nurture__V1__Consent *));
	customer->consent[0] = consent;
}
