/*
 * dedup.h - which events a customer has had, and which facts were counted: so
 * that a repeat changes nothing, however late it comes.
 *
 * Memory is bounded and the promise is not.  What a set has forgotten is older
 * than its floor, and so is refused: either something is known, or it is newer than the
 * floor and surely new, or it changes nothing.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_DEDUP_H
#define NURTURE_SEGMENTER_PROFILE_DEDUP_H

#include "common/base/slice.h"
#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/* NULL when it is not in the set. */
const struct seg_seen *seg_known_find(const struct seg_known *known, uint64_t hash);
/* May something of that time have been in the set, and have been forgotten? */
bool seg_known_forgot(const struct seg_known *known, int64_t time_ms);

/* Keeps the newest 64 events, and more of seven days, up to 512. */
void seg_seen_add(struct seg_profile *profile, struct seg_seen seen);
/* Keeps the newest SEG_FACTS_MAX; one that is known stays as it is. */
void seg_fact_add(struct seg_profile *profile, uint64_t hash, int64_t time_ms);

/* Minutes since 1970, rounded down. */
int64_t seg_minute(int64_t time_ms);

/* Of a fact about one thing: "told", "order.packed", the order's id.  Ends with a NULL. */
uint64_t seg_fact_hash(const char *kind, ...) __attribute__((sentinel));

/*
 * What it says, never 0: two events that differ only in blanks, order of fields
 * or format say the same.  Of what people and mail servers say the time and
 * the server's words do not count: it is stamped when it comes in, and a second click says
 * the same; of a bounce its kind alone does, whoever has read it.
 */
uint32_t seg_event_body(const Nurture__V1__Event *event, struct arena *arena);

#endif
