/*
 * facts.h - what follows from a profile at an instant: how many orders, how
 * much, how long ago, and the stage of life.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_FACTS_H
#define NURTURE_SEGMENTER_PROFILE_FACTS_H

#include "common/forecast/forecast.h"
#include "common/policy/stage.h"
#include "profile.h"

/* A usual gap that is shorter counts as this one. */
#define SEG_SHORTEST_GAP_MS (7 * DAY_MS)

struct seg_facts {
	int64_t orders; /* that were kept */
	int64_t spent_e4;
	int64_t first_ms, last_ms; /* SEG_NEVER without an order */
	int64_t since_ms;          /* the last order; 0 without one */
	int64_t gap_ms;            /* usual gap between orders; 0: there is none yet */
	enum stage stage;
};

struct seg_facts seg_facts_at(const struct seg_profile *profile, int64_t now_ms);

/*
 * What a model looks at; there must be a kept order.  Orders that are not kept in detail any more
 * count as a visit each.
 */
struct forecast_life seg_life_at(const struct seg_profile *profile, const struct seg_facts *facts,
				 int64_t now_ms);

/* Returns the word of a stage. */
const char *seg_stage_text(enum stage stage);
/* Returns the time since the last order beyond which a customer is slipping, and lapsed. */
int64_t seg_slipping_ms(const struct seg_facts *facts);
int64_t seg_lapsed_ms(const struct seg_facts *facts);

#endif
