/*
 * sim_neighbours.h - which customers of a file have an inbox in common.  Pure.
 *
 * What happens to a customer depends on that customer's events alone, but for what is asked at the
 * exit of all that goes to the same address (services/email-sender/inbox.c): these live together.
 */
#ifndef NURTURE_NURTURECTL_SIM_SIM_NEIGHBOURS_H
#define NURTURE_NURTURECTL_SIM_SIM_NEIGHBOURS_H

#include "orders.h"

/* One customer's events. */
struct sim_neighbour {
	const struct order_event *events;
	size_t count;
	size_t group; /* the same of all who live together */
};

struct sim_neighbours {
	struct sim_neighbour *items; /* those who are not alone, by group, then in byte order */
	size_t count;
	struct sim_neighbour **by_events; /* the same, in the order of their events */
	size_t group_count;               /* groups are numbered from 0 */
};

/* The orders are sorted by customer, and must live as long. sim_neighbours_free() it. */
void sim_neighbours_find(const struct orders *orders, struct sim_neighbours *ret);
/* The customer of these events; NULL: that one is alone. */
const struct sim_neighbour *sim_neighbours_of(const struct sim_neighbours *neighbours,
					      const struct order_event *events);
/* Those who live together with one of them, who is among them; in byte order. */
const struct sim_neighbour *sim_neighbours_group(const struct sim_neighbours *neighbours,
						 const struct sim_neighbour *one,
						 size_t *ret_count);
void sim_neighbours_free(struct sim_neighbours *neighbours);

#endif
