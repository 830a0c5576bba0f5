/* unsubscribe_token.c - see unsubscribe_token.h. */
#include "unsubscribe_token.h"

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "hmac.h"

enum {
	TAG_BYTES = 16,
	BODY_MAX_BYTES = 2 + UNSUBSCRIBE_CUSTOMER_MAX_BYTES + UNSUBSCRIBE_CLASS_MAX_BYTES +
			 UNSUBSCRIBE_INBOX_MAX_BYTES,
};
/* What a tag is for, by the name that is signed with it. */
struct purpose {
	const char *word, *signed_texts[2]; /* of v1, and of v2, which names the inbox */
};
static const struct purpose unsubscribing = {"unsubscribe",
					     {"nurture unsubscribe v1", "nurture unsubscribe v2"}};
static const struct purpose preferring = {"preferences",
					  {"nurture preferences v1", "nurture preferences v2"}};

static void tag_of(const char *signed_text, struct slice key, const uint8_t *body, size_t len,
		   uint8_t ret[TAG_BYTES])
{
	hmac_tag(key, signed_text, slice_of(body, len), ret, TAG_BYTES);
}

static int check(const struct purpose *purpose, struct slice key, struct slice customer,
		 struct slice message_class, struct slice inbox, struct err *err)
{
	if (key.len < UNSUBSCRIBE_KEY_MIN_BYTES || key.len > 4096)
		return err_config(err, "%s token: expected a key of at least %d bytes",
				  purpose->word, UNSUBSCRIBE_KEY_MIN_BYTES);
	if (!customer.len || customer.len > UNSUBSCRIBE_CUSTOMER_MAX_BYTES || !message_class.len ||
	    message_class.len > UNSUBSCRIBE_CLASS_MAX_BYTES ||
	    inbox.len > UNSUBSCRIBE_INBOX_MAX_BYTES)
		return err_set(err,
			       "%s token: expected a customer of 1 to %d bytes, "
			       "a class of 1 to %d and an inbox of at most %d",
			       purpose->word, UNSUBSCRIBE_CUSTOMER_MAX_BYTES,
			       UNSUBSCRIBE_CLASS_MAX_BYTES, UNSUBSCRIBE_INBOX_MAX_BYTES);
	return 0;
}

static size_t put(uint8_t *body, size_t len, struct slice text)
{
	if (text.len)
		memcpy(body + len, text.bytes, text.len);
	return len + text.len;
}

static int make(const struct purpose *purpose, struct slice key, struct slice customer,
		struct slice message_class, struct slice inbox, char ret[UNSUBSCRIBE_TOKEN_BYTES],
		struct err *err)
{
	uint8_t body[BODY_MAX_BYTES], tag[TAG_BYTES];
	size_t len = 0, used;

	if (check(purpose, key, customer, message_class, inbox, err) < 0)
		return -1;
	body[len++] = (uint8_t)customer.len;
	len = put(body, len, customer);
	if (inbox.len) {
		body[len++] = (uint8_t)inbox.len;
		len = put(body, len, inbox);
	}
	len = put(body, len, message_class);
	tag_of(purpose->signed_texts[inbox.len > 0], key, body, len, tag);
	memcpy(ret, inbox.len ? "v2." : "v1.", 3);
	used = 3 + base64url_write(body, len, ret + 3);
	ret[used++] = '.';
	base64url_write(tag, TAG_BYTES, ret + used);
	return 0;
}

/* Splits vN.BODY.TAG into its parts; false when the token has another shape. */
static bool split(struct slice token, bool *ret_has_inbox, struct slice *ret_body,
		  struct slice *ret_tag)
{
	const uint8_t *body = token.bytes + 3, *end = token.bytes + token.len, *dot;

