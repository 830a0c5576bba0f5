/*
 * wire_fields.h - flat protobuf messages into protobuf-c structs, quickly.
 *
 * A ledger holds dozens of small messages, and every step reads all of them.
 * protobuf-c's unpack does an allocation and two passes for each; for
 * messages of texts and numbers a table and one pass do.  Fields that the
 * table does not have are passed over.  Our own bytes only: what comes from
 * outside is unpacked and checked whole.
 */
#ifndef NURTURE_SCHEDULER_WIRE_FIELDS_H
#define NURTURE_SCHEDULER_WIRE_FIELDS_H

#include <protobuf-c/protobuf-c.h>

#include "../../common/base/arena.h"
#include "../../common/base/slice.h"

enum wire_field_kind {
	WIRE_SKIPPED,
	WIRE_TEXT,   /* char *, copied with a NUL behind it */
	WIRE_BINARY, /* ProtobufCBinaryData, borrowed */
	WIRE_WIDE,   /* int64_t */
	WIRE_NARROW, /* int32_t, uint32_t, enum, bool */
};

struct wire_field {
	enum wire_field_kind kind;
	size_t offset;
};

/* fields[n] is field number n; message is initialised.  -1: not protobuf, or of other kinds. */
int sched_fields_read(const struct wire_field *fields, size_t count, struct slice bytes,
		     struct arena *arena, void *message);

#endif
