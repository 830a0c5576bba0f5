/* zone_fuzz.c - a TZif file from anywhere: refused, or safe to ask about any time. */
#include <stdlib.h>

#include "common/base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t times_ms[] = {
    INT64_MIN,
    -INT64_C(62135596800000),
    -1,
    0,
    INT64_C(1772366400123),
    INT64_C(4102444800000),
    INT64_C(253402300799999),
    INT64_MAX,
};

static void ask(const struct zone *zone, int64_t time_ms)
{
	int64_t ms_of_day, steady_ms = zone_steady_until(zone, time_ms);
	struct civil_date date = zone_date(zone, time_ms, &ms_of_day);

	if (ms_of_day < 0 || ms_of_day >= DAY_MS || steady_ms < time_ms)
		abort();
	/* Years in the middle of the calendar: what is shown is found again, not later. */
	if (date.year < 2 || date.year > 9998)
		return;
	int64_t back_ms = zone_instant(zone, date, ms_of_day), back_ms_of_day;
	struct civil_date back = zone_date(zone, back_ms, &back_ms_of_day);

	if (back_ms > time_ms || back_ms_of_day != ms_of_day || back.day != date.day)
		abort();
	if (steady_ms != NEVER_MS &&
	    zone_offset_s(zone, steady_ms - 1) != zone_offset_s(zone, time_ms))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zone *zone;
	struct err err;
	int64_t at_ms = 0;

	if (zone_parse(slice_of(data, size), &zone, &err) < 0)
		return 0;
	for (size_t i = 0; i < sizeof(times_ms) / sizeof(times_ms[0]); i++)
		ask(zone, times_ms[i]);
	for (int i = 0; i < 8 && at_ms != NEVER_MS; i++) {
		at_ms = zone_steady_until(zone, at_ms);
		ask(zone, at_ms);
	}
	zone_free(zone);
	return 0;
}
