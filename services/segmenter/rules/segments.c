/* segments.c - see segments.h. */
#include "segments.h"

#include <string.h>

#include "conditions.h"

/* Segments may refer to each other, but never in a circle; each is decided once. */
bool seg_segment_holds(const struct seg_decision *decision, unsigned index)
{
	if (decision->is_in[index] == SEG_UNDECIDED) {
		const struct condition *condition = &decision->policy->segments[index].condition;

		decision->is_in[index] =
		    seg_condition_holds(decision, condition) ? SEG_IN : SEG_OUT;
	}
	return decision->is_in[index] == SEG_IN;
}

static bool is_noted(const struct seg_profile *profile, const char *name)
{
	for (unsigned i = 0; i < profile->segment_count; i++)
		if (strcmp(profile->segments[i], name) == 0)
			return true;
	return false;
}

void seg_segments_decide(struct seg_decision *decision)
{
	unsigned count = decision->policy->segment_count;
	bool *was_in = arena_alloc(decision->step->arena, count * sizeof(*was_in));

	decision->is_in = arena_zalloc(decision->step->arena, count * sizeof(*decision->is_in));
	for (unsigned i = 0; i < count; i++)
		was_in[i] = is_noted(decision->profile, decision->policy->segments[i].name);
	decision->was_in = was_in;
	for (unsigned i = 0; i < count; i++)
		seg_segment_holds(decision, i);
}

void seg_segments_note(struct seg_decision *decision)
{
	const struct policy *policy = decision->policy;
	const char **names =
	    arena_alloc(decision->step->arena, policy->segment_count * sizeof(*names));
	unsigned count = 0;

	for (unsigned i = 0; i < policy->segment_count; i++) {
		unsigned at = count;

		if (decision->is_in[i] != SEG_IN)
			continue;
		for (; at > 0 && strcmp(names[at - 1], policy->segments[i].name) > 0; at--)
			names[at] = names[at - 1];
		names[at] = policy->segments[i].name;
		count++;
	}
	decision->profile->segments = names;
	decision->profile->segment_count = count;
}

int64_t seg_segments_next_change_ms(const struct seg_decision *decision)
{
	int64_t earliest_ms = NEVER_MS;

	if (decision->facts.orders == 0)
		return NEVER_MS;
	for (unsigned i = 0; i < decision->policy->segment_count; i++) {
		const struct condition *condition = &decision->policy->segments[i].condition;

		earliest_ms =
		    seg_min(earliest_ms, seg_condition_next_change_ms(decision, condition));
	}
	return earliest_ms;
}
