/* emit.h - records for nurture.requests. */
#ifndef NURTURE_SEGMENTER_RULES_EMIT_H
#define NURTURE_SEGMENTER_RULES_EMIT_H

#include "common/stream/step.h"
#include "nurture/v1/request.pb-c.h"

/*
 * Ends waiting requests of that programme, about that order and that category; "" stands for any.
 */
struct seg_cancel {
	const char *programme, *order, *category, *reason;
};

/* Each of these emits one record whose time is now. */
void seg_emit_request(struct step *step, Nurture__V1__Request *request);
void seg_emit_cancel(struct step *step, struct seg_cancel cancel);
void seg_emit_contact(struct step *step, Nurture__V1__Contact *contact);
void seg_emit_inbox_word(struct step *step, Nurture__V1__InboxWord *word);
/* Emits that somebody has done the task of this send id. */
void seg_emit_task_done(struct step *step, const char *task);
void seg_emit_sent_elsewhere(struct step *step, Nurture__V1__SentElsewhere *sent);

#endif
