/*
 * message.h - protobuf messages to and from bytes in one pass.
 *
 * Every step reads all that is known of a customer's mails. protobuf-c's
 * unpack scans each message twice and asks for memory field by field; here its
 * descriptors are followed once, into an arena.  Only what our own writers
 * make is read: whatever is unusual (a field that is not known, a member that
 * stands twice, a NUL in a text) is left to the caller, who asks protobuf-c
 * and so gets its answer, or its refusal.
 */
#ifndef NURTURE_EMAIL_SENDER_MESSAGE_H
#define NURTURE_EMAIL_SENDER_MESSAGE_H

#include <protobuf-c/protobuf-c.h>

#include "../../common/base/arena.h"
#include "../../common/base/slice.h"

/*
 * A new message in the arena, or NULL: not usual, or not protobuf.  Its texts
 * are the arena's; its fields of bytes are borrowed.
 */
void *send_message_read(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
			struct arena *arena);
/* The same into a message that is initialised; what it holds after a false is of no use. */
bool send_message_fill(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		       struct arena *arena, void *message);

/* How many bytes send_message_put() may need. */
size_t send_message_bound(const ProtobufCMessageDescriptor *descriptor, const void *message);
/* Texts, bytes and numbers, behind `at`; returns the end.  Messages inside it are the caller's. */
uint8_t *send_message_put(const ProtobufCMessageDescriptor *descriptor, const void *message,
			  uint8_t *at);
/* A field of bytes, for which SEND_FIELD_BYTES and its length are enough. */
enum { SEND_FIELD_BYTES = 12 };
uint8_t *send_message_put_bytes(uint32_t number, struct slice bytes, uint8_t *at);

#endif
