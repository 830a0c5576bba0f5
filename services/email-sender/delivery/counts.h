/*
 * counts.h - what became of mails, by domain, as metrics.
 *
 * A domain that has a rule of its own is counted under that; others under their
 * mailbox provider (gmail, microsoft, yahoo, icloud), or as "other".
 * So there are never more series than rules and mailbox providers.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_COUNTS_H
#define NURTURE_EMAIL_SENDER_DELIVERY_COUNTS_H

#include "classify.h"
#include "delivery.h"

struct send_counts;
struct send_counters; /* of one label */

/* Registers the metrics that are not there yet. */
struct send_counts *send_counts_open(const struct delivery *delivery);
void send_counts_close(struct send_counts **counts); /* the metrics stay. NULL-safe, sets NULL */

/* Returns the counters that a domain is counted under; never NULL. */
struct send_counters *send_counts_of(const struct send_counts *counts,
				     const struct delivery_rule *rule, const char *domain);

/* Counts an attempt: what came of it, and how long it kept the server. */
void send_count_attempt(struct send_counters *counters, const struct send_judgement *judgement,
			const struct smtp_answer *answer, int64_t dialogue_ms);
/* Counts a mail handed back before it began: "rate", "warm_up", "slowed", "blocked" or "busy". */
void send_count_deferred(struct send_counters *counters, const char *rule);
/* Counts circuits up (by is 1) or down (-1). */
void send_count_circuit(struct send_counters *counters, int by);
void send_count_relay_circuit(const struct send_counts *counts, int by);
/* Counts a rate that this instance kept alone, since Redis did not answer. */
void send_count_local_rate(struct send_counters *counters);

#endif
