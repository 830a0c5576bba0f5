/* events.c - see events.h. */
#include "events.h"

#include <stdlib.h>
#include <string.h>

#include "services/segmenter/profile/cases.h"
#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/message/event_key.h"
#include "common/policy/event_type.h"
#include "services/segmenter/profile/consent.h"
#include "services/segmenter/profile/deliverable.h"
#include "services/segmenter/profile/orders.h"
#include "services/segmenter/profile/person.h"
#include "services/segmenter/profile/preferences.h"
#include "services/segmenter/profile/send_time.h"
#include "services/segmenter/profile/dedup.h"

/* One event and the profile into which it is taken. */
struct application {
	struct seg_profile *profile;
	const struct policy *policy;
	const Nurture__V1__Event *event;
	struct seg_order_news news; /* of event->order, when there is one */
	bool is_stale;
	struct seg_change *change;
};

static int order_needed(const struct application *a, struct err *err)
{
	if (*a->news.id)
		return 0;
	return err_set(err, "$.order.id: %s needs the id of an order, found none", a->event->type);
}

typedef bool (*order_function)(struct seg_profile *profile, const struct seg_order_news *news);

static bool is_placed(const struct application *a)
{
	const struct seg_order *order = seg_order_find(a->profile, a->news.id);

	return order && order->placed;
}

static bool is_gone(const struct application *a)
{
	const struct seg_order *order = seg_order_find(a->profile, a->news.id);

	return order && order->placed && seg_order_is_gone(order);
}

/* Takes the news into the orders; whatever it is, it may end an order. */
static int on_order(struct application *a, order_function tell, struct err *err)
{
	bool was_placed = is_placed(a), was_gone = is_gone(a), is_news;

	if (order_needed(a, err) < 0)
		return -1;
	is_news = tell(a->profile, &a->news);
	a->change->is_repeat = !is_news;
	a->change->is_proven = is_news && is_placed(a);
	a->change->ends_order = was_placed && !was_gone && is_gone(a);
	return 0;
}

static int on_placed(struct application *a, struct err *err)
{
	return on_order(a, seg_order_placed, err);
}

static int on_updated(struct application *a, struct err *err)
{
	return on_order(a, seg_order_updated, err);
}

static int on_shipped(struct application *a, struct err *err)
{
	return on_order(a, seg_order_shipped, err);
}

static int on_delivered(struct application *a, struct err *err)
{
	return on_order(a, seg_order_delivered, err);
}

static int on_late(struct application *a, struct err *err)
{
	return on_order(a, seg_order_late, err);
}

static int on_refunded(struct application *a, struct err *err)
{
	const struct seg_order *order;

	/* Some shops write what they give back as -5.00. */
	a->news.amount_e4 = llabs(a->news.amount_e4);
	if (on_order(a, seg_order_refunded, err) < 0)
		return -1;
	order = seg_order_find(a->profile, a->news.id);
	a->change->is_part = order && !seg_order_is_gone(order);
	return 0;
}

static int on_cancelled(struct application *a, struct err *err)
{
	a->news.amount_e4 = llabs(a->news.amount_e4);
	return on_order(a, seg_order_cancelled, err);
}

static int on_case(struct application *a, bool opened, struct err *err)
{
	const Nurture__V1__Event *event = a->event;
	const char *id = event->case_ ? event->case_->id : "", *order = a->change->order;
	bool is_news;

	if (!*id && !*order)
		return err_set(err, "$.case.id: %s needs the id of a case or an order, found none",
			       event->type);
	is_news = opened ? seg_case_open(a->profile, event->type, id, order, event->time_ms)
			 : seg_case_close(a->profile, event->type, id, order, event->time_ms);
	a->change->is_repeat = !is_news;
	return 0;
}

/*
 * Whoever has just spoken with the shop is left alone for a while, where the policy says so: one
 * case that closes by itself, and begins anew with each interaction.
 */
static int on_interaction(struct application *a, struct err *err)
{
	(void)err;
	if (a->policy->cases.interaction_ms)
		seg_case_open(a->profile, a->event->type, "last", "", a->event->time_ms);
	return 0;
}

static int on_opened(struct application *a, struct err *err)
{
	return on_case(a, true, err);
}

static int on_closed(struct application *a, struct err *err)
{
	return on_case(a, false, err);
}

static int on_unsubscribed(struct application *a, struct err *err)
{
	const Nurture__V1__MessageRef *message = a->event->message;
	const char *from = message ? message->message_class : "";

	(void)err;
	/* A class that the policy does not have would silence nothing: then it means all. */
	if (policy_class(a->policy, slice_text(from)) == NO_CLASS)
		from = "all";
	seg_consent_note(a->profile, a->policy, from, SEG_WITHDRAWN, a->event->time_ms);
	return 0;
}

