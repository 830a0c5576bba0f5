/* merge.c - see merge.h. */
#include "merge.h"

#include <string.h>

#include "common/message/event.h"
#include "services/segmenter/profile/erasure.h"
#include "services/segmenter/profile/wire.h"
#include "step.h"

static struct handover_goal goal_of(const struct seg_profile *profile)
{
	return (struct handover_goal){profile->merged_into, profile->merged_ms};
}

static const char *own_id(const struct step *step)
{
	return arena_copy(step->arena, step->customer.bytes, step->customer.len);
}

/* What is left of a merged customer. */
static struct seg_profile *rest_of(const struct seg_profile *profile)
{
	struct seg_profile *rest = seg_profile_new(profile->arena);

	rest->merged_into = profile->merged_into;
	rest->merged_ms = profile->merged_ms;
	rest->contact_fingerprint = profile->contact_fingerprint;
	seg_erasure_keep(rest, profile);
	rest->due_ms = profile->due_ms;
	return rest;
}

static struct seg_profile without_events(const struct seg_profile *profile)
{
	struct seg_profile ret = *profile;

	ret.events = (struct seg_dedup){.floor = SEG_NO_FLOOR};
	return ret;
}

bool seg_merge_holds(const struct seg_profile *profile)
{
	struct seg_profile known = without_events(profile);

	return !slice_equal(seg_profile_encode(&known), seg_profile_encode(rest_of(profile)));
}

/* Of a person who was forgotten there is nothing to be handed over. */
static bool is_forgotten(const struct seg_profile *profile)
{
	struct seg_profile known = without_events(profile);

	known.contact_fingerprint = 0;
	known.due_ms = seg_erasure_end_ms(profile);
	return seg_erasure_is_all(&known);
}

void seg_merge_end(struct seg_decision *decision)
{
	struct seg_profile *profile = decision->profile, *rest = rest_of(profile);
	struct handover_goal goal = goal_of(profile);
	struct step *step = decision->step;
	bool is_all_left = !decision->change.merges && !seg_merge_holds(profile);

	profile->merged_into = "";
	profile->merged_ms = SEG_NEVER;
	profile->contact_fingerprint = 0;
	if (!is_all_left && !is_forgotten(profile))
		step_emit_to(step, SEG_HANDOVERS, slice_text(goal.id),
			     handover_of_state(decision->customer, &goal,
					       seg_profile_encode(profile), step->now_ms,
					       step->arena));
	decision->profile = rest;
	decision->change = (struct seg_change){.order = "", .is_repeat = true};
}

void seg_merge_pass_event(struct step *step, const struct seg_profile *profile)
{
	struct handover_goal goal = goal_of(profile);

	step_emit_to(step, SEG_HANDOVERS, slice_text(goal.id),
		     handover_of_record(own_id(step), &goal, step->value, step->arrived_ms,
					step->now_ms, step->arena));
}

bool seg_merge_goes_on(struct step *step, struct seg_profile *profile,
		       const Nurture__V1__Handover *handover)
{
	struct handover_goal goal = goal_of(profile);

	if (!handover_goes_on(handover, own_id(step), &goal)) {
		profile->merged_into = "";
		profile->merged_ms = SEG_NEVER;
		return false;
	}
	step_emit_to(step, SEG_HANDOVERS, slice_text(goal.id),
		     handover_on(handover, own_id(step), &goal, step->now_ms, step->arena));
	return true;
}

int seg_merge_event(struct step *step, const Nurture__V1__Handover *handover,
		    Nurture__V1__Event **ret, struct err *err)
{
	return handover_event(handover, own_id(step), step->arena, ret, &step->arrived_ms, err);
}

int64_t seg_merge_since_ms(const struct step *step, const struct seg_profile *profile,
			   const struct seg_profile *other)
{
	int64_t since_ms = step->now_ms;

	if (profile->due_ms != SEG_NEVER)
		since_ms = seg_min(since_ms, profile->due_ms);
	if (other->due_ms != SEG_NEVER)
		since_ms = seg_min(since_ms, other->due_ms);
	return since_ms;
}
