/* suggest_internal.h - what the suggest*.c files share. */
#ifndef NURTURE_NURTURECTL_SUGGEST_SUGGEST_INTERNAL_H
#define NURTURE_NURTURECTL_SUGGEST_SUGGEST_INTERNAL_H

#include "suggest.h"

/* Numbers that are still to be sorted; all zero is empty. */
struct suggest_values {
	double *values;
	size_t count, room;
};

void suggest_keep(struct suggest_values *values, double value);
/* Takes the quantiles of the values, and frees them. */
struct suggest_spread suggest_spread_of(struct suggest_values *values);

extern const double suggest_quantiles[SUGGEST_QS];

#endif
