/*
 * import_event.h - an event of a file of orders as an import publishes it.  Pure.
 *
 * The same file is read again: with other columns because the first reading was wrong, or as a newer
 * export in which names, consent and items have changed.  What is told then must hold, what was told
 * before must count once, and none of it may be another body under a known id, which is a dead
 * letter.  So the id of a placed or an updated order follows from all that its row says: a row that
 * says something else is a newer word about the same order.  Every other event is marked as a
 * snapshot: under its id a newer body is a repeat (proto/README.md).  So is an order that was placed
 * whose id is that of the shop's own webhook: the shop tells it as well, in words of its own.
 */
#ifndef NURTURE_NURTURECTL_SIM_IMPORT_EVENT_H
#define NURTURE_NURTURECTL_SIM_IMPORT_EVENT_H

#include "orders.h"

/*
 * json: as orders_json() gives it, of an event of the file of orders. keeps_ids: orders that were
 * placed have the ids of the shop's webhooks. Returns JSON in the arena.
 */
struct slice import_event(enum order_kind kind, bool keeps_ids, struct slice json,
			  struct arena *arena);

#endif
