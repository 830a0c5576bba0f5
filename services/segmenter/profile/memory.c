/* memory.c - see memory.h. */
#include "memory.h"

#include <string.h>

/* A programme that left the policy may come back; again_after is no longer than this. */
#define KEPT_MS (400 * DAY_MS)

static unsigned place_of(const struct seg_profile *profile, const char *programme, bool *ret_found)
{
	unsigned at = 0;
	int order = -1;

	while (at < profile->memory_count &&
	       (order = strcmp(profile->memories[at].programme, programme)) < 0)
		at++;
	*ret_found = at < profile->memory_count && order == 0;
	return at;
}

struct seg_memory *seg_memory_find(const struct seg_profile *profile, const char *programme)
{
	bool found;
	unsigned at = place_of(profile, programme, &found);

	return found ? &profile->memories[at] : NULL;
}

void seg_memory_note(struct seg_profile *profile, const struct programme *programme,
		     int64_t triggered_ms, int64_t expires_ms)
{
	struct seg_memory *memory;
	bool found;
	unsigned at;

	if (programme->again_after_ms == 0 && programme->cancel_count == 0 &&
	    programme->trigger.kind != TRIGGER_DATE)
		return;
	at = place_of(profile, programme->name, &found);
	if (!found) {
		profile->memories =
		    seg_list_open(profile->arena, profile->memories, profile->memory_count,
				  &profile->memory_room, sizeof(*memory), at);
		profile->memory_count++;
		profile->memories[at] =
		    (struct seg_memory){programme->name, triggered_ms, expires_ms};
	}
	memory = &profile->memories[at];
	memory->last_ms = seg_max(memory->last_ms, triggered_ms);
	memory->expires_ms = seg_max(memory->expires_ms, expires_ms);
}

bool seg_memory_is_too_soon(const struct seg_profile *profile, const struct programme *programme,
			    int64_t triggered_ms)
{
	const struct seg_memory *memory = NULL;

	if (programme->again_after_ms > 0)
		memory = seg_memory_find(profile, programme->name);
	return memory && triggered_ms - memory->last_ms < programme->again_after_ms &&
	       memory->last_ms - triggered_ms < programme->again_after_ms;
}

void seg_memory_prune(struct seg_profile *profile, const struct policy *policy, int64_t now_ms)
{
	for (unsigned i = profile->memory_count; i-- > 0;) {
		const struct seg_memory *memory = &profile->memories[i];

		if (memory->last_ms > now_ms - KEPT_MS || memory->expires_ms > now_ms ||
		    policy_programme(policy, slice_text(memory->programme)))
			continue;
		seg_list_close(profile->memories, profile->memory_count--,
			       sizeof(*profile->memories), i);
	}
}
