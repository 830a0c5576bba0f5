/*
 * categories.h - the categories of goods that a customer has bought.
 *
 * A profile has one table of at most 64 names; orders hold sets of indexes
 * into it.  The table is sorted by name, so that adding or dropping a name
 * moves the indexes in all orders.  When it is full the category that was
 * bought longest ago makes room.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_CATEGORIES_H
#define NURTURE_SEGMENTER_PROFILE_CATEGORIES_H

#include "profile.h"

/* Index of name in the table, or -1. */
int seg_category_find(const struct seg_profile *profile, const char *name);
/*
 * Returns the index of a name that was bought at time_ms, and adds it when it is new; -1 when the
 * table is full of newer ones. Indexes taken before may have moved.
 */
int seg_category_add(struct seg_profile *profile, const char *name, int64_t time_ms);
/* Drops the names that no order has any more. */
void seg_categories_prune(struct seg_profile *profile);

/* Newest kept order of each category, SEG_NEVER where none is kept. */
void seg_categories_bought(const struct seg_profile *profile, int64_t ret_ms[SEG_CATEGORIES_MAX]);

#endif
