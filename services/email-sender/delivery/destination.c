/* destination.c - see destination.h. */
#include "destination.h"

enum destination_status destination_status(const struct destination *destination, unsigned limit,
					   int64_t now_ms, int64_t *ret_ms)
{
	if (destination->is_blocked && now_ms < destination->blocked_until_ms) {
		*ret_ms = destination->blocked_until_ms;
		return DESTINATION_BLOCKED;
	}
	if (now_ms < destination->paused_until_ms) {
		*ret_ms = destination->paused_until_ms;
		return DESTINATION_PAUSED;
	}
	if (destination->is_blocked) /* half open: one mail tries for all */
		limit = 1;
	else if (destination->allowed && (!limit || destination->allowed < limit))
		limit = destination->allowed;
	return limit && destination->active >= limit ? DESTINATION_FULL : DESTINATION_READY;
}

void destination_begin(struct destination *destination)
{
	destination->active++;
}

static int64_t doubled(int64_t first_ms, unsigned times, int64_t max_ms)
{
	while (times-- > 0 && first_ms < max_ms)
		first_ms *= 2;
	return first_ms < max_ms ? first_ms : max_ms;
}

/* Slows it, but not again for mails that were under way already: they hear the same answer. */
static void slow_down(struct destination *destination, unsigned active, int64_t now_ms)
{
	unsigned now_allowed =
	    destination->allowed && destination->allowed < active ? destination->allowed : active;

	destination->well = 0;
	if (now_ms < destination->paused_until_ms)
		return;
	destination->allowed = now_allowed > 1 ? now_allowed / 2 : 1;
	destination->paused_until_ms =
	    now_ms +
	    doubled(DESTINATION_PAUSE_MS, destination->slow_count++, DESTINATION_PAUSE_MAX_MS);
}

static int open_circuit(struct destination *destination, int64_t now_ms)
{
	bool has_changed = !destination->is_blocked;

	if (destination->is_blocked && now_ms < destination->blocked_until_ms)
		return 0;
	destination->is_blocked = true;
	destination->blocked_until_ms =
	    now_ms +
	    doubled(DESTINATION_BLOCK_MS, destination->block_count++, DESTINATION_BLOCK_MAX_MS);
	return has_changed;
}

static int take_success(struct destination *destination)
{
	bool has_changed = destination->is_blocked;

	destination->is_blocked = false;
	destination->refused = destination->block_count = 0;
	if (++destination->well >= DESTINATION_RECOVERY_COUNT) {
		destination->well = destination->slow_count = 0;
		if (destination->allowed)
			destination->allowed =
			    destination->allowed < 1000 ? destination->allowed + 1 : 0;
	}
	return has_changed ? -1 : 0;
}

int destination_end(struct destination *destination, enum destination_feedback feedback,
		    int64_t now_ms)
{
	unsigned active = destination->active--;

	switch (feedback) {
	case FEEDBACK_NONE:
		return 0;
	case FEEDBACK_OK:
		return take_success(destination);
	case FEEDBACK_SLOW_DOWN:
		slow_down(destination, active, now_ms);
		return 0;
	case FEEDBACK_BLOCK_SUSPECTED:
		if (++destination->refused < DESTINATION_REFUSALS_MAX && !destination->is_blocked)
			return 0;
		return open_circuit(destination, now_ms);
	case FEEDBACK_BLOCKED:
		return open_circuit(destination, now_ms);
	}
	return 0;
}
