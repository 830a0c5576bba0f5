/*
 * wire.h - a profile as bytes: proto/nurture/v1/profile.proto.  Pure.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_WIRE_H
#define NURTURE_SEGMENTER_PROFILE_WIRE_H

#include "common/base/err.h"
#include "common/base/slice.h"
#include "profile.h"

/* No bytes stand for a new customer. Everything lives in the arena. */
int seg_profile_decode(struct slice bytes, struct arena *arena, struct seg_profile **ret,
		       struct err *err);
/* The same profile always gives the same bytes. They live in the profile's arena. */
struct slice seg_profile_encode(const struct seg_profile *profile);

#endif
