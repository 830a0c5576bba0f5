/*
 * orders_door.h - the door that a shop's webhooks come through, for a file of its past orders.  Pure.
 *
 * What an export tells and what the shop tells live must be about the same customers and orders, and
 * the same fact must have the same event id: then the switch from one to the other tells nothing
 * twice.  How the door makes them: services/ingest/shops/shop_facts.c and person.c.
 */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_DOOR_H
#define NURTURE_NURTURECTL_SIM_ORDERS_DOOR_H

#include "orders.h"
#include "services/ingest/shops/shop.h"
#include "services/nurturectl/exports/customer_numbers.h"

struct orders_door {
	enum shop_kind kind;
	struct shop_source source;
	bool is_by_list;                 /* numbers of customers stand in a list of their own */
	struct customer_numbers numbers; /* that list */
};

/*
 * text: as in NURTURE_SHOP_HOOKS, but for the secret: "harbour key=id prefix=b-".  format: of the
 * export, which says whose door it is; NULL: none was said.  list: the shop's customers, in UTF-8;
 * NULL: there is none.  -1 (ERR_CONFIG) says what was expected.  Everything lives in the arena and
 * in the list.
 */
int orders_door_read(const char *text, const char *format, const struct slice *list,
		     struct arena *arena, struct orders_door *ret, struct err *err);

/* The shop's number of a row's customer: the row's own, else the list's; empty for a guest. */
struct slice orders_door_number(const struct orders_door *door, struct slice given,
				struct slice address);
/* The id as the door puts it: with the source's prefix. */
char *orders_door_id(const struct orders_door *door, struct slice number, struct arena *arena);
/*
 * The event id of what happened to an order (its id as orders_door_id() gives it), or NULL where the
 * door's has in it what no export says: the number of a refund, a return or a parcel.
 */
char *orders_door_event_id(const struct orders_door *door, enum order_kind kind, const char *order,
			   bool has_amount, struct arena *arena);
/* The source's language and country, where the customer has none. */
void orders_door_default(const struct orders_door *door, Nurture__V1__Customer *customer);

#endif
