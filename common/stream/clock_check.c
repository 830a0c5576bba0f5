/* clock_check.c - see clock_check.h. */
#include "clock_check.h"

int clock_check(int64_t began_ms, int64_t ended_ms, int64_t broker_ms, struct err *err)
{
	char ours[RFC3339_BYTES], theirs[RFC3339_BYTES];
	int64_t at_ms;

	if (began_ms - broker_ms > CLOCK_TOLERANCE_MS)
		at_ms = began_ms;
	else if (broker_ms - ended_ms > CLOCK_TOLERANCE_MS)
		at_ms = ended_ms;
	else
		return 0;
	return err_environment(
	    err,
	    "this machine's clock says %s, the Kafka broker's says %s: nothing is "
	    "decided before one of them is set right",
	    rfc3339_text(at_ms, ours), rfc3339_text(broker_ms, theirs));
}

int clock_check_drift(int64_t wall_ms, int64_t monotonic_ms, int64_t wall_at_start_ms,
		      int64_t monotonic_at_start_ms, struct err *err)
{
	char now[RFC3339_BYTES], expected[RFC3339_BYTES];
	int64_t expected_ms = wall_at_start_ms + (monotonic_ms - monotonic_at_start_ms);

	if (wall_ms - expected_ms <= CLOCK_TOLERANCE_MS &&
	    expected_ms - wall_ms <= CLOCK_TOLERANCE_MS)
		return 0;
	return err_environment(err,
			       "this machine's clock jumped: it says %s, and by the time that has "
			       "passed since the start it is %s; nothing was decided",
			       rfc3339_text(wall_ms, now), rfc3339_text(expected_ms, expected));
}

int clock_check_partition(int32_t partition, int64_t partition_ms, int64_t now_ms, struct err *err)
{
	char then[RFC3339_BYTES], now[RFC3339_BYTES];

	/* INT64_MIN: nothing was decided there. */
	if (partition_ms < now_ms || partition_ms - now_ms <= CLOCK_TOLERANCE_MS)
		return 0;
	return err_environment(
	    err,
	    "partition %d was decided at %s, and by this machine's clock it is %s: "
	    "set the clock right, or, when it was wrong then, the partition's: "
	    "nurturectl clock --set now",
	    (int)partition, rfc3339_text(partition_ms, then), rfc3339_text(now_ms, now));
}
