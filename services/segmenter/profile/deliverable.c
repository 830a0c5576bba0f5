/* deliverable.c - see deliverable.h. */
#include "deliverable.h"

#include "common/base/civil.h"
#include "common/mail/address.h"
#include "common/policy/person.h"
#include "send_time.h"

enum { SOFT_BOUNCES = 5 };
#define SOFT_WINDOW_MS (30 * DAY_MS)

int64_t seg_bounce_about_ms(const struct seg_profile *profile, const char *email, int64_t time_ms)
{
	for (unsigned i = profile->address_count; *email && i-- > 0;) {
		const struct seg_address *address = &profile->addresses[i];

		if (!address_equal(slice_text(address->text), slice_text(email)))
			continue;
		if (i + 1 == profile->address_count) /* the newest address is in use at time_ms */
			return time_ms;
		return seg_min(address->last_ms, time_ms);
	}
	return time_ms;
}

void seg_bounce_hard(struct seg_profile *profile, int64_t time_ms)
{
	profile->bounced_ms = seg_max(profile->bounced_ms, time_ms);
}

/* Keeps the newest soft bounces; an open removes all that are older than it, the oldest first. */
void seg_bounce_soft(struct seg_profile *profile, int64_t time_ms)
{
	unsigned at = profile->soft_bounce_count;

	if (seg_send_time_is_active_since(profile, time_ms))
		return;
	while (at > 0 && time_ms < profile->soft_bounces_ms[at - 1])
		at--;
	profile->soft_bounces_ms =
	    seg_list_open(profile->arena, profile->soft_bounces_ms, profile->soft_bounce_count,
			  &profile->soft_bounce_room, sizeof(time_ms), at);
	profile->soft_bounces_ms[at] = time_ms;
	profile->soft_bounce_count++;
	if (profile->soft_bounce_count > SEG_SOFT_BOUNCES_MAX)
		seg_list_close(profile->soft_bounces_ms, profile->soft_bounce_count--,
			       sizeof(time_ms), 0);
}

void seg_bounces_outlive(struct seg_profile *profile)
{
	while (profile->soft_bounce_count > 0 &&
	       seg_send_time_is_active_since(profile, profile->soft_bounces_ms[0]))
		seg_list_close(profile->soft_bounces_ms, profile->soft_bounce_count--,
			       sizeof(*profile->soft_bounces_ms), 0);
}

/*
 * Is a bounce of that time about the newest address, to which the next mail would go?  It is
 * about the address in use then: of those that were known by then, the one seen last up to then.
 * The same address may be written in two ways.
 */
static bool is_about_newest(const struct seg_profile *profile, int64_t bounced_ms)
{
	const struct seg_address *used = NULL, *newest;
	int64_t used_ms = SEG_NEVER;

	for (unsigned i = 0; i < profile->address_count; i++) {
		const struct seg_address *address = &profile->addresses[i];
		int64_t seen_ms = seg_min(address->last_ms, bounced_ms);

		if (address->first_ms > bounced_ms || seen_ms < used_ms)
			continue;
		used = address;
		used_ms = seen_ms;
	}
	if (!used)
		return false;
	newest = &profile->addresses[profile->address_count - 1];
	return address_equal(slice_text(used->text), slice_text(newest->text));
}

static bool soft_bounces_are_too_many(const struct seg_profile *profile)
{
	int64_t about_ms[SEG_SOFT_BOUNCES_MAX];
	unsigned count = 0;

	if (profile->soft_bounce_count < SOFT_BOUNCES)
		return false;
	for (unsigned i = 0; i < profile->soft_bounce_count; i++)
		if (is_about_newest(profile, profile->soft_bounces_ms[i]))
			about_ms[count++] = profile->soft_bounces_ms[i];
	for (unsigned last = SOFT_BOUNCES - 1; last < count; last++)
		if (about_ms[last] - about_ms[last - (SOFT_BOUNCES - 1)] < SOFT_WINDOW_MS)
			return true;
	return false;
}

const char *seg_undeliverable(const struct seg_profile *profile)
{
	if (*profile->merged_into)
		return "merged";
	if (profile->bounced_ms != SEG_NEVER && is_about_newest(profile, profile->bounced_ms))
		return UNDELIVERABLE_HARD;
	return soft_bounces_are_too_many(profile) ? UNDELIVERABLE_SOFT : "";
}

void seg_bounces_unite(struct seg_profile *profile, const struct seg_profile *with)
{
	int64_t own_ms = profile->bounced_ms, other_ms = with->bounced_ms;
	bool is_own = own_ms != SEG_NEVER && is_about_newest(profile, own_ms);
	bool is_other = other_ms != SEG_NEVER && is_about_newest(profile, other_ms);

	profile->bounced_ms = is_own == is_other ? seg_max(own_ms, other_ms)
			      : is_own           ? own_ms
						 : other_ms;
	for (unsigned i = 0; i < with->soft_bounce_count; i++)
		seg_bounce_soft(profile, with->soft_bounces_ms[i]);
	seg_bounces_outlive(profile);
}
