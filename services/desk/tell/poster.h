/*
 * poster.h - posts notices to webhooks, signed as Standard Webhooks has it.
 *
 * Each webhook has a bounded queue and a thread of its own, so one that hangs, or any number of
 * them, keeps nobody else's notices.  One that failed rests for a while, longer each time; what is
 * put for it meanwhile, or finds its queue full, comes back untried.
 *
 * Only the loop's thread calls put() and take(); neither waits.  What was put comes back once, as a
 * packed DeskPosted.
 */
#ifndef NURTURE_DESK_TELL_POSTER_H
#define NURTURE_DESK_TELL_POSTER_H

#include "hooks.h"
#include "nurture/v1/desk.pb-c.h"

struct dsk_poster;

/* The hooks must outlive it. */
int dsk_poster_open(struct dsk_poster **ret, const struct dsk_hooks *hooks, struct err *err);
/* Ends the threads once their posts are over, at most ten seconds. NULL-safe, sets NULL. */
void dsk_poster_close(struct dsk_poster **poster);

/* Copies all of it. */
void dsk_poster_put(struct dsk_poster *poster, int32_t partition, struct slice customer,
		    const Nurture__V1__DeskPost *post);

struct dsk_poster_result {
	int32_t partition;
	struct slice customer, value; /* valid until the next take */
};
/* false: nothing has come back. */
bool dsk_poster_take(struct dsk_poster *poster, struct dsk_poster_result *ret);
/* How many were put and not taken back. */
size_t dsk_poster_in_flight(const struct dsk_poster *poster);

#endif
