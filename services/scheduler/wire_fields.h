/*
 * wire_fields.h - protobuf messages into structs, quickly.
 *
 * A ledger holds dozens of small messages, and every step reads all of them.
 * protobuf-c's unpack does an allocation and two passes for each; a table and
 * one pass do.  Texts are not copied one by one: there is one copy of all the
 * bytes, and in that a NUL is put behind each.  Fields that the table does not
 * have are passed over.
 */
#ifndef NURTURE_SCHEDULER_WIRE_FIELDS_H
#define NURTURE_SCHEDULER_WIRE_FIELDS_H

#include <protobuf-c/protobuf-c.h>

#include "common/base/arena.h"
#include "common/base/slice.h"

enum wire_field_kind {
	WIRE_SKIPPED,
	WIRE_TEXT,   /* char * */
	WIRE_RAW,    /* struct slice, of the bytes themselves */
	WIRE_WIDE,   /* int64_t */
	WIRE_NARROW, /* int32_t, uint32_t, enum, bool */
	/* These have a size_t at count_offset. */
	WIRE_TEXTS,    /* char ** */
	WIRE_RAWS,     /* struct slice * */
	WIRE_MESSAGES, /* pointers to what entry and descriptor say */
};

struct wire_table;

struct wire_field {
	enum wire_field_kind kind;
	size_t offset, count_offset;
	const struct wire_table *entry;
};

struct wire_table {
	const struct wire_field *fields; /* [n] is field number n */
	size_t count;
	const ProtobufCMessageDescriptor *descriptor; /* for WIRE_MESSAGES */
};

#define WIRE_TABLE(fields) {fields, sizeof(fields) / sizeof((fields)[0]), NULL}

struct sched_wire_source {
	struct slice bytes;
	char *copy; /* of all bytes, and one more */
	struct arena *arena;
	bool refuses_nul; /* a text with a NUL inside is an error, too */
};

struct sched_wire_source sched_wire_source(struct slice bytes, struct arena *arena);

/*
 * part is of the source's bytes; message is initialised.  -1: not protobuf, or
 * of other kinds than the table says.
 */
int sched_fields_read(const struct wire_table *table, const struct sched_wire_source *source,
		      struct slice part, void *message);

#endif
