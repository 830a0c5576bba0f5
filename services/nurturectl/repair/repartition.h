/*
 * repartition.h - all customers to more partitions, while everything is stopped.
 *
 * The new number is a multiple of the old one.  Then whoever is on partition p
 * of `before` goes to one of p, p + before, p + 2 * before ...: every new
 * partition has one parent, and takes its clock, its progress and its sweep
 * over as they are.  States move with their timers; what was not read of an
 * input is copied to where its customer is now, for those who had not read it;
 * all of it in one transaction.
 */
#ifndef NURTURE_NURTURECTL_REPAIR_REPARTITION_H
#define NURTURE_NURTURECTL_REPAIR_REPARTITION_H

#include "repair.h"

struct repartition {
	const struct settings *settings;
	struct offline *offline;
	struct repair services[POSITION_SERVICES];
	int opened; /* of these */
	int32_t before, after;
	int64_t states, records; /* moved, copied */
	int64_t *ends;           /* [input topic][partition of `before`]: behind what is copied */
};

enum { REPARTITION_TOPICS = 9 };
/* The topics that services read, without the prefix. */
extern const char *const repartition_topics[REPARTITION_TOPICS];

/* repartition_inputs.c: copies what was not read, and sets all->ends. */
int repartition_inputs(struct repartition *all, struct err *err);
/* repartition_states.c: moves the states of one service, and sets where its group reads on. */
int repartition_states(struct repartition *all, struct repair *repair, struct err *err);
/*
 * Moves a record of a compacted topic to where its customer is now, and leaves a tombstone.  1: it was
 * moved; 0: it is where it belongs, or has no value to be taken away here.
 */
int repartition_move(struct repartition *all, const struct offline_record *record,
		     struct slice customer, struct err *err);
/* repartition_items.c: moves what customers have said. */
int repartition_items(struct repartition *all, struct err *err);

#endif
