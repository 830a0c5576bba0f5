/*
 * message_fuzz.c - what our one pass reads, protobuf-c reads the same: packed
 * again by either, both are the same bytes.
 */
#include "common/codec/protobuf_message.h"
#include "nurture/v1/delivery.pb-c.h"
#include "nurture/v1/handover.pb-c.h"
#include "nurture/v1/ladder.pb-c.h"
#include "nurture/v1/profile.pb-c.h"
#include "nurture/v1/request.pb-c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice pack(const ProtobufCMessage *message, struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, protobuf_c_message_get_packed_size(message));

	return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const ProtobufCMessageDescriptor *const kinds[] = {
	    &nurture__v1__delivery__descriptor,        &nurture__v1__delivery_effect__descriptor,
	    &nurture__v1__delivery_result__descriptor, &nurture__v1__dispatch_record__descriptor,
	    &nurture__v1__ladder__descriptor,          &nurture__v1__request_record__descriptor};
	static struct arena arena;
	ProtobufCAllocator memory = arena_protobuf(&arena);
	const ProtobufCMessageDescriptor *kind;
	void *ours, *theirs;

	if (size < 1)
		return 0;
	kind = data[0] == UINT8_MAX       ? &nurture__v1__profile__descriptor
	       : data[0] == UINT8_MAX - 1 ? &nurture__v1__handover__descriptor
					  : kinds[data[0] % 6];
	ours = message_read(kind, slice_of(data + 1, size - 1), &arena);
	theirs = protobuf_c_message_unpack(kind, &memory, size - 1, data + 1);
	if (ours && (!theirs || !slice_equal(pack(ours, &arena), pack(theirs, &arena))))
		__builtin_trap();
	if (theirs && !slice_equal(message_pack(theirs, &arena), pack(theirs, &arena)))
		__builtin_trap();
	arena_reset(&arena);
	return 0;
}
