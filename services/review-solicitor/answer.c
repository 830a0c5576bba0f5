/* answer.c - see answer.h. */
#include "answer.h"

#include "asks.h"
#include "common/base/civil.h"
#include "common/message/event_key.h"
#include "common/policy/event_type.h"
#include "common/policy/rung.h"
#include "ladder.h"
#include "step.h"

/* As long as a task lives: a call about an older score would surprise the customer. */
#define LOW_WORTH_MS (14 * DAY_MS)

static const struct feedback *rules_of(const struct step *step)
{
	return &((const struct solicitor *)step->context)->policy->feedback;
}

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* A review.published may come without any words about it. */
static const Nurture__V1__Feedback *feedback_of(const Nurture__V1__Event *event)
{
	static const Nurture__V1__Feedback none = NURTURE__V1__FEEDBACK__INIT;

	return event->feedback ? event->feedback : &none;
}

/* The order's id; for feedback about no order something that is as unique. */
static const char *subject_of(const struct step *step, const Nurture__V1__Event *event)
{
	if (feedback_of(event)->order[0])
		return feedback_of(event)->order;
	if (event->order && event->order->id[0])
		return event->order->id;
	return arena_printf(step->arena, SOL_NO_ORDER "%s", event_key(event, step->arena));
}

/* The place of a rung in the ladder; a rung that the policy does not have counts as the first. */
static unsigned rung_index(const struct feedback *rules, const char *name)
{
	for (unsigned i = 0; i < rules->rung_count; i++)
		if (same(rules->ladder[i].name, name))
			return i;
	return 0;
}

static const char *rung_of(const struct feedback *rules, const Nurture__V1__Event *event)
{
	if (feedback_of(event)->rung[0])
		return feedback_of(event)->rung;
	return event_type_is(event->type, EVENT_REVIEW_PUBLISHED) ? rung_text(RUNG_REVIEW)
								  : sol_first_rung(rules);
}

void sol_plan_alike(struct step *step, struct sol_ladder *ladder, const char *order,
		    int64_t since_ms, int64_t triggered_ms)
{
	const struct feedback *rules = rules_of(step);

	for (unsigned i = 1; i < rules->rung_count; i++) {
		const struct rung *rung = &rules->ladder[i];
		int64_t due_ms = since_ms + rung->gap_ms;
		struct sol_rung *added;

		if (rung_is_favour(rung->name) || sol_rung_find(ladder, rung->name) ||
		    due_ms + rules->expires_ms <= step->now_ms)
			continue;
		added = sol_rung_add(ladder, rung->name);
		added->order = order;
		added->triggered_ms = triggered_ms;
		added->asked_ms = due_ms > step->now_ms ? due_ms : step->now_ms;
	}
}

/* Forgets the rungs to come, and takes back what was asked. */
static void take_back(struct step *step, struct sol_ladder *ladder, const char *order,
		      bool favours_only, const char *reason)
{
	for (size_t i = ladder->rung_count; i-- > 0;) {
		struct sol_rung *rung = &ladder->rungs[i];

		if (!same(rung->order, order) || (favours_only && !rung_is_favour(rung->name)))
			continue;
		if (rung->triggered_ms)
			sol_rung_remove(ladder, rung);
		else
			sol_emit_cancel(step, rung->name, order, rung->asked_as, reason);
	}
}

void sol_rungs_cancel(struct step *step, struct sol_ladder *ladder, const char *order,
		      const char *reason)
{
	take_back(step, ladder, order, false, reason);
}

bool sol_rungs_end(struct sol_ladder *ladder, const char *order)
{
	bool asked = false;

	for (size_t i = ladder->rung_count; i-- > 0;) {
		struct sol_rung *rung = &ladder->rungs[i];

		if (!same(rung->order, order))
			continue;
		if (rung->triggered_ms)
			sol_rung_remove(ladder, rung);
		else
			asked = true;
	}
	return asked;
}

/* Takes back the ask and its reminders: the scheduler may still hold any of them. */
static void settle(struct step *step, struct sol_order *order, const char *reason)
{
	if (order->phase == SOL_ASKED) {
		sol_emit_cancel(step, sol_first_rung(rules_of(step)), order->id, order->asked_as,
				reason);
		for (unsigned i = 1; i <= order->reminders; i++)
			sol_emit_cancel(step, arena_printf(step->arena, "reminder:%u", i),
					order->id, order->asked_as, reason);
	}
	if (order->phase == SOL_WAITING || order->phase == SOL_ASKED || order->phase == SOL_PLACED)
		sol_order_end(order, SOL_SETTLED, step->now_ms);
}

/* A rung that was answered need not be asked for. */
static void answer_rung(struct step *step, struct sol_ladder *ladder, const char *name,
			const char *order, const char *reason)
{
	struct sol_rung *rung = sol_rung_find(ladder, name);

	if (!rung || !same(rung->order, order))
		return;
	if (rung->triggered_ms)
		sol_rung_remove(ladder, rung);
	else
		sol_emit_cancel(step, name, order, rung->asked_as, reason);
}

