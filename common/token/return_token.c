/* return_token.c - see return_token.h. */
#include "return_token.h"

#include <stdio.h>
#include <strings.h>

#include <openssl/crypto.h>

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

/* How the customer is written, so that usual ids take little room; the first byte's low bits. */
enum packing { PACKED_TEXT = 0x10, PACKED_NUMBER = 0x11, PACKED_HEX = 0x12, PACKED_UUID = 0x13 };

static const char purpose[] = "nurture return v2";
static const char prefix[] = "bounce+";
static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char hex[] = "0123456789abcdef";

/* Unpadded base32 (RFC 4648 6). */
static void encode(const uint8_t *body, size_t len, char *ret)
{
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8 | body[i]) & 0xffff;
		for (held += 8; held >= 5; held -= 5)
			*ret++ = alphabet[bits >> (held - 5) & 31];
	}
	if (held)
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

/* The number of bytes, or 0: not what encode() gives for any. */
static size_t decode(struct slice text, uint8_t ret[BODY_MAX_BYTES])
{
	unsigned bits = 0, held = 0;
	size_t used = 0;

	if (text.len >= RETURN_TOKEN_BYTES)
		return 0;
	for (size_t i = 0; i < text.len; i++) {
		int value = digit(text.bytes[i]);

		if (value < 0)
			return 0;
		bits = (bits << 5 | (unsigned)value) & 0xffff;
		held += 5;
		if (held < 8)
			continue;
		if (used == BODY_MAX_BYTES)
			return 0;
		held -= 8;
		ret[used++] = (uint8_t)(bits >> held);
	}
	return held < 5 && (bits & ((1u << held) - 1)) == 0 ? used : 0;
}

static bool is_hex(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.bytes[i] || !strchr(hex, text.bytes[i]))
			return false;
	return text.len > 0 && text.len % 2 == 0;
}

static uint8_t hex_byte(const uint8_t *digits)
{
	return (uint8_t)((strchr(hex, digits[0]) - hex) << 4 | (strchr(hex, digits[1]) - hex));
}

/* The 32 digits of a UUID in its usual form; false when it is none. */
static bool uuid_digits(struct slice text, uint8_t ret[2 * SEND_BYTES])
{
	size_t used = 0;

	if (text.len != UUID_BYTES)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_dash != (text.bytes[i] == '-'))
			return false;
		if (!is_dash)
			ret[used++] = text.bytes[i];
	}
	return is_hex(slice_of(ret, used));
}

static bool is_number(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
	return text.len > 0 && text.len <= NUMBER_DIGITS_MAX && text.bytes[0] != '0';
}

