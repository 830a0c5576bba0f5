/*
 * log_limit.h - a log line that others can set off, at most once a minute.
 *
 * Whoever sends nonsense to a door must not fill the log. What was held back is counted, and the
 * next line says how many there were.
 */
#ifndef NURTURE_IO_PROCESS_LOG_LIMIT_H
#define NURTURE_IO_PROCESS_LOG_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

enum { LOG_LIMIT_MS = 60000 };

/* Zeroed to begin with. */
struct log_limit {
	_Atomic int64_t next_ms; /* of the monotonic clock */
	_Atomic int64_t held;
};

/*
 * True: write the line, and say that *ret_held like it were held back since the last one. Threads may
 * ask side by side.
 */
bool log_limit_allows(struct log_limit *limit, int64_t monotonic_ms, int64_t *ret_held);

#endif
