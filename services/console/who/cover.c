/* cover.c - see cover.h. */
#include "cover.h"

#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "common/base/encoding.h"
#include "common/token/hmac.h"

enum { TAG_BYTES = 16, VIEWER_MAX_BYTES = 200, CIPHER_KEY_BYTES = 32 };

static void tag_of(struct slice key, const char *viewer, struct slice id, uint8_t ret[TAG_BYTES])
{
	uint8_t body[VIEWER_MAX_BYTES + 1 + CON_ID_MAX_BYTES];
	size_t viewer_len = strlen(viewer) + 1;

	if (viewer_len > VIEWER_MAX_BYTES + 1 || id.len > CON_ID_MAX_BYTES)
		abort();
	memcpy(body, viewer, viewer_len);
	memcpy(body + viewer_len, id.bytes, id.len);
	hmac_tag(key, "nurture console cover v1", slice_of(body, viewer_len + id.len), ret,
		 TAG_BYTES);
}

/* There and back are the same. */
static void cipher(struct slice key, const uint8_t tag[TAG_BYTES], struct slice from, uint8_t *ret)
{
	uint8_t cipher_key[CIPHER_KEY_BYTES];
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int len;

	hmac_tag(key, "nurture console cover key v1", slice_of("", 0), cipher_key,
		 sizeof(cipher_key));
	if (!context || !EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), NULL, cipher_key, tag) ||
	    !EVP_EncryptUpdate(context, ret, &len, from.bytes, (int)from.len))
		abort();
	EVP_CIPHER_CTX_free(context);
	OPENSSL_cleanse(cipher_key, sizeof(cipher_key));
}

void con_cover_make(struct slice key, const char *viewer, const char *id, char ret[CON_COVER_BYTES])
{
	uint8_t bytes[TAG_BYTES + CON_ID_MAX_BYTES];
	size_t len = strlen(id);

	tag_of(key, viewer, slice_text(id), bytes);
	cipher(key, bytes, slice_text(id), bytes + TAG_BYTES);
	base64url_write(bytes, TAG_BYTES + len, ret);
}

bool con_cover_open(const struct token_keys *keys, const char *viewer, struct slice text,
		    char ret_id[CON_ID_MAX_BYTES + 1])
{
	uint8_t bytes[TAG_BYTES + CON_ID_MAX_BYTES], id[CON_ID_MAX_BYTES + 1], expected[TAG_BYTES];
	struct slice key;
	size_t len;

	if (!base64url_read(text, bytes, sizeof(bytes), &len) || len <= TAG_BYTES)
		return false;
	len -= TAG_BYTES;
	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		if (!key.len)
			continue;
		cipher(key, bytes, slice_of(bytes + TAG_BYTES, len), id);
		tag_of(key, viewer, slice_of(id, len), expected);
		if (CRYPTO_memcmp(expected, bytes, TAG_BYTES) != 0)
			continue;
		memcpy(ret_id, id, len);
		ret_id[len] = '\0';
		return true;
	}
	return false;
}
