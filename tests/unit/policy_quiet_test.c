/*
 * Quiet hours against a walk through the minutes: in every zone around every
 * change of the clock in ten years, and in every country.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/config/zoneinfo.h"
#include "common/policy/quiet.h"
#include "every_zone.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
static const int64_t from_ms = INT64_C(1704067200000);  /* 2024-01-01 */
static const int64_t until_ms = INT64_C(2019686400000); /* 2034-01-01 */

/* Nights, a short one inside the hour that is skipped or comes twice, most of the day. */
static const struct quiet_hours samples[] = {
    {false, 21 * 60, 8 * 60}, {false, 90, 150},  {false, 135, 165}, {false, 0, 23 * 60},
    {false, 1410, 30},        {false, 180, 120}, {false, 60, 1440}, {false, 12 * 60, 13 * 60},
};

static int64_t quiet_hours_end(const struct policy *policy, struct slice time_zone,
			       struct slice country, int64_t now_ms)
{
	return sending_time(policy, time_zone, country, NULL, now_ms);
}

static int64_t minute_of_day(const struct zone *zone, int64_t at_ms)
{
	int64_t local_ms = at_ms + zone_offset_s(zone, at_ms) * SECOND_MS;

	return (local_ms % DAY_MS + DAY_MS) % DAY_MS / MINUTE_MS;
}

static bool is_quiet(const struct quiet_hours *quiet, const struct zone *zone, int64_t at_ms)
{
	int64_t minute = minute_of_day(zone, at_ms);

	return quiet->from_min < quiet->to_min
		   ? minute >= quiet->from_min && minute < quiet->to_min
		   : minute >= quiet->from_min || minute < quiet->to_min;
}

/* Each minute of 4 days around a change, walked backwards: the next that is not quiet. */
static void check_change(const char *name, const struct policy *policy, int64_t change_ms)
{
	enum { MINUTES = 4 * 24 * 60 };
	int64_t first_ms = change_ms - MINUTES / 2 * MINUTE_MS;
	int64_t next_ms = -1;

	for (int64_t i = MINUTES - 1; i >= 0; i--) {
		int64_t at_ms = first_ms + i * MINUTE_MS, found_ms;

		if (!is_quiet(&policy->quiet_hours, policy->shop_zone, at_ms))
			next_ms = at_ms;
		if (next_ms < 0 || i % 7)
			continue;
		found_ms = quiet_hours_end(policy, slice_text(""), slice_text(""), at_ms);
		if (found_ms != next_ms)
			fail_msg("%s at %" PRId64 ": %" PRId64 ", should be %" PRId64, name, at_ms,
				 found_ms, next_ms);
		/* Between two minutes too: quiet until the same end, or free at once. */
		found_ms = quiet_hours_end(policy, slice_text(""), slice_text(""), at_ms + 1234);
		assert_true(found_ms == (next_ms == at_ms ? at_ms + 1234 : next_ms));
	}
}

static void visit_zone(const char *name, const struct zone *zone)
{
	struct zones *none = zones_new();
	struct policy policy = {.zones = none, .shop_zone = zone};
	size_t sample = (size_t)(unsigned char)name[0];
	int64_t change_ms = from_ms;

	while (change_ms < until_ms) {
		policy.quiet_hours = samples[sample++ % COUNT_OF(samples)];
		check_change(name, &policy, change_ms);
		change_ms = zone_steady_until(zone, change_ms);
	}
	zones_free(none);
}

static void test_every_zone_around_its_changes(void **state)
{
	(void)state;
	if (!every_zone(visit_zone)) {
		print_message("skipped: %s has no zones\n", ZONE_ROOT);
		skip();
	}
}

static int load_world(void **state)
{
	struct zones *zones = NULL;
	struct err err;

	if (zoneinfo_load(ZONE_ROOT, &zones, &err) < 0)
		print_message("no zones: %s\n", err.text);
	*state = zones;
	return 0;
}

static int free_world(void **state)
{
	zones_free(*state);
	return 0;
}

static struct policy world_policy(struct zones *zones)
{
	return (struct policy){.zones = zones,
			       .shop_zone = zones_find(zones, slice_text("Europe/London")),
			       .quiet_hours = {false, 21 * 60, 8 * 60}};
}

/* The first minute that is quiet in none of the zones, or -1 in two days. */
static int64_t walk(const struct quiet_hours *quiet, const struct zone *const *zones, size_t count,
		    int64_t now_ms)
{
	for (int64_t at_ms = now_ms; at_ms <= now_ms + 2 * DAY_MS; at_ms += MINUTE_MS) {
		size_t free_in = 0;

		while (free_in < count && !is_quiet(quiet, zones[free_in], at_ms))
			free_in++;
		if (free_in == count)
			return at_ms;
	}
	return -1;
}

static void check_country(const struct policy *policy, const char *country, int64_t now_ms)
{
	const struct zone *zones[64];
	size_t count = zones_of_country(policy->zones, slice_text(country), zones, 64);
	int64_t expected_ms = walk(&policy->quiet_hours, zones, count, now_ms);

	if (expected_ms < 0) /* Antarctica, until some clock changes or for ever */
		assert_true(sending_time(policy, slice_text(""), slice_text(country), NULL,
					 now_ms) > now_ms + 2 * DAY_MS);
	else if (quiet_hours_end(policy, slice_text("Not/AZone"), slice_text(country), now_ms) !=
		 expected_ms)
		fail_msg("%s at %" PRId64, country, now_ms);
}

