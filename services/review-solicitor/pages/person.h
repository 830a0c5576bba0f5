/*
 * person.h - what a person's own page shows: the contact as the scheduler acts
 * on it, and what waits.  From the scheduler's state, only looked at.  Pure.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PERSON_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PERSON_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/policy/policy.h"

enum { SOL_OWN_MAX = 4, SOL_PLANS_MAX = 8 };

/* The person's own: at most so many mails in so many days. */
struct sol_own {
	unsigned limit, days;
};

/* What a person may choose. */
struct sol_preferences {
	uint64_t agreed; /* bit set over policy.classes: those that need consent and have it */
	bool clicks;     /* it may be noted which links are followed; never where nobody counts */
	int64_t paused_until_ms; /* 0: no */
	struct sol_own own[SOL_OWN_MAX];
	unsigned own_count;
	const char *locale; /* as the shop or the person said it; "": never */
};

enum sol_plan_kind { SOL_PLAN_AT, SOL_PLAN_FOLLOWS, SOL_PLAN_HELD };

struct sol_plan {
	const char *programme; /* by name */
	int message_class;     /* index, or -1: the policy has it no longer */
	enum sol_plan_kind kind;
	int64_t at_ms; /* AT: not before */
};

struct sol_person {
	bool is_known; /* there is a contact that was not erased */
	const char *email, *country, *time_zone;
	bool bounces; /* the address takes no mail */
	struct sol_preferences preferences;
	struct sol_plan plans[SOL_PLANS_MAX]; /* mails only, the next first */
	unsigned plan_count;
};

/*
 * Reads a person from a nurture.v1.Ledger; an empty state is that of nobody. Texts are the arena's.
 * Of a customer who was merged there is nothing to be shown under this id: an error.
 */
int sol_person_read(const struct policy *policy, struct slice state, struct arena *arena,
		    struct sol_person *ret, struct err *err);

#endif
