/*
 * encode.c - a mapped event as JSON, checked by the one function that checks all events.
 *
 * A call that tells of an order must not be lost because somebody's country is written out: what no
 * event may have is taken out (event_mend.h). But what an order cost is of consequence: without its
 * amount a refund is one of all of the order.
 */
#include "mapper_internal.h"

#include "common/base/buf.h"
#include "common/message/event.h"
#include "common/message/event_mend.h"

/* Takes out what is of no consequence, and leaves what is to be refused. */
static unsigned mend(Nurture__V1__Event *event)
{
	Nurture__V1__Order *order = event->order;
	char *amount = order ? order->amount : NULL, *currency = order ? order->currency : NULL;
	unsigned ret = event_mend(event);

	if (!order)
		return ret;
	ret -= (order->amount != amount) + (order->currency != currency);
	order->amount = amount;
	order->currency = currency;
	return ret;
}

int ing_tracked_encode(Nurture__V1__Event *event, struct arena *arena, struct slice *ret,
		       unsigned *left_out, struct err *err)
{
	struct buf json = BUF_MAX(EVENT_MAX_BYTES);
	unsigned mended = mend(event);
	Nurture__V1__Event *read;
	bool is_whole;

	event_encode_json(event, &json);
	is_whole = !buf_failed(&json);
	if (is_whole)
		*ret = slice_of(arena_copy(arena, json.bytes, json.len), json.len);
	buf_free(&json);
	if (!is_whole)
		return err_set(err, "expected an event of at most %d bytes", EVENT_MAX_BYTES);
	if (event_decode(*ret, arena, &read, err) < 0)
		return -1;
	*left_out += mended;
	return 0;
}
