/*
 * caps.h - the one place that counts sends against caps.  Pure.
 *
 * The scheduler asks before it grants, the email-sender asks again before
 * DATA (a retry may come hours late), the auditor asks of the books.
 */
#ifndef NURTURE_POLICY_CAPS_H
#define NURTURE_POLICY_CAPS_H

#include "policy.h"

/* A send as it stands in a ledger; class and category are frozen at the grant. */
struct ledger_send {
	int64_t at_ms;
	int message_class;    /* index in policy.classes, or NO_CLASS when the policy no longer has it */
	enum channel channel;
	const char *programme, *category;
	bool exempt;
};

/* What one asks for. */
struct send_question {
	int message_class;
	enum channel channel;
	const char *programme, *category;
	bool exempt;	      /* only the ceiling binds it */
};

struct cap_verdict {
	bool allowed;
	const struct cap *cap; /* the rule that frees last, NULL when allowed */
	int64_t count;	       /* sends in its window at now */
	int64_t eligible_ms;   /* first instant at which every cap allows; NEVER_MS when none does */
};

/*
 * May this be sent at now_ms, given the sends so far (any order)?  Every rule
 * that binds the question must allow it; ceiling included.  A rule counts
 * sends s with now - window < s <= now: a send exactly one window old no
 * longer counts.  eligible_ms assumes that nothing else is sent before.
 */
struct cap_verdict caps_check(const struct policy *policy, const struct ledger_send *sends,
			      size_t send_count, const struct send_question *question,
			      int64_t now_ms);

#endif
