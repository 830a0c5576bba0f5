/*
 * send_time.h - the best hour of the day for a mail, from the person's opens, clicks and
 * orders.
 *
 * The profile keeps instants and not hours, so that a time zone that is told later
 * counts for all of them.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_SEND_TIME_H
#define NURTURE_SEGMENTER_PROFILE_SEND_TIME_H

#include "decision.h"

/* Notes an open or a click; the newest 32 are kept, all are counted. */
void seg_send_time_note(struct seg_profile *profile, int64_t time_ms, bool clicked);
/* Was there an open or a click in the minute of time_ms or later? */
bool seg_send_time_is_active_since(const struct seg_profile *profile, int64_t time_ms);

/* Does any programme of the policy ask for the best hour? */
bool seg_best_hour_matters(const struct policy *policy);
/*
 * The local hour, 0 to 23, at which the person is best reached; -1 when there
 * is too little to go by (send_time.evidence).
 *
 * An open weighs 1, a click 2, an order 3, times 2^(-age / 90 days), where the
 * age is counted from the newest of them.  The answer is the middle of the heaviest three hours,
 * round the clock; of equal ones that nearest to send_time.fallback, then the earlier.
 */
int seg_best_hour(struct seg_decision *decision);

#endif
