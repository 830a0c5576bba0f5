/* signature.c - see signature.h. */
#include "signature.h"

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "common/token/hmac.h"

/* 32 bytes are 43 characters and one of padding. */
enum { CHARACTERS = 43 };

/* Base64 with padding (RFC 4648, section 4) is base64url but for two characters and the end. */
static bool read_signature(const char *header, uint8_t ret[HMAC_BYTES])
{
	char text[CHARACTERS];
	size_t len;

	if (strlen(header) != CHARACTERS + 1 || header[CHARACTERS] != '=')
		return false;
	for (size_t i = 0; i < CHARACTERS; i++) {
		if (header[i] == '-' || header[i] == '_')
			return false;
		text[i] = header[i] == '+' ? '-' : header[i] == '/' ? '_' : header[i];
	}
	return base64url_read(slice_of(text, CHARACTERS), ret, HMAC_BYTES, &len) &&
	       len == HMAC_BYTES;
}

bool shop_is_signed(const struct shop_hook *hook, struct slice body, const char *header)
{
	uint8_t said[HMAC_BYTES] = {0}, mac[HMAC_BYTES];
	bool is_readable = header && read_signature(header, said), is_equal = false;

	for (unsigned i = 0; i < hook->secret_count; i++) {
		hmac_sha256(slice_text(hook->secrets[i]), body, mac);
		is_equal |= CRYPTO_memcmp(mac, said, HMAC_BYTES) == 0;
	}
	return is_readable && is_equal;
}
