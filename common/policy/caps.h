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
	/* index in policy.classes, or NO_CLASS when the policy no longer has it */
	int message_class;
	enum channel channel;
	const char *programme, *category;
	bool exempt;
	/*
	 * A merged part of another one's mail: only rules about a programme or a category count it.
	 */
	bool merged;
};

/* A question: may this be sent? */
struct send_question {
	int message_class;
	enum channel channel;
	const char *programme, *category;
	bool exempt; /* only the ceiling binds it */
	bool
	    merged; /* it is to be a merged part of a mail that is granted: only rules about a programme or a category bind it */
	const struct cap
	    *own_caps; /* own allowances of the person, beside the policy's caps; borrowed */
	unsigned own_cap_count;
};

struct cap_verdict {
	bool allowed;
	const struct cap *cap; /* the rule that frees last, NULL when allowed */
	int64_t count;         /* sends in its window at now */
	int64_t eligible_ms; /* first instant at which every cap allows; NEVER_MS when none does */
};

/*
 * May this be sent at now_ms, given the sends so far (any order)?  Every rule
 * that binds the question must allow it; ceiling included.  A rule counts
 * sends s with now - window < s <= now: a send exactly one window old no
 * longer counts.  eligible_ms assumes that nothing else is sent before.
 * Sends in the order of their time are counted much faster.
 */
struct cap_verdict caps_check(const struct policy *policy, const struct ledger_send *sends,
			      size_t send_count, const struct send_question *question,
			      int64_t now_ms);

/* One rule that binds the question, and how it stands at now_ms. */
struct cap_trial {
	const struct cap *cap;
	int64_t count;
	int64_t eligible_ms; /* as far as this rule alone goes */
};
/*
 * All rules that bind the question, in the order of the file, the ceiling
 * next, the person's own last; at most max.  Returns how many there are.
 */
size_t caps_trials(const struct policy *policy, const struct ledger_send *sends, size_t send_count,
		   const struct send_question *question, int64_t now_ms, struct cap_trial *ret,
		   size_t max);

/* Does the rule count such a send, whenever it was? */
bool cap_counts(const struct policy *policy, const struct cap *cap, const struct ledger_send *send);

#endif
