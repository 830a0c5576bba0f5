/* verp.c - see verp.h. */
#include "verp.h"

#include <strings.h>

#include <openssl/crypto.h>

#include "hmac.h"

enum { SEND_BYTES = 16, TAG_BYTES = 10, BODY_BYTES = SEND_BYTES + TAG_BYTES };
static const char purpose[] = "nurture bounce v1";
static const char prefix[] = "bounce+";
static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char hex[] = "0123456789abcdef";

/* Unpadded base32 (RFC 4648 6); 26 bytes are 41.6 characters, the last two bits are 0. */
static void encode(const uint8_t body[BODY_BYTES], char *ret)
{
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < BODY_BYTES; i++) {
		bits = (bits << 8 | body[i]) & 0xffff;
		for (held += 8; held >= 5; held -= 5)
			*ret++ = alphabet[bits >> (held - 5) & 31];
	}
	*ret++ = alphabet[bits << (5 - held) & 31];
	*ret = '\0';
}

static int digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* False unless text is what encode() gives for the body, in any case. */
static bool decode(const uint8_t text[VERP_TOKEN_CHARS], uint8_t ret[BODY_BYTES])
{
	unsigned bits = 0, held = 0;
	size_t used = 0;

	for (size_t i = 0; i < VERP_TOKEN_CHARS; i++) {
		int value = digit(text[i]);

		if (value < 0)
			return false;
		bits = (bits << 5 | (unsigned)value) & 0xffff;
		held += 5;
		if (held >= 8) {
			held -= 8;
			ret[used++] = (uint8_t)(bits >> held);
		}
	}
	return (bits & ((1u << held) - 1)) == 0;
}

static void tag_of(struct slice key, const uint8_t send[SEND_BYTES], uint8_t ret[TAG_BYTES])
{
	uint8_t message[sizeof(purpose) + SEND_BYTES], mac[HMAC_BYTES];

	memcpy(message, purpose, sizeof(purpose));
	memcpy(message + sizeof(purpose), send, SEND_BYTES);
	hmac_sha256(key, slice_of(message, sizeof(message)), mac);
	memcpy(ret, mac, TAG_BYTES);
}

static int check_key(struct slice key, struct err *err)
{
	if (key.len < VERP_KEY_MIN_BYTES || key.len > 4096)
		return err_config(err, "return path: expected a key of at least %d bytes",
				  VERP_KEY_MIN_BYTES);
	return 0;
}

static bool is_id(struct slice send)
{
	for (size_t i = 0; i < send.len; i++)
		if (!send.bytes[i] || !strchr(hex, send.bytes[i]))
			return false;
	return send.len == ID_TEXT_BYTES - 1;
}

void verp_send(struct slice send, char ret[ID_TEXT_BYTES])
{
	if (is_id(send)) {
		memcpy(ret, send.bytes, send.len);
		ret[send.len] = '\0';
	} else {
		id_of(ret, &send, 1);
	}
}

int verp_make(struct slice key, struct slice send, char ret[VERP_LOCAL_BYTES], struct err *err)
{
	uint8_t body[BODY_BYTES];
	char id[ID_TEXT_BYTES];

	if (check_key(key, err) < 0)
		return -1;
	if (!send.len)
		return err_set(err, "return path: expected the id of a send, found none");
	verp_send(send, id);
	for (size_t i = 0; i < SEND_BYTES; i++)
		body[i] = (uint8_t)((strchr(hex, id[2 * i]) - hex) << 4 |
				    (strchr(hex, id[2 * i + 1]) - hex));
	tag_of(key, body, body + SEND_BYTES);
	memcpy(ret, prefix, sizeof(prefix) - 1);
	encode(body, ret + sizeof(prefix) - 1);
	return 0;
}

int verp_open(struct slice key, struct slice local, char ret[ID_TEXT_BYTES], struct err *err)
{
	uint8_t body[BODY_BYTES], expected[TAG_BYTES];

	if (check_key(key, err) < 0)
		return -1;
	if (local.len != VERP_LOCAL_BYTES - 1 ||
	    strncasecmp((const char *)local.bytes, prefix, sizeof(prefix) - 1) != 0 ||
	    !decode(local.bytes + sizeof(prefix) - 1, body))
		return err_set(err, "return path: not one of ours");
	tag_of(key, body, expected);
	if (CRYPTO_memcmp(body + SEND_BYTES, expected, TAG_BYTES) != 0)
		return err_set(err, "return path: not one of ours");
	for (size_t i = 0; i < SEND_BYTES; i++) {
		ret[2 * i] = hex[body[i] >> 4];
		ret[2 * i + 1] = hex[body[i] & 15];
	}
	ret[2 * SEND_BYTES] = '\0';
	return 0;
}
