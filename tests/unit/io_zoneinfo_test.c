/* The system's zones as a whole, and directories that are not as they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/country.h"
#include "common/io/config/zoneinfo.h"

#define ZONE_ROOT "/usr/share/zoneinfo"

static void test_the_system(void **state)
{
	const struct zone *found[64];
	struct zones *zones;
	struct err err;

	(void)state;
	if (access(ZONE_ROOT "/zone.tab", R_OK) < 0) {
		print_message("skipped: no " ZONE_ROOT "/zone.tab\n");
		skip();
	}
	assert_int_equal(zoneinfo_load(ZONE_ROOT, &zones, &err), 0);
	assert_non_null(zones_find(zones, slice_text("Europe/London")));
	assert_non_null(zones_find(zones, slice_text("America/Argentina/Buenos_Aires")));
	assert_non_null(zones_find(zones, slice_text("UTC")));
	assert_null(zones_find(zones, slice_text("right/Europe/London")));
	assert_null(zones_find(zones, slice_text("posix/Europe/London")));
	assert_null(zones_find(zones, slice_text("localtime")));
	assert_null(zones_find(zones, slice_text("zone.tab")));
	assert_int_equal(zones_of_country(zones, slice_text("GB"), found, 64), 1);
	assert_ptr_equal(found[0], zones_find(zones, slice_text("Europe/London")));
	assert_in_range(zones_of_country(zones, slice_text("US"), found, 64), 20, 40);
	zones_free(zones);
	/* A slash at the end changes no name. */
	assert_int_equal(zoneinfo_load(ZONE_ROOT "/", &zones, &err), 0);
	assert_non_null(zones_find(zones, slice_text("Europe/London")));
	zones_free(zones);
}

/* Who lives in a country of several zones must live in one of them by the table. */
static void test_main_zone_of_each_country(void **state)
{
	const struct zone *found[64];
	struct zones *zones;
	struct err err;
	unsigned several = 0;

	(void)state;
	if (access(ZONE_ROOT "/zone.tab", R_OK) < 0) {
		print_message("skipped: no " ZONE_ROOT "/zone.tab\n");
		skip();
	}
	assert_int_equal(zoneinfo_load(ZONE_ROOT, &zones, &err), 0);
	for (int i = 0; i < 26 * 26; i++) {
		char code[] = {(char)('A' + i / 26), (char)('A' + i % 26), '\0'};
		size_t count = zones_of_country(zones, slice_text(code), found, 64);
		const struct zone *main;
		bool is_among = false;

		if (count < 2 || !country_is_known(slice_text(code)))
			continue;
		several++;
		main = zones_find(zones, slice_text(country_main_zone(slice_text(code))));
		for (size_t n = 0; n < count; n++)
			is_among = is_among || found[n] == main;
		if (!is_among)
			fail_msg("%s: no main zone, or one that is not the country's", code);
		assert_ptr_equal(zones_for_country(zones, slice_text(code), NULL), main);
	}
	assert_in_range(several, 25, 40);
	/* Every country that is accepted has a clock; Bouvet and Heard have nobody to look at
	 * it. */
	for (int i = 0; i < 26 * 26; i++) {
		char code[] = {(char)('A' + i / 26), (char)('A' + i % 26), '\0'};

		if (country_is_known(slice_text(code)) && strcmp(code, "BV") != 0 &&
		    strcmp(code, "HM") != 0 && !zones_for_country(zones, slice_text(code), NULL))
			fail_msg("%s: no zone", code);
	}
	zones_free(zones);
}

/* A shop's zone by another name lies where its zone does; a link to it from elsewhere does not. */
static void test_shop_in_country(void **state)
{
	struct zones *zones;
	struct err err;
	const struct zone *pacific, *panama;

	(void)state;
	if (access(ZONE_ROOT "/zone.tab", R_OK) < 0) {
		print_message("skipped: no " ZONE_ROOT "/zone.tab\n");
		skip();
	}
	assert_int_equal(zoneinfo_load(ZONE_ROOT, &zones, &err), 0);
	pacific = zones_find(zones, slice_text("US/Pacific"));
	panama = zones_find(zones, slice_text("America/Panama"));
	if (pacific)
		assert_ptr_equal(zones_for_country(zones, slice_text("US"), pacific), pacific);
	assert_ptr_equal(zones_for_country(zones, slice_text("CA"), panama),
			 zones_find(zones, slice_text("America/Toronto")));
	assert_ptr_equal(zones_for_country(zones, slice_text("PA"), NULL), panama);
	assert_ptr_equal(zones_for_country(zones, slice_text("XK"), NULL),
			 zones_find(zones, slice_text("Europe/Belgrade")));
	assert_ptr_equal(zones_for_country(zones, slice_text("UK"), NULL),
			 zones_find(zones, slice_text("Europe/London")));
	assert_null(zones_for_country(zones, slice_text("ZZ"), pacific));
	zones_free(zones);
}

static void put(const char *directory, const char *name, const void *bytes, size_t len)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static void put_text(const char *directory, const char *name, const char *text)
{
	put(directory, name, text, strlen(text));
}

static void take_away(const char *directory, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	unlink(path);
}

static void refuse(const char *directory, const char *expected)
{
	struct zones *zones = NULL;
	struct err err;

	assert_int_equal(zoneinfo_load(directory, &zones, &err), -1);
	assert_null(zones);
	assert_int_equal(err.kind, ERR_CONFIG);
	if (!strstr(err.text, expected))
		fail_msg("\"%s\" lacks \"%s\"", err.text, expected);
}

/* Version 1: one type, UTC. */
static const char utc_file[] = "TZif\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			       "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
			       "\0\0\0\0\0\0UTC";

static void test_directories_that_are_wrong(void **state)
{
	char directory[] = "/tmp/nurture-zones-XXXXXX";
	struct zones *zones;
	struct err err;

	(void)state;
	refuse("/nonexistent", "NURTURE_ZONEINFO: /nonexistent: No such file");
	assert_non_null(mkdtemp(directory));
	refuse(directory, "expected TZif files, found none; is tzdata installed?");
	put(directory, "Home", utc_file, sizeof(utc_file));
	refuse(directory, "zone.tab: No such file");
	put_text(directory, "zone.tab", "# a table\nXX\t+0+0\tHome\tnote\n");
	assert_int_equal(zoneinfo_load(directory, &zones, &err), 0);
	assert_int_equal(zones_of_country(zones, slice_text("XX"), NULL, 0), 1);
	assert_int_equal(zone_offset_s(zones_find(zones, slice_text("Home")), 0), 0);
	zones_free(zones);
	put_text(directory, "zone.tab", "# a table\nXX +0+0 Home\n");
	refuse(directory, "zone.tab:2: expected country, place and zone with tabs");
	put(directory, "Home", utc_file, sizeof(utc_file) - 1);
	refuse(directory, "/Home: expected");
	take_away(directory, "Home");
	take_away(directory, "zone.tab");
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_main_zone_of_each_country),
	    cmocka_unit_test(test_shop_in_country),
	    cmocka_unit_test(test_the_system),
	    cmocka_unit_test(test_directories_that_are_wrong),
	};

	return cmocka_run_group_tests_name("io_zoneinfo", tests, NULL, NULL);
}
