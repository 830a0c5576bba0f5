/* dns_answer.c - see dns_answer.h. */
#include "dns_answer.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"

/* Is it the name of a host? Anything else would become part of a URL. */
static bool is_host(const char *name)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "-._";
	struct in_addr ignored;

	return name[0] && name[0] != '.' && name[0] != '-' &&
	       strspn(name, letters) == strlen(name) && strstr(name, "..") == NULL &&
	       inet_pton(AF_INET, name, &ignored) != 1;
}

static void add_mx(const ns_msg *message, const ns_rr *record, struct dns_mx_list *ret)
{
	struct dns_mx *mx = &ret->mx[ret->count];
	const uint8_t *data = ns_rr_rdata(*record);

	if (ret->count == DNS_MX_MAX || ns_rr_rdlen(*record) < 3 ||
	    ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), data + 2, mx->host,
			       sizeof(mx->host)) < 0)
		return;
	mx->preference = (uint16_t)(data[0] << 8 | data[1]);
	if (!mx->host[0] || strcmp(mx->host, ".") == 0)
		ret->is_null = true;
	else if (is_host(mx->host))
		ret->count++;
}

int dns_answer_mx(const uint8_t *bytes, size_t len, struct dns_mx_list *ret)
{
	ns_msg message;
	ns_rr record;

	*ret = (struct dns_mx_list){0};
	if (len > 65535 || ns_initparse(bytes, (int)len, &message) < 0)
		return -1;
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		if (ns_parserr(&message, ns_s_an, i, &record) < 0)
			return -1;
		if (ns_rr_type(record) == ns_t_mx && ns_rr_class(record) == ns_c_in)
			add_mx(&message, &record, ret);
	}
	/* Beside other hosts "." means nothing (RFC 7505, 3). */
	if (ret->count)
		ret->is_null = false;
	return 0;
}

int dns_answer_addresses(const uint8_t *bytes, size_t len, struct dns_address_list *ret)
{
	ns_msg message;
	ns_rr record;

	if (len > 65535 || ns_initparse(bytes, (int)len, &message) < 0)
		return -1;
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		struct dns_address *address = &ret->address[ret->count];
		bool is_v6;

		if (ns_parserr(&message, ns_s_an, i, &record) < 0)
			return -1;
		is_v6 = ns_rr_type(record) == ns_t_aaaa;
		if (ret->count == DNS_ADDRESSES_MAX || ns_rr_class(record) != ns_c_in ||
		    (!is_v6 && ns_rr_type(record) != ns_t_a) ||
		    ns_rr_rdlen(record) != (is_v6 ? 16 : 4))
			continue;
		inet_ntop(is_v6 ? AF_INET6 : AF_INET, ns_rr_rdata(record), address->text,
			  sizeof(address->text));
		address->is_public = dns_is_public(ns_rr_rdata(record), is_v6 ? 16 : 4);
		ret->count++;
	}
	return 0;
}

static uint64_t place(const struct dns_mx *mx, uint64_t salt)
{
	return hash64(slice_text(mx->host)) ^ salt;
}

void dns_mx_sort(struct dns_mx_list *list, uint64_t salt)
{
	for (unsigned i = 1; i < list->count; i++) {
		struct dns_mx mx = list->mx[i];
		unsigned at = i;

		for (; at > 0; at--) {
			const struct dns_mx *before = &list->mx[at - 1];

			if (before->preference < mx.preference ||
			    (before->preference == mx.preference &&
			     place(before, salt) <= place(&mx, salt)))
				break;
			list->mx[at] = *before;
		}
		list->mx[at] = mx;
	}
}

/* The prefixes of addresses that no host on the Internet has. */
static const struct prefix {
	uint8_t bytes[16];
	unsigned bits;
} closed4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 3},
};
static const struct prefix closed6[] = {
    {{0x20, 0x01, 0x0d, 0xb8}, 32},
    {{0x20, 0x01, 0x00}, 23},
    {{0x3f, 0xff}, 20},
};
static const struct prefix open6 = {{0x20}, 3};              /* 2000::/3, what is given out */
static const struct prefix six_to_four = {{0x20, 0x02}, 16}; /* an IPv4 address stands at byte 2 */

static bool is_in(const struct prefix *prefix, const uint8_t *address)
{
	unsigned bytes = prefix->bits / 8, bits = prefix->bits % 8;

	return memcmp(prefix->bytes, address, bytes) == 0 &&
	       (!bits || (prefix->bytes[bytes] ^ address[bytes]) >> (8 - bits) == 0);
}

bool dns_is_public(const uint8_t *address, size_t len)
{
	const struct prefix *closed = len == 4 ? closed4 : closed6;
	size_t count =
	    len == 4 ? sizeof(closed4) / sizeof(*closed4) : sizeof(closed6) / sizeof(*closed6);

	for (size_t i = 0; i < count; i++)
		if (is_in(&closed[i], address))
			return false;
	if (len == 4)
		return true;
	if (is_in(&six_to_four, address))
		return dns_is_public(address + 2, 4);
	return is_in(&open6, address);
}
