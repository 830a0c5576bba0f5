/*
 * arrived.h - a header that says when a record came first.
 *
 * A copy that we make ourselves (a record on a wrong partition that is moved,
 * nurturectl repartition) is stamped by the broker when it is made; what it
 * says was said when the first one came.  Decimal milliseconds since 1970.
 *
 * The header only ever makes a record older than its stamp says.  It is no
 * more than who writes to the topic could claim anyway: it changes what that
 * record says of itself, and over HTTP nobody can set one.
 */
#ifndef NURTURE_STREAM_ARRIVED_H
#define NURTURE_STREAM_ARRIVED_H

#include <stdint.h>

#include "common/base/slice.h"
#include "common/base/text.h"

#define ARRIVED_HEADER "nurture-arrived"

/* The earlier of what the header says and when the record came here; what is no time counts
 * nothing. */
static inline int64_t arrived_first(struct slice header, int64_t came_ms)
{
	int64_t first_ms;
	struct err ignored;

	if (!header.bytes || text_int64(header, 1, INT64_MAX, &first_ms, &ignored) < 0)
		return came_ms;
	return first_ms < came_ms ? first_ms : came_ms;
}

#endif
