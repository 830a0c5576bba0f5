/* json_scan.c - is this JSON?  RFC 8259 to the letter, in one pass, without memory. */
#include "json_internal.h"

#include <stdio.h>

#include "common/base/text.h"
#include "json.h"
#include "json_plain.h"

int json_scan_fail(struct json_scan *s, const char *expected)
{
	char found[16] = "the end";
	uint8_t c = s->at == s->end ? 0 : *s->at;

	if (c > 0x20 && c < 0x7f)
		snprintf(found, sizeof(found), "'%c'", c);
	else if (s->at < s->end)
		snprintf(found, sizeof(found), "byte 0x%02x", c);
	return err_set(s->err, "not JSON at byte %zu: expected %s, found %s",
		       (size_t)(s->at - s->begin), expected, found);
}

void json_scan_blanks(struct json_scan *s)
{
	while (s->at < s->end &&
	       (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t')) {
		s->has_blanks = true;
		s->at++;
	}
}

static bool take(struct json_scan *s, uint8_t c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits behind \u. */
static int scan_code_unit(struct json_scan *s, unsigned *ret)
{
	unsigned unit = 0;

	for (int i = 0; i < 4; i++, s->at++) {
		int digit = s->at < s->end ? hex_digit(*s->at) : -1;

		if (digit < 0)
			return json_scan_fail(s, "four hex digits after \\u");
		unit = unit << 4 | (unsigned)digit;
	}
	*ret = unit;
	return 0;
}

static int scan_unicode_escape(struct json_scan *s)
{
	unsigned unit = 0, second = 0;

	if (scan_code_unit(s, &unit) < 0)
		return -1;
	if (unit == 0)
		return json_scan_fail(s, "no \\u0000 before this");
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return json_scan_fail(s, "a high surrogate before this low one");
	if (unit < 0xd800 || unit > 0xdbff)
		return 0;
	if (!take(s, '\\') || !take(s, 'u'))
		return json_scan_fail(s, "\\u and a low surrogate");
	if (scan_code_unit(s, &second) < 0)
		return -1;
	if (second < 0xdc00 || second > 0xdfff)
		return json_scan_fail(s, "a low surrogate before this");
	return 0;
}

static int scan_escape(struct json_scan *s)
{
	s->at++; /* the backslash */
	if (take(s, 'u'))
		return scan_unicode_escape(s);
	if (s->at == s->end || *s->at == '\0' || !strchr("\"\\/bfnrt", *s->at))
		return json_scan_fail(s, "one of \"\\/bfnrtu after a backslash");
	s->at++;
	return 0;
}

int json_scan_string(struct json_scan *s)
{
	const uint8_t *text;
	uint8_t seen = 0;

	if (!take(s, '"'))
		return json_scan_fail(s, "a string");
	text = s->at;
	for (;;) {
		s->at = json_skip_plain(s->at, s->end);
		if (s->at == s->end || *s->at == '"')
			break;
		if (*s->at < 0x20)
			return json_scan_fail(s, "no raw control character in a string");
		if (*s->at != '\\')
			seen |= *s->at++;
		else if (scan_escape(s) < 0)
			return -1;
	}
	if (s->at == s->end)
		return json_scan_fail(s, "the closing quote");
	if ((seen & 0x80) && !text_is_utf8(slice_of(text, (size_t)(s->at - text)))) {
		s->at = text;
		return json_scan_fail(s, "a string of valid UTF-8");
	}
	s->at++;
	return 0;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static int scan_digits(struct json_scan *s)
{
	if (s->at == s->end || !is_digit(*s->at))
		return json_scan_fail(s, "a digit");
	while (s->at < s->end && is_digit(*s->at))
		s->at++;
	return 0;
}

static int scan_number(struct json_scan *s)
{
	const uint8_t *begin = s->at;

	take(s, '-');
	if (!take(s, '0') && scan_digits(s) < 0)
		return -1;
	if (take(s, '.') && scan_digits(s) < 0)
		return -1;
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		if (scan_digits(s) < 0)
			return -1;
	}
	if (s->at - begin > JSON_NUMBER_BYTES_MAX)
		s->long_numbers++;
	return 0;
}

static int scan_word(struct json_scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
		return json_scan_fail(s, "a value");
	s->at += len;
	return 0;
}

static int scan_member(struct json_scan *s)
{
	if (json_scan_string(s) < 0)
		return -1;
	json_scan_blanks(s);
	if (!take(s, ':'))
		return json_scan_fail(s, "':'");
	json_scan_blanks(s);
	return json_scan_value(s);
}

/* An object or an array. */
static int scan_container(struct json_scan *s, uint8_t close)
{
	if (++s->depth > JSON_DEPTH_MAX)
		return json_scan_fail(s, "at most 32 levels");
	s->at++;
	json_scan_blanks(s);
	if (!take(s, close)) {
		for (;;) {
			if ((close == '}' ? scan_member(s) : json_scan_value(s)) < 0)
				return -1;
			json_scan_blanks(s);
			if (take(s, close))
				break;
			if (!take(s, ','))
				return json_scan_fail(s,
						      close == '}' ? "',' or '}'" : "',' or ']'");
			json_scan_blanks(s);
		}
	}
	s->depth--;
	return 0;
}

int json_scan_value(struct json_scan *s)
{
	switch (s->at < s->end ? *s->at : 0) {
	case '{':
		return scan_container(s, '}');
	case '[':
		return scan_container(s, ']');
	case '"':
		return json_scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		if (s->at < s->end && (*s->at == '-' || is_digit(*s->at)))
			return scan_number(s);
		return json_scan_fail(s, "a value");
	}
}
