/* pace.c - see pace.h. */
#include "pace.h"

size_t pace_next(size_t pace, size_t most, int64_t took_ms, bool is_full)
{
	if (took_ms > PACE_SLOW_MS)
		return pace / 2 > PACE_LEAST ? pace / 2 : PACE_LEAST;
	if (took_ms < PACE_QUICK_MS && is_full)
		return pace < most / 2 ? pace * 2 : most;
	return pace;
}
