/*
 * wire_dispatch.c - see wire.h; dispatches to bytes.
 *
 * What a decision has seen is written as it is found: to build the messages
 * and have them packed would cost more than the decision.
 */
#include "decide.h"
#include "wire.h"
#include "common/codec/protobuf_put.h"

enum { TRIAL_FIELDS = 4, RIVAL_FIELDS = 5, DISPATCH_FIELDS = 3 };

static size_t decision_max_bytes(const struct sched_seen *seen)
{
	size_t size = seen->trial_count * (1 + TRIAL_FIELDS) * KEYED_MAX_BYTES +
		      seen->rival_count * (1 + RIVAL_FIELDS) * KEYED_MAX_BYTES;

	for (size_t i = 0; i < seen->trial_count; i++)
		size += strlen(seen->trials[i].rule);
	for (size_t i = 0; i < seen->rival_count; i++)
		size += strlen(seen->rivals[i].request) + strlen(seen->rivals[i].programme) +
			strlen(seen->rivals[i].held_by);
	return size;
}

static uint8_t *put_trial(uint8_t *at, const Nurture__V1__Trial *trial)
{
	at = put_text(at, 1, trial->rule);
	at = put_number(at, 2, (uint64_t)trial->count);
	at = put_number(at, 3, (uint64_t)trial->limit);
	return put_number(at, 4, (uint64_t)trial->window_s);
}

static uint8_t *put_rival(uint8_t *at, const Nurture__V1__Rival *rival)
{
	at = put_text(at, 1, rival->request);
	at = put_text(at, 2, rival->programme);
	at = put_number(at, 3, (uint64_t)(int64_t)rival->priority);
	at = put_number(at, 4, (uint64_t)rival->value_e4);
	return put_text(at, 5, rival->held_by);
}

/* A Decision; entry is room for any one trial or rival. */
static struct slice decision_packed(const struct sched_seen *seen, struct arena *arena)
{
	size_t size = decision_max_bytes(seen);
	uint8_t *bytes = arena_alloc(arena, 2 * size + 1), *entry = bytes + size, *at = bytes;

	for (size_t i = 0; i < seen->trial_count; i++)
		at = put_message(
		    at, 1, slice_of(entry, (size_t)(put_trial(entry, &seen->trials[i]) - entry)));
	for (size_t i = 0; i < seen->rival_count; i++)
		at = put_message(
		    at, 2, slice_of(entry, (size_t)(put_rival(entry, &seen->rivals[i]) - entry)));
	return slice_of(bytes, (size_t)(at - bytes));
}

static struct slice part_packed(const struct sched_part *part, struct arena *arena)
{
	struct slice decision = decision_packed(&part->seen, arena);
	struct slice request = part->candidate->packed;
	uint8_t *bytes = arena_alloc(arena, request.len + decision.len + strlen(part->coupon) +
						DISPATCH_FIELDS * KEYED_MAX_BYTES);
	uint8_t *at = put_message(bytes, 1, request);

	at = put_message(at, 2, decision);
	at = put_text(at, 3, part->coupon);
	return slice_of(bytes, (size_t)(at - bytes));
}

struct slice sched_dispatch_encode(const Nurture__V1__Dispatch *dispatch, struct slice request,
				   const struct sched_seen *seen, const struct sched_parts *parts,
				   int64_t time_ms, struct arena *arena)
{
	struct slice rest = message_pack(dispatch, arena), decision = decision_packed(seen, arena);
	struct slice packed[SCHED_PARTS_MAX];
	size_t size = rest.len + request.len + decision.len + 2 * KEYED_MAX_BYTES;
	uint8_t *inner, *end, *bytes, *at;

	for (size_t i = 0; i < parts->count; i++) {
		packed[i] = part_packed(&parts->items[i], arena);
		size += packed[i].len + KEYED_MAX_BYTES;
	}
	inner = arena_alloc(arena, size);
	end = put_message(put_raw(inner, rest), 2, request);
	end = put_message(end, 13, decision);
	for (size_t i = 0; i < parts->count; i++)
		end = put_message(end, 14, packed[i]);
	bytes = arena_alloc(arena, size + 2 * KEYED_MAX_BYTES);
	at = put_fixed64(put_key(bytes, 1, WIRE_FIXED64), (uint64_t)time_ms);
	at = put_message(at, 2, slice_of(inner, (size_t)(end - inner)));
	return slice_of(bytes, (size_t)(at - bytes));
}
