/* ladder.c - see ladder.h. */
#include "ladder.h"

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/policy/case_name.h"
#include "common/policy/memory.h"
#include "erasure.h"

#define ORDER_KEEP_MS (120 * DAY_MS)
#define RUNG_KEEP_MS (365 * DAY_MS)
#define CASE_OPEN_KEEP_MS (401 * DAY_MS) /* longer than any policy lets it hold */
#define CASE_CLOSED_KEEP_MS (30 * DAY_MS)

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

struct sol_order *sol_order_find(const struct sol_ladder *ladder, const char *id)
{
	for (size_t i = 0; i < ladder->order_count; i++)
		if (strcmp(ladder->orders[i].id, id) == 0)
			return &ladder->orders[i];
	return NULL;
}

struct sol_rung *sol_rung_find(const struct sol_ladder *ladder, const char *name)
{
	for (size_t i = 0; i < ladder->rung_count; i++)
		if (strcmp(ladder->rungs[i].name, name) == 0)
			return &ladder->rungs[i];
	return NULL;
}

static struct sol_case *case_find(const struct sol_ladder *ladder, const char *name)
{
	for (size_t i = 0; i < ladder->case_count; i++)
		if (strcmp(ladder->cases[i].name, name) == 0)
			return &ladder->cases[i];
	return NULL;
}

/* Takes element i out of an array of count. */
#define REMOVE(array, count, i)                                                                    \
	memmove(&(array)[i], &(array)[(i) + 1], (--(count) - (i)) * sizeof(*(array)))

static bool order_ended(const struct sol_order *order)
{
	return order->phase != SOL_WAITING && order->phase != SOL_ASKED &&
	       !sol_order_is_stay(order);
}

/* Returns the order that ended first or, when all are still to be asked about, the oldest. */
static size_t order_least_missed(const struct sol_ladder *ladder)
{
	const struct sol_order *orders = ladder->orders;
	size_t found = 0;

	for (size_t i = 1; i < ladder->order_count; i++) {
		bool ended = order_ended(&orders[i]),
		     before = orders[i].at_ms < orders[found].at_ms;

		if (ended == order_ended(&orders[found]) ? before : ended)
			found = i;
	}
	return found;
}

/* A repeat of its delivery must not be taken for a new one. */
static void forget_order(struct sol_ladder *ladder, size_t i)
{
	const struct sol_order *order = &ladder->orders[i];

	if (order->phase != SOL_PLACED)
		ladder->forgotten_ms = later(
		    ladder->forgotten_ms, order->delivered_ms ? order->delivered_ms : order->at_ms);
	REMOVE(ladder->orders, ladder->order_count, i);
}

struct sol_order *sol_order_add(struct sol_ladder *ladder, const char *id)
{
	if (ladder->order_count == SOL_ORDERS_MAX)
		forget_order(ladder, order_least_missed(ladder));
	ladder->orders[ladder->order_count] = (struct sol_order){.id = id};
	return &ladder->orders[ladder->order_count++];
}

void sol_order_end(struct sol_order *order, enum sol_phase phase, int64_t now_ms)
{
	order->phase = phase;
	order->at_ms = now_ms;
	order->delivered_ms = order->wait_ms = order->ends_ms = order->ends_told_ms = 0;
	order->reminders = 0;
}

struct sol_rung *sol_rung_add(struct sol_ladder *ladder, const char *name)
{
	ladder->rungs[ladder->rung_count] = (struct sol_rung){.name = name};
	return &ladder->rungs[ladder->rung_count++];
}

void sol_rung_remove(struct sol_ladder *ladder, struct sol_rung *rung)
{
	REMOVE(ladder->rungs, ladder->rung_count, (size_t)(rung - ladder->rungs));
}

static size_t case_least_missed(const struct sol_ladder *ladder)
{
	const struct sol_case *cases = ladder->cases;
	size_t found = 0;

	for (size_t i = 1; i < ladder->case_count; i++) {
		bool before = cases[i].at_ms < cases[found].at_ms;

		if (cases[i].closed == cases[found].closed ? before : cases[i].closed)
			found = i;
	}
	return found;
}

