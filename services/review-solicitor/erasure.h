/*
 * erasure.h - what the ladder of a person who was forgotten still knows.  Pure.
 *
 * The instant, and which erasures were heard: a repeat of one changes nothing,
 * another one is heard whatever time it claims, as somebody who came back may
 * go again.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_ERASURE_H
#define NURTURE_REVIEW_SOLICITOR_ERASURE_H

#include "nurture/v1/event.pb-c.h"
#include "wire.h"

/*
 * Does an erasure make the event void? hash is that of the event's id, claimed_ms its time as it
 * came.
 */
bool sol_erasure_covers(const struct sol_ladder *ladder, const Nurture__V1__Event *event,
			uint64_t hash, int64_t claimed_ms);

/*
 * Takes in an erasure. Nothing is left but its instant, which never moves back, and the hashes that
 * make it last.
 */
void sol_erasure_hear(struct sol_ladder *ladder, uint64_t hash, int64_t time_ms);

/* Forgets the erasure itself when its time has come. */
void sol_erasure_expire(struct sol_ladder *ladder, int64_t now_ms);

#endif
