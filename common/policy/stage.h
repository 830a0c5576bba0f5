/*
 * stage.h - how far a customer has come, by the number of orders and the time since the last.
 *
 * Prospects never bought, the new bought once, the loyal eight times or more.  Slipping are those
 * who have been away for longer than twice their usual gap, or 90 days while there is none, and
 * lapsed four times that gap, or 365 days (services/segmenter/profile/facts.c).
 */
#ifndef NURTURE_POLICY_STAGE_H
#define NURTURE_POLICY_STAGE_H

#include <stdint.h>

#define STAGE_LOYAL_ORDERS 8

/* For each: name, word in a policy, and how many orders a customer has at least and at most. */
/* clang-format off */
#define STAGES(X)                                                                                  \
	X(PROSPECT, "prospect", 0, 0)                                                              \
	X(NEW, "new", 1, 1)                                                                        \
	X(ACTIVE, "active", 2, STAGE_LOYAL_ORDERS - 1)                                             \
	X(LOYAL, "loyal", STAGE_LOYAL_ORDERS, INT64_MAX)                                           \
	X(SLIPPING, "slipping", 1, INT64_MAX)                                                      \
	X(LAPSED, "lapsed", 1, INT64_MAX)
/* clang-format on */
enum stage {
#define X(name, word, least, most) STAGE_##name,
	STAGES(X)
#undef X
	    STAGE_COUNT
};

#endif
