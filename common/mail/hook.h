/*
 * hook.h - bounces and complaints as mail providers tell of them by webhook.  Pure.
 *
 * Amazon SES (through SNS, also raw), SendGrid's event webhook, Mailgun,
 * Postmark, SparkPost.  What is no bounce, or what the provider tries again
 * itself, is NONE.  Whose mail it was is found as in mails: by a return token
 * in any text of the event (metadata, headers, the return path).
 */
#ifndef NURTURE_MAIL_HOOK_H
#define NURTURE_MAIL_HOOK_H

#include "common/base/err.h"
#include "bounce.h"

#define HOOK_PROVIDERS(X)                                                                          \
	X(MAILGUN, "mailgun")                                                                      \
	X(POSTMARK, "postmark")                                                                    \
	X(SENDGRID, "sendgrid") X(SES, "ses") X(SPARKPOST, "sparkpost")
enum hook_provider {
#define X(name, text) HOOK_##name,
	HOOK_PROVIDERS(X)
#undef X
	    HOOK_PROVIDER_COUNT
};
const char *hook_provider_text(enum hook_provider provider);
/* False: no provider of that name. */
bool hook_provider_find(struct slice name, enum hook_provider *ret);

enum { HOOK_EVENTS_MAX = 1000, HOOK_URL_BYTES = 1024 };

struct hook_event {
	struct bounce bounce;
	bool has_owner;
	struct return_token owner;
};

struct hook_batch {
	size_t count;
	struct hook_event *events; /* the arena's */
	/* SNS asks whether it may send here: the address that says yes, if Amazon's; else "". */
	char confirm_url[HOOK_URL_BYTES];
	bool asks_confirmation;
};

/* -1: not JSON, or not what this provider sends. */
int hook_read(enum hook_provider provider, struct slice body, const struct token_keys *keys,
	      struct arena *arena, struct hook_batch *ret, struct err *err);

/*
 * Mailgun signs: HMAC-SHA256 over timestamp and token, under the domain's
 * signing key.  False also when it is older or newer than 15 minutes.
 */
bool hook_mailgun_is_signed(struct slice body, struct slice key, int64_t now_ms);

#endif