static size_t pack_hex(struct slice digits, uint8_t *ret)
{
	for (size_t i = 0; i < digits.len; i += 2)
		ret[i / 2] = hex_byte(digits.bytes + i);
	return digits.len / 2;
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

static size_t pack(struct slice customer, uint8_t *ret_packing, uint8_t *ret)
{
	uint8_t digits[2 * SEND_BYTES];

	if (is_number(customer)) {
		*ret_packing = PACKED_NUMBER;
		return pack_number(customer, ret);
	}
	if (uuid_digits(customer, digits)) {
		*ret_packing = PACKED_UUID;
		return pack_hex(slice_of(digits, sizeof(digits)), ret);
	}
	if (is_hex(customer)) {
		*ret_packing = PACKED_HEX;
		return pack_hex(customer, ret);
	}
	*ret_packing = PACKED_TEXT;
	memcpy(ret, customer.bytes, customer.len);
	return customer.len;
}

static void write_hex(const uint8_t *bytes, size_t len, char *ret)
{
	for (size_t i = 0; i < len; i++) {
		ret[2 * i] = hex[bytes[i] >> 4];
		ret[2 * i + 1] = hex[bytes[i] & 15];
	}
	ret[2 * len] = '\0';
}

static bool unpack(uint8_t packing, const uint8_t *bytes, size_t len,
		   char ret[RETURN_CUSTOMER_MAX_BYTES + 1])
{
	uint64_t number = 0;
	char digits[2 * SEND_BYTES + 1];

	if (packing == PACKED_TEXT && len <= RETURN_CUSTOMER_MAX_BYTES) {
		snprintf(ret, RETURN_CUSTOMER_MAX_BYTES + 1, "%.*s", (int)len, (const char *)bytes);
	} else if (packing == PACKED_HEX && 2 * len <= RETURN_CUSTOMER_MAX_BYTES) {
		write_hex(bytes, len, ret);
	} else if (packing == PACKED_UUID && len == SEND_BYTES) {
		write_hex(bytes, len, digits);
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
	uint8_t message[sizeof(purpose) + BODY_MAX_BYTES], mac[HMAC_BYTES];

	memcpy(message, purpose, sizeof(purpose));
	memcpy(message + sizeof(purpose), body, len);
	hmac_sha256(key, slice_of(message, sizeof(purpose) + len), mac);
	memcpy(ret, mac, TAG_BYTES);
}

static int check(struct slice key, struct slice send, struct slice customer, struct err *err)
{
	if (key.len < VERP_KEY_MIN_BYTES || key.len > 4096)
		return err_config(err, "return path: expected a key of at least %d bytes",
				  VERP_KEY_MIN_BYTES);
	if (!send.len)
		return err_set(err, "return path: expected the id of a send, found none");
	if (customer.len > RETURN_CUSTOMER_MAX_BYTES || !text_is_id(customer))
		return err_set(err, "return path: expected a customer's id of 1 to %d bytes",
			       RETURN_CUSTOMER_MAX_BYTES);
	return 0;
}

/* Body and tag; the send whole when that leaves it within room, else half.  0: it does not fit. */
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
	pack_hex(slice_of(id, 2 * send_len), ret + 1);
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
	memcpy(ret, prefix, sizeof(prefix) - 1);
	encode(body, len, ret + sizeof(prefix) - 1);
	return 0;
}

int return_token_make(struct slice key, struct slice send, struct slice customer,
		      char ret[RETURN_TOKEN_BYTES], struct err *err)
{
	uint8_t body[BODY_MAX_BYTES];

	if (check(key, send, customer, err) < 0)
		return -1;
	encode(body, build(key, send, customer, BODY_MAX_BYTES, body), ret);
	return 0;
}

static bool open_whole(struct slice key, const uint8_t *body, size_t len, struct return_token *ret)
{
	size_t send_len = body[0] & CUT ? CUT_SEND_BYTES : SEND_BYTES;
	uint8_t expected[TAG_BYTES];

	if (key.len < VERP_KEY_MIN_BYTES || key.len > 4096 || len < 2 + send_len + TAG_BYTES)
		return false;
	tag_of(key, body, len - TAG_BYTES, expected);
	if (CRYPTO_memcmp(body + len - TAG_BYTES, expected, TAG_BYTES) != 0)
		return false;
	write_hex(body + 1, send_len, ret->send);
	return unpack(body[0] & (uint8_t)~CUT, body + 1 + send_len, len - TAG_BYTES - 1 - send_len,
		      ret->customer);
}

/* A return path that names the send alone. */
static bool open_send(struct slice key, struct slice token, struct return_token *ret)
{
	char local[VERP_LOCAL_BYTES];
	struct err ignored;

	if (token.len != VERP_TOKEN_CHARS)
		return false;
	snprintf(local, sizeof(local), "%s%.*s", prefix, SLICE_ARGS(token));
	ret->customer[0] = '\0';
	return verp_open(key, slice_text(local), ret->send, &ignored) == 0;
}

bool return_token_open(const struct token_keys *keys, struct slice text, struct return_token *ret)
{
	size_t prefix_len = sizeof(prefix) - 1, len;
	uint8_t body[BODY_MAX_BYTES];
	struct return_token found;
	struct slice key;

	if (text.len > prefix_len && strncasecmp((const char *)text.bytes, prefix, prefix_len) == 0)
		text = slice_of(text.bytes + prefix_len, text.len - prefix_len);
	len = decode(text, body);
	for (unsigned i = 0; len && token_keys_at(keys, i, &key); i++) {
		if (!open_whole(key, body, len, &found) && !open_send(key, text, &found))
			continue;
		*ret = found;
		return true;
	}
	return false;
}
