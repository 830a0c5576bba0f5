/*
 * address.h - addresses as they go over the wire.  Pure.
 *
 * The domain always in A-labels (IDNA2008, RFC 5891), so that any mail server
 * takes it; the local part as it is, and only a local part beyond ASCII needs
 * a server that speaks SMTPUTF8 (RFC 6531).
 */
#ifndef NURTURE_EMAIL_SENDER_ADDRESS_H
#define NURTURE_EMAIL_SENDER_ADDRESS_H

#include "../../common/base/slice.h"

enum { ADDRESS_MAX_BYTES = 254, HOST_NAME_BYTES = 254 };

struct address {
	char text[ADDRESS_MAX_BYTES +
		  1];       /* local@a-labels, at most 254 bytes (RFC 5321 4.5.3.1.3) */
	const char *domain; /* in text */
	bool needs_utf8;
};

/* False: nothing that mail can be sent to or come from. ret keeps pointers into itself. */
bool address_read(struct slice text, struct address *ret);

/* "Name <address>", or an address alone; both are parts of text, the address unread. */
void address_split(struct slice text, struct slice *ret_name, struct slice *ret_address);

/* A host name with a dot in it, in A-labels. */
bool host_name_read(struct slice text, char ret[HOST_NAME_BYTES]);

#endif