static int on_complained(struct application *a, struct err *err)
{
	(void)err;
	seg_consent_note(a->profile, a->policy, "all", SEG_WITHDRAWN, a->event->time_ms);
	return 0;
}

static int on_bounced(struct application *a, struct err *err)
{
	const Nurture__V1__MessageRef *message = a->event->message;
	struct seg_bounce bounce;

	(void)err;
	if (!message)
		return 0;
	bounce = seg_bounce_of(a->profile, message->email, a->event->time_ms);
	if (strcmp(message->kind, "hard") == 0)
		seg_bounce_hard(a->profile, bounce);
	else if (strcmp(message->kind, "soft") == 0 && !a->is_stale)
		seg_bounce_soft(a->profile, bounce);
	return 0;
}

static int on_activity(struct application *a, bool clicked)
{
	if (!a->is_stale)
		seg_send_time_note(a->profile, a->event->time_ms, clicked);
	seg_bounces_outlive(a->profile);
	return 0;
}

static int on_message_opened(struct application *a, struct err *err)
{
	(void)err;
	return on_activity(a, false);
}

static int on_message_clicked(struct application *a, struct err *err)
{
	(void)err;
	return on_activity(a, true);
}

static int on_preferences(struct application *a, struct err *err)
{
	if (!a->event->preferences)
		return err_set(err, "$.preferences: %s needs an object, found nothing",
			       a->event->type);
	seg_preferences_note(a->profile, a->event->preferences, a->event->time_ms);
	return 0;
}

static int on_merged(struct application *a, struct err *err)
{
	struct seg_profile *profile = a->profile;
	const char *into = a->event->merge ? a->event->merge->into : "";

	if (!*into)
		return err_set(err, "$.merge.into: %s needs the id that goes on, found none",
			       a->event->type);
	/* The event came for an id that ended here: it is told of a person who has gone on already. */
	if (strcmp(into, a->event->customer->id) == 0) {
		a->change->is_repeat = true;
		return 0;
	}
	a->change->merges = !*profile->merged_into;
	if (a->event->time_ms > profile->merged_ms ||
	    (a->event->time_ms == profile->merged_ms && strcmp(into, profile->merged_into) > 0)) {
		profile->merged_into = into;
		profile->merged_ms = a->event->time_ms;
	}
	return 0;
}

/* What an event of the type changes in the profile. */
static const struct meaning {
	int (*apply)(struct application *a, struct err *err);
	/* A step of an order on its way to the customer: nothing once the whole order has gone. */
	bool is_step;
} meanings[EVENT_TYPE_COUNT + 1] = {
    [EVENT_ORDER_PLACED] = {on_placed, true},
    [EVENT_ORDER_UPDATED] = {on_updated, true},
    [EVENT_ORDER_SHIPPED] = {on_shipped, true},
    [EVENT_ORDER_DELIVERED] = {on_delivered, true},
    [EVENT_ORDER_LATE] = {on_late, true},
    [EVENT_ORDER_CANCELLED] = {on_cancelled, false},
    [EVENT_ORDER_REFUNDED] = {on_refunded, false},
    [EVENT_RETURN_OPENED] = {on_opened, false},
    [EVENT_RETURN_CLOSED] = {on_closed, false},
    [EVENT_COMPLAINT_OPENED] = {on_opened, false},
    [EVENT_COMPLAINT_CLOSED] = {on_closed, false},
    [EVENT_MESSAGE_UNSUBSCRIBED] = {on_unsubscribed, false},
    [EVENT_MESSAGE_COMPLAINED] = {on_complained, false},
    [EVENT_MESSAGE_BOUNCED] = {on_bounced, false},
    [EVENT_MESSAGE_OPENED] = {on_message_opened, false},
    [EVENT_MESSAGE_CLICKED] = {on_message_clicked, false},
    [EVENT_PREFERENCES_CHANGED] = {on_preferences, false},
    [EVENT_CUSTOMER_MERGED] = {on_merged, false},
    [EVENT_INTERACTION_RECORDED] = {on_interaction, false},
};

/* Returns NULL for a type that says no more than any event says of its customer. */
static const struct meaning *meaning_of(const char *type)
{
	const struct meaning *meaning = &meanings[event_type_of(type)];

	return meaning->apply ? meaning : NULL;
}

/* Returns the order that an event names, in whichever part of it. */
static const char *order_named(const Nurture__V1__Event *event)
{
	if (event->order && *event->order->id)
		return event->order->id;
	if (event->case_ && *event->case_->order)
		return event->case_->order;
	if (event->feedback && *event->feedback->order)
		return event->feedback->order;
	return "";
}

