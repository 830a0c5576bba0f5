/* programmes.c - see programmes.h. */
#include "programmes.h"

#include <inttypes.h>
#include <string.h>

#include "services/segmenter/profile/bought.h"
#include "common/message/event_key.h"
#include "common/policy/event_type.h"
#include "conditions.h"
#include "services/segmenter/profile/dates.h"
#include "emit.h"
#include "services/segmenter/profile/memory.h"
#include "requests.h"
#include "stays.h"

static bool may_run(const struct seg_decision *decision, const struct programme *programme,
		    int64_t triggered_ms)
{
	if (seg_memory_is_too_soon(decision->profile, programme, triggered_ms))
		return false;
	return !programme->has_condition || seg_condition_holds(decision, &programme->condition);
}

/*
 * Returns the programme, or its stand-in while the programme is about what was just bought (a
 * stand-in may have a stand-in); NULL when the last of them may not run.
 */
static const struct programme *stand_in(const struct seg_decision *decision,
					const struct programme *programme, int64_t triggered_ms)
{
	while (programme && programme->instead &&
	       seg_is_just_bought(decision, seg_request_category(decision, programme))) {
		programme = programme->instead;
		if (!may_run(decision, programme, triggered_ms))
			return NULL;
	}
	return programme;
}

/* Imported events, and what would have come of them before live events began. */
static bool is_history(const struct seg_decision *decision, int64_t triggered_ms)
{
	return decision->is_history || triggered_ms < decision->profile->live_from_ms;
}

/*
 * Remembers the stand-in instead of the programme that it replaced, which may run the next time.
 * But a day that was dealt with must not come again.
 */
static void set_off(struct seg_decision *decision, const struct programme *programme,
		    const char *key, int64_t triggered_ms)
{
	const struct programme *said;
	int64_t expires_ms;

	if (is_history(decision, triggered_ms) || !may_run(decision, programme, triggered_ms))
		return;
	said = stand_in(decision, programme, triggered_ms);
	if (said != programme && programme->trigger.kind == TRIGGER_DATE)
		seg_memory_note(decision->profile, programme, triggered_ms, triggered_ms);
	if (!said)
		return;
	expires_ms = seg_requests_emit(decision, said, said == programme ? "" : programme->name,
				       key, triggered_ms);
	seg_memory_note(decision->profile, said, triggered_ms, expires_ms);
}

/*
 * A parcel, or news of it, may still come for an order that was given back: then nobody is told how
 * to use the goods, and nothing would ever take that message back.
 */
static void run_event(struct seg_decision *decision, const struct programme *programme)
{
	if (!seg_is_news(decision) || decision->change.has_gone ||
	    strcmp(decision->event->type, programme->trigger.event) != 0)
		return;
	if (decision->change.is_step && seg_request_is_of_returned(decision, programme))
		return;
	set_off(decision, programme, event_key(decision->event, decision->step->arena),
		decision->triggered_ms);
}

static void run_enter(struct seg_decision *decision, const struct programme *programme)
{
	unsigned segment = programme->trigger.segment;

	if (decision->was_in[segment] || decision->is_in[segment] != SEG_IN)
		return;
	set_off(decision, programme,
		arena_printf(decision->step->arena, "enter:%s:%" PRId64,
			     decision->policy->segments[segment].name, decision->triggered_ms),
		decision->triggered_ms);
}

/* A day that was dealt with does not come again when its event is repeated. */
static int64_t date_next(struct seg_decision *decision, const struct programme *programme,
			 int64_t from_ms, struct civil_date *ret)
{
	const struct seg_memory *memory = seg_memory_find(decision->profile, programme->name);

	if (memory)
		from_ms = seg_max(from_ms, memory->last_ms + 1);
	return seg_date_next(decision, &programme->trigger, from_ms, ret);
}

/* Only timers set off dates; after a service was away, several of them are due at once. */
static void run_date(struct seg_decision *decision, const struct programme *programme)
{
	struct civil_date date;
	int64_t at_ms;

	if (decision->event)
		return;
	at_ms = date_next(decision, programme, decision->triggered_ms, &date);
	while (at_ms <= seg_now_ms(decision)) {
		set_off(decision, programme,
			arena_printf(decision->step->arena, "date:%04d-%02d-%02d", date.year,
				     date.month, date.day),
			at_ms);
		at_ms = date_next(decision, programme, at_ms + 1, &date);
	}
}

/*
 * Runs the programme for each order that has the date. The current event may be about another
 * order, or about none, so nothing of it is asked. The key has the time at which
 * the date was told: a date that moved away and back counts as a new one.
 */
static void run_order_date(struct seg_decision *decision, const struct programme *programme)
{
	const Nurture__V1__Event *event = decision->event;
	const char *named = decision->change.order;

	decision->event = NULL;
	for (unsigned i = 0; i < decision->profile->order_count; i++) {
		const struct seg_order *order = &decision->profile->orders[i];
		enum seg_order_date_kind kind = seg_stay_kind(&programme->trigger);
		int64_t due_ms = seg_stay_due_ms(decision, &programme->trigger, order);

		if (due_ms > seg_now_ms(decision))
			continue;
		decision->change.order = order->id;
		set_off(decision, programme,
			arena_printf(decision->step->arena, "order:%u:%s:%" PRId64 ":%" PRId64,
				     kind, order->id, order->dates[kind].at_ms,
				     order->dates[kind].told_ms),
			due_ms);
	}
	decision->event = event;
	decision->change.order = named;
}

