/* hmac.c - see hmac.h. */
/* The plain functions of a hash are what is wanted here; OpenSSL 3 would rather have its lookup. */
#define OPENSSL_API_COMPAT 0x10101000L
#include "hmac.h"

#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

enum { BLOCK_BYTES = 64, INNER = 0x36, OUTER = 0x5c };

static void begin(SHA256_CTX *hash, const uint8_t key[BLOCK_BYTES], uint8_t pad)
{
	uint8_t padded[BLOCK_BYTES];

	for (size_t i = 0; i < BLOCK_BYTES; i++)
		padded[i] = key[i] ^ pad;
	SHA256_Init(hash);
	SHA256_Update(hash, padded, sizeof(padded));
	OPENSSL_cleanse(padded, sizeof(padded));
}

void hmac_sha256(struct slice key, struct slice text, uint8_t ret[HMAC_BYTES])
{
	uint8_t block[BLOCK_BYTES] = {0}, inner[SHA256_DIGEST_LENGTH];
	SHA256_CTX hash;

	if (key.len > sizeof(block)) {
		SHA256_Init(&hash);
		SHA256_Update(&hash, key.bytes, key.len);
		SHA256_Final(block, &hash);
	} else if (key.len) {
		memcpy(block, key.bytes, key.len);
	}
	begin(&hash, block, INNER);
	SHA256_Update(&hash, text.bytes, text.len);
	SHA256_Final(inner, &hash);
	begin(&hash, block, OUTER);
	SHA256_Update(&hash, inner, sizeof(inner));
	SHA256_Final(ret, &hash);
	OPENSSL_cleanse(block, sizeof(block));
	OPENSSL_cleanse(&hash, sizeof(hash));
}

void hmac_tag(struct slice key, const char *purpose, struct slice body, uint8_t *ret,
	      size_t ret_len)
{
	uint8_t text[HMAC_TAG_TEXT_MAX_BYTES], mac[HMAC_BYTES];
	size_t purpose_len = strlen(purpose) + 1;

	if (purpose_len + body.len > sizeof(text) || ret_len > sizeof(mac))
		abort();
	memcpy(text, purpose, purpose_len);
	memcpy(text + purpose_len, body.bytes, body.len);
	hmac_sha256(key, slice_of(text, purpose_len + body.len), mac);
	memcpy(ret, mac, ret_len);
}
