/*
 * protobuf_message.h - protobuf messages to and from bytes in one pass.
 *
 * Every step reads and writes messages by the dozen.  protobuf-c's unpack
 * scans each twice and asks for memory field by field, its pack measures each
 * message again for every one that it is in; here its descriptors are followed
 * once, in an arena.  Only what our own writers make is read: whatever is
 * unusual (a field that is not known, a member that stands twice, a NUL in a
 * text) is left to protobuf-c, which has its answer, or its refusal.  tests/bench
 * says what that is worth.
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

/*
 * Our own state, of which many small messages are read by themselves: one copy of all bytes holds
 * the texts of all of them.  The source borrows the bytes and the arena.
 */
struct message_source {
	struct slice bytes;
	char *copy;
	struct arena *arena;
};
struct message_source message_source_of(struct slice bytes, struct arena *arena);
/*
 * Reads one part of the source into a message that is initialised.  A newer service may have
 * written it: fields that are not known are passed over, and a text ends at its first NUL.
 * false: not protobuf, of another type than the descriptor says, or a message or a list of
 * numbers stands twice.
 */
bool message_fill_state(const struct message_source *source,
			const ProtobufCMessageDescriptor *descriptor, struct slice part,
			void *message);
/* The same, but the messages inside stay packed: message_bytes() gives each. */
bool message_fill_parts(const struct message_source *source,
			const ProtobufCMessageDescriptor *descriptor, struct slice part,
			void *message);

/*
 * What may stand wherever a message points to another one: the bytes of that one, which
 * message_pack() copies.  Nothing but these functions may look at it.  The bytes are borrowed.
 */
void *message_packed(struct slice bytes, struct arena *arena);
/* Its bytes; empty of any other message. */
struct slice message_bytes(const void *message);

/* The bytes that protobuf-c's pack gives. */
struct slice message_pack(const void *message, struct arena *arena);

/* Fields with the numbers from `first` to `last`, all of which exist. */
struct message_run {
	uint32_t first, last;
};
/*
 * The fields run by run, for bytes that have always been in another order than that of their
 * numbers; any reader takes them.  Aborts when the runs are not all fields, or one is of a type that
 * message_pack() leaves to protobuf-c: a table of ours is wrong then.
 */
struct slice message_pack_runs(const void *message, const struct message_run *runs, size_t count,
			       struct arena *arena);

#endif
