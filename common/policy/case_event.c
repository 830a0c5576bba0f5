/* case_event.c - see case_event.h. */
#include "case_event.h"

#include <string.h>

#include "case_name.h"

/* The name of the order's case, when no event names another id. */
static const char *unnamed_of(const struct case_event *event, struct arena *arena)
{
	return case_name(event->type, "", event->order, arena);
}

int64_t case_closed_early_ms(const struct case_event *opening, struct case_list list,
			     struct arena *arena)
{
	struct case_known by_order;

	if (!*opening->order || !list.find(list.cases, unnamed_of(opening, arena), &by_order) ||
	    strcmp(by_order.order, opening->order) != 0)
		return CASE_NEVER_MS;
	return by_order.closed_ms;
}

static struct case_closing close_named(const struct case_event *closing, struct case_list list,
				       struct arena *arena)
{
	struct case_closing ret = {
	    .name = case_name(closing->type, closing->id, closing->order, arena)};
	struct case_known known;

	if (!*closing->order || (list.find(list.cases, ret.name, &known) && known.was_opened))
		return ret;
	ret.unnamed = unnamed_of(closing, arena);
	if (!list.find(list.cases, ret.unnamed, &known))
		ret.unnamed = NULL;
	return ret;
}

struct case_closing case_closing(const struct case_event *closing, struct case_list list,
				 struct arena *arena)
{
	struct case_closing ret = {.all_of_order = true};
	struct case_known known;

	if (*closing->id)
		return close_named(closing, list, arena);
	ret.name = unnamed_of(closing, arena);
	/* An order may have the same id as somebody's case about another order. */
	if (list.find(list.cases, ret.name, &known) && *known.order &&
	    strcmp(known.order, closing->order) != 0)
		ret.name = NULL;
	return ret;
}
