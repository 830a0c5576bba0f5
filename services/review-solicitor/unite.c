/* unite.c - see unite.h. */
#include "unite.h"

#include <string.h>

#include "asks.h"
#include "common/policy/event_type.h"
#include "items.h"
#include "ladder.h"
#include "step.h"

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* How far it is on its way: what is farther says more. */
static int rank(const struct sol_order *order)
{
	static const int ranks[SOL_PHASE_COUNT] = {
	    [SOL_PLACED] = 0,  [SOL_WAITING] = 1, [SOL_ASKED] = 2,
	    [SOL_SETTLED] = 3, [SOL_GONE] = 4,    [SOL_LOW] = 5};

	return ranks[order->phase];
}

static const struct feedback *rules_of(const struct step *step)
{
	return &((const struct solicitor *)step->context)->policy->feedback;
}

/* The scheduler may still hold an ask, or reminders of it, that this one knows no more. */
static void take_back(struct step *step, const struct sol_order *order)
{
	const char *reason = event_type_text(EVENT_CUSTOMER_MERGED);

	if (order->phase != SOL_ASKED)
		return;
	sol_emit_cancel(step, sol_first_rung(rules_of(step)), order->id, order->asked_as, reason);
	for (unsigned i = 1; i <= order->reminders; i++)
		sol_emit_cancel(step, arena_printf(step->arena, "reminder:%u", i), order->id,
				order->asked_as, reason);
}

static void unite_order(struct step *step, struct sol_order *own, struct sol_order other)
{
	bool is_other = rank(&other) > rank(own);
	struct sol_order farther = is_other ? other : *own, nearer = is_other ? *own : other;

	take_back(step, &nearer);
	farther.gone =
	    farther.gone || nearer.gone || (farther.phase == SOL_LOW && nearer.phase == SOL_GONE);
	if (nearer.amount_ms > farther.amount_ms) {
		farther.amount_e4 = nearer.amount_e4;
		farther.amount_ms = nearer.amount_ms;
		farther.currency = nearer.currency;
	}
	farther.items_ms = later(farther.items_ms, nearer.items_ms);
	for (unsigned i = 0; i < nearer.refunds.count; i++)
		(void)refunds_add(&farther.refunds, nearer.refunds.items[i], step->arena);
	parcels_unite(&farther.parcels, &nearer.parcels, step->arena);
	*own = farther;
}

static void unite_orders(struct step *step, struct sol_ladder *ladder,
			 const struct sol_ladder *other, const char *from)
{
	for (size_t i = 0; i < other->order_count; i++) {
		struct sol_order order = other->orders[i];
		struct sol_order *own = sol_order_find(ladder, order.id);

		if (order.phase == SOL_ASKED && !(order.asked_as && *order.asked_as))
			order.asked_as = from;
		if (own)
			unite_order(step, own, order);
		else
			*sol_order_add(ladder, order.id) = order;
	}
}

static void unite_rungs(struct sol_ladder *ladder, const struct sol_ladder *other, const char *from)
{
	for (size_t i = 0; i < other->rung_count; i++) {
		struct sol_rung rung = other->rungs[i];
		struct sol_rung *own = sol_rung_find(ladder, rung.name);

		if (!rung.triggered_ms && !(rung.asked_as && *rung.asked_as))
			rung.asked_as = from;
		if (!own)
			*sol_rung_add(ladder, rung.name) = rung;
		else if (own->triggered_ms && !rung.triggered_ms)
			*own = rung;
		else if (!own->triggered_ms == !rung.triggered_ms && rung.asked_ms > own->asked_ms)
			*own = rung;
	}
}

static void unite_cases(struct sol_ladder *ladder, const struct sol_ladder *other)
{
	for (size_t i = 0; i < other->case_count; i++)
		if (other->cases[i].closed)
			sol_case_close(ladder, other->cases[i]);
		else
			sol_case_open(ladder, other->cases[i]);
}

/* The newest of both, of which the other's count as the older ones. */
static void unite_seen(struct sol_ladder *ladder, const struct sol_ladder *other,
		       struct arena *arena)
{
	size_t own = ladder->dedup_count;
	size_t taken =
	    other->dedup_count < SOL_DEDUP_MAX - own ? other->dedup_count : SOL_DEDUP_MAX - own;
	uint64_t *dedup = arena_alloc(arena, (own + taken + 1) * sizeof(*dedup));

	memcpy(dedup, other->dedup + (other->dedup_count - taken), taken * sizeof(*dedup));
	memcpy(dedup + taken, ladder->dedup, own * sizeof(*dedup));
	ladder->dedup = dedup;
	ladder->dedup_count = own + taken;
}

/* Room for what both have, and for what the rest of the step adds. */
static void make_room(struct sol_ladder *ladder, const struct sol_ladder *other,
		      struct arena *arena)
{
	struct sol_order *orders =
	    arena_zalloc(arena, (ladder->order_count + other->order_count + 1) * sizeof(*orders));
	struct sol_case *cases =
	    arena_zalloc(arena, (ladder->case_count + other->case_count + 1) * sizeof(*cases));
	struct sol_rung *rungs = arena_zalloc(
	    arena, (ladder->rung_count + other->rung_count + SOL_RUNGS_ADDED) * sizeof(*rungs));

	if (ladder->order_count)
		memcpy(orders, ladder->orders, ladder->order_count * sizeof(*orders));
	if (ladder->case_count)
		memcpy(cases, ladder->cases, ladder->case_count * sizeof(*cases));
	if (ladder->rung_count)
		memcpy(rungs, ladder->rungs, ladder->rung_count * sizeof(*rungs));
	ladder->orders = orders;
	ladder->cases = cases;
	ladder->rungs = rungs;
}

void sol_ladder_unite(struct step *step, struct sol_ladder *ladder, const struct sol_ladder *other,
		      const char *from)
{
	make_room(ladder, other, step->arena);
	unite_orders(step, ladder, other, from);
	unite_rungs(ladder, other, from);
	unite_cases(ladder, other);
	unite_seen(ladder, other, step->arena);
	sol_items_unite(step, ladder, other, from);
	/* An erasure of the other is heard of where its events come (step.c): it reaches nothing of this one. */
	ladder->last_ask_ms = later(ladder->last_ask_ms, other->last_ask_ms);
	ladder->forgotten_ms = later(ladder->forgotten_ms, other->forgotten_ms);
}
