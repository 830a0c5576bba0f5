/* text_encoding.c - see text_encoding.h. */
#include "text_encoding.h"

#include <stdlib.h>
#include <strings.h>

#include "common/base/text.h"

enum { LOOKED_AT_BYTES = 64 };

/* Of 0x80 to 0x9f; where Windows-1252 has nothing, the control of Latin-1 (WHATWG Encoding). */
static const uint16_t windows_1252[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

static const struct {
	const char *name;
	enum text_encoding encoding;
} names[] = {{"utf-8", TEXT_UTF_8},
	     {"utf-16", TEXT_UTF_16_LE},
	     {"latin-1", TEXT_WINDOWS_1252},
	     {"iso-8859-1", TEXT_WINDOWS_1252},
	     {"windows-1252", TEXT_WINDOWS_1252}};

const char *text_encoding_name(enum text_encoding encoding)
{
	static const char *const texts[] = {"UTF-8", "UTF-16", "UTF-16", "Windows-1252"};

	return texts[encoding];
}

int text_encoding_of(const char *name, enum text_encoding *ret, struct err *err)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(name, names[i].name) == 0) {
			*ret = names[i].encoding;
			return 0;
		}
	return err_config(
	    err, "--encoding: expected utf-8, utf-16, latin-1 or windows-1252, found \"%s\"", name);
}

/* Is the byte at each second place of the beginning a NUL, and of the others none? */
static bool is_wide(struct slice bytes, size_t nul_at)
{
	size_t len = bytes.len < LOOKED_AT_BYTES ? bytes.len & ~(size_t)1 : LOOKED_AT_BYTES;

	for (size_t i = 0; i < len; i++)
		if ((bytes.bytes[i] == 0) != (i % 2 == nul_at))
			return false;
	return len > 0;
}

enum text_encoding text_encoding_guess(struct slice bytes)
{
	if (bytes.len >= 2 && memcmp(bytes.bytes, "\xff\xfe", 2) == 0)
		return TEXT_UTF_16_LE;
	if (bytes.len >= 2 && memcmp(bytes.bytes, "\xfe\xff", 2) == 0)
		return TEXT_UTF_16_BE;
	if (is_wide(bytes, 1))
		return TEXT_UTF_16_LE;
	if (is_wide(bytes, 0))
		return TEXT_UTF_16_BE;
	return text_is_utf8(bytes) ? TEXT_UTF_8 : TEXT_WINDOWS_1252;
}

static char *put_point(char *to, uint32_t point)
{
	if (point < 0x80) {
		*to++ = (char)point;
		return to;
	}
	if (point >= 0x10000) {
		*to++ = (char)(0xf0 | point >> 18);
		*to++ = (char)(0x80 | (point >> 12 & 0x3f));
	} else if (point >= 0x800) {
		*to++ = (char)(0xe0 | point >> 12);
	}
	if (point >= 0x800)
		*to++ = (char)(0x80 | (point >> 6 & 0x3f));
	else
		*to++ = (char)(0xc0 | point >> 6);
	*to++ = (char)(0x80 | (point & 0x3f));
	return to;
}

static uint32_t unit_at(struct slice bytes, size_t at, enum text_encoding encoding)
{
	uint32_t first = bytes.bytes[at], second = bytes.bytes[at + 1];

	return encoding == TEXT_UTF_16_LE ? second << 8 | first : first << 8 | second;
}

static int convert_wide(struct slice bytes, enum text_encoding encoding, char **to, struct err *err)
{
	if (bytes.len % 2)
		return err_set(err, "expected UTF-16, found an odd number of bytes");
	for (size_t at = 0; at < bytes.len; at += 2) {
		uint32_t unit = unit_at(bytes, at, encoding), low;

		if (at == 0 && unit == 0xfeff)
			continue;
		if (unit >= 0xd800 && unit < 0xdc00 && at + 2 < bytes.len) {
			low = unit_at(bytes, at + 2, encoding);
			if (low >= 0xdc00 && low < 0xe000) {
				unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
				at += 2;
			}
		}
		if (unit >= 0xd800 && unit < 0xe000)
			return err_set(err, "expected UTF-16, found half a character at byte %zu",
				       at);
		*to = put_point(*to, unit);
	}
	return 0;
}

static void convert_narrow(struct slice bytes, char **to)
{
	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t byte = bytes.bytes[i];

		*to =
		    put_point(*to, byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte);
	}
}

int text_encoding_convert(struct slice bytes, enum text_encoding encoding, char **ret,
			  size_t *ret_len, struct err *err)
{
	/* A byte becomes three at most: a euro sign of Windows-1252, a unit of UTF-16 likewise. */
	char *text = malloc(bytes.len * 3 + 1), *to = text;

	if (!text)
		abort();
	if (encoding == TEXT_WINDOWS_1252) {
		convert_narrow(bytes, &to);
	} else if (encoding == TEXT_UTF_8) {
		memcpy(to, bytes.bytes, bytes.len);
		to += bytes.len;
	} else if (convert_wide(bytes, encoding, &to, err) < 0) {
		free(text);
		return -1;
	}
	*to = '\0';
	*ret = text;
	*ret_len = (size_t)(to - text);
	return 0;
}
