/*
 * policy_fixture.h - a few time zones made of their rules alone, and a policy
 * from text: what tests of the policy file need, without the system's zones.
 */
#ifndef NURTURE_TESTS_POLICY_FIXTURE_H
#define NURTURE_TESTS_POLICY_FIXTURE_H

#include <stdlib.h>

#include "common/base/buf.h"
#include "common/policy/policy.h"

/* A TZif file (RFC 8536) of version 2 without transitions: its footer says all. */
static inline void fixture_zone(struct zones *zones, const char *name, const char *rule)
{
	static const char block[44 + 6 + 4] = "TZif2"
					      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"   /* unused */
					      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" /* no lists */
					      "\0\0\0\1\0\0\0\4" /* a type, a name */
					      "\0\0\0\0\0\0"
					      "LMT";
	struct buf tzif = BUF_MAX(1024);
	struct zone *zone;
	struct err err;

	buf_add(&tzif, block, sizeof(block));
	buf_add(&tzif, block, sizeof(block));
	buf_printf(&tzif, "\n%s\n", rule);
	if (zone_parse(buf_slice(&tzif), &zone, &err) < 0)
		abort();
	zones_add(zones, name, zone);
	buf_free(&tzif);
}

/* The caller frees with zones_free(). */
static inline struct zones *fixture_zones(void)
{
	struct zones *zones = zones_new();

	fixture_zone(zones, "UTC", "UTC0");
	fixture_zone(zones, "Europe/London", "GMT0BST,M3.5.0/1,M10.5.0");
	fixture_zone(zones, "Europe/Vienna", "CET-1CEST,M3.5.0,M10.5.0/3");
	zones_add_country(zones, "GB", "Europe/London");
	zones_add_country(zones, "AT", "Europe/Vienna");
	return zones;
}

/* The templates of the example policy. */
static inline const char *const *fixture_templates(void)
{
	static const char *const templates[] = {"welcome-back",
						"tips",
						"birthday",
						"we-miss-you",
						"feedback-rating",
						"feedback-review",
						"feedback-referral",
						"feedback-testimonial",
						"feedback-event",
						"feedback-reminder",
						NULL};

	return templates;
}

#endif
