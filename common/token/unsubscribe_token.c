/* unsubscribe_token.c - see unsubscribe_token.h. */
#include "unsubscribe_token.h"

#include <openssl/crypto.h>

#include "hmac.h"

enum {
	TAG_BYTES = 16,
	BODY_MAX_BYTES = 1 + UNSUBSCRIBE_CUSTOMER_MAX_BYTES + UNSUBSCRIBE_CLASS_MAX_BYTES,
};
/* What a tag is for: its name, as it is signed. */
struct purpose {
	const char *word;
	char signed_text[23]; /* with its NUL; all are as long */
};
static const struct purpose unsubscribing = {"unsubscribe", "nurture unsubscribe v1"};
static const struct purpose preferring = {"preferences", "nurture preferences v1"};
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Unpadded base64url; NUL-terminated; returns its length. */
static size_t encode(const uint8_t *bytes, size_t len, char *ret)
{
	size_t used = 0;
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8 | bytes[i]) & 0xffff;
		for (held += 8; held >= 6; held -= 6)
			ret[used++] = alphabet[bits >> (held - 6) & 63];
	}
	if (held)
		ret[used++] = alphabet[bits << (6 - held) & 63];
	ret[used] = '\0';
	return used;
}

/* Bytes written; -1 unless text is what encode() gives for them. */
static int decode(const uint8_t *text, size_t len, uint8_t *ret, size_t max)
{
	size_t used = 0;
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < len; i++) {
		const char *at = text[i] ? strchr(alphabet, text[i]) : NULL;

		if (!at)
			return -1;
		bits = (bits << 6 | (unsigned)(at - alphabet)) & 0xffff;
		held += 6;
		if (held < 8)
			continue;
		if (used == max)
			return -1;
		held -= 8;
		ret[used++] = (uint8_t)(bits >> held);
	}
	if (held >= 6 || (bits & ((1u << held) - 1)))
		return -1;
	return (int)used;
}

static void tag_of(const struct purpose *purpose, struct slice key, const uint8_t *body, size_t len,
		   uint8_t ret[TAG_BYTES])
{
	enum { PURPOSE_BYTES = sizeof(purpose->signed_text) };
	uint8_t message[PURPOSE_BYTES + BODY_MAX_BYTES], mac[HMAC_BYTES];

	memcpy(message, purpose->signed_text, PURPOSE_BYTES);
	memcpy(message + PURPOSE_BYTES, body, len);
	hmac_sha256(key, slice_of(message, PURPOSE_BYTES + len), mac);
	memcpy(ret, mac, TAG_BYTES);
}

static int make(const struct purpose *purpose, struct slice key, struct slice customer,
		struct slice message_class, char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err)
{
	uint8_t body[BODY_MAX_BYTES], tag[TAG_BYTES];
	size_t len = 1 + customer.len + message_class.len, used;

	if (key.len < UNSUBSCRIBE_KEY_MIN_BYTES || key.len > 4096)
		return err_config(err, "%s token: expected a key of at least %d bytes",
				  purpose->word, UNSUBSCRIBE_KEY_MIN_BYTES);
	if (!customer.len || customer.len > UNSUBSCRIBE_CUSTOMER_MAX_BYTES || !message_class.len ||
	    message_class.len > UNSUBSCRIBE_CLASS_MAX_BYTES)
		return err_set(err,
			       "%s token: expected a customer of 1 to %d bytes and "
			       "a class of 1 to %d",
			       purpose->word, UNSUBSCRIBE_CUSTOMER_MAX_BYTES,
			       UNSUBSCRIBE_CLASS_MAX_BYTES);
	body[0] = (uint8_t)customer.len;
	memcpy(body + 1, customer.bytes, customer.len);
	memcpy(body + 1 + customer.len, message_class.bytes, message_class.len);
	tag_of(purpose, key, body, len, tag);
	memcpy(ret, "v1.", 3);
	used = 3 + encode(body, len, ret + 3);
	ret[used++] = '.';
	encode(tag, TAG_BYTES, ret + used);
	return 0;
}

/* The parts of v1.BODY.TAG; false when it has another shape. */
static bool split(struct slice token, struct slice *ret_body, struct slice *ret_tag)
{
	const uint8_t *body = token.bytes + 3, *end = token.bytes + token.len, *dot;

	if (token.len < 3 || token.len >= UNSUBSCRIBE_TOKEN_BYTES ||
	    memcmp(token.bytes, "v1.", 3) != 0)
		return false;
	dot = memchr(body, '.', (size_t)(end - body));
	if (!dot)
		return false;
	*ret_body = slice_of(body, (size_t)(dot - body));
	*ret_tag = slice_of(dot + 1, (size_t)(end - dot - 1));
	return true;
}

/* Is the tag one of the keys' over the body? */
static bool is_signed(const struct purpose *purpose, const struct token_keys *keys,
		      const uint8_t *body, size_t len, const uint8_t tag[TAG_BYTES])
{
	uint8_t expected[TAG_BYTES];
	struct slice key;

	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		tag_of(purpose, key, body, len, expected);
		if (CRYPTO_memcmp(tag, expected, TAG_BYTES) == 0)
			return true;
	}
	return false;
}

static int open_token(const struct purpose *purpose, const struct token_keys *keys,
		      struct slice token, struct unsubscribe *ret, struct err *err)
{
	uint8_t body[BODY_MAX_BYTES], tag[TAG_BYTES];
	struct slice body_text, tag_text;
	size_t customer_len, class_len;
	int len;

	if (keys->now.len < UNSUBSCRIBE_KEY_MIN_BYTES || keys->now.len > 4096)
		return err_config(err, "%s token: expected a key of at least %d bytes",
				  purpose->word, UNSUBSCRIBE_KEY_MIN_BYTES);
	if (!split(token, &body_text, &tag_text) ||
	    (len = decode(body_text.bytes, body_text.len, body, sizeof(body))) < 1 ||
	    decode(tag_text.bytes, tag_text.len, tag, sizeof(tag)) != TAG_BYTES)
		return err_set(err, "%s token: not one of ours", purpose->word);
	customer_len = body[0];
	if (!is_signed(purpose, keys, body, (size_t)len, tag) || customer_len < 1 ||
	    customer_len > UNSUBSCRIBE_CUSTOMER_MAX_BYTES || customer_len + 1 >= (size_t)len ||
	    (size_t)len - 1 - customer_len > UNSUBSCRIBE_CLASS_MAX_BYTES)
		return err_set(err, "%s token: not one of ours", purpose->word);
	class_len = (size_t)len - 1 - customer_len;
	*ret = (struct unsubscribe){0};
	memcpy(ret->customer, body + 1, customer_len);
	memcpy(ret->message_class, body + 1 + customer_len, class_len);
	return 0;
}

int unsubscribe_token_make(struct slice key, struct slice customer, struct slice message_class,
			   char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err)
{
	return make(&unsubscribing, key, customer, message_class, ret, err);
}

int unsubscribe_token_open(const struct token_keys *keys, struct slice token,
			   struct unsubscribe *ret, struct err *err)
{
	return open_token(&unsubscribing, keys, token, ret, err);
}

int preferences_token_make(struct slice key, struct slice customer, struct slice message_class,
			   char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err)
{
	return make(&preferring, key, customer, message_class, ret, err);
}

int preferences_token_open(const struct token_keys *keys, struct slice token,
			   struct unsubscribe *ret, struct err *err)
{
	return open_token(&preferring, keys, token, ret, err);
}
