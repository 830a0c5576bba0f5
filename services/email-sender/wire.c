/* wire.c - see wire.h. */
#include "wire.h"

#include <stdlib.h>

#include "common/policy/holder.h"
#include "common/policy/person.h"
#include "common/message/outcome.h"
#include "common/message/shapes.h"
#include "common/codec/protobuf_message.h"

/* 9999-12-31: beyond it there is no arithmetic. */
#define LATEST_MS INT64_C(253402300799999)

/* Checks a dispatch of our own state: as much as is relied on, no more. */
static bool is_dispatch(const Nurture__V1__Dispatch *dispatch)
{
	if (!dispatch || !dispatch->request || !dispatch->request->id[0] ||
	    !dispatch_is_id(slice_text(dispatch->id)) || dispatch->n_parts > SHAPE_PARTS_MAX)
		return false;
	for (size_t i = 0; i < dispatch->n_parts; i++)
		if (!dispatch->parts[i]->request || !dispatch->parts[i]->request->id[0])
			return false;
	return true;
}

/* "" says that nothing stands against it. */
static bool is_block(const char *word)
{
	int status;

	if (!word[0])
		return true;
	status = status_from_text(slice_text(word));
	return status == STATUS_ERASED || status == STATUS_NO_CONSENT ||
	       status == STATUS_UNDELIVERABLE || status == STATUS_CANCELLED;
}

static bool is_time(int64_t time_ms)
{
	return time_ms >= 0 && time_ms <= LATEST_MS;
}

static int check_send(const struct send *send, struct err *err)
{
	const Nurture__V1__Delivery *kept = &send->kept;
	bool is_open = kept->status == SEND_WAITING || kept->status == SEND_INTENDED;

	if (!is_open && kept->status != SEND_USED && kept->status != SEND_UNUSED)
		return err_set(err, "state: status %d of a send is not known", (int)kept->status);
	if (!is_time(kept->intended_ms) || !is_time(kept->next_ms))
		return err_set(err, "state: a send has no proper time");
	if (!dispatch_is_id(slice_text(kept->id)))
		return err_set(err, "state: a send has no proper id");
	if (is_open && !is_dispatch(send->dispatch))
		return err_set(err, "state: an open send has no proper dispatch");
	if (is_open ? kept->n_parts != send->dispatch->n_parts : kept->n_parts > SHAPE_PARTS_MAX)
		return err_set(err, "state: a send has %zu parts, not those of its dispatch",
			       kept->n_parts);
	for (size_t i = 0; i < kept->n_parts; i++)
		if (!is_block(kept->parts[i]->blocked))
			return err_set(err, "state: a part is blocked by an unknown word");
	if (!is_block(kept->blocked))
		return err_set(err, "state: a send is blocked by an unknown word");
	return 0;
}

static int read_send(struct slice bytes, struct arena *arena, struct send **ret, struct err *err)
{
	const ProtobufCMessageDescriptor *descriptor = &nurture__v1__delivery__descriptor;
	struct send *send = arena_alloc(arena, sizeof(*send));
	struct slice packed;

	*send = (struct send){.kept = NURTURE__V1__DELIVERY__INIT};
	if (!message_fill(descriptor, bytes, arena, &send->kept)) {
		Nurture__V1__Delivery *kept = message_unpack(descriptor, bytes, arena);

		if (!kept)
			return err_set(err, "state: a send is not readable");
		send->kept = *kept;
	}
	packed = slice_of(send->kept.dispatch.data, send->kept.dispatch.len);
	if (packed.len)
		send->dispatch = message_unpack(&nurture__v1__dispatch__descriptor, packed, arena);
	if (check_send(send, err) < 0)
		return -1;
	send->stored_bytes = bytes.len;
	if (send->kept.status == SEND_USED || send->kept.status == SEND_UNUSED)
		send->bytes = bytes;
	*ret = send;
	return 0;
}

/*
 * The window of a state that has none of its own: older versions kept it in the open mails alone.
 */
static int64_t window_of_open(const struct send_state *state)
{
	int64_t longest_ms = 0;

	for (size_t i = 0; i < state->n_sends; i++) {
		const Nurture__V1__Dispatch *dispatch = state->sends[i]->dispatch;
		int64_t window_ms =
		    dispatch ? person_own_window_ms(dispatch->allowances, dispatch->n_allowances)
			     : 0;

		if (window_ms > longest_ms)
			longest_ms = window_ms;
	}
	return longest_ms;
}

static int read_holders(const Nurture__V1__Deliveries *stored, struct arena *arena,
			struct send_state *state, struct err *err)
{
	if (!stored->n_holders)
		return 0;
	/* There is room for one more. */
	state->holders = arena_alloc(arena, (stored->n_holders + 1) * sizeof(*state->holders));
	for (size_t i = 0; i < stored->n_holders; i++) {
		Nurture__V1__Holder *holder = message_unpack(
		    &nurture__v1__holder__descriptor, message_bytes(stored->holders[i]), arena);

		if (!holder)
			return err_set(err, "state: what somebody has said is not readable");
		for (size_t k = 0; k < holder->n_consent; k++)
			if (!is_time(holder->consent[k]->said_ms))
				return err_set(err, "state: a consent has no proper time");
		holder_heal(holder);
		state->holders[state->n_holders++] = holder;
	}
	return 0;
}

