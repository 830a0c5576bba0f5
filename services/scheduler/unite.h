/*
 * unite.h - two ledgers of one person become one.  Pure.
 *
 * What was granted under either id counts from now on; what waits under both is weighed together,
 * after the settling time of new requests.  Of what is known of the person, the stricter word
 * holds until the segmenter, which unites the profiles, has said what it makes of them; of consent
 * that was given or withdrawn after the merge, the newest.
 */
#ifndef NURTURE_SCHEDULER_UNITE_H
#define NURTURE_SCHEDULER_UNITE_H

#include "decision.h"

/*
 * Takes the other ledger in, of the customer who was merged at merged_ms; its texts are borrowed.
 * -1: it is damaged, and nothing of the step may count.
 */
int sched_unite(struct sched_decision *decision, struct sched_ledger *other, int64_t merged_ms,
		struct err *err);

/* The part of it that is about the person. */
void sched_unite_contact(struct sched_decision *decision, const Nurture__V1__Contact *other,
			 int64_t merged_ms);

#endif
