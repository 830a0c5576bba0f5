/* peer.c - see peer.h. */
#include "peer.h"

#include <netinet/in.h>
#include <string.h>

enum { MAPPED_BYTES = 12, PREFIX_BYTES = 8 };

struct peer peer_of(const struct sockaddr *address)
{
	struct peer peer = {{0}};

	if (address && address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)address;

		peer.bytes[10] = peer.bytes[11] = 0xff;
		memcpy(peer.bytes + MAPPED_BYTES, &v4->sin_addr, sizeof(v4->sin_addr));
	} else if (address && address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)address;
		bool is_mapped = IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);

		memcpy(peer.bytes, &v6->sin6_addr, is_mapped ? sizeof(peer.bytes) : PREFIX_BYTES);
	}
	return peer;
}

bool peer_equal(const struct peer *a, const struct peer *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}
