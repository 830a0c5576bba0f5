/* why.h - one customer's outcomes as a story: what was said, what was not, and why. Pure. */
#ifndef NURTURE_NURTURECTL_EXPLAIN_WHY_H
#define NURTURE_NURTURECTL_EXPLAIN_WHY_H

#include "common/base/buf.h"
#include "common/policy/policy.h"
#include "services/nurturectl/outcomes/outcomes.h"

struct why_options {
	const struct policy *policy; /* to say what a cap asks; may be NULL */
	const char *programme;       /* only this one; NULL: all */
	int64_t at_ms;               /* as it stood then; NEVER_MS: now */
};

/* outcomes are one customer's, sorted; later ones are dropped. Returns how many requests were
 * told. */
size_t why_tell(struct outcomes *outcomes, const struct why_options *options, struct buf *out);

#endif
