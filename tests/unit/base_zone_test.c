/*
 * Zones made by hand: the gap and the overlap by name, files that are not
 * well-formed, the ends of the calendar, and the catalog.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "zone_file.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void check_instant(const struct zone *zone, const char *local, const char *expected)
{
	char found[RFC3339_BYTES], utc[40];
	int64_t local_ms = 0;
	struct err err;

	snprintf(utc, sizeof(utc), "%sZ", local);
	assert_int_equal(rfc3339_parse(slice_text(utc), &local_ms, &err), 0);
	rfc3339_text(zone_instant(zone, civil_from_days(local_ms / DAY_MS), local_ms % DAY_MS),
		     found);
	assert_string_equal(found, expected);
}

static void test_gap_and_overlap(void **state)
{
	struct zone *berlin = zone_of_rule("CET-1CEST,M3.5.0,M10.5.0/3");

	(void)state;
	check_instant(berlin, "2026-03-29T01:59:59", "2026-03-29T00:59:59Z");
	check_instant(berlin, "2026-03-29T02:00:00", "2026-03-29T01:00:00Z");
	check_instant(berlin, "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"); /* shown as 03:30 */
	check_instant(berlin, "2026-03-29T03:00:00", "2026-03-29T01:00:00Z");
	check_instant(berlin, "2026-10-25T01:59:59", "2026-10-24T23:59:59Z");
	check_instant(berlin, "2026-10-25T02:00:00", "2026-10-25T00:00:00Z");
	check_instant(berlin, "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"); /* the first of two */
	check_instant(berlin, "2026-10-25T02:59:59.999", "2026-10-25T00:59:59.999Z");
	check_instant(berlin, "2026-10-25T03:00:00", "2026-10-25T02:00:00Z");
	zone_free(berlin);
}

/* Samoa left out 30 December 2011. */
static void test_a_day_that_was_left_out(void **state)
{
	static const struct file_change changes[] = {{1325239200, 1}};
	static const int32_t offsets_s[] = {-10 * 3600, 14 * 3600};
	struct buf file = BUF_MAX(10000);
	struct civil_date date;
	struct zone *apia;
	struct err err;
	int64_t ms_of_day;

	(void)state;
	add_block(&file, 4, changes, 1, offsets_s, 2);
	add_block(&file, 8, changes, 1, offsets_s, 2);
	buf_text(&file, "\n\n");
	assert_int_equal(zone_parse(buf_slice(&file), &apia, &err), 0);
	date = zone_date(apia, INT64_C(1325239200000) - 1, &ms_of_day);
	assert_int_equal(date.day, 29);
	assert_int_equal(ms_of_day, DAY_MS - 1);
	date = zone_date(apia, INT64_C(1325239200000), &ms_of_day);
	assert_int_equal(date.day, 31);
	assert_int_equal(ms_of_day, 0);
	check_instant(apia, "2011-12-30T09:00:00", "2011-12-30T19:00:00Z");
	assert_true(zone_steady_until(apia, 0) == INT64_C(1325239200000));
	assert_true(zone_steady_until(apia, INT64_C(1325239200000)) == NEVER_MS);
	zone_free(apia);
	buf_free(&file);
}

static void test_every_cut_of_a_file_is_refused(void **state)
{
	static const struct file_change changes[] = {{100, 1}, {200, 0}};
	static const int32_t offsets_s[] = {3600, 7200};
	struct buf file = BUF_MAX(10000);
	struct err err;
	size_t whole;

	(void)state;
	add_block(&file, 4, changes, 2, offsets_s, 2);
	add_block(&file, 8, changes, 2, offsets_s, 2);
	buf_text(&file, "\nCET-1\n");
	whole = file.len;
	assert_int_equal(refuse(&file, &err), 0);
	for (file.len = 0; file.len < whole; file.len++)
		assert_int_equal(refuse(&file, &err), -1);
	file.len = whole;
	buf_char(&file, 'x');
	assert_int_equal(refuse(&file, &err), -1);
	buf_free(&file);
}

