/* session.c - see session.h. */
#include "session.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/token/hmac.h"

#define PURPOSE "nurture console session v1"
#define VERSION "v2."

enum {
	TIME_BYTES = 8,
	HEAD_BYTES = TIME_BYTES + CON_SESSION_ID_BYTES,
	BODY_MAX_BYTES = HEAD_BYTES + CON_WHO_MAX_BYTES,
};

/* Of the place and the body. */
static void sign(struct slice key, const struct con_place *place, struct slice body,
		 uint8_t tag[HMAC_BYTES])
{
	uint8_t signed_bytes[sizeof(place->bytes) + BODY_MAX_BYTES];

	memcpy(signed_bytes, place->bytes, sizeof(place->bytes));
	memcpy(signed_bytes + sizeof(place->bytes), body.bytes, body.len);
	hmac_tag(key, PURPOSE, slice_of(signed_bytes, sizeof(place->bytes) + body.len), tag,
		 HMAC_BYTES);
}

void con_session_make(struct slice key, const struct con_place *place,
		      const struct con_session *session, char ret[CON_SESSION_BYTES])
{
	uint8_t body[BODY_MAX_BYTES], tag[HMAC_BYTES];
	size_t len = strlen(session->address), used = strlen(VERSION);

	if (len > CON_WHO_MAX_BYTES)
		abort();
	for (int i = 0; i < TIME_BYTES; i++)
		body[i] = (uint8_t)((uint64_t)session->ends_ms >> (8 * (TIME_BYTES - 1 - i)));
	memcpy(body + TIME_BYTES, session->id, sizeof(session->id));
	memcpy(body + HEAD_BYTES, session->address, len);
	sign(key, place, slice_of(body, HEAD_BYTES + len), tag);
	memcpy(ret, VERSION, used);
	used += base64url_write(body, HEAD_BYTES + len, ret + used);
	ret[used++] = '.';
	base64url_write(tag, sizeof(tag), ret + used);
}

static bool is_signed(const struct token_keys *keys, const struct con_place *place,
		      struct slice body, const uint8_t tag[HMAC_BYTES])
{
	uint8_t expected[HMAC_BYTES];
	struct slice key;

	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		if (!key.len)
			continue;
		sign(key, place, body, expected);
		if (CRYPTO_memcmp(tag, expected, sizeof(expected)) == 0)
			return true;
	}
	return false;
}

/* The body, once it is known to be ours. */
static struct con_session session_of(struct slice body)
{
	struct con_session session = {.ends_ms = 0};
	uint64_t ends_ms = 0;

	for (int i = 0; i < TIME_BYTES; i++)
		ends_ms = ends_ms << 8 | body.bytes[i];
	session.ends_ms = (int64_t)ends_ms;
	memcpy(session.id, body.bytes + TIME_BYTES, sizeof(session.id));
	memcpy(session.address, body.bytes + HEAD_BYTES, body.len - HEAD_BYTES);
	return session;
}

bool con_session_open(const struct token_keys *keys, const struct con_place *place,
		      struct slice text, int64_t now_ms, struct con_session *ret)
{
	const size_t prefix = strlen(VERSION);
	uint8_t body[BODY_MAX_BYTES], tag[HMAC_BYTES];
	struct con_session session;
	size_t len, tag_len;
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
	    len <= HEAD_BYTES || tag_len != sizeof(tag) ||
	    !is_signed(keys, place, slice_of(body, len), tag))
		return false;
	session = session_of(slice_of(body, len));
	if (now_ms >= session.ends_ms)
		return false;
	*ret = session;
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
