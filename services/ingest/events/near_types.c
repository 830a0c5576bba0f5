/* near_types.c - see near_types.h. */
#include "near_types.h"

#include <stdatomic.h>

#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/policy/event_type.h"

static void look_at(struct ing_near_types *near, const char *type, const char *source)
{
	uint64_t hash = hash64(slice_text(type));
	const char *meant;
	int64_t held;

	if (atomic_load(&near->seen[hash % ING_TYPES_SEEN]) == hash)
		return;
	meant = event_type_slip(type);
	/* One that the limit holds back is told when it comes again. */
	if (meant && !log_limit_allows(&near->limit, clock_monotonic_ms(), &held))
		return;
	/* Types that share a place push each other out; the limit bounds their lines. */
	atomic_store(&near->seen[hash % ING_TYPES_SEEN], hash);
	if (meant)
		log_event(LOG_LEVEL_WARN, "unknown_event_type", "source", source, "type", type,
			  "did_you_mean", meant, "held_back", log_number(held), NULL);
}

void ing_near_types_note(struct ing_near_types *near, const struct ing_batch *batch,
			 const char *source)
{
	for (size_t i = 0; i < batch->count; i++)
		if (batch->events[i].result.status == ING_ACCEPTED &&
		    event_type_of(batch->events[i].type) == EVENT_OTHER)
			look_at(near, batch->events[i].type, source);
}
