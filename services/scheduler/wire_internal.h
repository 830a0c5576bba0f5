/* wire_internal.h - what the files that read and write a ledger share. */
#ifndef NURTURE_SCHEDULER_WIRE_INTERNAL_H
#define NURTURE_SCHEDULER_WIRE_INTERNAL_H

#include "ledger.h"

enum { WIRE_ROOM_BEYOND = 3 }; /* a send of this step, one of another tool, an imagined one */

/* What the parts of one decoding share; the source and the words stand in the ledger. */
struct wire_reading {
	const struct policy *policy;
	struct sched_ledger *ledger;
	struct err *err;
};

/* Far beyond the year 9999, and no sum of a few of them overflows. */
static inline bool wire_is_time(int64_t time_ms)
{
	return time_ms >= 0 && time_ms < INT64_C(1) << 60;
}

static inline struct slice wire_slice(ProtobufCBinaryData field)
{
	return slice_of(field.data, field.len);
}

static inline ProtobufCBinaryData wire_binary(struct slice bytes)
{
	return (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.bytes};
}

/* Reads what was granted, with room for what a step adds. */
int wire_read_sends(struct wire_reading *reading, const Nurture__V1__Ledger *stored);
void wire_write_sends(struct sched_ledger *ledger, struct arena *arena, Nurture__V1__Ledger *ret);
/* The same of what waits. */
int wire_read_waiting(struct wire_reading *reading, const Nurture__V1__Ledger *stored);
void wire_write_waiting(struct sched_ledger *ledger, struct arena *arena, Nurture__V1__Ledger *ret);
/*
 * Makes what waits ready for words that are numbered anew, and forgets them.  false: the data of a
 * request is not readable, and the words stay; its grant will say so (sched_pack_request()).
 */
bool wire_forget_words(struct sched_ledger *ledger);

#endif
