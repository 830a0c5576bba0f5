/* events.c - see events.h. */
#include "events.h"

#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "common/base/text.h"
#include "consent.h"
#include "deliverable.h"
#include "orders.h"
#include "person.h"
#include "preferences.h"
#include "presence.h"

/* What the functions below work on. */
struct application {
	struct seg_profile *profile;
	const struct policy *policy;
	const Nurture__V1__Event *event;
	struct seg_order_news news; /* of event->order, when there is one */
	struct seg_change *change;
};

static int order_needed(const struct application *a, struct err *err)
{
	if (*a->news.id)
		return 0;
	return err_set(err, "$.order.id: %s needs the id of an order, found none", a->event->type);
}

static int on_placed(struct application *a, struct err *err)
{
	if (order_needed(a, err) < 0)
		return -1;
	a->change->repeats_order = !seg_order_placed(a->profile, &a->news);
	return 0;
}

static int on_delivered(struct application *a, struct err *err)
{
	if (order_needed(a, err) < 0)
		return -1;
	seg_order_delivered(a->profile, &a->news);
	return 0;
}

static int on_late(struct application *a, struct err *err)
{
	if (order_needed(a, err) < 0)
		return -1;
	seg_order_late(a->profile, &a->news);
	return 0;
}

static bool is_placed(const struct application *a)
{
	const struct seg_order *order = seg_order_find(a->profile, a->news.id);

	return order && order->placed;
}

static int on_refunded(struct application *a, struct err *err)
{
	if (order_needed(a, err) < 0)
		return -1;
	a->change->ends_order = is_placed(a);
	/* Some shops write what they give back as -5.00. */
	a->news.amount_e4 = llabs(a->news.amount_e4);
	seg_order_refunded(a->profile, &a->news);
	return 0;
}

static int on_cancelled(struct application *a, struct err *err)
{
	if (order_needed(a, err) < 0)
		return -1;
	a->change->ends_order = is_placed(a);
	a->news.amount_e4 = llabs(a->news.amount_e4);
	seg_order_cancelled(a->profile, &a->news);
	return 0;
}

/* The kind of case is the event's type up to the dot; its id, or else the order it is about. */
static int on_case(struct application *a, bool opened, struct err *err)
{
	const char *type = a->event->type, *id = a->change->order;
	int kind_len = (int)strcspn(type, ".");

	if (a->event->case_ && *a->event->case_->id)
		id = a->event->case_->id;
	if (!*id)
		return err_set(err, "$.case.id: %s needs the id of a case or an order, found none",
			       type);
	id = arena_printf(a->profile->arena, "%.*s:%s", kind_len, type, id);
	seg_case_note(a->profile, id, opened, a->event->time_ms);
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
	const char *kind = a->event->message ? a->event->message->kind : "";

	(void)err;
	if (strcmp(kind, "hard") == 0)
		seg_bounce_hard(a->profile, a->event->time_ms);
	else if (strcmp(kind, "soft") == 0)
		seg_bounce_soft(a->profile, a->event->time_ms);
	return 0;
}

static int on_seen(struct application *a, bool clicked)
{
	seg_presence_note(a->profile, a->event->time_ms, clicked);
	seg_bounces_outlive(a->profile);
	return 0;
}

static int on_message_opened(struct application *a, struct err *err)
{
	(void)err;
	return on_seen(a, false);
}

static int on_message_clicked(struct application *a, struct err *err)
{
	(void)err;
	return on_seen(a, true);
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
	a->change->merges = !*profile->merged_into;
	if (a->event->time_ms > profile->merged_ms ||
	    (a->event->time_ms == profile->merged_ms && strcmp(into, profile->merged_into) > 0)) {
		profile->merged_into = into;
		profile->merged_ms = a->event->time_ms;
	}
	return 0;
}

static const struct meaning {
	const char *type;
	int (*apply)(struct application *a, struct err *err);
	bool is_early; /* means nothing once its order has been cancelled or refunded */
} meanings[] = {
	{"order.placed", on_placed, true},
	{"order.shipped", NULL, true},
	{"order.delivered", on_delivered, true},
	{"order.late", on_late, true},
	{"order.cancelled", on_cancelled, false},
	{"order.refunded", on_refunded, false},
	{"return.opened", on_opened, false},
	{"return.closed", on_closed, false},
	{"complaint.opened", on_opened, false},
	{"complaint.closed", on_closed, false},
	{"message.unsubscribed", on_unsubscribed, false},
	{"message.complained", on_complained, false},
	{"message.bounced", on_bounced, false},
	{"message.opened", on_message_opened, false},
	{"message.clicked", on_message_clicked, false},
	{"preferences.changed", on_preferences, false},
	{"customer.merged", on_merged, false},
};

static const struct meaning *meaning_of(const char *type)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strcmp(meanings[i].type, type) == 0)
			return &meanings[i];
	return NULL;
}

/* The order that an event names, in whichever part. */
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
		.id = "", .time_ms = event->time_ms, .dates_ms = {SEG_NEVER, SEG_NEVER}};
	if (!order)
		return 0;
	ret->id = order->id;
	ret->items = order->items;
	ret->item_count = order->n_items;
	ret->foreign = *currency && *order->currency && strcmp(currency, order->currency) != 0;
	if (order->starts_at_ms)
		ret->dates_ms[SEG_STARTS] = order->starts_at_ms;
	if (order->ends_at_ms)
		ret->dates_ms[SEG_ENDS] = order->ends_at_ms;
	ret->has_amount = *order->amount != '\0';
	if (ret->has_amount &&
	    text_money_e4(slice_text(order->amount), &ret->amount_e4, err) < 0)
		return err_prefix(err, "$.order.amount");
	return 0;
}

int seg_event_apply(struct seg_profile *profile, const struct policy *policy,
		    const Nurture__V1__Event *event, struct seg_change *ret, struct err *err)
{
	const struct meaning *meaning = meaning_of(event->type);
	struct seg_change change = {.order = order_named(event)};
	struct application a = {
		.profile = profile, .policy = policy, .event = event, .change = &change};
	const struct seg_order *order;

	if (news_read(policy, event, &a.news, err) < 0)
		return -1;
	if (event->customer) {
		seg_person_note(profile, event->customer, event->time_ms);
		seg_consents_note(profile, policy, event);
	}
	if (meaning && meaning->apply && meaning->apply(&a, err) < 0)
		return -1;
	seg_order_dates(profile, &a.news, &change.moves);
	order = meaning && meaning->is_early ? seg_order_find(profile, change.order) : NULL;
	change.is_overtaken = order && order->gone_ms >= event->time_ms;
	*ret = change;
	return 0;
}
