/*
 * sim_groups.h - the groups of customers who share inboxes: each is simulated once, by whichever
 * thread comes to one of its customers first, and told customer by customer when their turns come.
 */
#ifndef NURTURE_NURTURECTL_SIM_SIM_GROUPS_H
#define NURTURE_NURTURECTL_SIM_SIM_GROUPS_H

#include <pthread.h>

#include "sim_neighbours.h"
#include "sim_world.h"

/* What came of one customer of a group. */
struct sim_member {
	struct sim_account account, also;
};

struct sim_group {
	const struct sim_neighbour *first;
	struct sim_member *members; /* as many, from the first one on */
	size_t count, told;
	bool is_taken, has_lived;
	int r;
	struct err err;
};

/*
 * Lives the lives of these customers, under the policy and, in also, under the one beside it; the
 * accounts live until the thread's next call.
 */
typedef int (*sim_live)(void *thread, const struct sim_neighbour *customers, size_t count,
			struct sim_life *lives, struct sim_life *also, struct err *err);

struct sim_groups {
	struct sim_neighbours neighbours;
	struct sim_group *items; /* neighbours.group_count */
	sim_live live;
	bool has_also; /* there is a policy beside it */
	pthread_mutex_t lock;
	pthread_cond_t lived;
};

/* The orders are sorted by customer. sim_groups_free() it. */
void sim_groups_open(struct sim_groups *groups, const struct orders *orders, sim_live live,
		     bool has_also);
/*
 * What came of one customer, borrowed until sim_groups_told().  Waits for another thread when that
 * is at the group.
 */
int sim_groups_member(struct sim_groups *groups, const struct sim_neighbour *one, void *thread,
		      const struct sim_member **ret, struct err *err);
/* The customer has been told: with the last one of a group all of it is freed. */
void sim_groups_told(struct sim_groups *groups, const struct sim_neighbour *one);
void sim_groups_free(struct sim_groups *groups);

#endif
