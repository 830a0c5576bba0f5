/* erasure.c - see erasure.h. */
#include "erasure.h"

#include "common/policy/event_type.h"

#include <string.h>

#include "common/policy/memory.h"

static bool is_known(const struct sol_ladder *ladder, uint64_t hash)
{
	for (size_t i = 0; i < ladder->erased_event_count; i++)
		if (ladder->erased_events[i] == hash)
			return true;
	return false;
}

bool sol_erasure_covers(const struct sol_ladder *ladder, const Nurture__V1__Event *event,
			uint64_t hash, int64_t claimed_ms)
{
	if (!ladder->erased_ms)
		return false;
	if (event_type_is(event->type, EVENT_CUSTOMER_ERASED))
		return is_known(ladder, hash);
	return claimed_ms <= ladder->erased_ms;
}

void sol_erasure_hear(struct sol_ladder *ladder, uint64_t hash, int64_t time_ms)
{
	struct sol_ladder left = {
	    .erased_ms = time_ms > ladder->erased_ms ? time_ms : ladder->erased_ms,
	    .erased_events = ladder->erased_events,
	    .erased_event_count = ladder->erased_event_count,
	    .merged = ladder->merged,
	};

	if (left.erased_event_count == SOL_ERASED_MAX)
		memmove(left.erased_events, left.erased_events + 1,
			--left.erased_event_count * sizeof(*left.erased_events));
	left.erased_events[left.erased_event_count++] = hash;
	*ladder = left;
}

void sol_erasure_expire(struct sol_ladder *ladder, int64_t now_ms)
{
	if (!ladder->erased_ms || ladder->erased_ms + ERASURE_REMEMBERED_MS > now_ms)
		return;
	ladder->erased_ms = 0;
	ladder->erased_event_count = 0;
}
