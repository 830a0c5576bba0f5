/* log_limit.c - see log_limit.h. */
#include "log_limit.h"

#include <stdatomic.h>

bool log_limit_allows(struct log_limit *limit, int64_t monotonic_ms, int64_t *ret_held)
{
	int64_t next_ms = atomic_load(&limit->next_ms);

	*ret_held = 0;
	if ((next_ms && monotonic_ms < next_ms) ||
	    !atomic_compare_exchange_strong(&limit->next_ms, &next_ms,
					    monotonic_ms + LOG_LIMIT_MS)) {
		atomic_fetch_add(&limit->held, 1);
		return false;
	}
	*ret_held = atomic_exchange(&limit->held, 0);
	return true;
}
