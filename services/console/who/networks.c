/* networks.c - see networks.h. */
#include "networks.h"

#include <arpa/inet.h>

#include "common/base/text.h"

enum { BITS = 128, V4_BITS = 32, HALF_BITS = 64, TEXT_BYTES = 64 };

/* The address as peer_of() would give it, and how many bits it has before a /N. */
static bool read_address(const char *text, struct peer *ret, unsigned *ret_offset)
{
	*ret = (struct peer){{0}};
	if (inet_pton(AF_INET, text, ret->bytes + sizeof(ret->bytes) - V4_BITS / 8) == 1) {
		ret->bytes[10] = ret->bytes[11] = 0xff;
		*ret_offset = BITS - V4_BITS;
		return true;
	}
	*ret_offset = 0;
	return inet_pton(AF_INET6, text, ret->bytes) == 1;
}

static bool is_loopback(const struct peer *peer)
{
	static const struct peer loopback = {{[15] = 1}};

	return memcmp(peer->bytes, loopback.bytes, sizeof(loopback.bytes)) == 0;
}

static int read_one(struct slice one, struct peer *ret, unsigned *ret_bits, struct err *err)
{
	char text[TEXT_BYTES], shown[TEXT_SHOWN_BYTES], *slash;
	int64_t bits = BITS;
	unsigned offset;
	struct err ignored;

	if (one.len >= sizeof(text))
		return err_config(err, "\"%s\" is no address", text_shown(one, shown));
	memcpy(text, one.bytes, one.len);
	text[one.len] = '\0';
	slash = strchr(text, '/');
	if (slash)
		*slash++ = '\0';
	if (!read_address(text, ret, &offset))
		return err_config(err, "\"%s\" is no address", text_shown(one, shown));
	if (slash && text_int64(slice_text(slash), 0, BITS - offset, &bits, &ignored) < 0)
		return err_config(err, "\"%s\": expected /0 to /%u", text_shown(one, shown),
				  BITS - offset);
	*ret_bits = slash ? (unsigned)bits + offset : BITS;
	if (offset || *ret_bits <= HALF_BITS)
		return 0;
	if (!is_loopback(ret))
		return err_config(err, "\"%s\": expected at most /64 of an IPv6 address",
				  text_shown(one, shown));
	*ret = (struct peer){{0}};
	return 0;
}

int con_networks_read(const char *text, struct con_networks *ret, struct err *err)
{
	struct con_networks networks = {.count = 0};

	while (*text) {
		size_t len = strcspn(text, ",");
		struct slice one = slice_trim(slice_of(text, len), " \t");

		text += len + (text[len] == ',');
		if (!one.len)
			continue;
		if (networks.count == CON_NETWORKS_MAX)
			return err_config(err, "more than %d addresses", CON_NETWORKS_MAX);
		if (read_one(one, &networks.items[networks.count].first,
			     &networks.items[networks.count].bits, err) < 0)
			return -1;
		networks.count++;
	}
	*ret = networks;
	return 0;
}

static bool is_equal_to(const struct peer *a, const struct peer *b, unsigned bits)
{
	unsigned rest = bits % 8;

	if (memcmp(a->bytes, b->bytes, bits / 8) != 0)
		return false;
	return !rest || (a->bytes[bits / 8] ^ b->bytes[bits / 8]) >> (8 - rest) == 0;
}

bool con_networks_has(const struct con_networks *networks, const struct peer *peer)
{
	for (unsigned i = 0; i < networks->count; i++)
		if (is_equal_to(&networks->items[i].first, peer, networks->items[i].bits))
			return true;
	return false;
}
