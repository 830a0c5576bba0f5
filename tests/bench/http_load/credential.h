/* credential.h - the headers by which ingest knows the publisher: a token, or a signature. */
#ifndef HTTP_LOAD_CREDENTIAL_H
#define HTTP_LOAD_CREDENTIAL_H

#include "common/base/buf.h"
#include "common/base/encoding.h"
#include "common/base/err.h"
#include "common/token/hmac.h"

enum { SECRET_MAX_BYTES = 64, TAG_BYTES = 48 };

struct credential {
	const char *token;
	uint8_t secret[SECRET_MAX_BYTES];
	size_t secret_bytes; /* 0: the token is shown as it is */
};

/* A token "whsec_BASE64" signs, as Standard Webhooks 1.0 has it; any other is shown. */
static int credential_read(const char *token, struct credential *ret, struct err *err)
{
	static const char prefix[] = "whsec_";
	struct slice text = slice_text(token);

	*ret = (struct credential){.token = token};
	if (strncmp(token, prefix, strlen(prefix)) != 0)
		return 0;
	text = slice_of(text.bytes + strlen(prefix), text.len - strlen(prefix));
	if (!base64_read(text, ret->secret, sizeof(ret->secret), &ret->secret_bytes) ||
	    !ret->secret_bytes)
		return err_config(err, "--token: expected base64 of 1 to %d bytes behind whsec_",
				  SECRET_MAX_BYTES);
	return 0;
}

/* Writes the headers of message number n, each with its line end. scratch is overwritten. */
static void put_credential(struct buf *out, struct buf *scratch,
			   const struct credential *credential, int64_t n, int64_t now_s,
			   struct slice body)
{
	uint8_t hmac[HMAC_BYTES];
	char tag[TAG_BYTES];

	if (!credential->secret_bytes) {
		buf_printf(out, "Authorization: Bearer %s\r\n", credential->token);
		return;
	}
	buf_reset(scratch);
	buf_printf(scratch, "load-%lld.%lld.", (long long)n, (long long)now_s);
	buf_add(scratch, body.bytes, body.len);
	hmac_sha256(slice_of(credential->secret, credential->secret_bytes), buf_slice(scratch),
		    hmac);
	base64_write(hmac, sizeof(hmac), tag);
	buf_printf(out,
		   "webhook-id: load-%lld\r\nwebhook-timestamp: %lld\r\n"
		   "webhook-signature: v1,%s\r\n",
		   (long long)n, (long long)now_s, tag);
}

#endif
