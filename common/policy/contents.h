/*
 * contents.h - which word about an order's amount and items holds.  Pure.
 *
 * One rule for the segmenter and the review-solicitor.  The newest word holds, whichever
 * comes first; of two of one instant the greater amount, and the items that come with it.
 */
#ifndef NURTURE_POLICY_CONTENTS_H
#define NURTURE_POLICY_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

struct contents_word { /* what an event says */
	int64_t time_ms;
	int64_t amount_e4;
	bool has_amount, has_items;
};

/* amount_ms, items_ms: when what is known was said; earlier than any event when nobody did. */
bool contents_takes_amount(const struct contents_word *word, int64_t amount_e4, int64_t amount_ms);
/* takes_amount: does the word about the amount hold, by the function above? */
bool contents_takes_items(const struct contents_word *word, int64_t items_ms, bool takes_amount);

#endif
