/*
 * intent_window.h - how many mails may be intended ahead of the connections.
 *
 * Whatever is intended and has no result is in doubt when this process and Redis die together.  So
 * no more is intended than keeps the connections busy during a commit.  How much that is follows
 * from what is seen: connections that stood still while a full window was committed want twice as
 * much, and a window that is hardly touched meanwhile is halved.  Pure.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_INTENT_WINDOW_H
#define NURTURE_EMAIL_SENDER_DELIVERY_INTENT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

/* Mails for each connection. */
enum { SEND_AHEAD_LEAST = 8, SEND_AHEAD_MOST = 64 };

struct intent_window {
	unsigned ahead;  /* for each connection; 0 before the first word */
	bool was_filled; /* by the last hand-over: its commit had something to hide behind */
};

/* Returns how many mails may be under way at once. */
size_t intent_window_size(const struct intent_window *window, unsigned connections);
/* The batch's mails were handed over: so many are under way now. */
void intent_window_handed_over(struct intent_window *window, unsigned connections,
			       size_t in_flight);
/* The next batch is committed, and about to be handed over: no connection has ended with so many. */
void intent_window_learn(struct intent_window *window, unsigned connections, size_t unfinished);

#endif
