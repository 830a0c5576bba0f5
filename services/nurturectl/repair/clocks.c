/* clocks.c - see clocks.h. */
#include "clocks.h"

#include <string.h>

#include "common/base/civil.h"
#include "common/stream/clock_check.h"

bool clock_is_ahead(int64_t clock_ms, int64_t now_ms)
{
	return clock_ms > now_ms && clock_ms - now_ms > CLOCK_TOLERANCE_MS;
}

bool clock_is_changed(int64_t clock_ms, int64_t to_ms, int64_t now_ms)
{
	return clock_ms > to_ms || (clock_ms < to_ms && to_ms > now_ms);
}

int clock_set_read(const char *said, int64_t now_ms, int64_t *ret_ms, struct err *err)
{
	*ret_ms = now_ms;
	if (!said || strcmp(said, "now") == 0)
		return 0;
	if (rfc3339_parse(slice_text(said), ret_ms, err) < 0)
		return err_config(err,
				  "--set: expected a time like 2026-03-01T12:00:00Z, or now, found "
				  "\"%s\"",
				  said);
	return 0;
}
