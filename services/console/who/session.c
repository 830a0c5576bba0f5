/* session.c - see session.h. */
#include "session.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/token/hmac.h"

#define PURPOSE "nurture console session v1"
#define VERSION "v1."

enum { TIME_BYTES = 8, BODY_MAX_BYTES = TIME_BYTES + CON_WHO_MAX_BYTES };

void con_session_make(struct slice key, const char *address, int64_t now_ms,
		      char ret[CON_SESSION_BYTES])
{
	uint8_t body[BODY_MAX_BYTES], tag[HMAC_BYTES];
	uint64_t ends_ms = (uint64_t)(now_ms + CON_SESSION_LIFE_MS);
	size_t len = strlen(address), used = strlen(VERSION);

	if (len > CON_WHO_MAX_BYTES)
		abort();
	for (int i = 0; i < TIME_BYTES; i++)
		body[i] = (uint8_t)(ends_ms >> (8 * (TIME_BYTES - 1 - i)));
	memcpy(body + TIME_BYTES, address, len);
	hmac_tag(key, PURPOSE, slice_of(body, TIME_BYTES + len), tag, sizeof(tag));
	memcpy(ret, VERSION, used);
	used += base64url_write(body, TIME_BYTES + len, ret + used);
	ret[used++] = '.';
	base64url_write(tag, sizeof(tag), ret + used);
}

static bool is_signed(const struct token_keys *keys, struct slice body,
		      const uint8_t tag[HMAC_BYTES])
{
	uint8_t expected[HMAC_BYTES];
	struct slice key;

	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		if (!key.len)
			continue;
		hmac_tag(key, PURPOSE, body, expected, sizeof(expected));
		if (CRYPTO_memcmp(tag, expected, sizeof(expected)) == 0)
			return true;
	}
	return false;
}

bool con_session_open(const struct token_keys *keys, struct slice text, int64_t now_ms,
		      char ret_address[CON_WHO_MAX_BYTES + 1])
{
	const size_t prefix = strlen(VERSION);
	uint8_t body[BODY_MAX_BYTES], tag[HMAC_BYTES];
	size_t len, tag_len;
	uint64_t ends_ms = 0;
	const uint8_t *dot;

	if (text.len <= prefix || memcmp(text.bytes, VERSION, prefix) != 0)
		return false;
	text = slice_of(text.bytes + prefix, text.len - prefix);
	dot = memchr(text.bytes, '.', text.len);
	if (!dot ||
	    !base64url_read(slice_of(text.bytes, (size_t)(dot - text.bytes)), body, sizeof(body),
			    &len) ||
	    !base64url_read(slice_of(dot + 1, text.len - (size_t)(dot + 1 - text.bytes)), tag,
			    sizeof(tag), &tag_len) ||
	    len <= TIME_BYTES || tag_len != sizeof(tag) ||
	    !is_signed(keys, slice_of(body, len), tag))
		return false;
	for (int i = 0; i < TIME_BYTES; i++)
		ends_ms = ends_ms << 8 | body[i];
	if ((uint64_t)now_ms >= ends_ms)
		return false;
	memcpy(ret_address, body + TIME_BYTES, len - TIME_BYTES);
	ret_address[len - TIME_BYTES] = '\0';
	return true;
}

bool con_cookie_find(struct slice header, const char *name, struct slice *ret)
{
	const size_t name_len = strlen(name);
	bool is_found = false;

	while (header.len) {
		const uint8_t *end = memchr(header.bytes, ';', header.len);
		size_t len = end ? (size_t)(end - header.bytes) : header.len;
		struct slice pair = slice_trim(slice_of(header.bytes, len), " \t");

		len += end != NULL;
		header = slice_of(header.bytes + len, header.len - len);
		if (pair.len <= name_len || pair.bytes[name_len] != '=' ||
		    memcmp(pair.bytes, name, name_len) != 0)
			continue;
		if (is_found)
			return false;
		is_found = true;
		*ret = slice_of(pair.bytes + name_len + 1, pair.len - name_len - 1);
	}
	return is_found;
}
