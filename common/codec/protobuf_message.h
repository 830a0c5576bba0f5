/*
 * protobuf_message.h - protobuf messages to and from bytes in one pass.
 *
 * Every step reads and writes messages by the dozen.  protobuf-c's unpack
 * scans each twice and asks for memory field by field, its pack measures each
 * message again for every one that it is in; here its descriptors are followed
 * once, in an arena.  Only what our own writers make is read: whatever is
 * unusual (a field that is not known, a member that stands twice, a NUL in a
 * text) is left to protobuf-c, which has its answer, or its refusal.
 */
#ifndef NURTURE_CODEC_PROTOBUF_MESSAGE_H
#define NURTURE_CODEC_PROTOBUF_MESSAGE_H

#include <protobuf-c/protobuf-c.h>

#include "common/base/arena.h"
#include "common/base/slice.h"

/*
 * A new message in the arena, or NULL: not usual, or not protobuf.  Its texts
 * are the arena's; its fields of bytes are borrowed.
 */
void *message_read(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		   struct arena *arena);
/* The same into a message that is initialised; what it holds after a false is of no use. */
bool message_fill(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		  struct arena *arena, void *message);
/* The same, and what is not usual is asked of protobuf-c. */
void *message_unpack(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		     struct arena *arena);

/* The bytes that protobuf-c's pack gives. */
struct slice message_pack(const void *message, struct arena *arena);
/* The same, and behind it one more field: a message that is packed already. */
struct slice message_pack_with(const void *message, uint32_t number, struct slice packed,
			       struct arena *arena);

#endif
