/*
 * dns.h - which hosts take a domain's mail, and where they are.
 *
 * glibc's resolver, with the servers of resolv.conf or one that is named.  No
 * search list: names are as they stand.  One struct is for one thread.
 */
#ifndef NURTURE_IO_SMTP_DNS_H
#define NURTURE_IO_SMTP_DNS_H

#include "common/base/err.h"
#include "dns_answer.h"

struct dns;

/* Opens; server: "192.0.2.53:53", or NULL for the system's. ERR_CONFIG, ERR_ENVIRONMENT. */
int dns_open(struct dns **ret, const char *server, struct err *err);
void dns_close(struct dns **dns); /* NULL-safe, sets NULL */

enum dns_word {
	DNS_FOUND,
	DNS_NOTHING, /* the name exists, but has no such records */
	DNS_NO_NAME, /* the name does not exist */
	DNS_FAILED,  /* no answer, or one that cannot be read: ask again later */
};

/* Asks for the hosts that take mail for the domain; takes up to some 12 s. */
enum dns_word dns_ask_mx(struct dns *dns, const char *domain, struct dns_mx_list *ret);
/* Asks for the IPv4 and the IPv6 addresses of a host; one of the two answers is enough. */
enum dns_word dns_ask_addresses(struct dns *dns, const char *host, struct dns_address_list *ret);

#endif
