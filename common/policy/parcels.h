/*
 * parcels.h - when has an order that comes in several parcels come?  Pure.
 *
 * One rule for the segmenter and the review-solicitor.  An order is delivered once: by a delivery
 * that names no parcel, or when every parcel that was named is there, and as many as the
 * order has.  How many it has, any event of it may say; nobody need.
 */
#ifndef NURTURE_POLICY_PARCELS_H
#define NURTURE_POLICY_PARCELS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"

enum { PARCELS_MAX = 64 }; /* of one order: event_shape.c refuses more; names beyond are not kept */

struct parcels {
	uint64_t *items; /* hashes of their names, the lowest bit: delivered; ascending */
	unsigned count;
	unsigned said; /* how many the order has; 0: nobody said */
};

/* Notes a parcel that an event named. The list may move in the arena. */
void parcels_note(struct parcels *parcels, const char *name, bool delivered, struct arena *arena);
/* Notes how many parcels an event said that there are; the greatest number counts. */
void parcels_say(struct parcels *parcels, unsigned count);
/* Takes in what is known of the same order elsewhere. The list may move in the arena. */
void parcels_unite(struct parcels *parcels, const struct parcels *with, struct arena *arena);
/* Have all parcels come? False when none was ever named. */
bool parcels_are_there(const struct parcels *parcels);

#endif
