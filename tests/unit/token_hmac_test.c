/* HMAC-SHA256 against the vectors of RFC 4231, and against libcrypto's own at every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/token/hmac.h"

static void rfc_4231(void **state)
{
	static const struct {
		size_t key_len;
		uint8_t key;
		const char *text, *expected;
	} rows[] = {
	    {20, 0x0b, "Hi There",
	     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
	    {131, 0xaa, "Test Using Larger Than Block-Size Key - Hash Key First",
	     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t key[131], mac[HMAC_BYTES];
		char text[2 * HMAC_BYTES + 1];

		memset(key, rows[i].key, sizeof(key));
		hmac_sha256(slice_of(key, rows[i].key_len), slice_text(rows[i].text), mac);
		for (size_t k = 0; k < HMAC_BYTES; k++)
			snprintf(text + 2 * k, 3, "%02x", mac[k]);
		assert_string_equal(text, rows[i].expected);
	}
}

static void as_libcrypto(void **state)
{
	uint8_t bytes[200], mac[HMAC_BYTES], expected[EVP_MAX_MD_SIZE];
	unsigned len;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37 + 11);
	for (size_t key = 1; key <= 130; key += 3)
		for (size_t text = 0; text <= sizeof(bytes); text += 7) {
			hmac_sha256(slice_of(bytes, key), slice_of(bytes, text), mac);
			assert_non_null(
			    HMAC(EVP_sha256(), bytes, (int)key, bytes, text, expected, &len));
			assert_memory_equal(mac, expected, HMAC_BYTES);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rfc_4231),
	    cmocka_unit_test(as_libcrypto),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