	if (token.len < 3 || token.len >= UNSUBSCRIBE_TOKEN_BYTES ||
	    (memcmp(token.bytes, "v1.", 3) != 0 && memcmp(token.bytes, "v2.", 3) != 0))
		return false;
	dot = memchr(body, '.', (size_t)(end - body));
	if (!dot)
		return false;
	*ret_has_inbox = token.bytes[1] == '2';
	*ret_body = slice_of(body, (size_t)(dot - body));
	*ret_tag = slice_of(dot + 1, (size_t)(end - dot - 1));
	return true;
}

/* Is the tag one of the keys' over the body? */
static bool is_signed(const char *signed_text, const struct token_keys *keys, const uint8_t *body,
		      size_t len, const uint8_t tag[TAG_BYTES])
{
	uint8_t expected[TAG_BYTES];
	struct slice key;

	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		tag_of(signed_text, key, body, len, expected);
		if (CRYPTO_memcmp(tag, expected, TAG_BYTES) == 0)
			return true;
	}
	return false;
}

/* Takes a text of so many bytes off the body; false when it has not as many, or too many. */
static bool take(struct slice *body, size_t len, size_t most, char *ret)
{
	if (len < 1 || len > most || len > body->len)
		return false;
	memcpy(ret, body->bytes, len);
	ret[len] = '\0';
	*body = slice_of(body->bytes + len, body->len - len);
	return true;
}

/* The same of a text that has its length before it. */
static bool take_counted(struct slice *body, size_t most, char *ret)
{
	size_t len;

	if (!body->len)
		return false;
	len = body->bytes[0];
	*body = slice_of(body->bytes + 1, body->len - 1);
	return take(body, len, most, ret);
}

static bool read_body(struct slice body, bool has_inbox, struct unsubscribe *ret)
{
	*ret = (struct unsubscribe){0};
	return take_counted(&body, UNSUBSCRIBE_CUSTOMER_MAX_BYTES, ret->customer) &&
	       (!has_inbox || take_counted(&body, UNSUBSCRIBE_INBOX_MAX_BYTES, ret->inbox)) &&
	       take(&body, body.len, UNSUBSCRIBE_CLASS_MAX_BYTES, ret->message_class);
}

static int open_token(const struct purpose *purpose, const struct token_keys *keys,
		      struct slice token, struct unsubscribe *ret, struct err *err)
{
	uint8_t body[BODY_MAX_BYTES], tag[TAG_BYTES];
	struct slice body_text, tag_text;
	size_t len, tag_len;
	bool has_inbox;

	if (keys->now.len < UNSUBSCRIBE_KEY_MIN_BYTES || keys->now.len > 4096)
		return err_config(err, "%s token: expected a key of at least %d bytes",
				  purpose->word, UNSUBSCRIBE_KEY_MIN_BYTES);
	if (!split(token, &has_inbox, &body_text, &tag_text) ||
	    !base64url_read(body_text, body, sizeof(body), &len) || !len ||
	    !base64url_read(tag_text, tag, sizeof(tag), &tag_len) || tag_len != TAG_BYTES ||
	    !is_signed(purpose->signed_texts[has_inbox], keys, body, len, tag) ||
	    !read_body(slice_of(body, len), has_inbox, ret))
		return err_set(err, "%s token: not one of ours", purpose->word);
	return 0;
}

int unsubscribe_token_make(struct slice key, struct slice customer, struct slice message_class,
			   struct slice inbox, char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err)
{
	return make(&unsubscribing, key, customer, message_class, inbox, ret, err);
}

int unsubscribe_token_open(const struct token_keys *keys, struct slice token,
			   struct unsubscribe *ret, struct err *err)
{
	return open_token(&unsubscribing, keys, token, ret, err);
}

int preferences_token_make(struct slice key, struct slice customer, struct slice message_class,
			   struct slice inbox, char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err)
{
	return make(&preferring, key, customer, message_class, inbox, ret, err);
}

int preferences_token_open(const struct token_keys *keys, struct slice token,
			   struct unsubscribe *ret, struct err *err)
{
	return open_token(&preferring, keys, token, ret, err);
}
