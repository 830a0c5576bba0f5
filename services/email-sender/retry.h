/*
 * retry.h - how long to wait after an attempt without success.  Pure.
 *
 * Full jitter: anything between a floor and a ceiling that doubles, so that
 * what failed together does not come back together.  The same send and
 * attempt give the same pause for ever.
 */
#ifndef NURTURE_EMAIL_SENDER_RETRY_H
#define NURTURE_EMAIL_SENDER_RETRY_H

#include "common/policy/policy.h"

/*
 * failures: how many attempts have failed, with this one; attempt: its number.
 * rule: "greylisted" the first time waits between `first` and twice that (15 to
 * 30 minutes, unless the policy says otherwise), since who comes back earlier begins anew.
 */
int64_t send_pause_ms(const struct policy *policy, const char *send, uint32_t attempt,
		      uint32_t failures, const char *rule);

#endif
