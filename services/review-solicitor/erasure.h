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

/* hash: of the event's id; claimed_ms: its time as it came.  Does an erasure make it void? */
bool sol_erasure_covers(const struct sol_ladder *ladder, const Nurture__V1__Event *event,
			uint64_t hash, int64_t claimed_ms);

/* Nothing is left but the instant, which is never an earlier one, and what makes it last. */
void sol_erasure_hear(struct sol_ladder *ladder, uint64_t hash, int64_t time_ms);

/* Forgets the erasure itself in its time. */
void sol_erasure_expire(struct sol_ladder *ladder, int64_t now_ms);

#endif
