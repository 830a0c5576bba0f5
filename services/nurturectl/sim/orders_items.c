/* orders_items.c - see orders_items.h: the items. */
#include "orders_items.h"

#include "common/base/text.h"
#include "orders_fields.h"

enum { ITEMS_MAX = 1000 }; /* of an event: common/message/event_shape.c */

/* The items of an order while they are read. */
struct basket {
	struct orders_reader *reader;
	Nurture__V1__Order *order;
	struct order_event *facts;
	size_t room;
};

static void keep_category(struct basket *basket, const char *category)
{
	struct order_event *facts = basket->facts;

	for (unsigned i = 0; i < facts->category_count; i++)
		if (strcmp(facts->categories[i], category) == 0)
			return;
	if (category[0] && facts->category_count < ORDER_CATEGORIES_MAX)
		facts->categories[facts->category_count++] = category;
}

/* What the catalogue adds to an item that names no category; id is its other name, or "". */
static void describe(struct basket *basket, Nurture__V1__Item *item, const char *id)
{
	const struct catalogue *catalogue = basket->reader->options->catalogue;
	const char *const keys[] = {item->sku, id};
	const struct catalogue_row *row;

	if (!catalogue || *item->category)
		return;
	row = catalogue_find(catalogue, keys, 2);
	if (row)
		catalogue_fill(row, item);
	if (!*item->category)
		orders_leave_out(basket->reader, LEFT_CATEGORY,
				 slice_text(*item->sku ? item->sku : item->name));
}

/* False: the order has as many as an event can have. */
static bool add_item(struct basket *basket, Nurture__V1__Item *item)
{
	struct arena *arena = &basket->reader->orders->arena;
	Nurture__V1__Order *order = basket->order;
	Nurture__V1__Item **more;

	if (order->n_items == ITEMS_MAX)
		return false;
	if (order->n_items == basket->room) {
		basket->room = basket->room ? basket->room * 2 : ORDER_CATEGORIES_MAX;
		more = arena_alloc(arena, basket->room * sizeof(Nurture__V1__Item *));
		if (order->n_items)
			memcpy(more, order->items, order->n_items * sizeof(Nurture__V1__Item *));
		order->items = more;
	}
	order->items[order->n_items++] = item;
	keep_category(basket, item->category);
	return true;
}

static Nurture__V1__Item *new_item(struct basket *basket)
{
	Nurture__V1__Item *item = arena_alloc(&basket->reader->orders->arena, sizeof(*item));

	nurture__v1__item__init(item);
	item->quantity = 1;
	return item;
}

/* "tents|stoves" is an order of two things. */
static int read_categories(struct basket *basket, struct err *err)
{
	struct orders_reader *reader = basket->reader;
	struct slice text = field(reader, COLUMN_CATEGORY), rest = text;
	size_t count = 0;

	while (rest.len) {
		const uint8_t *bar = memchr(rest.bytes, '|', rest.len);
		size_t len = bar ? (size_t)(bar - rest.bytes) : rest.len;
		Nurture__V1__Item *item = new_item(basket);

		if (count == ORDER_CATEGORIES_MAX)
			return field_complain(reader, COLUMN_CATEGORY, text,
					      "at most 16 categories with | between them", err);
		item->category = arena_copy(&reader->orders->arena, rest.bytes, len);
		len += bar != NULL;
		rest = slice_of(rest.bytes + len, rest.len - len);
		if (!item->category[0])
			continue;
		add_item(basket, item);
		count++;
	}
	return 0;
}

/* Half a metre is one item: shops' plugins sell fractions. */
static int read_quantity(struct orders_reader *reader, struct slice text, uint32_t *ret,
			 struct err *err)
{
	enum { MOST = 1000000 };
	struct amount amount;
	int64_t e4;

	if (text.len == 0)
		return 0;
	if (field_amount(reader, COLUMN_QUANTITY, text, &amount, &e4, err) < 0)
		return -1;
	if (e4 < 0 || e4 > (int64_t)MOST * 10000)
		return field_complain(reader, COLUMN_QUANTITY, text, "a quantity from 0 to 1000000",
				      err);
	*ret = (uint32_t)((e4 + 9999) / 10000);
	return 0;
}