static int news_read(const struct policy *policy, const Nurture__V1__Event *event,
		     struct seg_order_news *ret, struct err *err)
{
	const Nurture__V1__Order *order = event->order;
	const char *currency = policy->shop.currency;

	*ret = (struct seg_order_news){
	    .id = "", .time_ms = event->time_ms, .dates_ms = {SEG_NEVER, SEG_NEVER}, .parcel = ""};
	if (!order)
		return 0;
	ret->currency = currency_code(order->currency);
	ret->shop_currency = currency_code(currency);
	ret->parcel = order->parcel;
	ret->parcels = order->parcels;
	ret->id = order->id;
	ret->items = order->items;
	ret->item_count = order->n_items;
	ret->foreign = *currency && *order->currency && strcmp(currency, order->currency) != 0;
	if (order->starts_at_ms)
		ret->dates_ms[SEG_STARTS] = order->starts_at_ms;
	if (order->ends_at_ms)
		ret->dates_ms[SEG_ENDS] = order->ends_at_ms;
	ret->has_amount = *order->amount != '\0';
	if (ret->has_amount && text_money_e4(slice_text(order->amount), &ret->amount_e4, err) < 0)
		return err_prefix(err, "$.order.amount");
	return 0;
}

/* Does the policy care whether the event was told before? */
static bool is_heard(const struct policy *policy, const char *type)
{
	for (unsigned i = 0; i < policy->programme_count; i++) {
		const struct programme *programme = &policy->programmes[i];

		if (programme->trigger.kind == TRIGGER_EVENT &&
		    strcmp(programme->trigger.event, type) == 0)
			return true;
		for (unsigned j = 0; j < programme->cancel_count; j++)
			if (strcmp(programme->cancel_on[j], type) == 0)
				return true;
	}
	return false;
}

/*
 * Returns a hash of the fact that the event tells, if it is of a kind that can be told only once;
 * else 0.
 */
static uint64_t told_of(const struct application *a)
{
	const Nurture__V1__Event *event = a->event;
	const char *type = event->type, *order = a->change->order;
	char score[2] = "";

	if (event->feedback && *order) { /* another score, or another rung, is another fact */
		score[0] = (char)('0' + event->feedback->score);
		return seg_fact_hash("told", type, order, event->feedback->rung, score, NULL);
	}
	if (strncmp(type, "order.", 6) == 0 && *order)
		return seg_fact_hash("told", type, order, NULL);
	if (event->task && *event->task->id)
		return seg_fact_hash("told", type, event->task->id, NULL);
	if (event->coupon && *event->coupon->code && *order)
		return seg_fact_hash("told", type, event->coupon->code, order, NULL);
	if (event->referral && *event->referral->customer)
		return seg_fact_hash("told", type, event->referral->customer, NULL);
	return 0;
}

/* Remembers as a fact what has no state of its own in the profile. */
static void tell_once(struct application *a)
{
	struct seg_dedup *facts = &a->profile->facts;
	uint64_t hash = is_heard(a->policy, a->event->type) ? told_of(a) : 0;

	if (!hash)
		return;
	a->change->is_repeat =
	    seg_dedup_find(facts, hash) || seg_dedup_forgot(facts, a->event->time_ms);
	if (!a->change->is_repeat)
		seg_dedup_add_fact(a->profile, hash, a->event->time_ms);
}

int seg_event_apply(struct seg_profile *profile, const struct policy *policy,
		    const Nurture__V1__Event *event, bool is_stale, struct seg_change *ret,
		    struct err *err)
{
	const struct meaning *meaning = meaning_of(event->type);
	struct seg_change change = {.order = order_named(event)};
	struct application a = {.profile = profile,
				.policy = policy,
				.event = event,
				.is_stale = is_stale,
				.change = &change};
	const struct seg_order *order;

	if (news_read(policy, event, &a.news, err) < 0)
		return -1;
	a.news.event = hash64(slice_text(event_key(event, profile->arena)));
	if (event->customer) {
		seg_person_note(profile, event);
		seg_consents_note(profile, policy, event);
	}
	if (meaning && meaning->apply(&a, err) < 0)
		return -1;
	seg_order_dates(profile, &a.news, &change.moves);
	if (change.moves.has_moved[SEG_STARTS] || change.moves.has_moved[SEG_ENDS])
		change.is_repeat =
		    change.is_repeat && !event_type_is(event->type, EVENT_ORDER_UPDATED);
	if (!meaning)
		tell_once(&a);
	change.is_step = meaning && meaning->is_step;
	order = change.is_step ? seg_order_find(profile, change.order) : NULL;
	change.has_gone = order && seg_order_is_gone(order);
	*ret = change;
	return 0;
}
