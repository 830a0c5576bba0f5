/* labels.h - statuses, rules and reasons as people say them. Pure. */
#ifndef NURTURE_NURTURECTL_OUTCOMES_LABELS_H
#define NURTURE_NURTURECTL_OUTCOMES_LABELS_H

#include "common/base/buf.h"
#include "common/policy/policy.h"
#include "common/message/outcome.h"

/* "sent", "ended: its time ran out", ... */
const char *words_status(enum status status);

/* "7 days", "20 hours", "1 day": as a policy would say it. */
const char *words_duration(int64_t ms, char *buf, size_t size);

/* "at most 2 in 7 days"; "at least 20 hours apart". */
void words_cap(const struct cap *cap, struct buf *out);

/*
 * What kind of thing held it back: "cap week: at most 2 in 7 days",
 * "quiet hours", "room kept for something more important", ...
 */
void words_rule(const struct policy *policy, const char *rule, struct buf *out);

/* The rule with its counts; not who won and when it is possible. policy may be NULL. */
void words_reason(const struct policy *policy, const Nurture__V1__Reason *reason, struct buf *out);

/* "12,345". */
const char *words_number(int64_t number, char *buf, size_t size);
/* "1 order", "12,345 orders". */
void words_count(int64_t number, const char *one, const char *many, struct buf *out);

#endif
