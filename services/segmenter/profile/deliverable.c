/* deliverable.c - see deliverable.h. */
#include "deliverable.h"

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/mail/address.h"
#include "common/mail/inbox.h"
#include "common/policy/person.h"
#include "person.h"
#include "send_time.h"

enum { SOFT_BOUNCES = 5 };
#define SOFT_WINDOW_MS (30 * DAY_MS)

/*
 * The address that was in use then: of those that were known by then, the one seen last up to then.
 * NULL: none was known.
 */
static const struct seg_address *used_at(const struct seg_profile *profile, int64_t at_ms)
{
	const struct seg_address *used = NULL;
	int64_t used_ms = SEG_NEVER;

	for (unsigned i = 0; i < profile->address_count; i++) {
		const struct seg_address *address = &profile->addresses[i];
		int64_t seen_ms = seg_min(address->last_ms, at_ms);

		if (address->first_ms > at_ms || seen_ms < used_ms)
			continue;
		used = address;
		used_ms = seen_ms;
	}
	return used;
}

/*
 * Is a bounce of that time about the newest address, to which the next mail would go?  It is
 * about the address in use then.  The same address may be written in two ways.
 */
static bool is_about_newest(const struct seg_profile *profile, int64_t bounced_ms)
{
	const struct seg_address *used = used_at(profile, bounced_ms);

	return used && address_equal(slice_text(used->text), slice_text(seg_address(profile)));
}

/* In the hash of an address: it bounced, whether the person still has it or not. */
#define FIXED UINT64_C(1)

/* However the address is written. */
static uint64_t hash_of(const char *address)
{
	char key[INBOX_KEY_BYTES];

	return hash64(inbox_or(slice_text(address), slice_text(address), key)) | FIXED;
}

static bool has_address(const struct seg_profile *profile, uint64_t hash)
{
	for (unsigned i = 0; i < profile->address_count; i++)
		if (hash_of(profile->addresses[i].text) == hash)
			return true;
	return false;
}

/* Does the bounce say by itself which address it is about? */
static bool tells_address(const struct seg_profile *profile, struct seg_bounce bounce)
{
	return bounce.address &&
	       (bounce.address & FIXED || has_address(profile, bounce.address | FIXED));
}

/* Is it about the newest address? */
static bool binds(const struct seg_profile *profile, struct seg_bounce bounce)
{
	if (bounce.at_ms == SEG_NEVER || !profile->address_count)
		return false;
	return tells_address(profile, bounce)
		   ? (bounce.address | FIXED) == hash_of(seg_address(profile))
		   : is_about_newest(profile, bounce.at_ms);
}

struct seg_bounce seg_bounce_of(const struct seg_profile *profile, const char *email,
				int64_t time_ms)
{
	struct seg_bounce ret = {time_ms, *email ? hash_of(email) & ~FIXED : 0};

	for (unsigned i = profile->address_count; *email && i-- > 0;) {
		const struct seg_address *address = &profile->addresses[i];

		if (!address_equal(slice_text(address->text), slice_text(email)))
			continue;
		if (i + 1 < profile->address_count) /* the newest address is in use at time_ms */
			ret.at_ms = seg_min(address->last_ms, time_ms);
		break;
	}
	return ret;
}

static struct seg_bounce hard_of(const struct seg_profile *profile)
{
	return (struct seg_bounce){profile->bounced_ms, profile->bounced_address};
}

/* Of two that bind alike the newer one. */
static bool is_newer(struct seg_bounce a, struct seg_bounce b)
{
	return a.at_ms != b.at_ms ? a.at_ms > b.at_ms : a.address > b.address;
}

void seg_bounce_hard(struct seg_profile *profile, struct seg_bounce bounce)
{
	struct seg_bounce old = hard_of(profile);
	bool is_fixed = (bounce.address | old.address) & FIXED;

	if (is_fixed && binds(profile, bounce) != binds(profile, old) ? binds(profile, old)
								      : is_newer(old, bounce))
		return;
	profile->bounced_ms = bounce.at_ms;
	profile->bounced_address = bounce.address;
}

/* Keeps the newest soft bounces; an open removes all that are older than it, the oldest first. */
void seg_bounce_soft(struct seg_profile *profile, struct seg_bounce bounce)
{
	unsigned at = profile->soft_bounce_count;
	int64_t time_ms = bounce.at_ms;

	/* Its time would say that it is about the newest one, and it says that it is not. */
	if (is_about_newest(profile, time_ms) && !binds(profile, bounce))
		return;
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
	if (binds(profile, hard_of(profile)))
		return UNDELIVERABLE_HARD;
	return soft_bounces_are_too_many(profile) ? UNDELIVERABLE_SOFT : "";
}

/* Leaves the soft bounces that are about the newest address. */
static void drop_soft_of_others(struct seg_profile *profile)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < profile->soft_bounce_count; i++)
		if (is_about_newest(profile, profile->soft_bounces_ms[i]))
			profile->soft_bounces_ms[kept++] = profile->soft_bounces_ms[i];
	profile->soft_bounce_count = kept;
}

uint64_t seg_bounces_fix(struct seg_profile *profile)
{
	const struct seg_address *used;

	if (tells_address(profile, hard_of(profile))) {
		profile->bounced_address |= FIXED;
	} else if (profile->bounced_ms != SEG_NEVER) {
		used = used_at(profile, profile->bounced_ms);
		if (used)
			profile->bounced_address = hash_of(used->text);
		else
			profile->bounced_ms = SEG_NEVER; /* nobody knows what it is about */
	}
	drop_soft_of_others(profile);
	return profile->soft_bounce_count ? hash_of(seg_address(profile)) : 0;
}

void seg_bounces_unite(struct seg_profile *profile, uint64_t soft_about,
		       const struct seg_profile *with, uint64_t other_soft_about)
{
	uint64_t newest = profile->address_count ? hash_of(seg_address(profile)) : 0;
	struct seg_bounce other = hard_of(with);

	if (other.at_ms != SEG_NEVER)
		seg_bounce_hard(profile, other);
	if (soft_about != newest)
		profile->soft_bounce_count = 0;
	for (unsigned i = 0; i < with->soft_bounce_count && other_soft_about == newest; i++)
		seg_bounce_soft(profile, (struct seg_bounce){with->soft_bounces_ms[i], 0});
	seg_bounces_outlive(profile);
}
