/* unite.c - see unite.h. */
#include "unite.h"

#include <string.h>

#include "cases.h"
#include "common/base/civil.h"
#include "consent.h"
#include "dedup.h"
#include "deliverable.h"
#include "erasure.h"
#include "person.h"
#include "preferences.h"
#include "send_time.h"

static void unite_moments(struct seg_profile *profile, const struct seg_profile *with)
{
	uint64_t ever = profile->moments_ever + with->moments_ever;

	for (unsigned i = 0; i < with->moment_count; i++) {
		int64_t moment = with->moments[i], half = moment & 1;

		seg_send_time_note(profile, (moment - half) / 2 * MINUTE_MS, half);
	}
	profile->moments_ever = ever < UINT32_MAX ? ever : UINT32_MAX;
}

static void unite_memory(struct seg_profile *profile, const struct seg_memory *with)
{
	unsigned at = 0;
	int order = -1;

	while (at < profile->memory_count &&
	       (order = strcmp(profile->memories[at].programme, with->programme)) < 0)
		at++;
	if (at < profile->memory_count && order == 0) {
		struct seg_memory *memory = &profile->memories[at];

		memory->last_ms = seg_max(memory->last_ms, with->last_ms);
		memory->expires_ms = seg_max(memory->expires_ms, with->expires_ms);
		return;
	}
	profile->memories = seg_list_open(profile->arena, profile->memories, profile->memory_count,
					  &profile->memory_room, sizeof(*with), at);
	profile->memories[at] = *with;
	profile->memory_count++;
}

/* Nobody enters a segment by a merge in which he was under either id. */
static void unite_segments(struct seg_profile *profile, const struct seg_profile *with)
{
	unsigned most = profile->segment_count + with->segment_count, count = 0, a = 0, b = 0;
	const char **names = arena_alloc(profile->arena, (most + 1) * sizeof(*names));

	while (a < profile->segment_count || b < with->segment_count) {
		int order = a == profile->segment_count ? 1
			    : b == with->segment_count
				? -1
				: strcmp(profile->segments[a], with->segments[b]);

		names[count++] = order <= 0 ? profile->segments[a] : with->segments[b];
		a += order <= 0;
		b += order >= 0;
	}
	profile->segments = names;
	profile->segment_count = count;
}

static void unite_seen(struct seg_profile *profile, const struct seg_profile *with)
{
	for (unsigned i = 0; i < with->events.count; i++) {
		struct seg_dedup_entry entry = with->events.items[i];

		entry.body = 0; /* told of the person under this id, it has another one */
		if (!seg_dedup_find(&profile->events, entry.hash))
			seg_dedup_add_event(profile, entry);
	}
	for (unsigned i = 0; i < with->facts.count; i++)
		seg_dedup_add_fact(profile, with->facts.items[i].hash,
				   with->facts.items[i].minute * MINUTE_MS);
	profile->events.floor = seg_max(profile->events.floor, with->events.floor);
	profile->facts.floor = seg_max(profile->facts.floor, with->facts.floor);
}

void seg_profile_unite(struct seg_profile *profile, const struct seg_profile *with,
		       int64_t merged_ms, const struct policy *policy)
{
	struct seg_profile other = *with;
	uint64_t soft_about = seg_bounces_fix(profile), other_soft_about = seg_bounces_fix(&other);

	seg_orders_unite(profile, with, policy); /* asks the facts of both: before they are one */
	seg_person_unite(profile, with);
	seg_consents_unite(profile, with, merged_ms, policy);
	unite_moments(profile, with);
	seg_bounces_unite(profile, soft_about, &other, other_soft_about);
	seg_preferences_unite(profile, with, merged_ms);
	seg_cases_unite(profile, with);
	unite_segments(profile, with);
	for (unsigned i = 0; i < with->memory_count; i++)
		unite_memory(profile, &with->memories[i]);
	unite_seen(profile, with);
	profile->live_from_ms = seg_max(profile->live_from_ms, with->live_from_ms);
	seg_ahead_unite(profile, with);
}
