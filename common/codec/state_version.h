/*
 * state_version.h - in which version a state of ours is written, when that is not the first.
 *
 * A state is a protobuf message.  Later versions have one byte before it with which no message
 * begins (wire type 7, which protobuf does not have): a build that does not know the version finds
 * no message there, and can misread none; builds that look for the mark say which version it is.
 */
#ifndef NURTURE_CODEC_STATE_VERSION_H
#define NURTURE_CODEC_STATE_VERSION_H

#include <stdbool.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/slice.h"

#define STATE_VERSION_MARK(version) (8 * (version) + 7)

/* Takes the mark off; returns the version, 1 without a mark. */
static inline unsigned state_version_take(struct slice *bytes)
{
	uint8_t mark = bytes->len ? bytes->bytes[0] : 0;

	if ((mark & 7) != 7)
		return 1;
	*bytes = slice_of(bytes->bytes + 1, bytes->len - 1);
	return mark / 8;
}

/* A build meets states of the next versions; what names a later one is damaged. */
enum { STATE_VERSIONS_AHEAD = 4 };

/* Has a newer build written it, for one that knows versions up to `known`? */
static inline bool state_version_is_newer(unsigned version, unsigned known)
{
	return version > known && version <= known + STATE_VERSIONS_AHEAD;
}

/* The message with the mark of a version before it; no bytes stay none. */
static inline struct slice state_version_put(unsigned version, struct slice message,
					     struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, 1 + message.len);

	if (message.len == 0)
		return message;
	bytes[0] = (uint8_t)STATE_VERSION_MARK(version);
	memcpy(bytes + 1, message.bytes, message.len);
	return slice_of(bytes, 1 + message.len);
}

#endif
