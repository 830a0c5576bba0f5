/*
 * mailer.h - sends links to sign in, in a thread of its own.
 *
 * Whoever asks is answered before the mail server is: the time that an answer takes must not say
 * whether an address is known.  Mails are few and nobody's only way in: what cannot be sent is told
 * in the log and dropped, and the person asks again.
 */
#ifndef NURTURE_CONSOLE_WHO_MAILER_H
#define NURTURE_CONSOLE_WHO_MAILER_H

#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/io/smtp/smtp.h"

struct con_mailer;

/* The options are copied by smtp_open(); from outlives the mailer. */
int con_mailer_open(struct con_mailer **ret, const struct smtp_options *options, const char *from,
		    struct err *err);
/* Takes a whole mail along; false: too many wait already. */
bool con_mailer_put(struct con_mailer *mailer, const char *to, struct slice mail);
/* What waits is dropped.  NULL-safe, sets NULL. */
void con_mailer_close(struct con_mailer **mailer);

#endif
