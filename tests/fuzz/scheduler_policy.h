/* scheduler_policy.h - one policy with a bit of everything, for the scheduler's fuzz targets. */
#ifndef NURTURE_TESTS_SCHEDULER_POLICY_H
#define NURTURE_TESTS_SCHEDULER_POLICY_H

#include "tests/unit/policy_fixture.h"

static inline const struct policy *fuzz_policy(void)
{
	static const char text[] =
	    "shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\", "
	    "postal_address: \"1 Quay\"}\n"
	    "classes: {receipt: {needs_consent: false}, care: {}, "
	    "promotion: {holds_on_open_case: true}}\n"
	    "caps:\n"
	    "  - {name: gap, min_gap: 20h, classes: [care, promotion]}\n"
	    "  - {name: week, limit: 2, per: 7d, classes: [care, promotion]}\n"
	    "  - {name: calls, limit: 1, per: 1d, channels: [task]}\n"
	    "quiet_hours: {from: \"21:00\", to: \"08:00\"}\n"
	    "just_bought: {default: 90d}\n";
	static struct policy *policy;
	struct err err;

	if (!policy &&
	    policy_load(slice_text(text), "fuzz.yaml", fixture_zones(), NULL, &policy, &err) < 0)
		abort();
	return policy;
}

#endif
