/* wire.c - see wire.h. */
#include "wire.h"

#include "../../common/base/text.h"
#include "../../common/wire/outcome.h"

/* It stands in Message-ID and a header as it is: nothing but letters, digits and ". _ -". */
static bool is_send_id(const char *id)
{
	size_t len = strlen(id);

	return len > 0 && len <= 64 && id[0] != '.' && id[len - 1] != '.' && !strstr(id, "..") &&
	       strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-") ==
		   len;
}

static int check_dispatch(const Nurture__V1__Dispatch *dispatch, struct err *err)
{
	const Nurture__V1__Request *request = dispatch->request;

	if (!is_send_id(dispatch->id))
		return err_set(err, "dispatch.id: expected 1 to 64 letters, digits, . _ or -");
	if (!request)
		return err_set(err, "dispatch.request: missing");
	if (!text_is_id(slice_text(request->id)))
		return err_set(err, "dispatch.request.id: expected 1 to 200 printable bytes");
	if (strcmp(request->channel, "email") != 0)
		return err_set(err, "dispatch.request.channel: expected \"email\"");
	if (!request->message_class[0])
		return err_set(err, "dispatch.request.message_class: missing");
	if (request->expires_ms <= 0)
		return err_set(err, "dispatch.request.expires_ms: missing");
	return 0;
}

int send_dispatch_decode(struct slice bytes, struct arena *arena, Nurture__V1__DispatchRecord **ret,
			 struct err *err)
{
	ProtobufCAllocator memory = arena_protobuf(arena);
	Nurture__V1__DispatchRecord *record;

	if (bytes.len > SEND_RECORD_MAX_BYTES)
		return err_set(err, "dispatch: %zu bytes, expected at most %d", bytes.len,
			       SEND_RECORD_MAX_BYTES);
	record = nurture__v1__dispatch_record__unpack(&memory, bytes.len, bytes.bytes);
	if (!record)
		return err_set(err, "dispatch: not a DispatchRecord (%zu bytes)", bytes.len);
	if (record->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH) {
		if (check_dispatch(record->dispatch, err) < 0)
			return -1;
	} else if (record->body_case != NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT) {
		return err_set(err, "dispatch: neither a dispatch nor a contact");
	}
	*ret = record;
	return 0;
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
	if (!is_send_id(send->id))
		return err_set(err, "state: a send has no proper id");
	if (is_open && (!send->dispatch || check_dispatch(send->dispatch, err) < 0))
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

	if (!effect || !is_send_id(effect->id))
		return err_set(err, "effect: not a DeliveryEffect (%zu bytes)", bytes.len);
	if (effect->recall == (effect->dispatch != NULL))
		return err_set(err, "effect: expected either a dispatch or a recall");
	if (effect->dispatch && check_dispatch(effect->dispatch, err) < 0)
		return err_prefix(err, "effect");
	*ret = effect;
	return 0;
}

int send_result_decode(struct slice bytes, struct arena *arena, Nurture__V1__DeliveryResult **ret,
		       struct err *err)
{
	ProtobufCAllocator memory = arena_protobuf(arena);
	Nurture__V1__DeliveryResult *result =
	    nurture__v1__delivery_result__unpack(&memory, bytes.len, bytes.bytes);

	if (!result || !is_send_id(result->id))
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
