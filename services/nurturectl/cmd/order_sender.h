/* order_sender.h - what replay and import share: orders' events onto nurture.events. */
#ifndef NURTURE_NURTURECTL_CMD_ORDER_SENDER_H
#define NURTURE_NURTURECTL_CMD_ORDER_SENDER_H

#include "common/io/kafka/producer.h"
#include "services/nurturectl/settings.h"
#include "services/nurturectl/sim/orders.h"

enum { ORDER_SENDER_FLUSH_MS = 180000 };

struct order_sender {
	const struct orders *orders; /* that the event is of */
	struct producer *producer;   /* the caller's */
	char topic[TOPIC_NAME_BYTES];
	bool is_import;     /* each is published as import_event.h says */
	bool keeps_ids;     /* of an import: likewise */
	struct arena arena; /* of one event; the caller frees it */
};

/* Queues the event; waits while the queue is full. -1: interrupted, or the client gave up. */
int order_sender_send(struct order_sender *sender, const struct order_event *event,
		      struct err *err);

#endif