static void case_add(struct sol_ladder *ladder, struct sol_case added)
{
	if (ladder->case_count == SOL_CASES_MAX)
		REMOVE(ladder->cases, ladder->case_count, case_least_missed(ladder));
	ladder->cases[ladder->case_count++] = added;
}

void sol_case_open(struct sol_ladder *ladder, struct sol_case opened)
{
	struct sol_case *known = case_find(ladder, opened.name);

	if (!known) {
		case_add(ladder, opened);
		return;
	}
	if (*opened.order)
		known->order = opened.order;
	if (opened.at_ms > known->at_ms) {
		known->closed = false;
		known->at_ms = opened.at_ms;
	}
}

void sol_case_close(struct sol_ladder *ladder, struct sol_case closed)
{
	struct sol_case *known = case_find(ladder, closed.name);

	closed.closed = true;
	if (!known) {
		case_add(ladder, closed);
	} else if (closed.at_ms >= known->at_ms) {
		known->closed = true;
		known->at_ms = closed.at_ms;
	}
}

void sol_cases_close(struct sol_ladder *ladder, const char *type, const char *order, int64_t at_ms)
{
	for (size_t i = 0; i < ladder->case_count; i++) {
		struct sol_case *c = &ladder->cases[i];

		if (case_is_of_order(c->name, c->order, type, order) && at_ms >= c->at_ms) {
			c->closed = true;
			c->at_ms = at_ms;
		}
	}
}

/* Of a closed case nobody knows any more whether it was opened: it counts as opened. */
static bool look_up(const void *ladder, const char *name, struct case_known *ret)
{
	const struct sol_case *known = case_find(ladder, name);

	if (known)
		*ret = (struct case_known){known->order, true,
					   known->closed ? known->at_ms : CASE_NEVER_MS};
	return known != NULL;
}

struct case_list sol_case_list(const struct sol_ladder *ladder)
{
	return (struct case_list){ladder, look_up};
}

bool sol_case_is_known(const struct sol_ladder *ladder, const char *name)
{
	return case_find(ladder, name);
}

void sol_case_drop(struct sol_ladder *ladder, const char *name)
{
	struct sol_case *known = case_find(ladder, name);

	if (known)
		REMOVE(ladder->cases, ladder->case_count, (size_t)(known - ladder->cases));
}

/* Until when it holds; 0: it is closed. */
static int64_t case_holds_ms(const struct sol_case *c, const struct policy *policy)
{
	return c->closed ? 0 : c->at_ms + case_lasts_ms(policy, c->name);
}

bool sol_case_any_open(const struct sol_ladder *ladder, const struct policy *policy, int64_t now_ms)
{
	for (size_t i = 0; i < ladder->case_count; i++)
		if (case_holds_ms(&ladder->cases[i], policy) > now_ms)
			return true;
	return false;
}

bool sol_dedup_is_new(struct sol_ladder *ladder, struct slice event_id)
{
	uint64_t hash = hash64(event_id);

	for (size_t i = 0; i < ladder->dedup_count; i++)
		if (ladder->dedup[i] == hash)
			return false;
	if (ladder->dedup_count == SOL_DEDUP_MAX)
		REMOVE(ladder->dedup, ladder->dedup_count, 0);
	ladder->dedup[ladder->dedup_count++] = hash;
	return true;
}

static int64_t longest_wait_ms(const struct feedback *rules)
{
	int64_t wait_ms = rules->wait_ms;

	for (unsigned i = 0; i < rules->category_count; i++)
		wait_ms = later(wait_ms, rules->categories[i].window_ms);
	return wait_ms;
}