/* One byte of a good file is made bad. */
static void test_fields_out_of_range(void **state)
{
	enum { SECOND = 44 + 2 * 5 + 2 * 6 + 4, TYPES = SECOND + 44 + 2 * 9 };
	static const struct {
		size_t at;
		char byte;
		const char *text;
	} cases[] = {
	    {0, 'X', "expected a TZif header"},
	    {4, '1', "expected TZif version 1 to 4"},
	    {SECOND, 'X', "second block: expected a TZif header"},
	    {SECOND + 28, 127, "second block: expected"}, /* leap seconds that are not there */
	    {SECOND + 32, 127, "second block: expected"},
	    {SECOND + 44 + 7, (char)201, "transition 1: expected a later time"},
	    {SECOND + 44 + 16, 2, "transition 0: expected"},
	    {TYPES, 1, "local time type 0: expected an offset"},
	    {TYPES + 4, 2, "local time type 0 is not well-formed"},
	    {TYPES + 5, 4, "local time type 0 is not well-formed"},
	    {TYPES + 2 * 6 + 4, 'x', "expected a footer"},
	};
	static const struct file_change changes[] = {{100, 1}, {200, 0}};
	static const int32_t offsets_s[] = {3600, 7200};
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf file = BUF_MAX(10000);

		add_block(&file, 4, changes, 2, offsets_s, 2);
		add_block(&file, 8, changes, 2, offsets_s, 2);
		buf_text(&file, "\n\n");
		file.bytes[cases[i].at] = cases[i].byte;
		if (refuse(&file, &err) == 0 || !strstr(err.text, cases[i].text))
			fail_msg("byte %zu: \"%s\"", cases[i].at, err.text);
		buf_free(&file);
	}
}

static void test_times_beyond_the_calendar(void **state)
{
	static const int64_t times_ms[] = {
	    INT64_MIN,    INT64_MIN + 1, -INT64_C(62135596800001), INT64_C(253402300800000),
	    NEVER_MS - 1, NEVER_MS};
	struct zone *zone = zone_of_rule("CET-1CEST,M3.5.0,M10.5.0/3");
	int64_t ms_of_day;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(times_ms); i++) {
		zone_offset_s(zone, times_ms[i]);
		zone_date(zone, times_ms[i], &ms_of_day);
		assert_true(ms_of_day >= 0 && ms_of_day < DAY_MS);
		assert_true(zone_steady_until(zone, times_ms[i]) >= times_ms[i]);
	}
	zone_instant(zone, (struct civil_date){9999, 12, 31}, DAY_MS - 1);
	zone_instant(zone, (struct civil_date){1, 1, 1}, 0);
	zone_free(zone);
}

static void test_catalog(void **state)
{
	struct zones *zones = zones_new();
	struct zone *utc = zone_of_rule("UTC0"), *cet = zone_of_rule("CET-1");
	const struct zone *found[2];

	(void)state;
	zones_add_country(zones, "DE", "Europe/Berlin");
	zones_add_country(zones, "de", "Europe/Busingen");
	zones_add_country(zones, "DE", "Europe/Missing");
	zones_add_country(zones, "NONE", "Europe/Berlin");
	assert_int_equal(zones_of_country(zones, slice_text("DE"), found, 2), 0);
	zones_add(zones, "Europe/Busingen", cet);
	zones_add(zones, "UTC", zone_of_rule("XXX5"));
	zones_add(zones, "UTC", utc);
	zones_add(zones, "Europe/Berlin", zone_of_rule("CET-1CEST,M3.5.0,M10.5.0/3"));
	assert_ptr_equal(zones_find(zones, slice_text("UTC")), utc);
	assert_ptr_equal(zones_find(zones, slice_text("Europe/Busingen")), cet);
	assert_ptr_equal(zones_find(zones, slice_text("utc")),
			 zones_find(zones, slice_text("UTC")));
	assert_null(zones_find(zones, slice_text("UT")));
	assert_null(zones_find(zones, slice_text("UTCx")));
	assert_null(zones_find(zones, slice_of(NULL, 0)));
	assert_null(zones_find(zones, slice_text("Europe/Missing")));
	assert_int_equal(zones_of_country(zones, slice_text("dE"), found, 2), 2);
	assert_ptr_equal(found[0], zones_find(zones, slice_text("Europe/Berlin")));
	assert_ptr_equal(found[1], cet);
	assert_int_equal(zones_of_country(zones, slice_text("DE"), found, 0), 2);
	assert_int_equal(zones_of_country(zones, slice_text("XX"), found, 2), 0);
	assert_int_equal(zones_of_country(zones, slice_text(""), found, 2), 0);
	zones_free(zones);
	zones_free(NULL);
}

static void test_many_names(void **state)
{
	struct zones *zones = zones_new();
	char name[16];

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "Z%u", i * 7919 % 2000);
		zones_add(zones, name, zone_of_rule("UTC0"));
	}
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "Z%u", i);
		assert_non_null(zones_find(zones, slice_text(name)));
	}
	zones_free(zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_gap_and_overlap),
	    cmocka_unit_test(test_a_day_that_was_left_out),
	    cmocka_unit_test(test_every_cut_of_a_file_is_refused),
	    cmocka_unit_test(test_fields_out_of_range),
	    cmocka_unit_test(test_times_beyond_the_calendar),
	    cmocka_unit_test(test_catalog),
	    cmocka_unit_test(test_many_names),
	};

	return cmocka_run_group_tests_name("base_zone", tests, NULL, NULL);
}
