/* person.c - see person.h. */
#include "person.h"

#include <string.h>

static bool is_newer(int64_t time_ms, const char *text, int64_t old_ms, const char *old)
{
	return time_ms != old_ms ? time_ms > old_ms : strcmp(text, old) > 0;
}

static void attribute_note(struct seg_profile *profile, enum seg_attribute_kind kind,
			   const char *text, int64_t time_ms)
{
	struct seg_attribute *attribute = &profile->attributes[kind];

	if (!*text)
		return;
	if (!*attribute->text || is_newer(time_ms, text, attribute->time_ms, attribute->text))
		*attribute = (struct seg_attribute){text, time_ms};
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

static void address_note(struct seg_profile *profile, const char *text, int64_t time_ms)
{
	struct seg_address address = {.text = text, .last_ms = time_ms, .first_ms = time_ms};

	if (!*text)
		return;
	for (unsigned i = 0; i < profile->address_count; i++) {
		struct seg_address *old = &profile->addresses[i];

		if (strcmp(old->text, text) != 0)
			continue;
		address.last_ms = seg_max(old->last_ms, time_ms);
		address.first_ms = seg_min(old->first_ms, time_ms);
		seg_list_close(profile->addresses, profile->address_count--, sizeof(*old), i);
		break;
	}
	address_insert(profile, address);
}

void seg_person_note(struct seg_profile *profile, const struct policy *policy,
		     const Nurture__V1__Customer *customer, int64_t time_ms)
{
	address_note(profile, customer->email, time_ms);
#define X(kind, field) attribute_note(profile, SEG_##kind, customer->field, time_ms);
	SEG_ATTRIBUTES(X)
#undef X
	for (size_t i = 0; i < customer->n_consent; i++)
		seg_consent_note(profile, policy, customer->consent[i]->message_class,
				 customer->consent[i]->given, time_ms);
}

static bool is_known_class(const struct policy *policy, const char *name)
{
	return strcmp(name, "all") == 0 || policy_class(policy, slice_text(name)) != NO_CLASS;
}

static unsigned unknown_consents(const struct seg_profile *profile, const struct policy *policy)
{
	unsigned count = 0;

	for (unsigned i = 0; i < profile->consent_count; i++)
		count += !is_known_class(policy, profile->consents[i].message_class);
	return count;
}

void seg_consent_note(struct seg_profile *profile, const struct policy *policy,
		      const char *message_class, bool given, int64_t time_ms)
{
	struct seg_consent *consent;
	unsigned at = 0;
	int order = -1;

	while (at < profile->consent_count &&
	       (order = strcmp(profile->consents[at].message_class, message_class)) < 0)
		at++;
	if (at < profile->consent_count && order == 0) {
		consent = &profile->consents[at];
		if (time_ms > consent->time_ms || (time_ms == consent->time_ms && !given))
			*consent = (struct seg_consent){consent->message_class, given, time_ms};
		return;
	}
	if (!is_known_class(policy, message_class) &&
	    unknown_consents(profile, policy) >= SEG_UNKNOWN_CONSENTS_MAX)
		return;
	profile->consents = seg_list_open(profile->arena, profile->consents, profile->consent_count,
					  &profile->consent_room, sizeof(*consent), at);
	profile->consents[at] = (struct seg_consent){message_class, given, time_ms};
	profile->consent_count++;
}

static const struct seg_consent *consent_find(const struct seg_profile *profile, const char *name)
{
	for (unsigned i = 0; i < profile->consent_count; i++)
		if (strcmp(profile->consents[i].message_class, name) == 0)
			return &profile->consents[i];
	return NULL;
}

enum seg_consent_state seg_consent_of(const struct seg_profile *profile, const char *message_class)
{
	const struct seg_consent *own = consent_find(profile, message_class);
	const struct seg_consent *all = consent_find(profile, "all");

	if (!own)
		own = all;
	if (!own)
		return SEG_CONSENT_UNKNOWN;
	if (!own->given || (all && !all->given && all->time_ms >= own->time_ms))
		return SEG_CONSENT_WITHDRAWN;
	return SEG_CONSENT_GIVEN;
}

const char *seg_address(const struct seg_profile *profile)
{
	return profile->address_count ? profile->addresses[profile->address_count - 1].text : "";
}
