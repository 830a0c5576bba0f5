/*
 * peer.h - who is at the other end of a connection, as far as bounds count it.
 *
 * An IPv4 address, also one mapped into IPv6, or the first half of an IPv6
 * address: whoever has one of those has all 2^64 behind it (RFC 6177).
 */
#ifndef NURTURE_IO_HTTP_PEER_H
#define NURTURE_IO_HTTP_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	/* Connections of one address, by default; a proxy in front is one address for all. */
	PEER_CONNECTIONS_DEFAULT = 1000,
};

struct peer {
	uint8_t bytes[16]; /* 0 throughout for what has no such address (a Unix socket) */
};

struct peer peer_of(const struct sockaddr *address);
bool peer_equal(const struct peer *a, const struct peer *b);

#endif
