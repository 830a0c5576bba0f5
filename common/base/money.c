/* money.c - see money.h. */
#include "money.h"

#include <string.h>

#include "currency.h"
#include "slice.h"

enum { WHOLE_DIGITS_MAX = 11 };

/* Digits, a point and digits; the parts without a sign. */
static bool split(const char *text, struct slice *ret_whole, struct slice *ret_part)
{
	size_t whole, part = 0;

	text += *text == '-';
	whole = strspn(text, "0123456789");
	if (whole == 0 || whole > WHOLE_DIGITS_MAX)
		return false;
	*ret_whole = slice_of(text, whole);
	text += whole;
	if (*text == '.')
		part = strspn(++text, "0123456789");
	*ret_part = slice_of(text, part);
	return text[part] == '\0';
}

bool money_round_e4(const char *text, int decimals, int64_t *ret)
{
	struct slice whole, part;
	int64_t e4 = 0, unit = 1;

	if (!split(text, &whole, &part))
		return false;
	for (size_t i = 0; i < whole.len; i++)
		e4 = e4 * 10 + (whole.bytes[i] - '0');
	for (int i = 0; i < decimals; i++)
		e4 = e4 * 10 + ((size_t)i < part.len ? part.bytes[i] - '0' : 0);
	if ((size_t)decimals < part.len && part.bytes[decimals] >= '5')
		e4++;
	for (int i = decimals; i < MONEY_E4_DECIMALS; i++)
		unit *= 10;
	*ret = e4 * unit;
	return true;
}

int money_decimals(const char *currency)
{
	int decimals = currency_decimals(slice_text(currency));

	return decimals < 0 || decimals > MONEY_E4_DECIMALS ? MONEY_E4_DECIMALS : decimals;
}

char *money_of_e4(struct arena *arena, int64_t e4, const char *currency)
{
	int decimals = money_decimals(currency);
	int64_t part = e4 % 10000;

	for (int i = decimals; i < MONEY_E4_DECIMALS; i++)
		part /= 10;
	if (currency_decimals(slice_text(currency)) < 0) { /* two decimals, or four when needed */
		decimals = part % 100 ? MONEY_E4_DECIMALS : 2;
		part = part % 100 ? part : part / 100;
	}
	return decimals ? arena_printf(arena, "%lld.%0*lld", (long long)(e4 / 10000), decimals,
				       (long long)part)
			: arena_printf(arena, "%lld", (long long)(e4 / 10000));
}
