/* return_token.c - see return_token.h. */
#include "return_token.h"

#include <stdio.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "common/base/text.h"
#include "hmac.h"

enum {
	SEND_BYTES = 16,
	CUT_SEND_BYTES = 8,
	TAG_BYTES = 10,
	LOCAL_BODY_BYTES = 35, /* what 57 characters of base32 hold */
	BODY_MAX_BYTES = 1 + SEND_BYTES + RETURN_CUSTOMER_MAX_BYTES + TAG_BYTES,
	NUMBER_DIGITS_MAX = 18,
	UUID_BYTES = 36,
	CUT = 0x80, /* of the first byte: half of the send's id */
};

/*
 * How the customer is written, so that usual ids take little room. The low bits of the first byte
 * say so.
 */
enum packing { PACKED_TEXT = 0x10, PACKED_NUMBER = 0x11, PACKED_HEX = 0x12, PACKED_UUID = 0x13 };

enum { PREFIX_BYTES = sizeof(VERP_PREFIX) - 1 };

/* Reads the bytes of a UUID in its usual form; false when the text is none. */
static bool read_uuid(struct slice text, uint8_t ret[SEND_BYTES])
{
	uint8_t digits[2 * SEND_BYTES];
	size_t used = 0, len;

	if (text.len != UUID_BYTES)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_dash != (text.bytes[i] == '-'))
			return false;
		if (!is_dash)
			digits[used++] = text.bytes[i];
	}
	return base16_read(slice_of(digits, used), ret, SEND_BYTES, &len);
}

static bool is_number(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
	return text.len > 0 && text.len <= NUMBER_DIGITS_MAX && text.bytes[0] != '0';
}

static size_t pack_number(struct slice text, uint8_t *ret)
{
	uint64_t number = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++)
		number = number * 10 + (uint64_t)(text.bytes[i] - '0');
	for (int shift = 56; shift >= 0; shift -= 8)
		if (len || number >> shift)
			ret[len++] = (uint8_t)(number >> shift);
	return len;
}

static size_t pack(struct slice customer, uint8_t *ret_packing,
		   uint8_t ret[RETURN_CUSTOMER_MAX_BYTES])
{
	size_t len;

	if (is_number(customer)) {
		*ret_packing = PACKED_NUMBER;
		return pack_number(customer, ret);
	}
	if (read_uuid(customer, ret)) {
		*ret_packing = PACKED_UUID;
		return SEND_BYTES;
	}
	if (base16_read(customer, ret, RETURN_CUSTOMER_MAX_BYTES, &len)) {
		*ret_packing = PACKED_HEX;
		return len;
	}
	*ret_packing = PACKED_TEXT;
	memcpy(ret, customer.bytes, customer.len);
	return customer.len;
}

static bool unpack(uint8_t packing, const uint8_t *bytes, size_t len,
		   char ret[RETURN_CUSTOMER_MAX_BYTES + 1])
{
	uint64_t number = 0;
	char digits[2 * SEND_BYTES + 1];

	if (packing == PACKED_TEXT && len <= RETURN_CUSTOMER_MAX_BYTES) {
		snprintf(ret, RETURN_CUSTOMER_MAX_BYTES + 1, "%.*s", (int)len, (const char *)bytes);
	} else if (packing == PACKED_HEX && 2 * len <= RETURN_CUSTOMER_MAX_BYTES) {
		base16_write(bytes, len, ret);
	} else if (packing == PACKED_UUID && len == SEND_BYTES) {
		base16_write(bytes, len, digits);
		snprintf(ret, RETURN_CUSTOMER_MAX_BYTES + 1, "%.8s-%.4s-%.4s-%.4s-%s", digits,
			 digits + 8, digits + 12, digits + 16, digits + 20);
	} else if (packing == PACKED_NUMBER && len <= sizeof(number)) {
		for (size_t i = 0; i < len; i++)
			number = number << 8 | bytes[i];
		snprintf(ret, RETURN_CUSTOMER_MAX_BYTES + 1, "%llu", (unsigned long long)number);
	} else {
		return false;
	}
	return text_is_id(slice_text(ret));
}

static void tag_of(struct slice key, const uint8_t *body, size_t len, uint8_t ret[TAG_BYTES])
{
	hmac_tag(key, "nurture return v2", slice_of(body, len), ret, TAG_BYTES);
}

