/* segments.c - see segments.h. */
#include "segments.h"

#include <string.h>

#include "conditions.h"

/* Segments may be about one another, in no circle; each is decided once. */
bool seg_segment_holds(const struct seg_turn *turn, unsigned index)
{
	if (turn->is_in[index] == SEG_UNDECIDED) {
		const struct condition *condition = &turn->policy->segments[index].condition;

		turn->is_in[index] = seg_condition_holds(turn, condition) ? SEG_IN : SEG_OUT;
	}
	return turn->is_in[index] == SEG_IN;
}

static bool is_noted(const struct seg_profile *profile, const char *name)
{
	for (unsigned i = 0; i < profile->segment_count; i++)
		if (strcmp(profile->segments[i], name) == 0)
			return true;
	return false;
}

void seg_segments_decide(struct seg_turn *turn)
{
	unsigned count = turn->policy->segment_count;
	bool *was_in = arena_alloc(turn->step->arena, count * sizeof(*was_in));

	turn->is_in = arena_zalloc(turn->step->arena, count * sizeof(*turn->is_in));
	for (unsigned i = 0; i < count; i++)
		was_in[i] = is_noted(turn->profile, turn->policy->segments[i].name);
	turn->was_in = was_in;
	for (unsigned i = 0; i < count; i++)
		seg_segment_holds(turn, i);
}

void seg_segments_note(struct seg_turn *turn)
{
	const struct policy *policy = turn->policy;
	const char **names = arena_alloc(turn->step->arena, policy->segment_count * sizeof(*names));
	unsigned count = 0;

	for (unsigned i = 0; i < policy->segment_count; i++) {
		unsigned at = count;

		if (turn->is_in[i] != SEG_IN)
			continue;
		for (; at > 0 && strcmp(names[at - 1], policy->segments[i].name) > 0; at--)
			names[at] = names[at - 1];
		names[at] = policy->segments[i].name;
		count++;
	}
	turn->profile->segments = names;
	turn->profile->segment_count = count;
}

int64_t seg_segments_next_change_ms(const struct seg_turn *turn)
{
	int64_t earliest_ms = NEVER_MS;

	if (turn->facts.orders == 0)
		return NEVER_MS;
	for (unsigned i = 0; i < turn->policy->segment_count; i++) {
		const struct condition *condition = &turn->policy->segments[i].condition;

		earliest_ms = seg_min(earliest_ms, seg_condition_next_change_ms(turn, condition));
	}
	return earliest_ms;
}
