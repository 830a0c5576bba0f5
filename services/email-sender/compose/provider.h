/*
 * provider.h - a header by which a mail provider gives our return token back
 * in its webhooks.  Pure.
 *
 * Providers put return paths of their own, so ours does not come back from
 * them; what they give back instead is what each calls metadata.  They take
 * the header out before the mail goes on (docs/bounces.md).
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_PROVIDER_H
#define NURTURE_EMAIL_SENDER_COMPOSE_PROVIDER_H

#include "common/base/buf.h"

/* In the order of NURTURE_MAIL_PROVIDER's choices. */
enum mail_provider {
	MAIL_PROVIDER_NONE,
	MAIL_PROVIDER_MAILGUN,
	MAIL_PROVIDER_POSTMARK,
	MAIL_PROVIDER_SENDGRID,
	MAIL_PROVIDER_SES,
	MAIL_PROVIDER_SPARKPOST,
};
#define MAIL_PROVIDER_CHOICES "none|mailgun|postmark|sendgrid|ses|sparkpost"

/*
 * Appends the provider's header.  token has any length; local is the local part of the return path,
 * for a provider that takes less (Postmark: 80 characters).
 */
void mail_provider_header(enum mail_provider provider, const char *token, const char *local,
			  struct buf *out);

#endif