int send_state_decode(struct slice bytes, struct arena *arena, struct send_state **ret,
		      struct err *err)
{
	const struct message_source source = message_source_of(bytes, arena);
	struct send_state *state = arena_zalloc(arena, sizeof(*state));
	Nurture__V1__Deliveries stored = NURTURE__V1__DELIVERIES__INIT;

	if (!message_fill_parts(&source, stored.base.descriptor, bytes, &stored))
		return err_set(err, "state: not readable (%zu bytes)", bytes.len);
	state->sends = arena_alloc(arena, (stored.n_sends + 1) * sizeof(*state->sends));
	for (size_t i = 0; i < stored.n_sends; i++)
		if (read_send(message_bytes(stored.sends[i]), arena,
			      &state->sends[state->n_sends++], err) < 0)
			return -1;
	state->own_window_ms = stored.own_window_ms;
	if (!is_time(state->own_window_ms))
		return err_set(err, "state: the person's own window is no time");
	if (!state->own_window_ms)
		state->own_window_ms = window_of_open(state);
	if (read_holders(&stored, arena, state, err) < 0)
		return -1;
	*ret = state;
	return 0;
}

struct slice send_dispatch_pack(struct send *send, struct arena *arena)
{
	ProtobufCBinaryData *packed = &send->kept.dispatch;

	if (!packed->len && send->dispatch) {
		struct slice bytes = message_pack(send->dispatch, arena);

		*packed = (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.bytes};
	}
	return slice_of(packed->data, packed->len);
}

/*
 * Returns the bytes to be stored; for a send that was over when it was read, those that it came as.
 */
static void *send_message(struct send *send, struct arena *arena)
{
	if (send->bytes.len)
		return message_packed(send->bytes, arena);
	send_dispatch_pack(send, arena);
	return &send->kept;
}

struct slice send_state_encode(const struct send_state *state, struct arena *arena)
{
	Nurture__V1__Deliveries to = NURTURE__V1__DELIVERIES__INIT;

	if (!state->n_sends && !state->n_holders)
		return slice_of(NULL, 0);
	to.sends = arena_alloc(arena, state->n_sends * sizeof(*to.sends));
	for (size_t i = 0; i < state->n_sends; i++)
		to.sends[to.n_sends++] = send_message(state->sends[i], arena);
	to.own_window_ms = state->own_window_ms;
	to.holders = state->holders;
	to.n_holders = state->n_holders;
	return message_pack(&to, arena);
}

struct slice send_effect_encode(const Nurture__V1__DeliveryEffect *effect, struct arena *arena)
{
	return message_pack(effect, arena);
}

int send_effect_head(struct slice bytes, struct arena *arena, Nurture__V1__DeliveryEffect *ret,
		     struct err *err)
{
	const struct message_source source = message_source_of(bytes, arena);

	nurture__v1__delivery_effect__init(ret);
	if (!message_fill_parts(&source, ret->base.descriptor, bytes, ret) ||
	    !dispatch_is_id(slice_text(ret->id)))
		return err_set(err, "effect: not a DeliveryEffect (%zu bytes)", bytes.len);
	ret->dispatch = NULL;
	return 0;
}

int send_effect_decode(struct slice bytes, struct arena *arena, Nurture__V1__DeliveryEffect **ret,
		       struct err *err)
{
	Nurture__V1__DeliveryEffect *effect =
	    message_unpack(&nurture__v1__delivery_effect__descriptor, bytes, arena);

	if (!effect || !dispatch_is_id(slice_text(effect->id)))
		return err_set(err, "effect: not a DeliveryEffect (%zu bytes)", bytes.len);
	if (effect->recall == (effect->dispatch != NULL))
		return err_set(err, "effect: expected either a dispatch or a recall");
	if (effect->dispatch && !is_dispatch(effect->dispatch))
		return err_set(err, "effect: without a proper dispatch");
	*ret = effect;
	return 0;
}

int send_result_decode(struct slice bytes, struct arena *arena, Nurture__V1__DeliveryResult **ret,
		       struct err *err)
{
	Nurture__V1__DeliveryResult *result =
	    message_unpack(&nurture__v1__delivery_result__descriptor, bytes, arena);

	if (!result || !dispatch_is_id(slice_text(result->id)))
		return err_set(err, "result: not a DeliveryResult (%zu bytes)", bytes.len);
	if ((int)result->verdict < SEND_SENT || (int)result->verdict > SEND_NOT_SENT)
		return err_set(err, "result: verdict %d is not known", (int)result->verdict);
	*ret = result;
	return 0;
}

void send_result_encode(const Nurture__V1__DeliveryResult *result, struct buf *out)
{
	ProtobufCBufferSimple simple = PROTOBUF_C_BUFFER_SIMPLE_INIT((uint8_t[512]){0});

	nurture__v1__delivery_result__pack_to_buffer(result, &simple.base);
	buf_add(out, simple.data, simple.len);
	PROTOBUF_C_BUFFER_SIMPLE_CLEAR(&simple);
}
