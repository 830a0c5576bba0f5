/* heal.c - see heal.h. */
#include "heal.h"

/* Caps a time at the arrival; returns by how much it was moved, 0 when it was not later. */
static int64_t cap(int64_t *time_ms, int64_t arrived_ms)
{
	int64_t was_ms = *time_ms;

	if (was_ms <= arrived_ms)
		return 0;
	*time_ms = arrived_ms - 1;
	return was_ms - *time_ms;
}

static int64_t not_below_zero(int64_t time_ms)
{
	return time_ms > 0 ? time_ms : 0;
}

/* The time of the ask is a fixed time after the delivery, and moves along. */
static void heal_order(struct sol_order *order, int64_t arrived_ms)
{
	int64_t shift_ms = cap(&order->delivered_ms, arrived_ms);

	cap(&order->amount_ms, arrived_ms);
	cap(&order->items_ms, arrived_ms);
	/* When a stay ends may be any day; when that was said may not. */
	cap(&order->ends_told_ms, arrived_ms);
	if (order->phase == SOL_WAITING)
		order->at_ms = not_below_zero(order->at_ms - shift_ms);
	else if (order->phase == SOL_PLACED)
		cap(&order->at_ms, arrived_ms);
}

void sol_ladder_heal(struct sol_ladder *ladder, int64_t arrived_ms)
{
	for (size_t i = 0; i < ladder->order_count; i++)
		heal_order(&ladder->orders[i], arrived_ms);
	cap(&ladder->forgotten_ms, arrived_ms);
	for (size_t i = 0; i < ladder->case_count; i++)
		cap(&ladder->cases[i].at_ms, arrived_ms);
	for (size_t i = 0; i < ladder->rung_count; i++) {
		int64_t shift_ms = cap(&ladder->rungs[i].triggered_ms, arrived_ms);

		ladder->rungs[i].asked_ms = not_below_zero(ladder->rungs[i].asked_ms - shift_ms);
	}
}
