/* labels.h - texts for people: of statuses, rules, reasons, durations and numbers. Pure. */
#ifndef NURTURE_NURTURECTL_OUTCOMES_LABELS_H
#define NURTURE_NURTURECTL_OUTCOMES_LABELS_H

#include "common/base/buf.h"
#include "common/policy/policy.h"
#include "common/message/outcome.h"

/* "sent", "ended: its time ran out", ... */
const char *label_status(enum status status);

/* "7 days", "20 hours", "1 day": as a policy would say it. */
const char *label_duration(int64_t ms, char *buf, size_t size);

/* "at most 2 in 7 days"; "at least 20 hours apart". */
void label_cap(const struct cap *cap, struct buf *out);

/*
 * The rule that deferred or ended a request: "cap week: at most 2 in 7 days",
 * "quiet hours", "room kept for something more important", ...
 */
void label_rule(const struct policy *policy, const char *rule, struct buf *out);

/* The rule with its counts, without the winner and the next possible time. policy may be NULL. */
void label_reason(const struct policy *policy, const Nurture__V1__Reason *reason, struct buf *out);

/* "12,345". */
const char *label_number(int64_t number, char *buf, size_t size);
/* "1 order", "12,345 orders". */
void label_count(int64_t number, const char *one, const char *many, struct buf *out);

#endif
