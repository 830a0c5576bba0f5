/* orders_note.c - what a file of orders did not say, or said in vain, in sentences; see orders.h. */
#include "orders.h"

static const char *left_text(const struct left_out *left, struct arena *arena)
{
	struct buf text = BUF_MAX(1024);
	const char *copy;

	left_out_say(left, &text);
	copy = arena_copy(arena, text.bytes, text.len);
	buf_free(&text);
	return copy;
}

const char *orders_note(const struct orders *orders, unsigned index, struct arena *arena)
{
	const struct orders_assumed *assumed = &orders->assumed;

	if (assumed->encoding && index-- == 0)
		return arena_printf(arena, "read as %s, which its bytes look like (--encoding)",
				    assumed->encoding);
	if (assumed->without && index-- == 0)
		return assumed->without;
	if (assumed->end_time && index-- == 0)
		return "cancellations and refunds of which no column says when happened as the "
		       "order was placed";
	if (assumed->no_consent && index-- == 0)
		return "no column says who consents, so no consent is imported";
	if (assumed->no_address && index-- == 0)
		return "no column is an e-mail address, so none is imported";
	for (const struct left_out *left = orders->left; left; left = left->next)
		if (index-- == 0)
			return left_text(left, arena);
	for (const struct left_out *left = orders->left_lines; left; left = left->next)
		if (index-- == 0)
			return left_text(left, arena);
	return NULL;
}
