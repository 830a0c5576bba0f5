/* encoding.c - see encoding.h. */
#include "encoding.h"

static const char digits16[] = "0123456789abcdef";
static const char digits32[] = "abcdefghijklmnopqrstuvwxyz234567";
#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const char digits64url[] = LETTERS_AND_DIGITS "-_";
static const char digits64[] = LETTERS_AND_DIGITS "+/";

/* `width` bits of the bytes a character; what is missing of the last one is 0. */
static size_t write_digits(const char *digits, unsigned width, const uint8_t *bytes, size_t len,
			   char *ret)
{
	unsigned bits = 0, held = 0, mask = (1u << width) - 1;
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8 | bytes[i]) & 0xffff;
		for (held += 8; held >= width; held -= width)
			ret[used++] = digits[bits >> (held - width) & mask];
	}
	if (held)
		ret[used++] = digits[bits << (width - held) & mask];
	ret[used] = '\0';
	return used;
}

static bool read_digits(const char *digits, unsigned width, bool any_case, struct slice text,
			uint8_t *ret, size_t room, size_t *ret_len)
{
	unsigned bits = 0, held = 0;
	size_t used = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.bytes[i];
		const char *digit;

		if (any_case && c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		digit = memchr(digits, c, (size_t)1 << width);
		if (!digit)
			return false;
		bits = (bits << width | (unsigned)(digit - digits)) & 0xffff;
		held += width;
		if (held < 8)
			continue;
		if (used == room)
			return false;
		held -= 8;
		ret[used++] = (uint8_t)(bits >> held);
	}
	*ret_len = used;
	return held < width && (bits & ((1u << held) - 1)) == 0;
}

/* Without the loop over bits: every id is written so. */
size_t base16_write(const uint8_t *bytes, size_t len, char *ret)
{
	for (size_t i = 0; i < len; i++) {
		ret[2 * i] = digits16[bytes[i] >> 4];
		ret[2 * i + 1] = digits16[bytes[i] & 15];
	}
	ret[2 * len] = '\0';
	return 2 * len;
}

bool base16_read(struct slice text, uint8_t *ret, size_t room, size_t *ret_len)
{
	return read_digits(digits16, 4, false, text, ret, room, ret_len);
}

size_t base32_write(const uint8_t *bytes, size_t len, char *ret)
{
	return write_digits(digits32, 5, bytes, len, ret);
}

bool base32_read(struct slice text, uint8_t *ret, size_t room, size_t *ret_len)
{
	return read_digits(digits32, 5, true, text, ret, room, ret_len);
}

size_t base64url_write(const uint8_t *bytes, size_t len, char *ret)
{
	return write_digits(digits64url, 6, bytes, len, ret);
}

bool base64url_read(struct slice text, uint8_t *ret, size_t room, size_t *ret_len)
{
	return read_digits(digits64url, 6, false, text, ret, room, ret_len);
}

size_t base64_write(const uint8_t *bytes, size_t len, char *ret)
{
	size_t used = write_digits(digits64, 6, bytes, len, ret);

	while (used % 4)
		ret[used++] = '=';
	ret[used] = '\0';
	return used;
}

bool base64_read(struct slice text, uint8_t *ret, size_t room, size_t *ret_len)
{
	if (text.len % 4)
		return false;
	for (int i = 0; i < 2 && text.len && text.bytes[text.len - 1] == '='; i++)
		text.len--;
	return read_digits(digits64, 6, false, text, ret, room, ret_len);
}
