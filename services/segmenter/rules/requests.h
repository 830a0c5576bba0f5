/* requests.h - a programme that is set off becomes a request for each of its actions. */
#ifndef NURTURE_SEGMENTER_RULES_REQUESTS_H
#define NURTURE_SEGMENTER_RULES_REQUESTS_H

#include "services/segmenter/profile/decision.h"

/*
 * key names the occasion: the same programme, customer and key always make the same requests.
 * instead_of names the programme for which this one stands in, or is "". Returns when the last of
 * the requests expires.
 */
int64_t seg_requests_emit(struct seg_decision *decision, const struct programme *programme,
			  const char *instead_of, const char *key, int64_t triggered_ms);

/* Returns the category of goods that the programme's requests would be about now, or "". */
const char *seg_request_category(const struct seg_decision *decision,
				 const struct programme *programme);
/*
 * Would the request be about goods that a partial refund has given back? These are the goods of its
 * category or, when it is about what was ordered, all goods.
 */
bool seg_request_is_of_returned(const struct seg_decision *decision,
				const struct programme *programme);

#endif
