/*
 * rate_limit.h - base/rate.h's sums in Redis: one count for all instances.
 *
 * One script decides and counts at once, by the server's clock.  What it keeps
 * is no truth but a recent past: when it is lost, a burst too many may go out,
 * no more.  One struct is one connection to each server, for one thread.
 *
 *	nurture.{mail-rate:NAME}   hash: arrival, day, count; gone when it says nothing any more
 */
#ifndef NURTURE_IO_REDIS_RATE_LIMIT_H
#define NURTURE_IO_REDIS_RATE_LIMIT_H

#include "common/base/err.h"
#include "common/base/rate.h"

struct rate_limit;

/* Connects when first needed. urls and prefix as index_open(). */
int rate_limit_open(struct rate_limit **ret, const char *urls, const char *prefix, struct err *err);
void rate_limit_close(struct rate_limit **limit); /* NULL-safe, sets NULL */

/*
 * rate_take() for all instances together; a name is always on the same server.
 * -1: that does not answer; it is not asked again for some seconds.
 */
int rate_limit_take(struct rate_limit *limit, const char *name, const struct rate *rate,
		    struct rate_verdict *ret, struct err *err);

#endif
