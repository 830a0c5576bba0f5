/* outcome_table_internal.h - what outcome_table.c and outcome_table_join.c share. */
#ifndef NURTURE_NURTURECTL_OUTCOMES_OUTCOME_TABLE_INTERNAL_H
#define NURTURE_NURTURECTL_OUTCOMES_OUTCOME_TABLE_INTERNAL_H

#include "outcome_table.h"

/* A deferral names the request that went first; its programme is known at the customer's end. */
struct outcome_table_claim {
	size_t row;
	uint64_t request; /* that went first */
	uint32_t winner;  /* its programme, once it is known */
};

/* Makes room for one more item. */
void *outcome_table_room(void *items, size_t count, size_t *room, size_t size);
uint32_t outcome_table_programme(struct outcome_table *table, const char *name,
				 const char *message_class);
/* Counts the pairs of the claims that are left. */
void outcome_table_count_pairs(struct outcome_table *table);

#endif
