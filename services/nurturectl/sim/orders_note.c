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

/* What the file of orders as a whole does not say; *index is one less for each sentence before. */
static const char *file_note(const struct orders *orders, unsigned *index, struct arena *arena)
{
	const struct orders_assumed *assumed = &orders->assumed;

	if (assumed->encoding && (*index)-- == 0)
		return arena_printf(arena, "read as %s, which its bytes look like (--encoding)",
				    assumed->encoding);
	if (assumed->without && (*index)-- == 0)
		return assumed->without;
	if (assumed->no_consent && (*index)-- == 0)
		return "no column says who consents, so no consent is imported";
	if (assumed->only_marketing && (*index)-- == 0)
		return arena_printf(arena,
				    "a yes in \"%s\" is consent to promotion alone; where the box "
				    "also names tips, thanks and questions, --columns "
				    "'consent=%s:no>' makes it consent to every class",
				    assumed->marketing, assumed->marketing);
	if (assumed->no_address && (*index)-- == 0)
		return "no column is an e-mail address, so none is imported";
	return NULL;
}

void orders_count_currency(const char *shop_currency, const char *currency, int line,
			   struct left_out **left, struct arena *arena)
{
	bool has_shop = shop_currency && *shop_currency;

	if (!*currency || (has_shop && strcmp(currency, shop_currency) == 0))
		return;
	left_out_add(left, has_shop ? LEFT_FOREIGN : LEFT_CURRENCY, slice_text(currency), line,
		     arena);
}

void orders_count_consent(const struct policy *policy, const Nurture__V1__Customer *customer,
			  int line, struct left_out **left, struct arena *arena)
{
	for (size_t i = 0; policy && i < customer->n_consent; i++) {
		const char *name = customer->consent[i]->message_class;

		if (!policy_knows_consent(policy, name))
			left_out_add(left, LEFT_CLASS, slice_text(name), line, arena);
	}
}

/* A file in one currency needs no shop.currency. */
static bool is_said(const struct left_out *left, const struct orders *orders)
{
	const struct left_out *const lists[] = {orders->left, orders->left_lines};

	if (left->reason != LEFT_CURRENCY)
		return true;
	for (size_t i = 0; i < 2; i++)
		for (const struct left_out *at = lists[i]; at; at = at->next)
			if (at->reason == LEFT_CURRENCY && strcmp(at->word, left->word) != 0)
				return true;
	return false;
}

/* The index'th of what was left out of a file, else NULL; *index is one less for each before it. */
static const struct left_out *said(const struct orders *orders, const struct left_out *list,
				   unsigned *index)
{
	for (; list; list = list->next)
		if (is_said(list, orders) && (*index)-- == 0)
			return list;
	return NULL;
}

const char *orders_note(const struct orders *orders, unsigned index, struct arena *arena,
			bool *ret_is_of_events)
{
	const char *text = file_note(orders, &index, arena);
	const struct left_out *left = text ? NULL : said(orders, orders->left, &index);
	bool is_of_events = !text && !left;

	if (is_of_events)
		left = said(orders, orders->left_lines, &index);
	if (ret_is_of_events)
		*ret_is_of_events = is_of_events;
	return left ? left_text(left, arena) : text;
}

const char *orders_note_sentence(const struct orders *orders, unsigned index, struct arena *arena)
{
	bool is_of_events;
	const char *note = orders_note(orders, index, arena, &is_of_events);

	return note ? arena_printf(arena, "Of the file of %s: %s.",
				   is_of_events ? "events" : "orders", note)
		    : NULL;
}
