/* mail.h - a mail to one of the shop's people, as its bytes (RFC 5322, 2045).  Pure. */
#ifndef NURTURE_DESK_MORNING_MAIL_H
#define NURTURE_DESK_MORNING_MAIL_H

#include "common/base/buf.h"
#include "common/policy/policy.h"

struct dsk_mail {
	const char *to;
	struct slice subject; /* ASCII */
	struct slice text;    /* UTF-8, lines with '\n' */
	const char *id;       /* of Message-ID, before the '@' */
	int64_t at_ms;
};

/* Addresses and names of the shop come from its policy, which has checked them. */
void dsk_mail_write(const struct dsk_mail *mail, const struct shop *shop, struct buf *out);

#endif
