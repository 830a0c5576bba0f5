/* text_number.c - whole numbers, durations and money in texts.  See text.h. */
#include <stdio.h>
#include <string.h>

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
	return text_long_duration_ms(text, DURATION_MAX_DAYS, ret, err);
}

int text_long_duration_ms(struct slice text, int max_days, int64_t *ret, struct err *err)
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
	if (some < 0 || magnitude > (uint64_t)(max_days * DAY_MS / unit))
		return err_set(err, "expected a duration of at most %d d, found \"%s\"", max_days,
			       text_shown(text, shown));
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

/* Digits, perhaps a point and at most `decimals` more, from `at` on; whole is at most
 * whole_most. */
static bool take_decimal(struct slice text, size_t at, unsigned decimals, uint64_t whole_most,
			 uint64_t *ret)
{
	size_t decimals_from;
	uint64_t value = 0;

	if (take_digits(text, &at, whole_most, &value) <= 0)
		return false;
	if (at < text.len && text.bytes[at] == '.') {
		decimals_from = ++at;
		if (text.len - at < 1 || text.len - at > decimals ||
		    take_digits(text, &at, UINT64_MAX, &value) <= 0)
			return false;
	} else {
		decimals_from = at;
	}
	if (at != text.len)
		return false;
	for (size_t taken = at - decimals_from; taken < decimals; taken++)
		value *= 10;
	*ret = value;
	return true;
}

static uint64_t power_of_ten(unsigned exponent)
{
	uint64_t power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

int text_decimal(struct slice text, unsigned decimals, int64_t most, int64_t *ret, struct err *err)
{
	uint64_t whole_most = (uint64_t)most / power_of_ten(decimals), value;
	char shown[TEXT_SHOWN_BYTES], largest[DECIMAL_BYTES];

	if (!take_decimal(text, 0, decimals, whole_most, &value) || value > (uint64_t)most)
		return err_set(err,
			       "expected a number from 0 to %s with at most %u decimals, "
			       "found \"%s\"",
			       decimal_text(most, decimals, largest), decimals,
			       text_shown(text, shown));
	*ret = (int64_t)value;
	return 0;
}

const char *decimal_text(int64_t value, unsigned decimals, char buf[DECIMAL_BYTES])
{
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char digits[DECIMAL_BYTES], *at = digits + sizeof(digits);

	*--at = '\0';
	for (; decimals > 0 && left % 10 == 0; decimals--)
		left /= 10;
	for (; decimals > 0; decimals--, left /= 10) {
		*--at = (char)('0' + left % 10);
		if (decimals == 1)
			*--at = '.';
	}
	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		*--at = '-';
	return memcpy(buf, at, (size_t)(digits + sizeof(digits) - at));
}

int text_money_e4(struct slice text, int64_t *ret, struct err *err)
{
	bool negative = text.len && text.bytes[0] == '-';
	char shown[TEXT_SHOWN_BYTES];
	uint64_t e4;

	if (!take_decimal(text, negative, 4, AMOUNT_END - 1, &e4))
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
