/* signature.c - see signature.h. */
#include "signature.h"

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/token/hmac.h"
#include "common/token/webhook.h"

enum { SECOND_MS = 1000, TIMESTAMP_DIGITS_MAX = 12, MILLISECONDS_DIGITS = 13 };

static bool tag_matches(const uint8_t tag[HMAC_BYTES], struct slice base64)
{
	uint8_t given[HMAC_BYTES] = {0};
	size_t len = 0;
	bool is_tag = base64_read(base64, given, sizeof(given), &len) && len == HMAC_BYTES;

	/* Compared in any case, so that the time does not say what was given. */
	return (CRYPTO_memcmp(tag, given, HMAC_BYTES) == 0) & is_tag;
}

bool ing_signature_matches(struct slice key, struct slice signed_bytes, struct slice base64)
{
	uint8_t tag[HMAC_BYTES];

	hmac_sha256(key, signed_bytes, tag);
	return tag_matches(tag, base64);
}

/* One of "v1,A v1,B v1a,C"; other versions are other people's, and stepped over. */
static bool any_matches(const uint8_t tag[HMAC_BYTES], const char *signatures)
{
	static const char version[] = "v1,";
	bool matches = false;

	for (int i = 0; i < ING_WEBHOOK_SIGNATURES_MAX && *signatures; i++) {
		size_t len = strcspn(signatures, " ");

		if (len > strlen(version) && strncmp(signatures, version, strlen(version)) == 0)
			matches |= tag_matches(
			    tag, slice_of(signatures + strlen(version), len - strlen(version)));
		signatures += len;
		signatures += strspn(signatures, " ");
	}
	return matches;
}

static int check_time(const char *timestamp, int64_t now_ms, struct err *err)
{
	int64_t then_s = 0, now_s = now_ms / SECOND_MS;
	size_t len = strspn(timestamp, "0123456789");
	char shown[TEXT_SHOWN_BYTES];

	if (len == 0 || len > TIMESTAMP_DIGITS_MAX || timestamp[len])
		return err_set(err,
			       "webhook-timestamp: expected seconds since 1970, found \"%s\"%s",
			       text_shown(slice_text(timestamp), shown),
			       len == MILLISECONDS_DIGITS && !timestamp[len]
				   ? ", which looks like milliseconds"
				   : "");
	for (size_t i = 0; i < len; i++)
		then_s = then_s * 10 + (timestamp[i] - '0');
	if (then_s < now_s - ING_WEBHOOK_TOLERANCE_S || then_s > now_s + ING_WEBHOOK_TOLERANCE_S)
		return err_set(err,
			       "webhook-timestamp: expected a time within %d s of ours, found one "
			       "that is %lld s off",
			       ING_WEBHOOK_TOLERANCE_S, (long long)(then_s - now_s));
	return 0;
}

int ing_webhook_source(const struct ing_sources *sources, const struct ing_webhook *webhook,
		       struct slice body, int64_t now_ms, struct arena *arena,
		       const struct ing_types **ret_types, struct err *err)
{
	struct slice bytes;
	int found = -1;

	if (!webhook->id || !webhook->id[0] || !webhook->timestamp || !webhook->signatures)
		return err_set(err, "expected webhook-id, webhook-timestamp and webhook-signature");
	if (check_time(webhook->timestamp, now_ms, err) < 0)
		return -1;
	bytes = webhook_signed(webhook->id, webhook->timestamp, body, arena);
	for (size_t i = 0; i < sources->count; i++)
		for (unsigned j = 0; j < sources->list[i].token_count; j++) {
			const struct ing_token *token = &sources->list[i].tokens[j];
			uint8_t tag[HMAC_BYTES];

			if (token->key_len == 0)
				continue;
			hmac_sha256(slice_of(token->key, token->key_len), bytes, tag);
			if (!any_matches(tag, webhook->signatures))
				continue;
			found = (int)i;
			*ret_types = &token->types;
		}
	if (found < 0)
		err_set(err, "webhook-signature: none of them was made with a secret of ours over "
			     "this body");
	return found;
}