static void test_every_country(void **state)
{
	struct policy policy;
	unsigned countries = 0;

	if (!*state)
		skip();
	policy = world_policy(*state);
	for (int i = 0; i < 26 * 26; i++) {
		char country[] = {(char)('A' + i / 26), (char)('A' + i % 26), '\0'};
		int64_t now_ms = from_ms + i * (5 * DAY_MS + 101 * MINUTE_MS);

		if (!zones_of_country(*state, slice_text(country), NULL, 0))
			continue;
		countries++;
		for (int n = 0; n < 12; n++)
			check_country(&policy, country, now_ms + n * 157 * MINUTE_MS);
	}
	assert_in_range(countries, 200, 300);
}

static void check_at(const struct policy *policy, const char *zone, const char *country,
		     const char *now, const char *expected)
{
	char found[RFC3339_BYTES];
	int64_t now_ms = 0;
	struct err err;

	assert_int_equal(rfc3339_parse(slice_text(now), &now_ms, &err), 0);
	rfc3339_text(quiet_hours_end(policy, slice_text(zone), slice_text(country), now_ms), found);
	assert_string_equal(found, expected);
}

static void test_whose_night_it_is(void **state)
{
	struct policy policy;

	if (!*state)
		skip();
	policy = world_policy(*state);
	check_at(&policy, "", "", "2026-01-10T12:00:00Z", "2026-01-10T12:00:00Z");
	check_at(&policy, "", "", "2026-01-10T20:59:59.999Z", "2026-01-10T20:59:59.999Z");
	check_at(&policy, "", "", "2026-01-10T21:00:00Z", "2026-01-11T08:00:00Z");
	check_at(&policy, "", "", "2026-01-11T07:59:59.999Z", "2026-01-11T08:00:00Z");
	check_at(&policy, "Asia/Tokyo", "US", "2026-01-10T12:00:00Z", "2026-01-10T23:00:00Z");
	/* 08:00 in Honolulu is 18:00 UTC, 21:00 in New York is 02:00 UTC. */
	check_at(&policy, "", "US", "2026-01-10T13:30:00Z", "2026-01-10T18:00:00Z");
	check_at(&policy, "", "us", "2026-01-11T02:00:00Z", "2026-01-11T18:00:00Z");
	check_at(&policy, "", "ZZ", "2026-01-10T21:30:00Z", "2026-01-11T08:00:00Z");
	/* 08:00 in Pristina; a state of before may have UK and XK. */
	check_at(&policy, "", "XK", "2026-01-11T03:00:00Z", "2026-01-11T07:00:00Z");
	policy.shop_zone = zones_find(*state, slice_text("America/Los_Angeles"));
	check_at(&policy, "", "UK", "2026-01-11T03:00:00Z", "2026-01-11T08:00:00Z");
	check_at(&policy, "europe/LONDON", "", "2026-01-11T03:00:00Z", "2026-01-11T08:00:00Z");
	policy.quiet_hours.off = true;
	check_at(&policy, "", "", "2026-01-10T23:00:00Z", "2026-01-10T23:00:00Z");
}

/* A country so wide that it is always night somewhere: what has no window is never sent. */
static void test_no_common_hour(void **state)
{
	struct policy policy;

	if (!*state)
		skip();
	policy = world_policy(*state);
	policy.quiet_hours = (struct quiet_hours){false, 20 * 60, 10 * 60};
	assert_true(quiet_hours_end(&policy, slice_text(""), slice_text("RU"),
				    INT64_C(1768046400000)) == NEVER_MS);
	check_at(&policy, "Europe/Moscow", "RU", "2026-01-10T19:00:00Z", "2026-01-11T07:00:00Z");
	assert_true(quiet_hours_end(&policy, slice_text(""), slice_text("RU"), NEVER_MS) ==
		    NEVER_MS);
}

static void test_zone_of_a_customer(void **state)
{
	struct policy policy;

	if (!*state)
		skip();
	policy = world_policy(*state);
	assert_ptr_equal(customer_zone(&policy, slice_text("Asia/Tokyo"), slice_text("GB")),
			 zones_find(*state, slice_text("Asia/Tokyo")));
	assert_ptr_equal(customer_zone(&policy, slice_text("Nowhere"), slice_text("DE")),
			 zones_find(*state, slice_text("Europe/Berlin")));
	assert_ptr_equal(customer_zone(&policy, slice_of(NULL, 0), slice_text("US")),
			 zones_find(*state, slice_text("America/New_York")));
	assert_ptr_equal(customer_zone(&policy, slice_of(NULL, 0), slice_of(NULL, 0)),
			 policy.shop_zone);
	/* The first line of Brazil is an island in the ocean. */
	assert_ptr_equal(customer_zone(&policy, slice_of(NULL, 0), slice_text("BR")),
			 zones_find(*state, slice_text("America/Sao_Paulo")));
	policy.shop_zone = zones_find(*state, slice_text("US/Pacific"));
	assert_ptr_equal(customer_zone(&policy, slice_of(NULL, 0), slice_text("US")),
			 policy.shop_zone);
	assert_ptr_equal(customer_zone(&policy, slice_of(NULL, 0), slice_text("BR")),
			 zones_find(*state, slice_text("America/Sao_Paulo")));
	assert_ptr_equal(customer_zone(&policy, slice_of(NULL, 0), slice_text("ZZ")),
			 policy.shop_zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_zone_around_its_changes),
	    cmocka_unit_test_setup_teardown(test_every_country, load_world, free_world),
	    cmocka_unit_test_setup_teardown(test_whose_night_it_is, load_world, free_world),
	    cmocka_unit_test_setup_teardown(test_no_common_hour, load_world, free_world),
	    cmocka_unit_test_setup_teardown(test_zone_of_a_customer, load_world, free_world),
	};

	return cmocka_run_group_tests_name("policy_quiet", tests, NULL, NULL);
}
