/* provider.c - see provider.h. */
#include "provider.h"

enum { POSTMARK_VALUE_BYTES = 80 };

void mail_provider_header(enum mail_provider provider, const char *token, const char *local,
			  struct buf *out)
{
	switch (provider) {
	case MAIL_PROVIDER_MAILGUN:
		buf_printf(out, "X-Mailgun-Variables: {\"nurture\":\"%s\"}\r\n", token);
		return;
	case MAIL_PROVIDER_POSTMARK:
		buf_printf(out, "X-PM-Metadata-nurture: %s\r\n",
			   strlen(token) <= POSTMARK_VALUE_BYTES ? token : local);
		return;
	case MAIL_PROVIDER_SENDGRID:
		buf_printf(out, "X-SMTPAPI: {\"unique_args\":{\"nurture\":\"%s\"}}\r\n", token);
		return;
	case MAIL_PROVIDER_SPARKPOST:
		buf_printf(out, "X-MSYS-API: {\"metadata\":{\"nurture\":\"%s\"}}\r\n", token);
		return;
	case MAIL_PROVIDER_SES: /* its webhooks show X-Nurture-Return itself */
	case MAIL_PROVIDER_NONE:
		return;
	}
}
