/* sim_inboxes.h - what the sender of a simulation knows of each inbox.  Pure. */
#ifndef NURTURE_NURTURECTL_SIM_SIM_INBOXES_H
#define NURTURE_NURTURECTL_SIM_SIM_INBOXES_H

#include "common/base/arena.h"
#include "sim_agenda.h"

/* A service's state, in room that is used again. */
struct sim_state {
	struct slice bytes;
	size_t room;
};

/* One inbox, whatever customers are behind it. */
struct sim_inbox {
	struct sim_noted noted; /* its timer */
	struct slice key;
	struct sim_state state;
	int64_t due_ms;
};

/* Zeroed it is empty. */
struct sim_inboxes {
	struct sim_inbox **slots; /* of a hash table, NULL: free */
	size_t count, room;
};

/* The state is that from now on; what it was may be overwritten. */
void sim_state_set(struct sim_state *state, struct slice bytes, struct arena *arena);

/* The inbox of that key, which is made in the arena when there is none. */
struct sim_inbox *sim_inbox_of(struct sim_inboxes *inboxes, struct slice key, struct arena *arena);
/* Forgets all; the arena has them. */
void sim_inboxes_clear(struct sim_inboxes *inboxes);
void sim_inboxes_free(struct sim_inboxes *inboxes);

#endif
