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

void seg_person_note(struct seg_profile *profile, const Nurture__V1__Customer *customer,
		     int64_t time_ms)
{
	address_note(profile, customer->email, time_ms);
#define X(kind, field) attribute_note(profile, SEG_##kind, customer->field, time_ms);
	SEG_ATTRIBUTES(X)
#undef X
}

const char *seg_address(const struct seg_profile *profile)
{
	return profile->address_count ? profile->addresses[profile->address_count - 1].text : "";
}
