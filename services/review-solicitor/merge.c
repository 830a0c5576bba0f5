/* merge.c - see merge.h. */
#include "merge.h"

#include <string.h>

#include "common/message/event.h"
#include "items.h"
#include "step.h"

bool sol_hands_over(const struct step *step)
{
	return ((const struct solicitor *)step->context)->hands_over;
}

bool sol_has_moved(const struct sol_ladder *ladder)
{
	return ladder->merged && ladder->merged_into && *ladder->merged_into;
}

static struct handover_goal goal_of(const struct sol_ladder *ladder)
{
	return (struct handover_goal){ladder->merged_into, ladder->merged_ms};
}

static const char *own_id(const struct step *step)
{
	return arena_copy(step->arena, step->customer.bytes, step->customer.len);
}

/* Of two words about where the customer goes on the newer holds, as the segmenter has it. */
static bool is_newer(const struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	if (!sol_has_moved(ladder))
		return true;
	return event->time_ms > ladder->merged_ms ||
	       (event->time_ms == ladder->merged_ms &&
		strcmp(event->merge->into, ladder->merged_into) > 0);
}

void sol_hand_over(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	struct sol_ladder left = {.merged = true,
				  .erased_ms = ladder->erased_ms,
				  .erased_events = ladder->erased_events,
				  .erased_event_count = ladder->erased_event_count};
	const char *into = event->merge ? event->merge->into : "";
	struct handover_goal goal = {into, event->time_ms};
	struct slice state;

	if (!*into || strcmp(into, event->customer->id) == 0 || !is_newer(ladder, event))
		return;
	ladder->merged = false;
	ladder->merged_into = "";
	ladder->merged_ms = 0;
	state = sol_ladder_encode(ladder, step->arena);
	sol_items_take_away(step, ladder);
	if (state.len &&
	    (ladder->order_count || ladder->case_count || ladder->rung_count || ladder->item_count))
		step_emit_to(
		    step, SOL_HANDOVERS, slice_text(goal.id),
		    handover_of_state(own_id(step), &goal, state, step->now_ms, step->arena));
	left.merged_into = into;
	left.merged_ms = event->time_ms;
	*ladder = left;
}

void sol_pass_event(struct step *step, const struct sol_ladder *ladder)
{
	struct handover_goal goal = goal_of(ladder);

	step_emit_to(step, SOL_HANDOVERS, slice_text(goal.id),
		     handover_of_record(own_id(step), &goal, step->value, step->arrived_ms,
					step->now_ms, step->arena));
}

bool sol_goes_on(struct step *step, struct sol_ladder *ladder,
		 const Nurture__V1__Handover *handover)
{
	struct handover_goal goal = goal_of(ladder);

	if (!handover_goes_on(handover, own_id(step), &goal)) {
		ladder->merged = false;
		ladder->merged_into = "";
		ladder->merged_ms = 0;
		return false;
	}
	step_emit_to(step, SOL_HANDOVERS, slice_text(goal.id),
		     handover_on(handover, own_id(step), &goal, step->now_ms, step->arena));
	return true;
}

int sol_handed_event(struct step *step, const Nurture__V1__Handover *handover,
		     Nurture__V1__Event **ret, struct err *err)
{
	return handover_event(handover, own_id(step), step->arena, ret, &step->arrived_ms, err);
}
