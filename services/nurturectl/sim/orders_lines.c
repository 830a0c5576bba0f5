/* orders_lines.c - see orders_lines.h. */
#include "orders_lines.h"

#include "common/base/text.h"
#include "common/message/event.h"
#include "common/message/event_authority.h"
#include "services/ingest/catalogue/complete.h"

static enum order_kind kind_of(const char *type)
{
	for (int kind = 0; kind < ORDER_KINDS; kind++)
		if (strcmp(order_kind_type((enum order_kind)kind), type) == 0)
			return (enum order_kind)kind;
	return ORDER_OTHER;
}

static void keep_items(struct orders *orders, const Nurture__V1__Order *order,
		       struct order_event *ret)
{
	size_t count =
	    order->n_items < ORDER_CATEGORIES_MAX ? order->n_items : ORDER_CATEGORIES_MAX;

	ret->categories = arena_alloc(&orders->arena, (count + 1) * sizeof(*ret->categories));
	for (size_t i = 0; i < count; i++)
		if (order->items[i]->category[0])
			ret->categories[ret->category_count++] =
			    arena_text(&orders->arena, order->items[i]->category);
}

/* What reports count of an event. */
static struct order_event facts_of(struct orders *orders, const Nurture__V1__Event *event)
{
	struct arena *arena = &orders->arena;
	struct order_event facts = {.customer = slice_text(arena_text(arena, event->customer->id)),
				    .time_ms = event->time_ms,
				    .kind = kind_of(event->type),
				    .type = "",
				    .order = "",
				    .amount = ""};
	struct err ignored; /* amounts were read before */

	facts.type = facts.kind == ORDER_OTHER ? arena_text(arena, event->type)
					       : order_kind_type(facts.kind);
	if (!event->order)
		return facts;
	facts.order = arena_text(arena, event->order->id);
	facts.amount = arena_text(arena, event->order->amount);
	if (facts.amount[0])
		text_money_e4(slice_text(facts.amount), &facts.amount_e4, &ignored);
	keep_items(orders, event->order, &facts);
	return facts;
}

int orders_line_read(const struct orders *orders, struct slice json, struct arena *arena,
		     Nurture__V1__Event **ret, bool *ret_is_resolved, struct err *err)
{
	if (json.bytes[0] != '{')
		return err_set(err, "expected a JSON object");
	if (orders->catalogue)
		json = catalogue_complete(orders->catalogue, json, arena).value;
	if (event_decode(json, arena, ret, err) < 0)
		return -1;
	if (event_proof_is_ours(*ret))
		return err_set(err, "$.proof.source: expected a place of yours, found one of our "
				    "own pages (" PROOF_OWN_PAGE "...)");
	*ret_is_resolved = merges_apply(orders->merges, *ret);
	return 0;
}

void orders_line_count(const Nurture__V1__Event *event, int line, struct orders *orders)
{
	if (event->order && event->order->amount[0] && kind_of(event->type) == ORDER_PLACED)
		orders_count_currency(orders->currency, event->order->currency, line,
				      &orders->left_lines, &orders->arena);
	orders_count_consent(orders->policy, event->customer, line, &orders->left_lines,
			     &orders->arena);
	for (size_t i = 0; orders->catalogue && event->order && i < event->order->n_items; i++) {
		const Nurture__V1__Item *item = event->order->items[i];

		if (!*item->category)
			left_out_add(&orders->left_lines, LEFT_CATEGORY,
				     slice_text(*item->sku ? item->sku : item->name), line,
				     &orders->arena);
	}
}

void orders_add_line(struct orders *orders, struct slice json, int line, struct arena *arena)
{
	struct order_event facts;
	Nurture__V1__Event *event;
	bool is_resolved;
	struct err err;

	if (orders_line_read(orders, json, arena, &event, &is_resolved, &err) < 0) {
		left_out_add(&orders->left_lines, LEFT_LINE, slice_text(err.text), line,
			     &orders->arena);
		return;
	}
	orders_line_count(event, line, orders);
	facts = facts_of(orders, event);
	facts.row = (size_t)((const char *)json.bytes - orders->lines);
	facts.line = line;
	facts.line_bytes = (unsigned)json.len;
	facts.is_cloudevent = *event->source;
	facts.is_resolved = is_resolved;
	facts.sequence = orders->count;
	orders_make_room(orders, 1);
	orders->events[orders->count++] = facts;
}

void orders_add_lines(struct orders *orders)
{
	struct slice rest = slice_of(orders->lines, orders->lines_len);
	struct arena arena = {0};

	for (int line = 1; rest.len; line++) {
		const uint8_t *end = memchr(rest.bytes, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.bytes) : rest.len;
		struct slice json = slice_trim(slice_of(rest.bytes, len), " \t\r");

		len += end != NULL;
		rest = slice_of(rest.bytes + len, rest.len - len);
		if (json.len == 0)
			continue;
		orders->rows++;
		orders_add_line(orders, json, line, &arena);
		arena_reset(&arena);
	}
	arena_free(&arena);
}
