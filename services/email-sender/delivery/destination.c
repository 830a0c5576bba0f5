/* destination.c - see destination.h. */
#include "destination.h"

enum lane_word lane_look(const struct lane *lane, unsigned limit, int64_t now_ms, int64_t *ret_ms)
{
	if (lane->is_blocked && now_ms < lane->blocked_until_ms) {
		*ret_ms = lane->blocked_until_ms;
		return LANE_BLOCKED;
	}
	if (now_ms < lane->paused_until_ms) {
		*ret_ms = lane->paused_until_ms;
		return LANE_PAUSED;
	}
	if (lane->is_blocked) /* half open: one finds out for all */
		limit = 1;
	else if (lane->allowed && (!limit || lane->allowed < limit))
		limit = lane->allowed;
	return limit && lane->active >= limit ? LANE_FULL : LANE_GO;
}

void lane_begin(struct lane *lane)
{
	lane->active++;
}

static int64_t doubled(int64_t first_ms, unsigned times, int64_t max_ms)
{
	while (times-- > 0 && first_ms < max_ms)
		first_ms *= 2;
	return first_ms < max_ms ? first_ms : max_ms;
}

/* What was under way when it was slowed hears the same: that is not to be slowed again. */
static void slow_down(struct lane *lane, unsigned active, int64_t now_ms)
{
	unsigned now_allowed = lane->allowed && lane->allowed < active ? lane->allowed : active;

	lane->well = 0;
	if (now_ms < lane->paused_until_ms)
		return;
	lane->allowed = now_allowed > 1 ? now_allowed / 2 : 1;
	lane->paused_until_ms =
	    now_ms + doubled(LANE_PAUSE_MS, lane->slow_count++, LANE_PAUSE_MAX_MS);
}

static int open_circuit(struct lane *lane, int64_t now_ms)
{
	bool is_news = !lane->is_blocked;

	if (lane->is_blocked && now_ms < lane->blocked_until_ms)
		return 0;
	lane->is_blocked = true;
	lane->blocked_until_ms =
	    now_ms + doubled(LANE_BLOCK_MS, lane->block_count++, LANE_BLOCK_MAX_MS);
	return is_news;
}

static int go_well(struct lane *lane)
{
	bool is_news = lane->is_blocked;

	lane->is_blocked = false;
	lane->refused = lane->block_count = 0;
	if (++lane->well >= LANE_WELL_COUNT) {
		lane->well = lane->slow_count = 0;
		if (lane->allowed)
			lane->allowed = lane->allowed < 1000 ? lane->allowed + 1 : 0;
	}
	return is_news ? -1 : 0;
}

int lane_end(struct lane *lane, enum lane_news news, int64_t now_ms)
{
	unsigned active = lane->active--;

	switch (news) {
	case LANE_NO_NEWS:
		return 0;
	case LANE_WELL:
		return go_well(lane);
	case LANE_TOO_FAST:
		slow_down(lane, active, now_ms);
		return 0;
	case LANE_REFUSED:
		if (++lane->refused < LANE_REFUSED_MAX && !lane->is_blocked)
			return 0;
		return open_circuit(lane, now_ms);
	case LANE_REFUSED_SURELY:
		return open_circuit(lane, now_ms);
	}
	return 0;
}
