/* money.c - what a shop says that something cost; see shop_order.h. */
#include "common/base/currency.h"
#include "common/base/money.h"
#include "common/base/text.h"
#include "shop_order.h"

bool shop_money_e4(const char *text, int64_t *ret)
{
	return money_round_e4(text, MONEY_E4_DECIMALS, ret);
}

const char *shop_money(struct arena *arena, const char *text, const char *currency)
{
	struct err ignored;
	int64_t e4;

	if (!money_round_e4(text, money_decimals(currency), &e4))
		return "";
	text += *text == '-';
	if (text_money_e4(slice_text(text), &e4, &ignored) == 0 &&
	    currency_fits(slice_text(currency), slice_text(text)))
		return text;
	money_round_e4(text, money_decimals(currency), &e4);
	return money_of_e4(arena, e4, currency);
}
