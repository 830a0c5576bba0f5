/*
 * rung.h - the rungs of the ladder of feedback, each named once.
 *
 * The policy says which of them there are, in which order and how far apart; the review-solicitor
 * knows what answers each.
 */
#ifndef NURTURE_POLICY_RUNG_H
#define NURTURE_POLICY_RUNG_H

#include <stdbool.h>

/* X(name, text, is it a favour) */
/* clang-format off */
#define RUNGS(X)                                                                                   \
	X(RATING, "rating", false)                                                                 \
	X(REVIEW, "review", false)                                                                 \
	X(REFERRAL, "referral", true)                                                              \
	X(TESTIMONIAL, "testimonial", true)                                                        \
	X(EVENT, "event", true)
/* clang-format on */

enum rung_kind {
#define X(name, text, is_favour) RUNG_##name,
	RUNGS(X)
#undef X
	    RUNG_COUNT
};

/* All texts, in the order of the enum. */
extern const char *const rung_texts[RUNG_COUNT];

/* "review"; a constant. */
static inline const char *rung_text(enum rung_kind kind)
{
	return rung_texts[kind];
}

bool rung_is(const char *text, enum rung_kind kind);
/*
 * Whether a rung asks for a favour, as any does that is not of the table: that may depend on how
 * content somebody is.  Rating and review are asked of everybody alike.
 */
bool rung_is_favour(const char *text);

#endif
