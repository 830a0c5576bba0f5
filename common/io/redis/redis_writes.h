/*
 * redis_writes.h - says in the log when a Redis refuses to write, and when it
 * takes writes again.
 *
 * A Redis that is full (OOM with noeviction), cannot save (MISCONF) or is a
 * replica (READONLY, NOREPLICAS) still answers pings and reads: without this
 * nobody would be told why the services stand.  One line for each change of
 * state of each server, whatever number of connections there are.  Thread-safe.
 */
#ifndef NURTURE_IO_REDIS_REDIS_WRITES_H
#define NURTURE_IO_REDIS_REDIS_WRITES_H

#include <stdbool.h>

/* Is this error of Redis (with or without the script that met it) such a refusal?  Pure. */
bool redis_is_refusal(const char *error);
/* An error came from the server; anything but a refusal is passed over. */
void redis_writes_refused(const char *host, int port, const char *error);
/* The server has taken a write. */
void redis_writes_taken(const char *host, int port);

#endif
