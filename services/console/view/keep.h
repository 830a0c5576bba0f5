/*
 * keep.h - what the view keeps of a record: bytes of a topic in, messages without what is kept
 * elsewhere out.  Each record is read by the code of whoever writes it.  Pure.
 *
 * All texts are the arena's.  -1: the bytes cannot be understood.
 */
#ifndef NURTURE_CONSOLE_VIEW_KEEP_H
#define NURTURE_CONSOLE_VIEW_KEEP_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/policy/desk.h"
#include "nurture/v1/card.pb-c.h"
#include "nurture/v1/desk.pb-c.h"
#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/outcome.pb-c.h"
#include "nurture/v1/request.pb-c.h"

/* NULL: nothing is known of the customer but, perhaps, when it was erased (*ret_erased_ms or 0). */
int keep_card(struct slice profile, struct arena *arena, Nurture__V1__Card **ret,
	      int64_t *ret_erased_ms, struct err *err);

struct kept_ledger {
	struct slice contact;            /* a packed Contact; empty: none, or an erased one */
	Nurture__V1__Waiting **waiting;  /* each with its packed request */
	Nurture__V1__Request **requests; /* parallel */
	size_t count;
};
int keep_ledger(struct slice state, struct arena *arena, struct kept_ledger *ret, struct err *err);
/* From when what waits is possible, as far as is known. */
int64_t keep_possible_ms(const Nurture__V1__Waiting *waiting);

struct kept_desk {
	const Nurture__V1__DeskTask *tasks;
	size_t count;
};
int keep_desk(struct slice state, struct arena *arena, struct kept_desk *ret, struct err *err);

/*
 * An outcome in three parts: what many have alike (manner), what is this one's alone (body), and
 * the rest, which the columns of its row have.  Both are packed Outcomes.
 */
struct kept_outcome {
	struct slice manner, body;
};
struct kept_outcome keep_outcome(const Nurture__V1__Outcome *outcome, struct arena *arena);
/* Into the manner, unpacked, what the body has.  -1: the body cannot be read. */
int keep_outcome_join(Nurture__V1__Outcome *manner, struct slice body, struct arena *arena,
		      struct err *err);

/* The digits of a phone number, the last one first, without the zeros that lead it. */
void keep_phone(const char *phone, struct buf *out);
/* An address as it is looked for. */
void keep_email(const char *email, struct buf *out);
/* What the index of words has of somebody. */
void keep_words(const Nurture__V1__Card *card, struct buf *out);

/* A message in the arena. */
struct slice keep_packed(const void *message, struct arena *arena);
/* NULL: it cannot be read. */
void *keep_unpacked(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		    struct arena *arena);

#endif
