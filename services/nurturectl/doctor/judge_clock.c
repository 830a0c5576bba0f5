/* judge_clock.c - the brokers' clock beside this machine's; see judge.h. */
#include "common/stream/clock_check.h"
#include "judge.h"

void judge_broker_clock(int64_t stamped_ms, int64_t now_ms, struct findings *findings)
{
	if (stamped_ms > now_ms && stamped_ms - now_ms > CLOCK_TOLERANCE_MS)
		finding_add(findings, FINDING_WRONG, "clock",
			    "set the clock of whichever is wrong, by NTP",
			    "the brokers have stamped a record %.1f s later than it is by this "
			    "machine's clock",
			    (double)(stamped_ms - now_ms) / SECOND_MS);
	else if (stamped_ms != INT64_MIN)
		finding_add(findings, FINDING_OK, "clock", NULL,
			    "the brokers' is not ahead of this machine's: their newest record is "
			    "%.1f s old",
			    stamped_ms > now_ms ? 0.0 : (double)(now_ms - stamped_ms) / SECOND_MS);
}
