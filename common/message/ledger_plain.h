/*
 * ledger_plain.h - the scheduler's state for those who only look at it, whichever version wrote it.
 * Pure.
 */
#ifndef NURTURE_MESSAGE_LEDGER_PLAIN_H
#define NURTURE_MESSAGE_LEDGER_PLAIN_H

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "nurture/v1/ledger.pb-c.h"

/*
 * The state as version 1 has it: contact, sends and waiting, each with its texts.  What waits is
 * in the order of the state.  NULL: it cannot be read, or a newer version wrote it.  All is the
 * arena's.
 */
Nurture__V1__Ledger *ledger_plain(struct slice bytes, struct arena *arena);

#endif
