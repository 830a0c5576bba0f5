/*
 * complete.h - an event as it came, with what the catalogue adds to its items. Pure.
 *
 * Everything else stays as it was written, members that Nurture does not know among it.
 */
#ifndef NURTURE_INGEST_CATALOGUE_COMPLETE_H
#define NURTURE_INGEST_CATALOGUE_COMPLETE_H

#include "catalogue.h"

struct completed {
	struct slice value;        /* the event's bytes, or new ones in the arena */
	size_t matched, unmatched; /* items that had no category */
};

/* value: an event that event_decode() takes, JSON or protobuf; it looks for items by their sku. */
struct completed catalogue_complete(const struct catalogue *catalogue, struct slice value,
				    struct arena *arena);

#endif
