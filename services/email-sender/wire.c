/* wire.c - see wire.h. */
#include "wire.h"

#include <stdlib.h>

#include "../../common/base/text.h"
#include "../../common/wire/outcome.h"

/* 9999-12-31: beyond it there is no arithmetic. */
#define LATEST_MS INT64_C(253402300799999)

bool send_is_id(struct slice id)
{
	if (!id.len || id.len > 64 || id.bytes[0] == '.' || id.bytes[id.len - 1] == '.')
		return false;
	for (size_t i = 0; i < id.len; i++) {
		uint8_t c = id.bytes[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '_' || c == '-' || (c == '.' && id.bytes[i - 1] != '.')))
			return false;
	}
	return true;
}

/* Of our own making: enough to rely on, no more. */
static bool is_dispatch(const Nurture__V1__Dispatch *dispatch)
{
	return dispatch && dispatch->request && dispatch->request->id[0] &&
	       send_is_id(slice_text(dispatch->id));
}

static bool is_block(const char *word)
{
	int status = status_from_text(slice_text(word));

	return status == STATUS_ERASED || status == STATUS_NO_CONSENT ||
	       status == STATUS_UNDELIVERABLE;
}

static int check_delivery(const Nurture__V1__Delivery *send, struct err *err)
{
	bool is_open = send->status == SEND_WAITING || send->status == SEND_INTENDED;

	if (!is_open && send->status != SEND_USED && send->status != SEND_UNUSED)
		return err_set(err, "state: status %d of a send is not known", (int)send->status);
	if (!send_is_id(slice_text(send->id)))
		return err_set(err, "state: a send has no proper id");
	if (send->intended_ms < 0 || send->intended_ms > LATEST_MS || send->next_ms < 0 ||
	    send->next_ms > LATEST_MS)
		return err_set(err, "state: a send has no proper time");
	if (is_open && !is_dispatch(send->dispatch))
		return err_set(err, "state: an open send has no proper dispatch");
	if (send->blocked[0] && !is_block(send->blocked))
		return err_set(err, "state: a send is blocked by an unknown word");
	return 0;
}

int send_state_decode(struct slice bytes, struct arena *arena, Nurture__V1__Deliveries **ret,
		      struct err *err)
{
	ProtobufCAllocator memory = arena_protobuf(arena);
	Nurture__V1__Deliveries *state =
	    nurture__v1__deliveries__unpack(&memory, bytes.len, bytes.bytes);

	if (!state)
		return err_set(err, "state: not readable (%zu bytes)", bytes.len);
	for (size_t i = 0; i < state->n_sends; i++)
		if (check_delivery(state->sends[i], err) < 0)
			return -1;
	*ret = state;
	return 0;
}

static struct slice pack(const ProtobufCMessage *message, struct arena *arena)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(arena, size);

	return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

struct slice send_state_encode(const Nurture__V1__Deliveries *state, struct arena *arena)
{
	return pack(&state->base, arena);
}

struct slice send_effect_encode(const Nurture__V1__DeliveryEffect *effect, struct arena *arena)
{
	return pack(&effect->base, arena);
}

int send_effect_decode(struct slice bytes, struct arena *arena, Nurture__V1__DeliveryEffect **ret,
		       struct err *err)
{
	ProtobufCAllocator memory = arena_protobuf(arena);
	Nurture__V1__DeliveryEffect *effect =
	    nurture__v1__delivery_effect__unpack(&memory, bytes.len, bytes.bytes);

	if (!effect || !send_is_id(slice_text(effect->id)))
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
	ProtobufCAllocator memory = arena_protobuf(arena);
	Nurture__V1__DeliveryResult *result =
	    nurture__v1__delivery_result__unpack(&memory, bytes.len, bytes.bytes);

	if (!result || !send_is_id(slice_text(result->id)))
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
