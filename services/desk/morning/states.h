/*
 * states.h - the newest state of each customer on the desk's changelog.
 *
 * What the desk notes there about partitions and people is no customer's and is passed over.
 */
#ifndef NURTURE_DESK_MORNING_STATES_H
#define NURTURE_DESK_MORNING_STATES_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

struct dsk_state {
	struct slice customer, bytes; /* the list's; no bytes: nothing is known any more */
	size_t number;                /* of its record */
};

struct dsk_states {
	struct arena arena;
	struct dsk_state *list; /* in the order of the customers' bytes */
	size_t count, room;
};

/*
 * Reads the whole topic: some seconds where a million customers have tasks.  -1 and what
 * topic_reader.h says when Kafka does not answer.  Free it in any case.
 */
int dsk_states_read(const char *brokers, const char *topic, struct dsk_states *ret,
		    struct err *err);
void dsk_states_free(struct dsk_states *states);

#endif
