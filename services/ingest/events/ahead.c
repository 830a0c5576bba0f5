/* ahead.c - see ahead.h. */
#include "ahead.h"

#include "common/io/process/log.h"

static void keep_most(struct ing_ahead *ahead, size_t source, int64_t by_ms)
{
	int64_t most_ms = atomic_load(&ahead->most_ms[source]);

	while (by_ms > most_ms)
		if (atomic_compare_exchange_weak(&ahead->most_ms[source], &most_ms, by_ms)) {
			metric_set(ahead->counts->most_ahead[source], by_ms);
			return;
		}
}

void ing_ahead_note(struct ing_ahead *ahead, size_t source, int64_t event_ms, int64_t now_ms)
{
	/* Years 1 to 9999: no difference of two overflows. */
	int64_t by_ms = event_ms - now_ms;

	if (by_ms <= ING_AHEAD_TOLERANCE_MS)
		return;
	metric_add(ahead->counts->ahead[source], 1);
	keep_most(ahead, source, by_ms);
	if (atomic_exchange(&ahead->was_said[source], true))
		return;
	log_event(LOG_LEVEL_WARN, "source_clock_ahead", "source", ahead->sources->list[source].name,
		  "by_ms", log_number(by_ms), "meaning",
		  "by the wall clock what it claims of the future counts as its arrival: set its "
		  "clock, or its time zone",
		  NULL);
}
