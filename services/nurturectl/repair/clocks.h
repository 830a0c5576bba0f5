/*
 * clocks.h - which clocks of partitions are wrong, and which `clock --set` changes.  Pure.
 */
#ifndef NURTURE_NURTURECTL_REPAIR_CLOCKS_H
#define NURTURE_NURTURECTL_REPAIR_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

/* Is the clock so far ahead of this machine that its partition is not decided? */
bool clock_is_ahead(int64_t clock_ms, int64_t now_ms);

/*
 * Does --set change the clock? It only sets back, since a clock goes on by itself; setting to a
 * time that is still to come is for tests, and does no harm.
 */
bool clock_is_changed(int64_t clock_ms, int64_t to_ms, int64_t now_ms);

/* What --set says: a time, or now (NULL: the same).  ERR_CONFIG for anything else. */
int clock_set_read(const char *said, int64_t now_ms, int64_t *ret_ms, struct err *err);

#endif
