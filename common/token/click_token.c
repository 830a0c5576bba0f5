/* click_token.c - see click_token.h. */
#include "click_token.h"

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "hmac.h"

/* Signed with every token, so that one of another kind does not pass for one of these. */
static const char purpose[] = "nurture click v1";

enum {
	TAG_BYTES = 16,
	MESSAGE_BYTES = 16,
	/* The id, and a length of one byte before each of the two names. */
	BODY_MAX_BYTES = MESSAGE_BYTES + 1 + CLICK_CUSTOMER_MAX_BYTES + 1 + CLICK_LINK_MAX_BYTES +
			 CLICK_URL_MAX_BYTES,
};
_Static_assert(3 + (BODY_MAX_BYTES * 4 + 2) / 3 + 1 + (TAG_BYTES * 4 + 2) / 3 + 1 <=
		   CLICK_TOKEN_BYTES,
	       "there is room for the longest token");

struct body {
	uint8_t bytes[sizeof(purpose) + BODY_MAX_BYTES];
	size_t len; /* of the body, behind the purpose */
};

static struct body begin_body(void)
{
	struct body body = {.len = 0};

	memcpy(body.bytes, purpose, sizeof(purpose));
	return body;
}

static uint8_t *body_bytes(struct body *body)
{
	return body->bytes + sizeof(purpose);
}

static void add(struct body *body, const void *bytes, size_t len)
{
	memcpy(body_bytes(body) + body->len, bytes, len);
	body->len += len;
}

static void add_name(struct body *body, const char *name)
{
	uint8_t len = (uint8_t)strlen(name);

	add(body, &len, 1);
	add(body, name, len);
}

static void tag_of(const struct body *body, struct slice key, uint8_t ret[TAG_BYTES])
{
	uint8_t whole[HMAC_BYTES];

	hmac_sha256(key, slice_of(body->bytes, sizeof(purpose) + body->len), whole);
	memcpy(ret, whole, TAG_BYTES);
}

bool click_url_is_good(struct slice url)
{
	static const char *const schemes[] = {"https://", "http://"};

	if (url.len > CLICK_URL_MAX_BYTES)
		return false;
	for (size_t i = 0; i < url.len; i++)
		if (url.bytes[i] <= ' ' || url.bytes[i] >= 0x7f)
			return false;
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(schemes[i]);

		if (url.len > len && memcmp(url.bytes, schemes[i], len) == 0)
			return !strchr("/?#", url.bytes[len]);
	}
	return false;
}

size_t click_token_make(struct slice key, const struct click *click, char ret[CLICK_TOKEN_BYTES])
{
	struct body body = begin_body();
	uint8_t message[MESSAGE_BYTES], tag[TAG_BYTES];
	size_t len;

	if (key.len < TOKEN_KEY_MIN_BYTES || !click->customer[0] ||
	    !click_url_is_good(slice_text(click->url)) ||
	    !base16_read(slice_text(click->message), message, sizeof(message), &len) ||
	    len != sizeof(message))
		return 0;
	add(&body, message, sizeof(message));
	add_name(&body, click->customer);
	add_name(&body, click->link);
	add(&body, click->url, strlen(click->url));
	tag_of(&body, key, tag);
	memcpy(ret, "v1.", 3);
	len = 3 + base64url_write(body_bytes(&body), body.len, ret + 3);
	ret[len++] = '.';
	return len + base64url_write(tag, TAG_BYTES, ret + len);
}

/* Reads v1.BODY.TAG; false when the token has another shape. */
static bool read_parts(struct slice token, struct body *ret, uint8_t ret_tag[TAG_BYTES])
{
	const uint8_t *text = token.bytes + 3, *end = token.bytes + token.len, *dot;
	size_t tag_len;

	if (token.len < 3 || token.len >= CLICK_TOKEN_BYTES || memcmp(token.bytes, "v1.", 3) != 0)
		return false;
	dot = memchr(text, '.', (size_t)(end - text));
	return dot &&
	       base64url_read(slice_of(text, (size_t)(dot - text)), body_bytes(ret), BODY_MAX_BYTES,
			      &ret->len) &&
	       base64url_read(slice_of(dot + 1, (size_t)(end - dot - 1)), ret_tag, TAG_BYTES,
			      &tag_len) &&
	       tag_len == TAG_BYTES;
}

static bool is_signed(const struct body *body, const struct token_keys *keys,
		      const uint8_t tag[TAG_BYTES])
{
	uint8_t expected[TAG_BYTES];
	struct slice key;

	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		tag_of(body, key, expected);
		if (CRYPTO_memcmp(tag, expected, TAG_BYTES) == 0)
			return true;
	}
	return false;
}

/* Takes a name off the rest. */
static bool take_name(struct slice *rest, char *ret, size_t max_bytes)
{
	size_t len = rest->len ? rest->bytes[0] : 0;

	if (!rest->len || len > max_bytes || len >= rest->len || memchr(rest->bytes + 1, '\0', len))
		return false;
	memcpy(ret, rest->bytes + 1, len);
	ret[len] = '\0';
	*rest = slice_of(rest->bytes + 1 + len, rest->len - 1 - len);
	return true;
}

static bool read_body(struct body *body, struct click *ret)
{
	struct slice rest = slice_of(body_bytes(body), body->len);

	if (rest.len < MESSAGE_BYTES)
		return false;
	base16_write(rest.bytes, MESSAGE_BYTES, ret->message);
	rest = slice_of(rest.bytes + MESSAGE_BYTES, rest.len - MESSAGE_BYTES);
	if (!take_name(&rest, ret->customer, CLICK_CUSTOMER_MAX_BYTES) || !ret->customer[0] ||
	    !take_name(&rest, ret->link, CLICK_LINK_MAX_BYTES) || !click_url_is_good(rest))
		return false;
	memcpy(ret->url, rest.bytes, rest.len);
	return true;
}

int click_token_open(const struct token_keys *keys, struct slice token, struct click *ret,
		     struct err *err)
{
	struct body body = begin_body();
	uint8_t tag[TAG_BYTES];

	*ret = (struct click){0};
	if (keys->now.len >= TOKEN_KEY_MIN_BYTES && read_parts(token, &body, tag) &&
	    is_signed(&body, keys, tag) && read_body(&body, ret))
		return 0;
	*ret = (struct click){0};
	return err_set(err, "click token: not one of ours");
}
