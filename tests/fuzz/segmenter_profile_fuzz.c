/*
 * segmenter_profile_fuzz.c - any bytes as a profile: refused, or a profile
 * that can be asked, and that is written the same again once it was written.
 */
#include <stdlib.h>

#include "common/base/arena.h"
#include "services/segmenter/profile/deliverable.h"
#include "services/segmenter/profile/facts.h"
#include "services/segmenter/profile/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct seg_profile *profile;
	struct err err;

	if (seg_profile_decode(slice_of(data, size), &arena, &profile, &err) == 0) {
		struct slice once = seg_profile_encode(profile), twice;

		seg_facts_at(profile, 1767225600000);
		seg_undeliverable(profile);
		if (seg_profile_decode(once, &arena, &profile, &err) < 0)
			abort();
		twice = seg_profile_encode(profile);
		if (!slice_equal(once, twice))
			abort();
	}
	arena_free(&arena);
	return 0;
}
