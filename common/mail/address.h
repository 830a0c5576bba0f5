/*
 * address.h - addresses as they go over the wire, and which of them are the same.  Pure.
 *
 * The domain always in A-labels (IDNA2008, RFC 5891) and lower case, so that
 * any mail server takes it; the local part as it is, and only a local part
 * beyond ASCII needs a server that speaks SMTPUTF8 (RFC 6531).
 */
#ifndef NURTURE_MAIL_ADDRESS_H
#define NURTURE_MAIL_ADDRESS_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/slice.h"

enum { ADDRESS_MAX_BYTES = 254, HOST_NAME_BYTES = 254 };

struct address {
	char text[ADDRESS_MAX_BYTES +
		  1];       /* local@a-labels, at most 254 bytes (RFC 5321 4.5.3.1.3) */
	const char *domain; /* in text */
	bool needs_utf8;
};

/*
 * Reads an address. False: mail can neither be sent to it nor come from it. ret keeps pointers into
 * itself.
 */
bool address_read(struct slice text, struct address *ret);

/*
 * Appends the address as all its writings have it: in lower case, which mailbox providers take for
 * the same (RFC 5321 2.4 lets a server tell capitals apart, and asks nobody to), its local part in
 * NFC (RFC 6532 3.1). At most ADDRESS_PLAIN_BYTES.
 */
enum { ADDRESS_PLAIN_BYTES = 64 * ADDRESS_MAX_BYTES };
void address_add_plain(const struct address *address, struct buf *out);

/*
 * Are they the same mailbox, however it is written? Those of one inbox_key() are (inbox.h). Domains
 * do not differ by U- and A-labels (RFC 5890 2.3.2.4). A text that is no address equals only the
 * same bytes.
 */
bool address_equal(struct slice a, struct slice b);

/* "Name <address>", or an address alone; both are parts of text, the address unread. */
void address_split(struct slice text, struct slice *ret_name, struct slice *ret_address);

/* A host name with a dot in it, in A-labels and lower case. */
bool host_name_read(struct slice text, char ret[HOST_NAME_BYTES]);
/*
 * Are they the same host, whatever case and labels? A text that is no host name equals only its own
 * bytes, in any case.
 */
bool host_name_equal(struct slice a, struct slice b);

#endif
