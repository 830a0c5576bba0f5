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

#include "common/io/zoneinfo.h"

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
	    cmocka_unit_test(test_the_system),
	    cmocka_unit_test(test_directories_that_are_wrong),
	};

	return cmocka_run_group_tests_name("io_zoneinfo", tests, NULL, NULL);
}
