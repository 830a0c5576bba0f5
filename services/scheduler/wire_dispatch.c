/*
 * wire_dispatch.c - see wire_dispatch.h.
 */
#include "wire_dispatch.h"

#include "common/codec/protobuf_message.h"

/* What a decision has seen.  Borrows it. */
static Nurture__V1__Decision decision_of(const struct sched_seen *seen, struct arena *arena)
{
	Nurture__V1__Decision decision = NURTURE__V1__DECISION__INIT;

	decision.rules = arena_alloc(arena, seen->trial_count * sizeof(*decision.rules));
	for (size_t i = 0; i < seen->trial_count; i++)
		decision.rules[decision.n_rules++] = (Nurture__V1__Trial *)&seen->trials[i];
	decision.considered = arena_alloc(arena, seen->rival_count * sizeof(*decision.considered));
	for (size_t i = 0; i < seen->rival_count; i++)
		decision.considered[decision.n_considered++] =
		    (Nurture__V1__Rival *)&seen->rivals[i];
	return decision;
}

static Nurture__V1__Rider *part_of(const struct sched_part *from, struct arena *arena)
{
	Nurture__V1__Rider *rider = arena_alloc(arena, sizeof(*rider));

	nurture__v1__rider__init(rider);
	rider->request = message_packed(from->candidate->packed, arena);
	rider->decision = arena_alloc(arena, sizeof(*rider->decision));
	*rider->decision = decision_of(&from->seen, arena);
	rider->coupon = (char *)from->coupon;
	return rider;
}

static struct slice joined(struct slice a, struct slice b, struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, a.len + b.len);

	memcpy(bytes, a.bytes, a.len);
	memcpy(bytes + a.len, b.bytes, b.len);
	return slice_of(bytes, a.len + b.len);
}

struct slice sched_dispatch_encode(const Nurture__V1__Dispatch *dispatch, struct slice request,
				   const struct sched_seen *seen, const struct sched_parts *parts,
				   int64_t time_ms, struct arena *arena)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Decision decision = decision_of(seen, arena);
	Nurture__V1__Dispatch rest = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Rider *list[SCHED_PARTS_MAX];

	rest.request = message_packed(request, arena);
	rest.decision = &decision;
	rest.riders = list;
	for (size_t i = 0; i < parts->count; i++)
		list[rest.n_riders++] = part_of(&parts->items[i], arena);
	record.time_ms = (uint64_t)time_ms;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
	/* Two halves of one message, one behind the other, are that message. */
	record.dispatch = message_packed(
	    joined(message_pack(dispatch, arena), message_pack(&rest, arena), arena), arena);
	return message_pack(&record, arena);
}
