/*
 * mime.h - the words of a mail: header values and bodies in 7 bits.  Pure.
 *
 * Input is valid UTF-8.  Control characters never get into a header: they become
 * blanks there.  All lines end in CRLF and have at most 76 characters; a header
 * with one long word (an address) has at most 998.
 */
#ifndef NURTURE_MAIL_MIME_H
#define NURTURE_MAIL_MIME_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/slice.h"

/* Appends "Subject: ..." with CRLF: ASCII as it is, all else in encoded words (RFC 2047). */
void mime_text_header(const char *header, struct slice value, struct buf *out);
/* Appends "To: Ann <ann@x.example>" with CRLF; name may be empty; the caller checks the address. */
void mime_mailbox_header(const char *header, struct slice name, const char *address,
			 struct buf *out);
/* Appends "Date: Sun, 01 Mar 2026 12:00:00 +0000" with CRLF. */
void mime_date_header(int64_t time_ms, struct buf *out);

/*
 * Appends quoted-printable (RFC 2045 6.7) with CRLF at the end.  No line begins with "." or
 * "From ", and none ends in a blank; LF and CRLF are line ends.
 */
void mime_quoted_printable(struct slice text, struct buf *out);

#endif
