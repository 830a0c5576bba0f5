/* amount.c - see amount.h. */
#include "amount.h"

#include "common/base/currency.h"

#define EXPECTED "an amount such as 12.50"

/* Currencies that are written with each sign; CLDR 44, "symbol" and "narrow symbol". */
static const struct {
	const char *sign, *currencies;
} signs[] = {
    {"\u20ac", "EUR"},
    {"\u00a3", "GBP EGP FKP GIP LBP SHP SSP SYP"},
    {"US$", "USD"},
    {"R$", "BRL"},
    {"A$", "AUD"},
    {"CA$", "CAD"},
    {"C$", "CAD NIO"},
    {"NZ$", "NZD"},
    {"HK$", "HKD"},
    {"$", "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD "
	  "SBD SGD SRD TTD TWD UYU XCD"},
    {"\u00a5", "JPY CNY"},
    {"\u20b9", "INR"},
    {"\u20a9", "KRW KPW"},
    {"\u20ba", "TRY"},
    {"\u20bd", "RUB"},
    {"\u20b4", "UAH"},
    {"\u20aa", "ILS"},
    {"\u20ab", "VND"},
    {"\u20b1", "PHP CUP"},
    {"\u0e3f", "THB"},
    {"kr.", "DKK ISK NOK SEK"},
    {"kr", "DKK ISK NOK SEK"},
    {"z\u0142", "PLN"},
    {"K\u010d", "CZK"},
    {"Ft", "HUF"},
    {"Fr.", "CHF"},
    {"Rs.", "INR PKR LKR NPR MUR"},
};

static void pass(struct slice *rest, size_t count)
{
	*rest = slice_of(rest->bytes + count, rest->len - count);
}

static size_t blank_bytes(struct slice rest)
{
	if (rest.len && rest.bytes[0] == ' ')
		return 1;
	if (rest.len >= 2 && memcmp(rest.bytes, "\u00a0", 2) == 0)
		return 2;
	if (rest.len >= 3 &&
	    (memcmp(rest.bytes, "\u202f", 3) == 0 || memcmp(rest.bytes, "\u2009", 3) == 0))
		return 3;
	return 0;
}

static void trim(struct slice *text)
{
	for (size_t n; (n = blank_bytes(*text)) > 0;)
		pass(text, n);
	for (bool found = true; found;) {
		found = false;
		for (size_t n = 1; n <= 3 && n <= text->len && !found; n++)
			if (blank_bytes(slice_of(text->bytes + text->len - n, n)) == n) {
				text->len -= n;
				found = true;
			}
	}
}

static size_t code_bytes(struct slice text)
{
	enum { CODE_BYTES = 3 };
	struct slice code = slice_of(text.bytes, CODE_BYTES);

	return text.len >= CODE_BYTES && currency_decimals(code) >= 0 ? CODE_BYTES : 0;
}

/* How many bytes of a sign or a code text begins with, or 0. */
static size_t sign_bytes(struct slice text)
{
	/* An amount begins with a digit, nearly always, and no sign does. */
	if (text.len && text.bytes[0] >= '0' && text.bytes[0] <= '9')
		return 0;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t len = strlen(signs[i].sign);

		if (text.len >= len && memcmp(text.bytes, signs[i].sign, len) == 0)
			return len;
	}
	return code_bytes(text);
}

static bool take_sign_before(struct slice *text, struct amount *ret)
{
	size_t len = sign_bytes(*text);

	if (len == 0 || ret->currency.len)
		return false;
	ret->currency = slice_of(text->bytes, len);
	pass(text, len);
	trim(text);
	return true;
}

static bool take_sign_behind(struct slice *text, struct amount *ret)
{
	for (size_t n = text->len < 6 ? text->len : 6; n > 0; n--) {
		struct slice end = slice_of(text->bytes + text->len - n, n);

		if (ret->currency.len || sign_bytes(end) != n)
			continue;
		ret->currency = end;
		text->len -= n;
		trim(text);
		return true;
	}
	return false;
}

static bool take_minus(struct slice *text, struct amount *ret)
{
	size_t len = text->len && text->bytes[0] == '-' ? 1 : 0;

	if (text->len >= 3 && memcmp(text->bytes, "\u2212", 3) == 0)
		len = 3;
	if (len == 0 || ret->is_negative)
		return false;
	ret->is_negative = true;
	pass(text, len);
	trim(text);
	return true;
}

