/*
 * eml.h - a mail from anybody as a list of its parts (RFC 5322, 2045, 2046).  Pure.
 *
 * Mail servers write what they like, so nothing here fails: lines may end in
 * LF, a boundary may be missing, encodings may be broken; what cannot be taken
 * apart is text.  Bounded: parts, depth, and time linear in the size.  Slices
 * are the mail's bytes or the arena's.
 */
#ifndef NURTURE_MAIL_EML_H
#define NURTURE_MAIL_EML_H

#include "common/base/arena.h"
#include "common/base/slice.h"

enum { EML_MAX_BYTES = 1 << 20, EML_PARTS_MAX = 32, EML_DEPTH_MAX = 8, EML_TYPE_BYTES = 48 };

enum eml_encoding { EML_PLAIN, EML_BASE64, EML_QUOTED_PRINTABLE };

struct eml_part {
	char type[EML_TYPE_BYTES]; /* "text/plain", lower case */
	enum eml_encoding encoding;
	struct slice header, body; /* as they stand there */
	bool is_returned;          /* the mail that came back, or its header */
};

struct eml {
	char type[EML_TYPE_BYTES]; /* of the whole */
	struct slice header, body;
	size_t count; /* of parts that are no multipart, in their order */
	struct eml_part parts[EML_PARTS_MAX];
};

/* Bytes beyond EML_MAX_BYTES are not looked at. */
void eml_parse(struct slice mail, struct eml *ret);

/* Does the mail say that it is a report (RFC 6522)? */
bool eml_is_report(struct slice mail);

/* The first header of that name, unfolded, without blanks around it; false when there is none. */
bool eml_header(struct slice header, const char *name, struct arena *arena, struct slice *ret);

/* The body without its encoding; at most max_bytes of it. */
struct slice eml_text(const struct eml_part *part, size_t max_bytes, struct arena *arena);

/* Takes the next line off rest, without its end; false at the end. */
bool eml_line(struct slice *rest, struct slice *ret);
struct slice eml_trim(struct slice text);
/* text begins with prefix, whatever the case. */
bool eml_begins(struct slice text, const char *prefix);

#endif
