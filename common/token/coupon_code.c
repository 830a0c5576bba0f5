/* coupon_code.c - see coupon_code.h. */
#include "coupon_code.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "hmac.h"

enum { BITS = 5, REDUCED = 0x25 }; /* x^5 + x^2 + 1 */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/*
 * The sum of x^(n-i) times each value in GF(32): every place has a weight of
 * its own, so one changed value or two exchanged ones change the sum.
 */
static unsigned check_of(const uint8_t *values, unsigned count)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < count; i++) {
		sum = (sum ^ values[i]) << 1;
		if (sum >= sizeof(alphabet) - 1)
			sum ^= REDUCED;
	}
	return sum;
}

/* Makes the code as source->length values below 32, of which the last is the check. */
static void values_of(struct slice key, const struct coupon *source, struct slice request,
		      uint8_t ret[COUPON_LENGTH_MOST])
{
	uint8_t mac[HMAC_BYTES];
	unsigned bits = 0, held = 0, used = 0;

	if (source->length > COUPON_LENGTH_MOST || source->length < COUPON_LENGTH_LEAST)
		abort(); /* the policy checks the length */
	hmac_tag(key, source->name, request, mac, sizeof(mac));
	for (unsigned i = 0; used < source->length - 1; i++) {
		bits = (bits << 8 | mac[i]) & 0xffff;
		for (held += 8; held >= BITS && used < source->length - 1; held -= BITS)
			ret[used++] = bits >> (held - BITS) & 31;
	}
	ret[used] = (uint8_t)check_of(ret, used);
}

void coupon_code_make(struct slice key, const struct coupon *source, struct slice request,
		      char ret[COUPON_CODE_BYTES])
{
	uint8_t values[COUPON_LENGTH_MOST];
	int at = snprintf(ret, COUPON_CODE_BYTES, "%.*s-", COUPON_PREFIX_MAX_BYTES, source->prefix);

	values_of(key, source, request, values);
	for (unsigned i = 0; i < source->length; i++)
		ret[at++] = alphabet[values[i]];
	ret[at] = '\0';
}

/* Returns the value of a character, as it is meant; -1 for one that no code has. */
static int value_of(uint8_t c)
{
	static const char mistaken[] = "OIL", meant[] = "011";
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (uint8_t)(c - 'a' + 'A');
	at = c ? strchr(mistaken, c) : NULL;
	if (at)
		c = (uint8_t)meant[at - mistaken];
	at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

static bool has_prefix(const struct coupon *source, struct slice code)
{
	size_t len = strlen(source->prefix);

	return code.len == len + 1 + source->length &&
	       strncasecmp((const char *)code.bytes, source->prefix, len) == 0 &&
	       code.bytes[len] == '-';
}

enum coupon_verdict coupon_code_check(struct slice key, const struct coupon *source,
				      struct slice request, struct slice code)
{
	uint8_t found[COUPON_LENGTH_MOST] = {0}, expected[COUPON_LENGTH_MOST];

	if (!has_prefix(source, code))
		return COUPON_MISREAD;
	for (unsigned i = 0; i < source->length; i++) {
		int value = value_of(code.bytes[code.len - source->length + i]);

		if (value < 0)
			return COUPON_MISREAD;
		found[i] = (uint8_t)value;
	}
	if (check_of(found, source->length - 1) != found[source->length - 1])
		return COUPON_MISREAD;
	values_of(key, source, request, expected);
	return CRYPTO_memcmp(found, expected, source->length) == 0 ? COUPON_GOOD : COUPON_FORGED;
}
