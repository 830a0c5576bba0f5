/* person.c - see person.h. */
#include "person.h"

#include <string.h>

#include "common/mail/address.h"
#include "common/message/event_authority.h"

static bool is_newer(int64_t time_ms, const char *text, int64_t old_ms, const char *old)
{
	return time_ms != old_ms ? time_ms > old_ms : strcmp(text, old) > 0;
}

/* Does the new value hold against the old one? */
static bool holds(const struct seg_attribute *new, const struct seg_attribute *old)
{
	if (new->is_said != old->is_said)
		return new->is_said;
	return is_newer(new->time_ms, new->text, old->time_ms, old->text);
}

static void attribute_note(struct seg_profile *profile, enum seg_attribute_kind kind,
			   struct seg_attribute new)
{
	struct seg_attribute *old = &profile->attributes[kind];

	if (*new.text && (!*old->text || holds(&new, old)))
		*old = new;
}

static void address_insert(struct seg_profile *profile, struct seg_address address)
{
	unsigned at = profile->address_count++;

	for (; at > 0; at--) {
		const struct seg_address *before = &profile->addresses[at - 1];

		if (is_newer(address.last_ms, address.text, before->last_ms, before->text))
			break;
		profile->addresses[at] = *before;
	}
	profile->addresses[at] = address;
	if (profile->address_count > SEG_ADDRESSES_MAX)
		seg_list_close(profile->addresses, profile->address_count--, sizeof(address), 0);
}

/*
 * One address, however it is written: else a few spellings would push out the one that a bounce was
 * about.  The newest way to write it holds.
 */
static void address_note(struct seg_profile *profile, const char *text, int64_t time_ms)
{
	struct seg_address address = {.text = text, .last_ms = time_ms, .first_ms = time_ms};

	if (!*text)
		return;
	for (unsigned i = 0; i < profile->address_count;) {
		struct seg_address *old = &profile->addresses[i];

		if (!address_equal(slice_text(old->text), slice_text(text))) {
			i++;
			continue;
		}
		if (is_newer(old->last_ms, old->text, address.last_ms, address.text))
			address.text = old->text;
		address.last_ms = seg_max(old->last_ms, address.last_ms);
		address.first_ms = seg_min(old->first_ms, address.first_ms);
		seg_list_close(profile->addresses, profile->address_count--, sizeof(*old), i);
	}
	address_insert(profile, address);
}

/*
 * An event's type alone proves nothing here: who tells of a bounce repeats what they have stored
 * about the person.
 */
static bool is_said(const Nurture__V1__Event *event)
{
	return event_authority(event) == AUTHORITY_PERSON && event_proof_is_ours(event);
}

void seg_person_note(struct seg_profile *profile, const Nurture__V1__Event *event)
{
	const Nurture__V1__Customer *customer = event->customer;
	struct seg_attribute new = {"", event->time_ms, is_said(event)};

	address_note(profile, customer->email, event->time_ms);
#define X(kind, field) new.text = customer->field, attribute_note(profile, SEG_##kind, new);
	SEG_ATTRIBUTES(X)
#undef X
}

const char *seg_address(const struct seg_profile *profile)
{
	return profile->address_count ? profile->addresses[profile->address_count - 1].text : "";
}

void seg_person_unite(struct seg_profile *profile, const struct seg_profile *with)
{
	for (unsigned i = 0; i < with->address_count; i++) {
		const struct seg_address *address = &with->addresses[i];

		address_note(profile, address->text, address->first_ms);
		address_note(profile, address->text, address->last_ms);
	}
	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++)
		attribute_note(profile, (enum seg_attribute_kind)i, with->attributes[i]);
}
