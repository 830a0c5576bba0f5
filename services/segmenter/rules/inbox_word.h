/*
 * inbox_word.h - what was said in a mail that had gone to another inbox than the person's now.
 *
 * An opt-out, a complaint and a bounce are about the mailbox in which the mail was read
 * (docs/authority.md).  The contact tells the person's inbox of today; whoever has moved since, or was
 * merged, has left the other one behind.
 */
#ifndef NURTURE_SEGMENTER_RULES_INBOX_WORD_H
#define NURTURE_SEGMENTER_RULES_INBOX_WORD_H

#include "services/segmenter/profile/decision.h"

/* Emits what the event says of another inbox, if it says which. */
void seg_inbox_word_emit(const struct seg_decision *decision);

#endif
