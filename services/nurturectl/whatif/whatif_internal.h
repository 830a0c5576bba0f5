/* whatif_internal.h - what the whatif*.c files share. */
#ifndef NURTURE_NURTURECTL_WHATIF_WHATIF_INTERNAL_H
#define NURTURE_NURTURECTL_WHATIF_WHATIF_INTERNAL_H

#include "whatif.h"

/* All zero. */
void *whatif_room(size_t count, size_t size);
/* Sorts, and takes the quantiles: the least value that so many are not above. */
void whatif_take_quantiles(int64_t *values, size_t count, int64_t ret[WHATIF_QUANTILES]);
/* Index into whatif->programmes of a side's programme. */
size_t whatif_programme_of(const struct whatif *whatif, unsigned side, uint32_t programme);
/* whatif_people.c: everything about persons. */
void whatif_count_people(struct whatif *whatif);

#endif
