/*
 * redis_servers.h - the servers of REDIS_URL, and which of them has what.
 *
 * With several servers partition p lives on server p mod n, for whoever asks.
 */
#ifndef NURTURE_IO_REDIS_REDIS_SERVERS_H
#define NURTURE_IO_REDIS_REDIS_SERVERS_H

#include "redis.h"

enum { REDIS_SERVERS_MAX = 16 };

/* One connection to each; zeroed there are none. */
struct redis_servers {
	struct redis list[REDIS_SERVERS_MAX];
	unsigned count;
};

/*
 * Reads all of REDIS_URL and calls nobody; each server gets these scripts, which are kept by
 * reference.  ERR_CONFIG: a URL that is none, no server, too many.  *ret is zeroed before.
 */
int redis_servers_read(struct redis_servers *ret, const char *urls, const char *const *scripts,
		       unsigned script_count, struct err *err);
/* The same without keeping it: for a setting that is checked before anybody is called. */
int redis_check_urls(const char *urls, struct err *err);
/* Closes each connection; the next use of a server connects anew. */
void redis_servers_close(struct redis_servers *servers);

/* The place in the list of the server that has this partition, or what has this hash. */
static inline unsigned redis_servers_place(const struct redis_servers *servers, uint64_t number)
{
	return (unsigned)(number % servers->count);
}

static inline struct redis *redis_server_of(struct redis_servers *servers, int32_t partition)
{
	return &servers->list[redis_servers_place(servers, (uint32_t)partition)];
}

#endif
