/*
 * inflate.h - compressed bytes as they were before: gzip (RFC 1952) and deflate (RFC 1950, and the
 * bare stream of RFC 1951 that some clients send under that name, RFC 9110 8.4.1.2); zlib.  Pure.
 */
#ifndef NURTURE_CODEC_INFLATE_H
#define NURTURE_CODEC_INFLATE_H

#include "common/base/arena.h"
#include "common/base/err.h"

enum inflate_format { INFLATE_GZIP, INFLATE_DEFLATE };

enum inflate_end {
	INFLATE_WHOLE,
	INFLATE_BROKEN,    /* err says why: not this format, cut off, or something follows */
	INFLATE_TOO_LARGE, /* more than max_bytes would come out */
};

/*
 * *ret is the arena's. A few bytes may stand for a thousand times as many: no more than twice
 * max_bytes is ever held. A gzip stream may have several members, one behind the other.
 */
enum inflate_end inflate_bytes(enum inflate_format format, struct slice bytes, size_t max_bytes,
			       struct arena *arena, struct slice *ret, struct err *err);

#endif
