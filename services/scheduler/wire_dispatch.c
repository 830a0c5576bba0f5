/*
 * wire_dispatch.c - see wire_dispatch.h.
 */
#include "wire_dispatch.h"

#include "common/codec/protobuf_message.h"

/* The explanation as it stands in a dispatch.  Borrows it. */
static Nurture__V1__Decision decision_of(const struct sched_explanation *explanation,
					 struct arena *arena)
{
	Nurture__V1__Decision decision = NURTURE__V1__DECISION__INIT;

	decision.rules = arena_alloc(arena, explanation->trial_count * sizeof(*decision.rules));
	for (size_t i = 0; i < explanation->trial_count; i++)
		decision.rules[decision.n_rules++] = (Nurture__V1__Trial *)&explanation->trials[i];
	decision.considered =
	    arena_alloc(arena, explanation->rival_count * sizeof(*decision.considered));
	for (size_t i = 0; i < explanation->rival_count; i++)
		decision.considered[decision.n_considered++] =
		    (Nurture__V1__Rival *)&explanation->rivals[i];
	return decision;
}

static Nurture__V1__Part *part_of(const struct sched_part *from, struct arena *arena)
{
	Nurture__V1__Part *part = arena_alloc(arena, sizeof(*part));

	nurture__v1__part__init(part);
	part->request = message_packed(from->candidate->packed, arena);
	part->decision = arena_alloc(arena, sizeof(*part->decision));
	*part->decision = decision_of(&from->explanation, arena);
	part->coupon = (char *)from->coupon;
	return part;
}

/* The order in which the fields have always been written: what the decision adds comes last. */
static const struct message_run runs[] = {{1, 1},     {3, 12}, {15, 16}, {90, 91},
					  {100, 102}, {2, 2},  {13, 14}};

struct slice sched_dispatch_encode(const Nurture__V1__Dispatch *dispatch, struct slice request,
				   const struct sched_explanation *explanation,
				   const struct sched_parts *parts, int64_t time_ms,
				   const char *customer, struct arena *arena)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Decision decision = decision_of(explanation, arena);
	Nurture__V1__Dispatch whole = *dispatch;
	Nurture__V1__Part *list[SHAPE_PARTS_MAX];

	whole.request = message_packed(request, arena);
	whole.decision = &decision;
	whole.parts = list;
	for (size_t i = 0; i < parts->count; i++)
		list[whole.n_parts++] = part_of(&parts->items[i], arena);
	record.time_ms = (uint64_t)time_ms;
	record.customer = (char *)(uintptr_t)customer;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
	record.dispatch = message_packed(
	    message_pack_runs(&whole, runs, sizeof(runs) / sizeof(runs[0]), arena), arena);
	return message_pack(&record, arena);
}