static int check(struct slice key, struct slice send, struct slice customer, struct err *err)
{
	if (verp_check_key(key, err) < 0)
		return -1;
	if (!send.len)
		return err_set(err, "return path: expected the id of a send, found none");
	if (customer.len > RETURN_CUSTOMER_MAX_BYTES || !text_is_id(customer))
		return err_set(err, "return path: expected a customer's id of 1 to %d bytes",
			       RETURN_CUSTOMER_MAX_BYTES);
	return 0;
}

/*
 * Makes body and tag, with the whole id of the send if there is room for it, else with half of it.
 * Returns their length; 0 when there is no room for either.
 */
static size_t build(struct slice key, struct slice send, struct slice customer, size_t room,
		    uint8_t ret[BODY_MAX_BYTES])
{
	uint8_t packed[RETURN_CUSTOMER_MAX_BYTES], packing;
	size_t customer_len = pack(customer, &packing, packed), send_len = SEND_BYTES, len;
	char id[ID_TEXT_BYTES];

	if (1 + send_len + customer_len + TAG_BYTES > room) {
		packing |= CUT;
		send_len = CUT_SEND_BYTES;
	}
	len = 1 + send_len + customer_len;
	if (len + TAG_BYTES > room)
		return 0;
	verp_send(send, id);
	ret[0] = packing;
	base16_read(slice_of(id, 2 * send_len), ret + 1, send_len, &send_len);
	memcpy(ret + 1 + send_len, packed, customer_len);
	tag_of(key, ret, len, ret + len);
	return len + TAG_BYTES;
}

int return_local_make(struct slice key, struct slice send, struct slice customer,
		      char ret[RETURN_LOCAL_BYTES], struct err *err)
{
	uint8_t body[BODY_MAX_BYTES];
	size_t len;

	if (check(key, send, customer, err) < 0)
		return -1;
	len = build(key, send, customer, LOCAL_BODY_BYTES, body);
	if (!len)
		return verp_make(key, send, ret, err);
	memcpy(ret, VERP_PREFIX, PREFIX_BYTES);
	base32_write(body, len, ret + PREFIX_BYTES);
	return 0;
}

int return_token_make(struct slice key, struct slice send, struct slice customer,
		      char ret[RETURN_TOKEN_BYTES], struct err *err)
{
	uint8_t body[BODY_MAX_BYTES];

	if (check(key, send, customer, err) < 0)
		return -1;
	base32_write(body, build(key, send, customer, BODY_MAX_BYTES, body), ret);
	return 0;
}

static bool open_whole(struct slice key, const uint8_t *body, size_t len, struct return_token *ret)
{
	size_t send_len = body[0] & CUT ? CUT_SEND_BYTES : SEND_BYTES;
	uint8_t expected[TAG_BYTES];
	struct err ignored;

	if (verp_check_key(key, &ignored) < 0 || len < 2 + send_len + TAG_BYTES)
		return false;
	tag_of(key, body, len - TAG_BYTES, expected);
	if (CRYPTO_memcmp(body + len - TAG_BYTES, expected, TAG_BYTES) != 0)
		return false;
	base16_write(body + 1, send_len, ret->send);
	return unpack(body[0] & (uint8_t)~CUT, body + 1 + send_len, len - TAG_BYTES - 1 - send_len,
		      ret->customer);
}

/* Opens a return path that names the send alone. */
static bool open_send(struct slice key, struct slice token, struct return_token *ret)
{
	char local[VERP_LOCAL_BYTES];
	struct err ignored;

	if (token.len != VERP_TOKEN_CHARS)
		return false;
	snprintf(local, sizeof(local), VERP_PREFIX "%.*s", SLICE_ARGS(token));
	ret->customer[0] = '\0';
	return verp_open(key, slice_text(local), ret->send, &ignored) == 0;
}

bool return_token_open(const struct token_keys *keys, struct slice text, struct return_token *ret)
{
	size_t len;
	uint8_t body[BODY_MAX_BYTES];
	struct return_token found;
	struct slice key;

	if (text.len > PREFIX_BYTES &&
	    strncasecmp((const char *)text.bytes, VERP_PREFIX, PREFIX_BYTES) == 0)
		text = slice_of(text.bytes + PREFIX_BYTES, text.len - PREFIX_BYTES);
	if (!base32_read(text, body, sizeof(body), &len) || !len)
		return false;
	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		if (!open_whole(key, body, len, &found) && !open_send(key, text, &found))
			continue;
		*ret = found;
		return true;
	}
	return false;
}
