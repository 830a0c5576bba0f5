/*
 * mx.h - to a domain's own mail server, found in the DNS (RFC 5321 5.1).
 *
 * MX hosts by preference, else the domain itself; a null MX (RFC 7505) takes
 * no mail.  Only addresses on the Internet are called: whoever can write a DNS
 * record could else have us speak to what only we can reach.
 */
#ifndef NURTURE_IO_SMTP_MX_H
#define NURTURE_IO_SMTP_MX_H

#include "smtp.h"

struct mx;

struct mx_options {
	/*
	 * For tests: "RESOLVER:PORT/SMTP-PORT", such as 127.0.0.1:5353/2525. Then that resolver is
	 * asked, that port is called, and any address is allowed. NULL: the system's, port 25.
	 */
	const char *test;
};

/* Opens one for one thread. ERR_CONFIG, ERR_ENVIRONMENT. */
int mx_open(struct mx **ret, const struct mx_options *options, struct err *err);
void mx_close(struct mx **mx); /* NULL-safe, sets NULL */

/*
 * Connects smtp (opened with "mx:", not connected) to the first server that greets us.  -1: ret
 * says why.  A domain that takes no mail gives code 556 and 5.1.10, at RCPT; a domain that does
 * not exist gives no code, but 5.1.2, at CONNECT.
 */
int mx_connect(struct mx *mx, struct smtp *smtp, const char *domain, uint64_t salt,
	       struct smtp_answer *ret);

#endif
