/* order_sender.c - see order_sender.h. */
#include "order_sender.h"

#include "common/io/process/clock.h"
#include "common/io/process/stop.h"
#include "services/nurturectl/sim/import_event.h"

enum { FULL_WAIT_MS = 5 };

int order_sender_send(struct order_sender *sender, const struct order_event *event, struct err *err)
{
	enum record_kind kind;
	struct slice value;
	int r;

	arena_reset(&sender->arena);
	value = orders_json(sender->orders, event, &sender->arena);
	kind = orders_json_kind(sender->orders, event);
	if (sender->is_import && event->line_bytes == 0)
		value = import_event(event->kind, sender->keeps_ids, value, &sender->arena);
	while ((r = producer_send(sender->producer, sender->topic, -1, event->customer, value, kind,
				  NULL, err)) == 0) {
		if (stop_requested())
			return err_environment(err, "interrupted");
		if (producer_check(sender->producer, err) < 0)
			return -1;
		clock_sleep_ms(FULL_WAIT_MS); /* the queue is full */
	}
	return r < 0 ? -1 : 0;
}
