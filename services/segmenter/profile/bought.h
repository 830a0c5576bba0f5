/*
 * bought.h - when what was bought, with what counts as bought with it
 * (just_bought.related of the policy).
 */
#ifndef NURTURE_SEGMENTER_PROFILE_BOUGHT_H
#define NURTURE_SEGMENTER_PROFILE_BOUGHT_H

#include "decision.h"

/* Fills decision->bought_ms: the newest kept order of each of the profile's categories. */
void seg_bought_decide(struct seg_decision *decision);

/* When goods of the category itself were last bought and kept; SEG_NEVER when they never were. */
int64_t seg_bought_ms(const struct seg_decision *decision, const char *category);
/* Was the category, or one that is related to it, bought less than its window ago? False for "". */
bool seg_is_just_bought(const struct seg_decision *decision, const char *category);

enum { SEG_BOUGHT_MAX = 128 }; /* a contact must stay small, however many are related */

struct seg_bought {
	const char *category;
	int64_t time_ms;
};
/*
 * All that counts as bought, each category once with its newest time: first
 * the profile's own by name, then related ones; the newest 128.  In the
 * decision's arena.
 */
const struct seg_bought *seg_bought_list(const struct seg_decision *decision, unsigned *ret_count);

#endif
