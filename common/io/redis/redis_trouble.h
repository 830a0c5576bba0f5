/* redis_trouble.h - what an error that Redis answers means, and what mends it.  Pure. */
#ifndef NURTURE_IO_REDIS_REDIS_TROUBLE_H
#define NURTURE_IO_REDIS_REDIS_TROUBLE_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/slice.h"

/* ": what it means" for the beginning of an error ("NOAUTH ..."); "" when it speaks for itself. */
const char *redis_trouble_meaning(const char *error);
/* The user has no right to the command. */
bool redis_trouble_is_denied(const char *error);

/*
 * Whether a server with this maxmemory-policy may hold what a service keeps.  What may be evicted
 * under volatile-* has a time to live: the email-sender's journal of attempts and its rates.
 * ERR_CONFIG says why not; the message does not name the server.
 */
int redis_policy_check(struct slice policy, const char *service, struct err *err);

#endif