void seg_programmes_run(struct seg_decision *decision)
{
	if (*decision->profile->merged_into)
		return;
	for (unsigned i = 0; i < decision->policy->programme_count; i++) {
		const struct programme *programme = &decision->policy->programmes[i];

		switch (programme->trigger.kind) {
		case TRIGGER_EVENT:
			run_event(decision, programme);
			break;
		case TRIGGER_ENTER:
			run_enter(decision, programme);
			break;
		case TRIGGER_DATE:
			if (trigger_is_order_date(&programme->trigger))
				run_order_date(decision, programme);
			else
				run_date(decision, programme);
			break;
		}
	}
	seg_stays_done(decision);
}

/* Returns the earliest instant over all orders. */
static int64_t order_date_next(const struct seg_decision *decision,
			       const struct programme *programme)
{
	int64_t earliest_ms = NEVER_MS;

	for (unsigned i = 0; i < decision->profile->order_count; i++)
		earliest_ms = seg_min(earliest_ms, seg_stay_due_ms(decision, &programme->trigger,
								   &decision->profile->orders[i]));
	return earliest_ms;
}

int64_t seg_programmes_date_ms(struct seg_decision *decision, int64_t from_ms)
{
	int64_t earliest_ms = NEVER_MS;
	struct civil_date date;

	for (unsigned i = 0; i < decision->policy->programme_count; i++) {
		const struct programme *programme = &decision->policy->programmes[i];

		if (trigger_is_order_date(&programme->trigger))
			earliest_ms = seg_min(earliest_ms, order_date_next(decision, programme));
		else if (programme->trigger.kind == TRIGGER_DATE)
			earliest_ms =
			    seg_min(earliest_ms, date_next(decision, programme, from_ms, &date));
	}
	return earliest_ms;
}

static bool is_ended_by(const struct programme *programme, const char *type)
{
	for (unsigned i = 0; i < programme->cancel_count; i++)
		if (strcmp(programme->cancel_on[i], type) == 0)
			return true;
	return false;
}

/*
 * Takes back the requests that were about the date before it moved; they may be made again for the
 * new date, whatever `again_after` says.
 */
static void cancel_moved(struct seg_decision *decision, const struct programme *programme)
{
	const struct seg_order_moves *moves = &decision->change.moves;
	const struct seg_order_date *before;
	enum seg_order_date_kind kind;
	struct seg_memory *memory;

	if (!trigger_is_order_date(&programme->trigger))
		return;
	kind = seg_stay_kind(&programme->trigger);
	before = &moves->before[kind];
	if (!moves->has_moved[kind] || !seg_stay_was_due(decision, &programme->trigger, before))
		return;
	seg_emit_cancel(decision->step, (struct seg_cancel){programme->name, decision->change.order,
							    "", decision->event->type});
	memory = seg_memory_find(decision->profile, programme->name);
	if (memory &&
	    memory->last_ms >= seg_stay_instant_ms(decision, &programme->trigger, before->at_ms))
		memory->last_ms = 0;
}

/*
 * A cancelled order ends what that order set off, and nothing else: a programme never waits for a
 * new order, and a segment or a date is about the customer.
 */
static bool is_about_order(const struct programme *programme, const char *type)
{
	bool has_order = trigger_is_order_date(&programme->trigger) ||
			 (programme->trigger.kind == TRIGGER_EVENT &&
			  strncmp(programme->trigger.event, "order.", 6) == 0);

	return has_order && !event_type_is(type, EVENT_ORDER_PLACED);
}

static void cancel_programme(struct seg_decision *decision, const struct programme *programme)
{
	const char *type = decision->event->type, *order = "";
	struct seg_memory *memory = seg_memory_find(decision->profile, programme->name);

	if (!memory || memory->expires_ms <= seg_now_ms(decision))
		return; /* no request of it can be waiting */
	if (is_about_order(programme, type))
		order = decision->change.order;
	if (*order && decision->change.ends_order)
		return; /* all requests about the order have ended already */
	seg_emit_cancel(decision->step, (struct seg_cancel){programme->name, order, "", type});
	if (!*order)
		memory->expires_ms = memory->last_ms;
}

/* A part of the order came back: requests about these kinds of goods have lost their reason. */
static void cancel_part(struct seg_decision *decision)
{
	const Nurture__V1__Order *said = decision->event->order;

	for (size_t i = 0; said && i < said->n_items; i++) {
		const char *category = said->items[i]->category;
		bool is_said = !*category;

		for (size_t j = 0; j < i && !is_said; j++)
			is_said = strcmp(said->items[j]->category, category) == 0;
		if (!is_said)
			seg_emit_cancel(decision->step,
					(struct seg_cancel){"", decision->change.order, category,
							    decision->event->type});
	}
}

/* Names what ended the order; that is the refund when another event says what the order cost. */
static const char *end_of_order(const struct seg_decision *decision)
{
	const char *type = decision->event->type;

	return event_type_is(type, EVENT_ORDER_CANCELLED) ? type
							  : event_type_text(EVENT_ORDER_REFUNDED);
}

static void cancel_programmes(struct seg_decision *decision)
{
	for (unsigned i = 0; i < decision->policy->programme_count; i++)
		if (is_ended_by(&decision->policy->programmes[i], decision->event->type))
			cancel_programme(decision, &decision->policy->programmes[i]);
}

void seg_programmes_cancel(struct seg_decision *decision)
{
	if (!decision->event)
		return;
	if (decision->change.merges)
		seg_emit_cancel(decision->step,
				(struct seg_cancel){"", "", "", decision->event->type});
	if (decision->change.ends_order)
		seg_emit_cancel(decision->step, (struct seg_cancel){"", decision->change.order, "",
								    end_of_order(decision)});
	for (unsigned i = 0; i < decision->policy->programme_count; i++)
		cancel_moved(decision, &decision->policy->programmes[i]);
	if (!seg_is_news(decision))
		return;
	if (decision->change.is_part) /* the order stands */
		cancel_part(decision);
	else
		cancel_programmes(decision);
}