static int read_line(struct basket *basket, size_t line, struct err *err)
{
	struct orders_reader *reader = basket->reader;
	struct arena *arena = &reader->orders->arena;
	struct slice price = field_of_line(reader, line, COLUMN_PRICE);
	struct slice texts[] = {field_of_line(reader, line, COLUMN_SKU),
				field_of_line(reader, line, COLUMN_ITEM),
				field_of_line(reader, line, COLUMN_CATEGORY)};
	Nurture__V1__Item *item = new_item(basket);
	struct amount amount;
	int64_t e4;

	if (texts[0].len + texts[1].len + texts[2].len == 0)
		return 0;
	item->sku = arena_copy(arena, texts[0].bytes, texts[0].len);
	item->name = arena_copy(arena, texts[1].bytes, texts[1].len);
	item->category = arena_copy(arena, texts[2].bytes, texts[2].len);
	if (read_quantity(reader, field_of_line(reader, line, COLUMN_QUANTITY), &item->quantity,
			  err) < 0)
		return -1;
	if (price.len && field_amount(reader, COLUMN_PRICE, price, &amount, &e4, err) < 0)
		return -1;
	if (price.len && e4 >= 0)
		item->price = arena_text(arena, amount.text);
	if (item->quantity > 0)
		describe(basket, item, "");
	if (item->quantity > 0 && !add_item(basket, item))
		return field_complain(reader, COLUMN_ORDER, slice_text(basket->order->id),
				      "an order of at most 1000 items", err);
	return 0;
}

static struct slice cut(struct slice *text, char mark)
{
	const uint8_t *end = memchr(text->bytes, mark, text->len);
	size_t len = end ? (size_t)(end - text->bytes) : text->len;
	struct slice part = slice_of(text->bytes, len);

	len += end != NULL;
	*text = slice_of(text->bytes + len, text->len - len);
	return part;
}

/* "name:Tent|sku:T1|quantity:2": false when it names nothing. */
static bool read_cell_item(struct basket *basket, struct slice text)
{
	struct arena *arena = &basket->reader->orders->arena;
	Nurture__V1__Item *item = new_item(basket);
	const char *id = "";
	struct err ignored;

	while (text.len) {
		struct slice value = cut(&text, '|'), name = cut(&value, ':');
		int64_t quantity;

		if (slice_is(name, "name"))
			item->name = arena_copy(arena, value.bytes, value.len);
		else if (slice_is(name, "sku") && value.len)
			item->sku = arena_copy(arena, value.bytes, value.len);
		else if (slice_is(name, "product_id"))
			id = arena_copy(arena, value.bytes, value.len);
		else if (slice_is(name, "quantity") &&
			 text_int64(value, 1, 1000000, &quantity, &ignored) == 0)
			item->quantity = (uint32_t)quantity;
	}
	if (!item->name[0] && !item->sku[0] && !*id)
		return false;
	describe(basket, item, id);
	if (!item->sku[0])
		item->sku = (char *)id;
	return add_item(basket, item);
}

/* A cell with all of an order's items, as WooCommerce's exports have it: ";" between them. */
static void read_cell(struct basket *basket)
{
	struct slice rest = field(basket->reader, COLUMN_ITEMS);
	bool is_understood = true;

	while (rest.len && is_understood)
		is_understood = read_cell_item(basket, cut(&rest, ';'));
	if (!is_understood)
		orders_leave_out(basket->reader, LEFT_ITEMS, slice_of("", 0));
}

int items_read(struct orders_reader *reader, Nurture__V1__Order *order, struct order_event *facts,
	       struct err *err)
{
	struct basket basket = {.reader = reader, .order = order, .facts = facts};
	bool has_lines = field_exists(reader, COLUMN_SKU) || field_exists(reader, COLUMN_ITEM) ||
			 field_exists(reader, COLUMN_PRICE) ||
			 field_exists(reader, COLUMN_QUANTITY) || reader->has_lines;

	facts->categories =
	    arena_alloc(&reader->orders->arena, ORDER_CATEGORIES_MAX * sizeof(char *));
	facts->category_count = 0;
	if (!has_lines)
		return read_categories(&basket, err);
	read_cell(&basket);
	for (size_t i = 0; i < reader->line_count; i++)
		if (read_line(&basket, i, err) < 0)
			return -1;
	return 0;
}
