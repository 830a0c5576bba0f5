/* outcome_table_internal.h - what book.c and book_pairs.c share. */
#ifndef NURTURE_NURTURECTL_OUTCOMES_OUTCOME_TABLE_INTERNAL_H
#define NURTURE_NURTURECTL_OUTCOMES_OUTCOME_TABLE_INTERNAL_H

#include "outcome_table.h"

/* A deferral says which request went first; whose that is, the end of the customer shows. */
struct book_claim {
	size_t row;
	uint64_t request; /* that went first */
	uint32_t winner;  /* its programme, once it is known */
};

/* Room for one more. */
void *book_room(void *items, size_t count, size_t *room, size_t size);
uint32_t book_programme(struct book *book, const char *name, const char *message_class);
/* Of the claims that are left. */
void book_count_pairs(struct book *book);

#endif