/* Somebody who has published a review is not asked for one, as if the rung had been asked now. */
static void note_review(struct step *step, struct sol_ladder *ladder, const char *order)
{
	struct sol_rung *rung = sol_rung_find(ladder, rung_text(RUNG_REVIEW));

	if (rung && !rung->triggered_ms)
		return;
	if (!rung)
		rung = sol_rung_add(ladder, rung_text(RUNG_REVIEW));
	*rung = (struct sol_rung){
	    .name = rung_text(RUNG_REVIEW), .order = order, .asked_ms = step->now_ms};
}

static void open_task(struct step *step, struct sol_ladder *ladder, struct sol_order *order,
		      const Nurture__V1__Event *event)
{
	if (order->phase == SOL_LOW)
		return;
	order->gone = sol_order_has_gone(order);
	order->phase = SOL_LOW;
	order->at_ms = step->now_ms;
	take_back(step, ladder, order->id, true, event->type);
	/* What was imported is past: somebody has called, or it is too late. */
	if (event->time_ms >= event->live_from_ms && event->time_ms + LOW_WORTH_MS > step->now_ms)
		sol_emit_task(step, order->id, feedback_of(event)->score,
			      feedback_of(event)->comment, event->time_ms);
}

/* The highest favour that this order has led to; -1 for none. */
static int led_to(const struct sol_ladder *ladder, const struct feedback *rules, const char *order)
{
	int highest = -1;

	for (unsigned i = 0; i < rules->rung_count; i++) {
		const struct sol_rung *rung = sol_rung_find(ladder, rules->ladder[i].name);

		if (rung && rung_is_favour(rung->name) && same(rung->order, order))
			highest = (int)i;
	}
	return highest;
}

static int64_t last_ask_ms(const struct sol_ladder *ladder)
{
	int64_t last_ms = ladder->last_ask_ms;

	for (size_t i = 0; i < ladder->rung_count; i++)
		if (ladder->rungs[i].asked_ms > last_ms)
			last_ms = ladder->rungs[i].asked_ms;
	return last_ms;
}

/*
 * Notes the next favour above the rung that was answered, for its time.  An
 * answer to a rung below where the order already led says nothing new: a score
 * that is given twice leads up once.
 */
static void climb(struct step *step, struct sol_ladder *ladder, const char *order, unsigned from,
		  int64_t event_ms)
{
	const struct feedback *rules = rules_of(step);
	int64_t due_ms, last_ms = last_ask_ms(ladder);
	struct sol_rung *added;
	unsigned next = from + 1;

	if (led_to(ladder, rules, order) > (int)from)
		return;
	while (next < rules->rung_count && (!rung_is_favour(rules->ladder[next].name) ||
					    sol_rung_find(ladder, rules->ladder[next].name)))
		next++;
	if (next >= rules->rung_count)
		return;
	due_ms = event_ms;
	if (last_ms && last_ms + rules->ladder[next].gap_ms > due_ms)
		due_ms = last_ms + rules->ladder[next].gap_ms;
	if (due_ms + rules->expires_ms <= step->now_ms)
		return; /* the ask would have expired by now */
	added = sol_rung_add(ladder, rules->ladder[next].name);
	added->order = order;
	added->triggered_ms = event_ms;
	added->asked_ms = due_ms > step->now_ms ? due_ms : step->now_ms;
}

void sol_referred(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	struct sol_rung *rung = sol_rung_find(ladder, rung_text(RUNG_REFERRAL));

	if (!rung)
		return;
	if (rung->triggered_ms) {
		rung->triggered_ms = 0;
		rung->asked_ms = step->now_ms;
	} else {
		sol_emit_cancel(step, rung->name, rung->order, rung->asked_as, event->type);
	}
}

void sol_answer(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const struct feedback *rules = rules_of(step);
	int score = feedback_of(event)->score;
	struct sol_order *order;
	const char *subject, *rung;

	if (!sol_dedup_is_new(ladder, slice_text(event_key(event, step->arena))))
		return;
	subject = subject_of(step, event);
	rung = rung_of(rules, event);
	order = sol_order_find(ladder, subject);
	if (!order) {
		order = sol_order_add(ladder, subject);
		order->phase = SOL_SETTLED;
		order->at_ms = step->now_ms;
	}
	settle(step, order, event->type);
	answer_rung(step, ladder, rung, subject, event->type);
	if (rung_is(rung, RUNG_REVIEW))
		note_review(step, ladder, subject);
	if (score <= 0)
		return; /* none given */
	/* Somebody who rates before being asked is still asked for the rest. */
	if (rung_is(rung, RUNG_RATING) && !sol_order_has_gone(order))
		sol_plan_alike(step, ladder, subject, event->time_ms, event->time_ms);
	if (score <= rules->low_score)
		open_task(step, ladder, order, event);
	else if (order->phase == SOL_SETTLED)
		climb(step, ladder, subject, rung_index(rules, rung), event->time_ms);
}
