/* whatif_internal.h - what the whatif*.c files share. */
#ifndef NURTURE_NURTURECTL_WHATIF_WHATIF_INTERNAL_H
#define NURTURE_NURTURECTL_WHATIF_WHATIF_INTERNAL_H

#include "whatif.h"

/* Allocates room that is all zero. */
void *whatif_room(size_t count, size_t size);
/* Sorts the values, and takes quantiles: each is the least value that so many are not above. */
void whatif_take_quantiles(int64_t *values, size_t count, int64_t ret[WHATIF_QUANTILES]);
/* Returns the index into whatif->programmes of a side's programme. */
size_t whatif_programme_of(const struct whatif *whatif, unsigned side, uint32_t programme);
/* whatif_people.c: counts everything about persons. */
void whatif_count_people(struct whatif *whatif);

#endif
