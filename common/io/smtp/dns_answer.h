/*
 * dns_answer.h - a DNS server's answer, read: MX hosts, addresses (RFC 1035, 3596, 7505).
 *
 * Pure but for the resolver library's own parser.  What is no answer, or too
 * long to be meant well, is refused whole.
 */
#ifndef NURTURE_IO_SMTP_DNS_ANSWER_H
#define NURTURE_IO_SMTP_DNS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_MX_MAX = 16, DNS_ADDRESSES_MAX = 8, DNS_NAME_BYTES = 256, DNS_ADDRESS_BYTES = 48 };

struct dns_mx_list {
	struct dns_mx {
		uint16_t preference;
		char host[DNS_NAME_BYTES]; /* a host name, without a dot at its end */
	} mx[DNS_MX_MAX];
	unsigned count;
	bool is_null; /* "MX 0 .": the domain takes no mail; then there are no others */
};

struct dns_address_list {
	struct dns_address {
		char text[DNS_ADDRESS_BYTES]; /* "192.0.2.1", "2001:db8::1" */
		bool is_public;               /* on the Internet, and one host */
	} address[DNS_ADDRESSES_MAX];
	unsigned count;
};

/*
 * Reads the MX records; those beyond the room of the list, and names that no host can have, are
 * left out. -1: the bytes are no answer.
 */
int dns_answer_mx(const uint8_t *bytes, size_t len, struct dns_mx_list *ret);
/* Adds the A and AAAA records of an answer to the list. */
int dns_answer_addresses(const uint8_t *bytes, size_t len, struct dns_address_list *ret);

/* Sorts by preference, and equal ones in an order that the salt decides (RFC 5321 5.1). */
void dns_mx_sort(struct dns_mx_list *list, uint64_t salt);

/* Is an address of 4 or 16 bytes globally reachable unicast (the registries of RFC 6890)? */
bool dns_is_public(const uint8_t *address, size_t len);

#endif
