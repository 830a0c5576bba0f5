/*
 * coupon_pool.h - a file of codes, one a line: read and checked.  Pure.
 *
 * A code is 1 to 64 printable ASCII characters without blanks, and stands in
 * one place of one pool only.  Lines may end with CR LF; a byte order mark is
 * passed over; the last line needs no end.
 */
#ifndef NURTURE_TOKEN_COUPON_POOL_H
#define NURTURE_TOKEN_COUPON_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum { COUPON_POOL_CODE_MAX_BYTES = 64, COUPON_POOL_MAX_BYTES = 32 << 20 };

struct coupon_pool {
	const char *file;         /* for messages; NULL: a source of another kind */
	const char *const *codes; /* codes[0] stands in line 1 */
	uint32_t count;
};

/*
 * Reads the codes, which live in the arena; file is kept by reference. ERR_INPUT names file and
 * line.
 */
int coupon_pool_parse(struct slice text, const char *file, struct arena *arena,
		      struct coupon_pool *ret, struct err *err);

/* Refuses (ERR_INPUT, with both places) a code that stands in two, of one file or of two. */
int coupon_pools_check(const struct coupon_pool *pools, size_t count, struct err *err);

#endif
