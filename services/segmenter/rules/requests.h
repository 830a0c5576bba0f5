/* requests.h - a programme that is set off becomes a request for each of its actions. */
#ifndef NURTURE_SEGMENTER_RULES_REQUESTS_H
#define NURTURE_SEGMENTER_RULES_REQUESTS_H

#include "services/segmenter/profile/decision.h"

/*
 * key says which triggering it was: the same programme, customer and key are
 * the same requests for ever.  instead_of names the programme that it stands
 * in for, or is "".  Returns when the last of them expires.
 */
int64_t seg_requests_emit(struct seg_decision *decision, const struct programme *programme,
			  const char *instead_of, const char *key, int64_t triggered_ms);

/* What the requests of a programme are about now: a category of goods, or "". */
const char *seg_request_category(const struct seg_decision *decision,
				 const struct programme *programme);
/*
 * Would it be about goods that a refund of a part has given back: those of its category, or
 * all of them, when it is about what was ordered?
 */
bool seg_request_is_of_returned(const struct seg_decision *decision,
				const struct programme *programme);

#endif
