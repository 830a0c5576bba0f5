/* base_region_test.c - what shops write for a province, and by which clock its people live. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/region.h"
#include "common/io/config/zoneinfo.h"

static void test_provinces(void **state)
{
	static const struct {
		const char *country, *province, *region, *zone;
	} cases[] = {
	    {"US", "CA", "US-CA", "America/Los_Angeles"},
	    {"US", " tx ", "US-TX", "America/Chicago"},
	    {"US", "TN", "US-TN", ""},
	    {"US", "PR", "US-PR", "America/Puerto_Rico"},
	    {"CA", "ON", "CA-ON", "America/Toronto"},
	    {"CA", "BC", "CA-BC", "America/Vancouver"},
	    {"AU", "WA", "AU-WA", "Australia/Perth"},
	    {"BR", "AM", "BR-AM", "America/Manaus"},
	    {"RU", "PRI", "RU-PRI", "Asia/Vladivostok"},
	    {"MX", "BC", "MX-BCN", "America/Tijuana"},
	    {"MX", "Q ROO", "MX-ROO", "America/Cancun"},
	    {"MX", "BCS", "MX-BCS", "America/Mazatlan"},
	    {"MX", "DF", "MX-CMX", "America/Mexico_City"},
	    {"ES", "TF", "ES-TF", "Atlantic/Canary"},
	    {"ES", "M", "ES-M", "Europe/Madrid"},
	    {"PT", "PT-20", "PT-20", "Atlantic/Azores"},
	    {"ID", "BA", "ID-BA", "Asia/Makassar"},
	    /* what is none, and what needs none */
	    {"US", "ZZ", NULL, NULL},
	    {"US", "N", NULL, NULL},
	    {"US", "", NULL, NULL},
	    {"US", "California", NULL, NULL},
	    {"US", "GB-TX", NULL, NULL},
	    {"MX", "QROO2", NULL, NULL},
	    {"RU", "M\xd0\x9c", NULL, NULL},
	    {"ES", "Q ROO", NULL, NULL},
	    {"DE", "BY", NULL, NULL},
	    {"", "TX", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char region[REGION_BYTES];
		bool is_one =
		    region_of(slice_text(cases[i].country), slice_text(cases[i].province), region);

		if (is_one != (cases[i].region != NULL))
			fail_msg("%s %s", cases[i].country, cases[i].province);
		if (!is_one)
			continue;
		assert_string_equal(region, cases[i].region);
		assert_string_equal(region_zone(slice_text(region)), cases[i].zone);
	}
	assert_string_equal(region_zone(slice_text("")), "");
	assert_string_equal(region_zone(slice_text("US-")), "");
	assert_string_equal(region_zone(slice_text("DE-BY")), "");
}

/* Every zone is one that this machine has, or a typing error would be nobody's clock. */
static void test_zones(void **state)
{
	static const char *const countries[] = {"AU", "BR", "CA", "CL", "EC", "ES",
						"ID", "MX", "NZ", "PT", "RU", "US"};
	struct zones *zones;
	unsigned found = 0;
	struct err err;

	(void)state;
	if (zoneinfo_load("/usr/share/zoneinfo", &zones, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t c = 0; c < sizeof(countries) / sizeof(*countries); c++)
		for (int code = 0; code < 27 * 27 * 27; code++) {
			char text[] = {(char)('@' + code / 729), (char)('@' + code / 27 % 27),
				       (char)('@' + code % 27), '\0'};
			char region[REGION_BYTES];
			const char *start = text + strspn(text, "@"), *zone;

			if (strchr(start, '@') ||
			    !region_of(slice_text(countries[c]), slice_text(start), region))
				continue;
			zone = region_zone(slice_text(region));
			if (*zone && !zones_find(zones, slice_text(zone)))
				fail_msg("%s: %s", region, zone);
			found++;
		}
	assert_true(found > 300);
	zones_free(zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_provinces),
					   cmocka_unit_test(test_zones)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
