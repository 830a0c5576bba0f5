/* refund.c - see refund.h. */
#include "refund.h"

#include <string.h>

enum { LETTER_BITS = 5 };

uint32_t currency_code(const char *currency)
{
	uint32_t code = 0;

	for (; *currency; currency++)
		code = code << LETTER_BITS | (uint32_t)(*currency & 0x1f);
	return code;
}

const char *currency_text(uint32_t code, char ret[CURRENCY_TEXT_BYTES])
{
	unsigned at = CURRENCY_TEXT_BYTES - 1, count;

	for (ret[at] = '\0'; code && at > 0; code >>= LETTER_BITS)
		ret[--at] = (char)('@' | (code & 0x1f));
	count = CURRENCY_TEXT_BYTES - at;
	memmove(ret, ret + at, count);
	return ret;
}

bool refunds_add(struct refunds *refunds, struct refund refund, struct arena *arena)
{
	struct refund *items;
	unsigned at = 0;

	while (at < refunds->count && refunds->items[at].event < refund.event)
		at++;
	if (at < refunds->count && refunds->items[at].event == refund.event)
		return false;
	if (refunds->count == REFUNDS_MAX)
		return false;
	items = arena_alloc(arena, (refunds->count + 1) * sizeof(*items));
	for (unsigned i = 0; i < refunds->count; i++)
		items[i < at ? i : i + 1] = refunds->items[i];
	items[at] = refund;
	refunds->items = items;
	refunds->count++;
	return true;
}

static bool differs(uint32_t refund, uint32_t order, uint32_t shop)
{
	if (!order)
		order = shop;
	return refund && order && refund != order;
}

int64_t refunds_sum_e4(const struct refunds *refunds, uint32_t order, uint32_t shop)
{
	int64_t sum_e4 = 0;

	for (unsigned i = 0; i < refunds->count; i++)
		if (!differs(refunds->items[i].currency, order, shop) &&
		    __builtin_add_overflow(sum_e4, refunds->items[i].amount_e4, &sum_e4))
			return INT64_MAX;
	return sum_e4;
}
