/*
 * words.h - what people say of a task: claimed, snoozed, done, failed.  Pure.
 *
 *	            claimed                       done
 *	  [ open ] ---------> [ taken ] ------------------------> (done)
 *	   ^  |  ^               |  |
 *	   |  |  +--- snoozed ---+  +-- failed, the last attempt -> (failed)
 *	   |  |   until then        |
 *	   |  +---------------------+-- failed, tried again: open, after a while
 *	   |                        |
 *	 nurture.tasks              +-- its reason has gone ------> (cancelled)
 *	                            +-- nobody did it in time ----> (expired)
 */
#ifndef NURTURE_DESK_LIFE_WORDS_H
#define NURTURE_DESK_LIFE_WORDS_H

#include "nurture/v1/event.pb-c.h"
#include "services/desk/decision.h"

/* false when the event says nothing of a task. The word borrows the event's texts. */
bool dsk_word_of(const Nurture__V1__Event *event, struct arena *arena, Nurture__V1__DeskWord *ret);
/* Applies a word to its task, which may end by it; a repeat changes nothing. */
void dsk_hear(struct dsk_decision *decision, Nurture__V1__DeskTask *task,
	      const Nurture__V1__DeskWord *word);

#endif
