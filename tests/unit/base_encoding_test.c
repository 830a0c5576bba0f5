/* base_encoding_test.c - bytes as text: RFC 4648 section 10, and that nothing else is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/encoding.h"

static const struct vector {
	const char *bytes, *base16, *base32, *base64url, *base64;
} vectors[] = {
    {"", "", "", "", ""},
    {"f", "66", "my", "Zg", "Zg=="},
    {"fo", "666f", "mzxq", "Zm8", "Zm8="},
    {"foo", "666f6f", "mzxw6", "Zm9v", "Zm9v"},
    {"foob", "666f6f62", "mzxw6yq", "Zm9vYg", "Zm9vYg=="},
    {"fooba", "666f6f6261", "mzxw6ytb", "Zm9vYmE", "Zm9vYmE="},
    {"foobar", "666f6f626172", "mzxw6ytboi", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "fbffbf", "7p736", "-_-_", "+/+/"},
};

typedef size_t (*write_function)(const uint8_t *bytes, size_t len, char *ret);
typedef bool (*read_function)(struct slice text, uint8_t *ret, size_t room, size_t *ret_len);

static void check(const char *bytes, const char *text, write_function write, read_function read)
{
	struct slice expected = slice_text(bytes);
	uint8_t back[16];
	char said[32];
	size_t len;

	assert_int_equal(write(expected.bytes, expected.len, said), strlen(text));
	assert_string_equal(said, text);
	assert_true(read(slice_text(text), back, expected.len, &len));
	assert_true(slice_equal(slice_of(back, len), expected));
	if (expected.len)
		assert_false(read(slice_text(text), back, expected.len - 1, &len));
}

static void vectors_of_the_rfc(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		check(vectors[i].bytes, vectors[i].base16, base16_write, base16_read);
		check(vectors[i].bytes, vectors[i].base32, base32_write, base32_read);
		check(vectors[i].bytes, vectors[i].base64url, base64url_write, base64url_read);
		check(vectors[i].bytes, vectors[i].base64, base64_write, base64_read);
	}
}

static bool reads(read_function read, struct slice text)
{
	uint8_t back[16];
	size_t len;

	return read(text, back, sizeof(back), &len);
}

/* One text for the same bytes: no other digits, no rest that is not 0, none that is a digit long. */
static void nothing_else_is_read(void **state)
{
	static const char *const not_16[] = {"6", "666", "6F", "6g", "6 "};
	static const char *const not_32[] = {"m", "mzx", "mz", "m1", "my======"};
	static const char *const not_padded[] = {
	    "Zg", "Zg=", "Z===", "====", "Zh==", "-_-_", "Zm9v=", "Zg==Zg==", "Zm9v\n"};
	static const char *const not_64[] = {"Z", "Zh", "Zm9", "Zg==", "+/", "Zm9v\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(not_16) / sizeof(not_16[0]); i++)
		assert_false(reads(base16_read, slice_text(not_16[i])));
	for (size_t i = 0; i < sizeof(not_32) / sizeof(not_32[0]); i++)
		assert_false(reads(base32_read, slice_text(not_32[i])));
	for (size_t i = 0; i < sizeof(not_64) / sizeof(not_64[0]); i++)
		assert_false(reads(base64url_read, slice_text(not_64[i])));
	for (size_t i = 0; i < sizeof(not_padded) / sizeof(not_padded[0]); i++)
		assert_false(reads(base64_read, slice_text(not_padded[i])));
	assert_true(reads(base32_read, slice_text("MZxW6")));
	assert_false(reads(base16_read, slice_of("6\0", 2)));
	assert_false(reads(base32_read, slice_of("m\0", 2)));
	assert_false(reads(base64url_read, slice_of("Z\0", 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vectors_of_the_rfc),
	    cmocka_unit_test(nothing_else_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
