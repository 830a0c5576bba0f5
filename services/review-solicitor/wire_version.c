/*
 * wire_version.c - see wire_version.h.
 *
 * What an order costs was said with the order, nearly always: since the order's own time that is
 * nothing.
 */
#include "wire_version.h"

#include "common/base/civil.h"

static int64_t to_since(int64_t time_ms, int64_t at_ms)
{
	if (time_ms == 0)
		return 0;
	return time_ms >= at_ms ? time_ms - at_ms + 1 : time_ms - at_ms;
}

/* Wraps around on bytes that are not ours: what comes of it is checked like any other time. */
static int64_t of_since(int64_t since, int64_t at_ms)
{
	if (since == 0)
		return 0;
	return (int64_t)((uint64_t)at_ms + (uint64_t)(since > 0 ? since - 1 : since));
}

void sol_order_to_second_version(Nurture__V1__LadderOrder *order)
{
	order->amount = order->amount_e4;
	order->amount_since = to_since(order->amount_ms, order->at_ms);
	order->items_since = to_since(order->items_ms, order->at_ms);
	order->amount_e4 = order->amount_ms = order->items_ms = 0;
	if (order->wait_ms % MINUTE_MS != 0 || order->wait_ms / MINUTE_MS > UINT32_MAX)
		return;
	order->wait_min = (uint32_t)(order->wait_ms / MINUTE_MS);
	order->wait_ms = 0;
}

void sol_order_to_first_version(Nurture__V1__LadderOrder *order)
{
	order->amount_e4 = order->amount;
	order->amount_ms = of_since(order->amount_since, order->at_ms);
	order->items_ms = of_since(order->items_since, order->at_ms);
	if (order->wait_min)
		order->wait_ms = order->wait_min * MINUTE_MS;
}
