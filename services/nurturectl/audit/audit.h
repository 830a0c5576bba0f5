/*
 * audit.h - every cap counted again from the outcomes alone, by brute force.
 * Pure.
 *
 * The auditor shares no code with the scheduler: what it believes of a policy
 * stands here.  A send is an outcome `sent`, `in_doubt` (it may have arrived),
 * `permitted`, and `task_created` for caps that count tasks.  A rule is broken
 * by a send that it binds when, with that send, more than `limit` sends that
 * it counts lie in the window that ends with it: later than at - window, up to
 * at.  An exempt send is bound by the ceiling only, and of the same instant it
 * comes last.  A request that was merged into another mail is bound and counted
 * only by rules about a programme or a category, and there must be such a
 * mail.  A permit that was released counts until then.  What people have asked
 * for themselves (fewer mails, a pause) is not in the outcomes: not audited.
 *
 * With events also who is behind one inbox, whatever their ids: its mails are
 * counted together, by the same rules; none of a class that somebody behind it
 * has withdrawn and nobody given again later by a word that can be shown; none
 * after a hard bounce.  Who was merged counts with the id that lives from the
 * merge on.  All of that from late_ms after its event, since services hear of
 * it one after the other.  With late_ms 0, where nothing is refused or late, what
 * a rule "inbox:..." held back or ended must have had that reason.
 */
#ifndef NURTURE_NURTURECTL_AUDIT_AUDIT_H
#define NURTURE_NURTURECTL_AUDIT_AUDIT_H

#include "common/base/buf.h"
#include "common/policy/policy.h"
#include "audit_people.h"
#include "services/nurturectl/outcomes/outcomes.h"

enum { AUDIT_SHOWN_MAX = 20 };

struct audit {
	size_t outcomes, customers, requests;
	size_t by_status[STATUS_COUNT];
	size_t broken;       /* windows */
	size_t ended_twice;  /* requests with more than one terminal outcome */
	size_t adrift;       /* requests that were merged into a mail which there is not */
	size_t unpermitted;  /* releases of what ended otherwise, or of one permit again */
	size_t repeated;     /* outcomes whose id was there already */
	size_t waiting;      /* requests without an end */
	size_t other_policy; /* outcomes that another policy decided */
	int64_t late_ms;     /* asked: what was said so shortly before a mail may have missed it */
	size_t inboxes, shared; /* that got mail; shared: under several ids */
	size_t merged;          /* ids that others went into */
	size_t unplaced;        /* mails of which nobody knows the inbox */
	size_t against_word;    /* mails of a class that was withdrawn */
	size_t to_dead;         /* mails after a hard bounce */
	size_t unfounded;       /* held back or ended for an inbox that gave no reason */
	size_t most_7d, most_30d;
	const char *who_7d, *who_30d; /* borrowed from the outcomes; NULL: nothing was sent */
};

/*
 * outcomes are sorted; people NULL: inboxes are not judged.  What is wrong is
 * said in words in findings, the first AUDIT_SHOWN_MAX of each kind.
 */
void audit_run(const struct policy *policy, const struct outcomes *outcomes,
	       const struct audit_people *people, int64_t late_ms, struct audit *ret,
	       struct buf *findings);
bool audit_is_clean(const struct audit *audit);

#endif
