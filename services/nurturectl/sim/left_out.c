/* left_out.c - see left_out.h. */
#include "left_out.h"

void left_out_add(struct left_out **list, enum left_reason reason, struct slice word, int line,
		  struct arena *arena)
{
	struct left_out *added;
	size_t words = 0;

	for (; *list; list = &(*list)->next) {
		words += (*list)->reason == reason;
		if ((*list)->reason == reason &&
		    (slice_is(word, (*list)->word) || words == LEFT_WORDS_MAX)) {
			(*list)->count++;
			if (line < (*list)->first_line)
				(*list)->first_line = line;
			return;
		}
	}
	added = arena_zalloc(arena, sizeof(*added));
	*added = (struct left_out){.reason = reason,
				   .word = words + 1 == LEFT_WORDS_MAX
					       ? "(other words)"
					       : arena_copy(arena, word.bytes, word.len),
				   .count = 1,
				   .first_line = line};
	*list = added;
}

void left_out_join(struct left_out **list, const struct left_out *more, struct arena *arena)
{
	for (; more; more = more->next) {
		struct left_out **to = list;

		left_out_add(list, more->reason, slice_text(more->word), more->first_line, arena);
		while ((*to)->reason != more->reason || strcmp((*to)->word, more->word) != 0)
			to = &(*to)->next;
		(*to)->count += more->count - 1;
	}
}

void left_out_sort(struct left_out **list, size_t after)
{
	struct left_out *rest;

	for (; *list && after > 0; after--)
		list = &(*list)->next;
	rest = *list;
	*list = NULL;
	while (rest) {
		struct left_out *one = rest, **at = list;

		rest = one->next;
		while (*at && (*at)->first_line <= one->first_line)
			at = &(*at)->next;
		one->next = *at;
		*at = one;
	}
}

/* What is counted, and what is said of it behind its number and its first line. */
static const char *const what[][3] = {
    [LEFT_KIND] = {"row", "rows", "left out: kind \"%s\" is no event here"},
    [LEFT_CUSTOMER] = {"row", "rows", "left out: no customer, nobody to write to"},
    [LEFT_ADDRESS] = {"address", "addresses", "left out: no e-mail address"},
    [LEFT_BIRTHDAY] = {"birthday", "birthdays", "left out: no date"},
    [LEFT_LOCALE] = {"locale", "locales", "left out: no language tag such as de-AT"},
    [LEFT_ITEMS] = {"cell", "cells", "of items left out: not understood"},
    [LEFT_FIELDS] = {"row", "rows", "shorter than the header line: what lacks is taken as empty"},
    [LEFT_EVENT_TIME] = {"event", "events", "left out: %s, but no column says when"},
    [LEFT_UNDATED] = {"event", "events",
		      "%s of which no column says when: taken as of when the order was "
		      "placed"},
    [LEFT_REPEATED] = {"row", "rows",
		       "left out: such an order was placed before (are they lines of one "
		       "order? --lines)"},
    [LEFT_PEOPLE] = {"order", "orders",
		     "left out: lines of it name different customers (is it the order? "
		     "--columns group=COLUMN)"},
    [LEFT_SIZE] = {"event", "events", "left out: %s is larger than 64 KiB"},
    [LEFT_LINE] = {"line of events", "lines of events", "left out: %s"},
    [LEFT_FOREIGN] = {"order", "orders",
		      "in %s, which is not shop.currency: kept, and nothing of its amount "
		      "counts as spent"},
    [LEFT_CLASS] = {"row", "rows",
		    "with consent to \"%s\", which no class of the policy is called: it "
		    "decides nothing"},
    [LEFT_CURRENCY] = {"order", "orders",
		       "in %s: added up with all other currencies, since the policy has no "
		       "shop.currency"},
    [LEFT_NUMBER] =
	{"row", "rows",
	 "whose address has no number in --customers: known by the inbox, as guests are"},
    [LEFT_CATEGORY] = {"item", "items", "without a category: the catalogue has none for \"%s\""},
    [LEFT_DOT] = {"amount", "amounts",
		  "with three digits behind a dot: taken as decimals (between thousands? "
		  "--decimal ,)"},
};

void left_out_say(const struct left_out *left, struct buf *out)
{
	const char *const *words = what[left->reason];

	buf_printf(out, "%zu %s, the first in line %d, ", left->count, words[left->count != 1],
		   left->first_line);
	buf_printf(out, words[2], left->word);
}
