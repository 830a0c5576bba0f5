/*
 * strings.h - the words of the catalogue (deploy/words) that the service itself
 * chooses: notices, plans, dates.  All others are named by the templates.  Pure.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_STRINGS_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_STRINGS_H

#include "common/base/civil.h"
#include "common/template/words.h"

/* clang-format off */
#define SOL_WORDS(X)                                                                               \
	X(NO_SCORE, "no-score")                                                                    \
	X(UNREADABLE, "unreadable")                                                                \
	X(SCORE_1, "score-1")                                                                      \
	X(SCORE_2, "score-2")                                                                      \
	X(SCORE_3, "score-3")                                                                      \
	X(SCORE_4, "score-4")                                                                      \
	X(SCORE_5, "score-5")                                                                      \
	X(CARE, "care")                                                                            \
	X(CARE_ABOUT, "care-about")                                                                \
	X(FEEDBACK, "feedback")                                                                    \
	X(FEEDBACK_ABOUT, "feedback-about")                                                        \
	X(PROMOTION, "promotion")                                                                  \
	X(PROMOTION_ABOUT, "promotion-about")                                                      \
	X(OFTEN_SHOP, "often-shop")                                                                \
	X(OFTEN_WEEK, "often-week")                                                                \
	X(OFTEN_MONTH_2, "often-month-2")                                                          \
	X(OFTEN_MONTH, "often-month")                                                              \
	X(OFTEN_QUARTER, "often-quarter")                                                          \
	X(OFTEN_KEPT, "often-kept")                                                                \
	X(OFTEN_KEPT_ONE, "often-kept-one")                                                        \
	X(SAVED, "saved")                                                                          \
	X(UNCHANGED, "unchanged")                                                                  \
	X(STALE, "stale")                                                                          \
	X(FORM_UNREADABLE, "form-unreadable")                                                      \
	X(PLAN_SOON, "plan-soon")                                                                  \
	X(PLAN_FROM, "plan-from")                                                                  \
	X(PLAN_AFTER, "plan-after")                                                                \
	X(PLAN_CASE, "plan-case")                                                                  \
	X(PLAN_OTHER, "plan-other")                                                                \
	X(FORGET_WRONG, "forget-wrong")                                                            \
	X(DATE, "date")                                                                            \
	X(MONTH_1, "month-1")                                                                      \
	X(MONTH_2, "month-2")                                                                      \
	X(MONTH_3, "month-3")                                                                      \
	X(MONTH_4, "month-4")                                                                      \
	X(MONTH_5, "month-5")                                                                      \
	X(MONTH_6, "month-6")                                                                      \
	X(MONTH_7, "month-7")                                                                      \
	X(MONTH_8, "month-8")                                                                      \
	X(MONTH_9, "month-9")                                                                      \
	X(MONTH_10, "month-10")                                                                    \
	X(MONTH_11, "month-11")                                                                    \
	X(MONTH_12, "month-12")
/* clang-format on */

enum sol_word {
#define X(name, key) SOL_SAY_##name,
	SOL_WORDS(X)
#undef X
	    SOL_WORD_COUNT
};

/* In the catalogue: "no-score". */
const char *sol_word_key(enum sol_word word);
const char *sol_say(const struct words *words, unsigned language, enum sol_word word);
/* With {name} filled by value.  The arena's. */
const char *sol_said(const struct words *words, unsigned language, enum sol_word word,
		     const char *name, const char *value, struct arena *arena);
/* "3 December 2026", "3. Dezember 2026".  The arena's. */
const char *sol_date(const struct words *words, unsigned language, struct civil_date date,
		     struct arena *arena);

#endif
