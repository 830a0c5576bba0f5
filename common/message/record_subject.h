/*
 * record_subject.h - which request a record is about, without reading all of it.  Pure.
 *
 * A mail may be decided days after its request came, with other requests of the same customer
 * before it: what belongs together is found by this id.
 */
#ifndef NURTURE_MESSAGE_RECORD_SUBJECT_H
#define NURTURE_MESSAGE_RECORD_SUBJECT_H

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "record_kind.h"

/* The id of the request, borrowed from value; len 0: it is about none, or cannot be read. */
struct slice record_subject(enum record_kind kind, struct slice value, struct arena *arena);

#endif
