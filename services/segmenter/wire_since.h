/*
 * wire_since.h - what profile.proto calls "since": a time that may be never, as
 * the difference to another one.  For wire_read.c and wire_write.c.
 */
#ifndef NURTURE_SEGMENTER_WIRE_SINCE_H
#define NURTURE_SEGMENTER_WIRE_SINCE_H

#include "profile.h"

enum { SEG_FLAG_UNPLACED = 1, SEG_FLAG_WHOLE_GONE = 2, SEG_FLAG_FOREIGN = 4 };

/* No time is farther from 1970: beyond year 9999 and whatever is added to it. */
#define SEG_TIME_LIMIT_MS INT64_C(1000000000000000)

static inline int64_t seg_since(int64_t time_ms, int64_t base_ms)
{
	if (time_ms == SEG_NEVER)
		return 0;
	return time_ms >= base_ms ? time_ms - base_ms + 1 : time_ms - base_ms;
}

/* Out of range instead of overflowing when the bytes are not ours. */
static inline int64_t seg_time_of(int64_t since, int64_t base_ms)
{
	if (since == 0)
		return SEG_NEVER;
	return seg_sum(base_ms, since > 0 ? since - 1 : since);
}

#endif
