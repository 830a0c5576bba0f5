/*
 * amount.c - amounts as programs write them, as decimal texts of ours.
 *
 * What has more decimals than any amount may have is rounded, half away from zero; whether what is
 * left is an amount of its currency is then asked of event_decode(), as for everybody.
 */
#include "common/base/money.h"
#include "mapper_internal.h"

char *ing_tracked_amount(char *text, struct arena *arena)
{
	const char *dot = strchr(text, '.');
	int64_t e4;

	/* What is no amount is refused by event_decode(), with what was expected. */
	if (!dot || strlen(dot + 1) <= MONEY_E4_DECIMALS ||
	    !money_round_e4(text, MONEY_E4_DECIMALS, &e4))
		return text;
	return arena_printf(arena, "%s%s", *text == '-' ? "-" : "", money_of_e4(arena, e4, ""));
}
