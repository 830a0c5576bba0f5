/* retry.c - see retry.h. */
#include "retry.h"

#include <string.h>

#include "common/base/hash.h"
#include "common/policy/rule.h"

int64_t send_pause_ms(const struct policy *policy, const char *send, uint32_t attempt,
		      uint32_t failures, const char *rule)
{
	int64_t first_ms = policy->retry.first_ms > SECOND_MS ? policy->retry.first_ms : SECOND_MS;
	int64_t most_ms = first_ms, least_ms = first_ms < MINUTE_MS ? first_ms : MINUTE_MS;
	const uint8_t number[4] = {(uint8_t)attempt, (uint8_t)(attempt >> 8),
				   (uint8_t)(attempt >> 16), (uint8_t)(attempt >> 24)};
	const struct slice parts[] = {slice_text("pause"), slice_text(send), slice_of(number, 4)};

	for (uint32_t n = 0; n < failures && most_ms < policy->retry.max_ms; n++)
		most_ms *= 2;
	if (most_ms > policy->retry.max_ms)
		most_ms = policy->retry.max_ms;
	if (failures <= 1 && rule_is(rule, RULE_GREYLISTED))
		least_ms = first_ms;
	if (most_ms <= least_ms)
		return least_ms;
	return least_ms + (int64_t)((double)(most_ms - least_ms) * hash_fraction(parts, 3));
}
