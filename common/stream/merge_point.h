/* merge_point.h - how far the records of several producers were merged by time (partition.h). */
#ifndef NURTURE_STREAM_MERGE_POINT_H
#define NURTURE_STREAM_MERGE_POINT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Where the merge of several lanes is: it has taken all that come before (time, lane, offset), and
 * the record that stands there.
 */
struct merge_point {
	int64_t time_ms; /* INT64_MIN: nothing was taken */
	unsigned lane;
	int64_t offset;
};

/* Does `at` come before the point, or is it the point? */
static inline bool merge_point_covers(const struct merge_point *point, const struct merge_point *at)
{
	if (at->time_ms != point->time_ms)
		return at->time_ms < point->time_ms;
	if (at->lane != point->lane)
		return at->lane < point->lane;
	return at->offset <= point->offset;
}

#endif
