/*
 * amount.c - amounts as programs write them, as decimal texts of ours.
 *
 * JavaScript writes the sum of 10.10 and 20.20 as 30.299999999999997. What has more than four
 * decimals is rounded to four, half away from zero; whether what is left is an amount of its
 * currency is then asked of event_decode(), as for everybody.
 */
#include "mapper_internal.h"

enum { DECIMALS = 4, DIGITS_MAX = 40 };

static bool is_number(const char *text)
{
	const char *digits = text + (*text == '-');
	size_t whole = strspn(digits, "0123456789"), decimals = 0;

	if (digits[whole] == '.')
		decimals = strspn(digits + whole + 1, "0123456789") + 1;
	return whole > 0 && decimals != 1 && digits[whole + decimals] == '\0';
}

/* Adds one to the last of the digits; true when that carries beyond the first. */
static bool carry(char *digits, size_t len)
{
	while (len > 0) {
		char *digit = &digits[--len];

		if (*digit == '.')
			continue;
		if (*digit < '9') {
			++*digit;
			return false;
		}
		*digit = '0';
	}
	return true;
}

char *ing_tracked_amount(char *text, struct arena *arena)
{
	char *dot, *digits = text + (*text == '-');
	size_t kept;

	if (!is_number(text) || strlen(text) > DIGITS_MAX)
		return text; /* refused by event_decode(), with what was expected */
	dot = strchr(text, '.');
	if (!dot || strlen(dot + 1) <= DECIMALS)
		return text;
	kept = (size_t)(dot - digits) + 1 + DECIMALS;
	if (digits[kept] >= '5' && carry(digits, kept))
		return arena_printf(arena, "%s1%.*s", digits == text ? "" : "-", (int)kept, digits);
	digits[kept] = '\0';
	return text;
}