/* As long as an ask could still wait for its turn, its order must be known. */
static int64_t order_end_ms(const struct sol_order *order, const struct feedback *rules)
{
	int64_t keep_ms = later(later(ORDER_KEEP_MS, rules->expires_ms), rules->remind_after_ms);

	/* It may be settled long before an ask that a repeated delivery would set off is too
	 * late. */
	keep_ms += longest_wait_ms(rules);
	if (sol_order_is_stay(order)) /* it may be booked long before */
		return later(order->at_ms, order->ends_ms + order->wait_ms) + keep_ms;
	return order->at_ms + keep_ms;
}

static int64_t rung_end_ms(const struct sol_rung *rung, const struct feedback *rules)
{
	int64_t keep_ms = RUNG_KEEP_MS;

	for (unsigned i = 0; i < rules->rung_count; i++)
		keep_ms = later(keep_ms, rules->ladder[i].gap_ms);
	return rung->asked_ms + keep_ms;
}

static int64_t case_end_ms(const struct sol_case *known)
{
	return known->at_ms + (known->closed ? CASE_CLOSED_KEEP_MS : CASE_OPEN_KEEP_MS);
}

void sol_ladder_prune(struct sol_ladder *ladder, const struct policy *policy, int64_t now_ms)
{
	const struct feedback *rules = &policy->feedback;

	sol_erasure_expire(ladder, now_ms);
	for (size_t i = ladder->order_count; i-- > 0;)
		if (order_end_ms(&ladder->orders[i], rules) <= now_ms)
			REMOVE(ladder->orders, ladder->order_count, i);
	for (size_t i = ladder->rung_count; i-- > 0;)
		if (rung_end_ms(&ladder->rungs[i], rules) <= now_ms)
			REMOVE(ladder->rungs, ladder->rung_count, i);
	for (size_t i = ladder->case_count; i-- > 0;)
		if (case_end_ms(&ladder->cases[i]) <= now_ms)
			REMOVE(ladder->cases, ladder->case_count, i);
}

int64_t sol_order_due_ms(const struct sol_order *order, const struct feedback *rules)
{
	if (order->phase == SOL_WAITING)
		return order->at_ms;
	if (sol_order_is_stay(order))
		return order->ends_ms + order->wait_ms;
	if (order->phase == SOL_ASKED && order->reminders < rules->reminders)
		return order->at_ms + rules->remind_after_ms;
	return NEVER_MS;
}

static int64_t cases_due_ms(const struct sol_ladder *ladder, const struct policy *policy,
			    int64_t now_ms)
{
	int64_t due_ms = NEVER_MS;

	for (size_t i = 0; i < ladder->case_count; i++) {
		int64_t holds_ms = case_holds_ms(&ladder->cases[i], policy);

		if (holds_ms > now_ms)
			due_ms = earlier(due_ms, holds_ms);
		due_ms = earlier(due_ms, case_end_ms(&ladder->cases[i]));
	}
	return due_ms;
}

int64_t sol_ladder_due_ms(const struct sol_ladder *ladder, const struct policy *policy,
			  int64_t now_ms)
{
	const struct feedback *rules = &policy->feedback;
	bool held = sol_case_any_open(ladder, policy, now_ms);
	int64_t due_ms = NEVER_MS;

	if (ladder->erased_ms)
		due_ms = ladder->erased_ms + ERASURE_REMEMBERED_MS;

	for (size_t i = 0; i < ladder->order_count; i++) {
		due_ms = earlier(due_ms, order_end_ms(&ladder->orders[i], rules));
		if (!held)
			due_ms = earlier(due_ms, sol_order_due_ms(&ladder->orders[i], rules));
	}
	for (size_t i = 0; i < ladder->rung_count; i++) {
		due_ms = earlier(due_ms, rung_end_ms(&ladder->rungs[i], rules));
		if (!held && ladder->rungs[i].triggered_ms)
			due_ms = earlier(due_ms, ladder->rungs[i].asked_ms);
	}
	due_ms = earlier(due_ms, cases_due_ms(ladder, policy, now_ms));
	return later(due_ms, now_ms);
}
