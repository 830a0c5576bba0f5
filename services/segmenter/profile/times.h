/*
 * times.h - times of a profile as profile.proto writes them: "since" another one, or never.
 *
 * The bytes come from outside, so what is read is checked once, and the rules need not be careful.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_TIMES_H
#define NURTURE_SEGMENTER_PROFILE_TIMES_H

#include "common/base/civil.h"
#include "profile.h"

/* No time is farther from 1970: beyond year 9999 and whatever is added to it. */
#define SEG_TIME_LIMIT_MS INT64_C(1000000000000000)

static inline bool seg_is_time(int64_t time_ms)
{
	return time_ms > -SEG_TIME_LIMIT_MS && time_ms < SEG_TIME_LIMIT_MS;
}

static inline bool seg_is_time_or_never(int64_t time_ms)
{
	return time_ms == SEG_NEVER || seg_is_time(time_ms);
}

static inline bool seg_is_minute(int64_t minute)
{
	return minute > -SEG_TIME_LIMIT_MS / MINUTE_MS && minute < SEG_TIME_LIMIT_MS / MINUTE_MS;
}

/* Of a time, or of minutes. */
static inline int64_t seg_to_since(int64_t time_ms, int64_t base_ms)
{
	if (time_ms == SEG_NEVER)
		return 0;
	return time_ms >= base_ms ? time_ms - base_ms + 1 : time_ms - base_ms;
}

/* Out of range instead of overflowing when the bytes are not ours. */
static inline int64_t seg_of_since(int64_t since, int64_t base_ms)
{
	if (since == 0)
		return SEG_NEVER;
	return seg_sum(base_ms, since > 0 ? since - 1 : since);
}

#endif
