/* unsubscribe_token.c - see unsubscribe_token.h. */
#include "unsubscribe_token.h"

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "hmac.h"

enum {
	TAG_BYTES = 16,
	BODY_MAX_BYTES = 1 + UNSUBSCRIBE_CUSTOMER_MAX_BYTES + UNSUBSCRIBE_CLASS_MAX_BYTES,
};
/* What a tag is for, by the name that is signed with it. */
struct purpose {
	const char *word, *signed_text;
};
static const struct purpose unsubscribing = {"unsubscribe", "nurture unsubscribe v1"};
static const struct purpose preferring = {"preferences", "nurture preferences v1"};

static void tag_of(const struct purpose *purpose, struct slice key, const uint8_t *body, size_t len,
		   uint8_t ret[TAG_BYTES])
{
	hmac_tag(key, purpose->signed_text, slice_of(body, len), ret, TAG_BYTES);
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
	used = 3 + base64url_write(body, len, ret + 3);
	ret[used++] = '.';
	base64url_write(tag, TAG_BYTES, ret + used);
	return 0;
}

/* Splits v1.BODY.TAG into its parts; false when the token has another shape. */
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
	size_t customer_len, class_len, len, tag_len;

	if (keys->now.len < UNSUBSCRIBE_KEY_MIN_BYTES || keys->now.len > 4096)
		return err_config(err, "%s token: expected a key of at least %d bytes",
				  purpose->word, UNSUBSCRIBE_KEY_MIN_BYTES);
	if (!split(token, &body_text, &tag_text) ||
	    !base64url_read(body_text, body, sizeof(body), &len) || !len ||
	    !base64url_read(tag_text, tag, sizeof(tag), &tag_len) || tag_len != TAG_BYTES)
		return err_set(err, "%s token: not one of ours", purpose->word);
	customer_len = body[0];
	if (!is_signed(purpose, keys, body, len, tag) || customer_len < 1 ||
	    customer_len > UNSUBSCRIBE_CUSTOMER_MAX_BYTES || customer_len + 1 >= len ||
	    len - 1 - customer_len > UNSUBSCRIBE_CLASS_MAX_BYTES)
		return err_set(err, "%s token: not one of ours", purpose->word);
	class_len = len - 1 - customer_len;
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
