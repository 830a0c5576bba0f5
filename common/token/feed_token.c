/* feed_token.c - see feed_token.h. */
#include "feed_token.h"

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "hmac.h"

enum { TAG_BYTES = 16 };

void feed_token_write(struct slice key, const char *owner, char ret[FEED_TOKEN_BYTES])
{
	uint8_t tag[TAG_BYTES];

	hmac_tag(key, "tasks feed", slice_text(owner), tag, sizeof(tag));
	ret[base32_write(tag, sizeof(tag), ret)] = '\0';
}

bool feed_token_is_good(const struct token_keys *keys, const char *owner, struct slice token)
{
	char good[FEED_TOKEN_BYTES];
	struct slice key;
	bool is_good = false;

	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		if (!key.len)
			continue;
		feed_token_write(key, owner, good);
		is_good |= token.len == FEED_TOKEN_BYTES - 1 &&
			   CRYPTO_memcmp(token.bytes, good, token.len) == 0;
	}
	return is_good;
}