/* Everything around the digits. */
static void take_around(struct slice *text, struct amount *ret)
{
	trim(text);
	if (text->len > 2 && text->bytes[0] == '(' && text->bytes[text->len - 1] == ')') {
		ret->is_negative = true; /* as accountants write it */
		*text = slice_of(text->bytes + 1, text->len - 2);
		trim(text);
	}
	while (take_minus(text, ret) || take_sign_before(text, ret))
		;
	take_sign_behind(text, ret);
}

static size_t count_of(struct slice text, char c, size_t *ret_last)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.bytes[i] == (uint8_t)c) {
			count++;
			*ret_last = i;
		}
	return count;
}

/* Which mark stands before decimals; 0: none does. */
static const char *find_decimal(struct slice text, char *decimal)
{
	size_t dot = 0, comma = 0;
	size_t dots = count_of(text, '.', &dot), commas = count_of(text, ',', &comma);

	if (*decimal == 0 && dots && commas)
		*decimal = dot > comma ? '.' : ',';
	else if (*decimal == 0 && commas == 1 && text.len - comma - 1 == 3)
		return "an amount whose comma is clear (--decimal , or --decimal .)";
	else if (*decimal == 0 && (dots == 1 || commas == 1))
		*decimal = dots == 1 ? '.' : ',';
	if (*decimal == '.' && (dots > 1 || (dots && commas && comma > dot)))
		return EXPECTED;
	if (*decimal == ',' && (commas > 1 || (dots && commas && dot > comma)))
		return EXPECTED;
	return NULL;
}

static size_t thousands_bytes(struct slice rest, char decimal)
{
	if (rest.len && (rest.bytes[0] == '.' || rest.bytes[0] == ','))
		return rest.bytes[0] != (uint8_t)decimal;
	if (rest.len && rest.bytes[0] == '\'')
		return 1;
	if (rest.len >= 3 && memcmp(rest.bytes, "\u2019", 3) == 0)
		return 3;
	return blank_bytes(rest);
}

/* The digits before the decimals; between thousands stand three of them, in India also two. */
static bool take_whole(struct slice *rest, char decimal, struct amount *ret, size_t *len)
{
	size_t group = 0, mark;
	bool has_groups = false;

	while (rest->len && rest->bytes[0] != (uint8_t)decimal) {
		if (rest->bytes[0] >= '0' && rest->bytes[0] <= '9') {
			if (*len == AMOUNT_BYTES - 1)
				return false;
			ret->text[(*len)++] = (char)rest->bytes[0];
			group++;
			pass(rest, 1);
			continue;
		}
		mark = thousands_bytes(*rest, decimal);
		if (mark == 0 || group == 0 || group > 3 || (has_groups && group < 2))
			return false;
		has_groups = true;
		group = 0;
		pass(rest, mark);
	}
	return *len > 0 && (!has_groups || group == 3);
}

const char *amount_read(struct slice text, char decimal, struct amount *ret)
{
	struct slice rest = text;
	const char *problem;
	size_t len = 0;

	*ret = (struct amount){.currency = slice_of("", 0)};
	take_around(&rest, ret);
	problem = find_decimal(rest, &decimal);
	if (problem)
		return problem;
	if (!take_whole(&rest, decimal, ret, &len))
		return EXPECTED;
	for (size_t i = 0; i < rest.len; i++) {
		char c = i == 0 ? '.' : (char)rest.bytes[i];

		if (len == AMOUNT_BYTES - 1 || (i && (c < '0' || c > '9')))
			return EXPECTED;
		ret->text[len++] = c;
	}
	ret->text[len] = '\0';
	return rest.len == 1 ? EXPECTED : NULL;
}

static const char *currencies_of(struct slice sign)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (slice_is(sign, signs[i].sign))
			return signs[i].currencies;
	return NULL;
}

bool amount_sign_fits(struct slice sign, struct slice currency)
{
	const char *list = currencies_of(sign);

	if (sign.len == 0 || currency.len == 0)
		return true;
	if (!list)
		return slice_equal(sign, currency);
	for (; *list; list += strcspn(list, " "), list += *list == ' ')
		if (slice_equal(slice_of(list, strcspn(list, " ")), currency))
			return true;
	return false;
}

const char *amount_sign_currency(struct slice sign, char ret[4])
{
	const char *list = currencies_of(sign);

	if (sign.len == 0 || (list && strchr(list, ' ')))
		return NULL;
	memcpy(ret, list ? list : (const char *)sign.bytes, 3);
	ret[3] = '\0';
	return ret;
}
