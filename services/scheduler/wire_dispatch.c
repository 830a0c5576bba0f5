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

static struct slice joined(struct slice a, struct slice b, struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, a.len + b.len);

	memcpy(bytes, a.bytes, a.len);
	memcpy(bytes + a.len, b.bytes, b.len);
	return slice_of(bytes, a.len + b.len);
}

struct slice sched_dispatch_encode(const Nurture__V1__Dispatch *dispatch, struct slice request,
				   const struct sched_explanation *explanation,
				   const struct sched_parts *parts, int64_t time_ms,
				   struct arena *arena)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Decision decision = decision_of(explanation, arena);
	Nurture__V1__Dispatch rest = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Part *list[SCHED_PARTS_MAX];

	rest.request = message_packed(request, arena);
	rest.decision = &decision;
	rest.parts = list;
	for (size_t i = 0; i < parts->count; i++)
		list[rest.n_parts++] = part_of(&parts->items[i], arena);
	record.time_ms = (uint64_t)time_ms;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
	/* The bytes of two halves of a message, one after the other, are that message. */
	record.dispatch = message_packed(
	    joined(message_pack(dispatch, arena), message_pack(&rest, arena), arena), arena);
	return message_pack(&record, arena);
}
