/*
 * facts.h - what follows from a profile at an instant: how many orders, how
 * much, how long ago, and the stage of life.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_FACTS_H
#define NURTURE_SEGMENTER_PROFILE_FACTS_H

#include "profile.h"

/*
 * Prospects never bought, the new bought once, the loyal eight times or more.
 * Slipping: away for longer than twice the usual gap, or 90 days while there
 * is none; lapsed: four times, or 365 days.
 */
#define SEG_STAGES(X)                                                                              \
	X(PROSPECT, "prospect")                                                                    \
	X(NEW, "new")                                                                              \
	X(ACTIVE, "active") X(LOYAL, "loyal") X(SLIPPING, "slipping") X(LAPSED, "lapsed")
enum seg_stage {
#define X(name, text) SEG_STAGE_##name,
	SEG_STAGES(X)
#undef X
};

struct seg_facts {
	int64_t orders; /* that were kept */
	int64_t spent_e4;
	int64_t first_ms, last_ms; /* SEG_NEVER without an order */
	int64_t since_ms;          /* the last order; 0 without one */
	int64_t gap_ms;            /* usual gap between orders; 0: there is none yet */
	enum seg_stage stage;
};

struct seg_facts seg_facts_at(const struct seg_profile *profile, int64_t now_ms);

const char *seg_stage_text(enum seg_stage stage);
/* The time since the last order beyond which a customer is slipping, and lapsed. */
int64_t seg_slipping_ms(const struct seg_facts *facts);
int64_t seg_lapsed_ms(const struct seg_facts *facts);

#endif
