/*
 * redis_facts.h - what a Redis server says of itself, for a look from outside.
 */
#ifndef NURTURE_IO_REDIS_REDIS_FACTS_H
#define NURTURE_IO_REDIS_REDIS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "redis.h"

struct redis_facts {
	bool has_info; /* the user may ask INFO; else only ahead_ms is known */
	char why[256]; /* without it: why not */
	char version[24], policy[32], role[16];
	bool is_cluster, saving_failed; /* a save that failed makes Redis refuse writes by itself */
	int64_t used_bytes, max_bytes;  /* max_bytes 0: no bound of its own */
	int64_t evicted_keys, keys;
	bool has_time;
	int64_t ahead_ms; /* how far its clock is before ours, give or take half a round trip */
};

/* Connects where redis has no connection yet.  ERR_ENVIRONMENT: it cannot be reached, or no login. */
int redis_facts_read(struct redis *redis, struct redis_facts *ret, struct err *err);

#endif
