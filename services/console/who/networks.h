/*
 * networks.h - addresses from which a proxy may speak: "127.0.0.1, 10.0.0.0/8, fd00:1::/64".  Pure.
 *
 * A peer is known by the first half of an IPv6 address (common/io/http/peer.h), so no network of
 * those is narrower than /64, and "::1" is that of this machine.
 */
#ifndef NURTURE_CONSOLE_WHO_NETWORKS_H
#define NURTURE_CONSOLE_WHO_NETWORKS_H

#include "common/base/err.h"
#include "common/io/http/peer.h"

enum { CON_NETWORKS_MAX = 64 };

struct con_networks {
	struct {
		struct peer first;
		unsigned bits; /* of its 128 */
	} items[CON_NETWORKS_MAX];
	unsigned count;
};

/* ERR_CONFIG says which one is none. */
int con_networks_read(const char *text, struct con_networks *ret, struct err *err);
bool con_networks_has(const struct con_networks *networks, const struct peer *peer);

#endif
