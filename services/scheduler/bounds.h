/*
 * bounds.h - how much a ledger may remember, so that it always is a record that Kafka takes.  Pure.
 *
 * One person has no way to fill it; many who are merged into one have.
 */
#ifndef NURTURE_SCHEDULER_BOUNDS_H
#define NURTURE_SCHEDULER_BOUNDS_H

#include "decision.h"

/*
 * Forgets what is too much: of the sends the oldest that no rule has to count, those first that are no
 * mails under way; of the requests that are over those whose repeat is the first that need not be
 * known any more.
 */
void sched_bound(struct sched_decision *decision);

#endif
