/*
 * dedup.h - the sets of a customer's events and of the facts that were counted, so
 * that a repeat changes nothing, however late it comes.
 *
 * A set is bounded, and raises its floor to the newest entry that it forgets.  An event or
 * fact that is not in the set and is newer than the floor is surely new; one that is not
 * newer may have been forgotten, and changes nothing.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_DEDUP_H
#define NURTURE_SEGMENTER_PROFILE_DEDUP_H

#include "common/base/slice.h"
#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/* Finds an entry by its hash; NULL when it is not in the set. */
const struct seg_dedup_entry *seg_dedup_find(const struct seg_dedup *known, uint64_t hash);
/* May the set have forgotten an entry of that time? */
bool seg_dedup_forgot(const struct seg_dedup *known, int64_t time_ms);

/* Adds an event. The set keeps the newest 64, and those of the last seven days up to 512. */
void seg_dedup_add_event(struct seg_profile *profile, struct seg_dedup_entry entry);
/*
 * Adds a fact. The set keeps the newest SEG_FACTS_MAX; a fact that is in it already stays as it is.
 */
void seg_dedup_add_fact(struct seg_profile *profile, uint64_t hash, int64_t time_ms);

/* Minutes since 1970, rounded down. */
int64_t seg_minute(int64_t time_ms);

/* The hash of a fact: its kind and what it is about ("told", "order.packed", id), then NULL. */
uint64_t seg_fact_hash(const char *kind, ...) __attribute__((sentinel));

/*
 * A hash of what the event says, never 0. Two events that differ only in blanks, in the order of
 * fields or in format have the same hash. For events that people and mail servers cause, the time
 * and the server's words are left out: such events are stamped when they come in, and a second
 * click says the same. Of a bounce only its kind counts, whoever has read it.
 */
uint32_t seg_event_body(const Nurture__V1__Event *event, struct arena *arena);

#endif
