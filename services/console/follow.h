/*
 * follow.h - keeps the view up with the topics: reads, applies, commits, tends.
 *
 * It goes on from the places that stand in the view.  A view of topics that were made anew since is
 * thrown away and made anew as well, and so is one for which somebody has asked that.
 */
#ifndef NURTURE_CONSOLE_FOLLOW_H
#define NURTURE_CONSOLE_FOLLOW_H

#include "services/console/view/view.h"

struct con_follow;

struct con_follow_options {
	const char *brokers, *topic_prefix; /* kept by reference */
	struct view *view;                  /* outlives it */
	bool is_event_clock;                /* time is what the ticks of the topics say */
};

/* -1: the brokers cannot be asked, the topics are not there, the view cannot be written. */
int con_follow_open(struct con_follow **ret, const struct con_follow_options *options,
		    struct err *err);
/*
 * One batch, or some tenths of a second in which there was nothing to read.  -1: Kafka or the disk
 * fails; leave with 111.  Records that cannot be understood are counted and are no error.
 */
int con_follow_step(struct con_follow *follow, struct err *err);
/* NULL-safe, sets NULL. */
void con_follow_close(struct con_follow **follow);

#endif
