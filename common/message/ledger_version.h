/*
 * ledger_version.h - how the scheduler's state is written: proto/nurture/v1/ledger.proto.
 *
 * Version 1 has a Contact in the field of that name.  Later versions have one byte there that no
 * protobuf message begins with (wire type 7): a build that does not know the version finds no
 * Contact, and stops before it could take the customer for one of whom nothing is known.
 */
#ifndef NURTURE_MESSAGE_LEDGER_VERSION_H
#define NURTURE_MESSAGE_LEDGER_VERSION_H

#include "common/codec/state_version.h"

enum ledger_version { LEDGER_TEXTS, LEDGER_WORDS, LEDGER_NEWER };

enum { LEDGER_VERSION = 2 };
#define LEDGER_VERSION_MARK "\x17" /* STATE_VERSION_MARK(LEDGER_VERSION) */

/* By the bytes of the field `contact`. */
static inline enum ledger_version ledger_version(struct slice contact)
{
	if (slice_is(contact, LEDGER_VERSION_MARK))
		return LEDGER_WORDS;
	/* anything else is text, or damaged */
	return contact.len == 1 && (contact.bytes[0] & 7) == 7 &&
		       state_version_is_newer(contact.bytes[0] / 8, LEDGER_VERSION)
		   ? LEDGER_NEWER
		   : LEDGER_TEXTS;
}

static inline struct slice ledger_version_mark(void)
{
	return slice_text(LEDGER_VERSION_MARK);
}

#endif
