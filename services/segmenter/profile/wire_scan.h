/*
 * wire_scan.h - the fields of a protobuf message, where they lie.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_WIRE_SCAN_H
#define NURTURE_SEGMENTER_PROFILE_WIRE_SCAN_H

#include "common/base/slice.h"
#include "wire_fields.h"

/* What a field is on the wire; a unit test holds this against profile.proto. */
enum wire_kind {
	WIRE_IS_NOTHING, /* no field of ours: it is passed over */
	WIRE_IS_TEXT,    /* one, or a list of them */
	WIRE_IS_COLUMN,  /* a packed list of numbers */
	WIRE_IS_NUMBER,
	WIRE_IS_FIXED,
};
extern const uint8_t wire_kinds[WIRE_FIELDS];

/* Everything borrows the copy of the message in the arena. */
struct wire_scan {
	struct {
		const char **items;
		unsigned count, room;
	} texts[WIRE_FIELDS];              /* of fields that are texts */
	struct slice columns[WIRE_FIELDS]; /* of lists of numbers */
	uint64_t numbers[WIRE_FIELDS];
};

/* False when the bytes are no message, a field is not of its kind or a list comes in parts. */
bool wire_scan(struct slice bytes, struct arena *arena, struct wire_scan *ret);

/* The last text of a field, or "". */
const char *wire_text(const struct wire_scan *scan, unsigned field);

/* Reads the numbers of a column one after the other; 0 behind its end. */
struct wire_column {
	const uint8_t *at, *end;
	bool bad;
};

struct wire_column wire_column(const struct wire_scan *scan, unsigned field);
uint64_t wire_next_long(struct wire_column *column);

static inline uint64_t wire_next(struct wire_column *column)
{
	if (column->at == column->end)
		return 0;
	return *column->at < 0x80 ? *column->at++ : wire_next_long(column);
}

static inline int64_t wire_next_signed(struct wire_column *column)
{
	return wire_unzigzag(wire_next(column));
}
/* Were all its numbers read, and was each one sound? */
static inline bool wire_is_done(const struct wire_column *column)
{
	return !column->bad && column->at == column->end;
}

#endif
