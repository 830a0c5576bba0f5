/* text_number.c - whole numbers, durations and money in texts.  See text.h. */
#include <stdio.h>

#include "civil.h"
#include "text.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/*
 * Digits from *at on into *magnitude, which goes on from its value; how many
 * there were, or -1 when the value passes max.
 */
static int take_digits(struct slice text, size_t *at, uint64_t max, uint64_t *magnitude)
{
	int count = 0;

	for (; *at < text.len && is_digit(text.bytes[*at]); ++*at) {
		unsigned digit = text.bytes[*at] - '0';

		if (*magnitude > max / 10 || *magnitude * 10 > max - digit)
			return -1;
		*magnitude = *magnitude * 10 + digit;
		count = 1; /* some; a number of leading zeros is not counted */
	}
	return count;
}

int text_int64(struct slice text, int64_t min, int64_t max, int64_t *ret, struct err *err)
{
	bool negative = text.len && text.bytes[0] == '-';
	uint64_t magnitude = 0;
	size_t at = negative;
	char shown[TEXT_SHOWN_BYTES];
	int some =
	    take_digits(text, &at, negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX, &magnitude);
	int64_t value;

	if (some == 0 || (some > 0 && at != text.len))
		return err_set(err, "expected a whole number, found \"%s\"",
			       text_shown(text, shown));
	value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	if (some < 0 || value < min || value > max)
		return err_set(err, "expected a whole number from %lld to %lld, found \"%s\"",
			       (long long)min, (long long)max, text_shown(text, shown));
	*ret = value;
	return 0;
}

static const struct {
	const char *text;
	int64_t ms;
} units[] = {
    {"w", 7 * DAY_MS}, {"d", DAY_MS}, {"h", HOUR_MS}, {"m", MINUTE_MS}, {"s", SECOND_MS}, {"ms", 1},
};

enum { UNIT_COUNT = sizeof(units) / sizeof(units[0]), DURATION_MAX_DAYS = 400 };

static int64_t unit_ms(struct slice name)
{
	for (unsigned i = 0; i < UNIT_COUNT; i++)
		if (slice_equal(name, slice_text(units[i].text)))
			return units[i].ms;
	return 0;
}

int text_duration_ms(struct slice text, int64_t *ret, struct err *err)
{
	uint64_t magnitude = 0;
	size_t at = 0;
	char shown[TEXT_SHOWN_BYTES];
	int some = take_digits(text, &at, INT64_MAX, &magnitude);
	int64_t unit = some > 0 ? unit_ms(slice_of(text.bytes + at, text.len - at)) : 0;

	if (some == 0 || (some > 0 && !unit))
		return err_set(err,
			       "expected a duration: a whole number and one of ms, s, m, h, d, w, "
			       "such as 20h; found \"%s\"",
			       text_shown(text, shown));
	if (some < 0 || magnitude > (uint64_t)(DURATION_MAX_DAYS * DAY_MS / unit))
		return err_set(err, "expected a duration of at most %d d, found \"%s\"",
			       DURATION_MAX_DAYS, text_shown(text, shown));
	*ret = (int64_t)magnitude * unit;
	return 0;
}

const char *duration_text(int64_t ms, char *buf, size_t size)
{
	uint64_t left = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	const char *sign = ms < 0 ? "-" : "";
	unsigned unit = 1; /* days are the largest: "14d" is what policies say */
	uint64_t first, second;

	if (ms == NEVER_MS) {
		snprintf(buf, size, "never");
		return buf;
	}
	if (!left) {
		snprintf(buf, size, "0s");
		return buf;
	}
	while (left < (uint64_t)units[unit].ms)
		unit++;
	first = left / (uint64_t)units[unit].ms;
	left %= (uint64_t)units[unit].ms;
	second = unit + 1 < UNIT_COUNT ? left / (uint64_t)units[unit + 1].ms : 0;
	if (second)
		snprintf(buf, size, "%s%llu%s %llu%s", sign, (unsigned long long)first,
			 units[unit].text, (unsigned long long)second, units[unit + 1].text);
	else
		snprintf(buf, size, "%s%llu%s", sign, (unsigned long long)first, units[unit].text);
	return buf;
}

/* Amounts stay below 9e14, so ten-thousandths of them fit into 63 bits. */
#define AMOUNT_END UINT64_C(900000000000000)

static bool take_money(struct slice text, bool negative, uint64_t *ret)
{
	size_t at = negative, decimals_from;
	uint64_t e4 = 0;

	if (take_digits(text, &at, AMOUNT_END - 1, &e4) <= 0)
		return false;
	if (at < text.len && text.bytes[at] == '.') {
		decimals_from = ++at;
		if (text.len - at < 1 || text.len - at > 4 ||
		    take_digits(text, &at, AMOUNT_END * 10000, &e4) <= 0)
			return false;
	} else {
		decimals_from = at;
	}
	if (at != text.len)
		return false;
	for (size_t decimals = at - decimals_from; decimals < 4; decimals++)
		e4 *= 10;
	*ret = e4;
	return true;
}

int text_money_e4(struct slice text, int64_t *ret, struct err *err)
{
	bool negative = text.len && text.bytes[0] == '-';
	char shown[TEXT_SHOWN_BYTES];
	uint64_t e4;

	if (!take_money(text, negative, &e4))
		return err_set(err,
			       "expected an amount such as 12.50 (at most 4 decimals, below 9e14), "
			       "found \"%s\"",
			       text_shown(text, shown));
	*ret = negative ? -(int64_t)e4 : (int64_t)e4;
	return 0;
}

const char *money_text(int64_t e4, char *buf, size_t size)
{
	uint64_t magnitude = e4 < 0 ? 0 - (uint64_t)e4 : (uint64_t)e4;
	const char *sign = e4 < 0 ? "-" : "";
	unsigned long long whole = magnitude / 10000;
	unsigned decimals = (unsigned)(magnitude % 10000);

	if (decimals % 100)
		snprintf(buf, size, "%s%llu.%04u", sign, whole, decimals);
	else
		snprintf(buf, size, "%s%llu.%02u", sign, whole, decimals / 100);
	return buf;
}
