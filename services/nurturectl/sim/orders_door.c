/* orders_door.c - see orders_door.h. */
#include "orders_door.h"

#include <string.h>

#include "services/ingest/shops/shop_config.h"

/* What an export says in its own columns, or not at all, is no matter of the source. */
static int check_options(const struct shop_source *source, struct err *err)
{
	const struct shop_source plain = SHOP_SOURCE;

	if (!source->takes_pending && !source->takes_tests && !source->status_count &&
	    !*source->consent_meta && source->completed == plain.completed)
		return 0;
	return err_config(err,
			  "--source: expected of the source's options key, shop, prefix, consent, "
			  "country and locale; what the statuses and columns of an export mean "
			  "--columns says");
}

static int read_list(const struct slice *list, struct arena *arena, struct orders_door *ret,
		     struct err *err)
{
	bool needs_list = ret->kind == SHOP_SHOPIFY && ret->source.key == SHOP_KEY_ID;

	if (list && !needs_list)
		return err_config(err,
				  "--customers: expected only with a source of Shopify with "
				  "key=id: all others are known by what the file of orders says");
	if (!list && needs_list)
		return err_config(err,
				  "--source: key=id needs --customers FILE: Shopify's export of "
				  "orders has no numbers of customers, that of customers has "
				  "(Customers > Export)");
	ret->is_by_list = needs_list;
	if (list && customer_numbers_read(*list, arena, &ret->numbers, err) < 0)
		return err_prefix(err, "--customers");
	return 0;
}

int orders_door_read(const char *text, const char *format, const struct slice *list,
		     struct arena *arena, struct orders_door *ret, struct err *err)
{
	*ret = (struct orders_door){.kind = SHOP_KIND_COUNT};
	if (!format || !shop_kind_find(slice_text(format), &ret->kind))
		return err_config(err,
				  "--source: expected --format shopify or woocommerce beside it: "
				  "whose webhooks come there?");
	if (shop_source_parse(slice_text(text), arena, &ret->source, err) < 0)
		return err_prefix(err, "--source");
	if (check_options(&ret->source, err) < 0)
		return -1;
	return read_list(list, arena, ret, err);
}

struct slice orders_door_number(const struct orders_door *door, struct slice given,
				struct slice address)
{
	if (given.len && !slice_is(given, "0"))
		return given;
	return door->is_by_list ? customer_numbers_find(&door->numbers, address) : slice_of("", 0);
}

char *orders_door_id(const struct orders_door *door, struct slice number, struct arena *arena)
{
	return arena_printf(arena, "%s%.*s", door->source.prefix, SLICE_ARGS(number));
}

/* The end of the id; NULL: it has a number in it that no export says. */
static const char *fact_of(enum order_kind kind, bool has_amount)
{
	static const char *const facts[ORDER_KINDS] = {
	    [ORDER_PLACED] = "placed",         [ORDER_SHIPPED] = "shipped",
	    [ORDER_DELIVERED] = "delivered",   [ORDER_CANCELLED] = "cancelled",
	    [ORDER_REFUNDED] = "refund:whole", /* of WooCommerce, when nobody says how much */
	};

	return kind == ORDER_REFUNDED && has_amount ? NULL : facts[kind];
}

char *orders_door_event_id(const struct orders_door *door, enum order_kind kind, const char *order,
			   bool has_amount, struct arena *arena)
{
	const char *fact = fact_of(kind, has_amount);

	if (!fact)
		return NULL;
	return arena_printf(arena, "%s:%s:%s:%s", shop_kind_text(door->kind), door->source.shop,
			    order + strlen(door->source.prefix), fact);
}

void orders_door_default(const struct orders_door *door, Nurture__V1__Customer *customer)
{
	if (!*customer->locale)
		customer->locale = (char *)door->source.locale;
	if (!*customer->country)
		customer->country = (char *)door->source.country;
}
