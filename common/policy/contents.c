/* contents.c - see contents.h. */
#include "contents.h"

bool contents_takes_amount(const struct contents_word *word, int64_t amount_e4, int64_t amount_ms)
{
	if (!word->has_amount || word->time_ms < amount_ms)
		return false;
	return word->time_ms > amount_ms || word->amount_e4 > amount_e4;
}

bool contents_takes_items(const struct contents_word *word, int64_t items_ms, bool takes_amount)
{
	if (!word->has_items || word->time_ms < items_ms)
		return false;
	return word->time_ms > items_ms || takes_amount;
}
