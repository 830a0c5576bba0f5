/* requests.c - see requests.h. */
#include "requests.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/policy/event_type.h"
#include "common/policy/experiments.h"
#include "common/policy/mail_words.h"
#include "services/segmenter/profile/bought.h"
#include "services/segmenter/profile/dates.h"
#include "emit.h"
#include "services/segmenter/profile/orders.h"

enum { DATA_MAX = 12, MONEY_BYTES = 32, PRODUCT_MAX_BYTES = 200, LOW_SCORE_DEFAULT = 2 };

struct data {
	struct arena *arena;
	Nurture__V1__Datum *items[DATA_MAX];
	size_t count;
};

static void add(struct data *data, enum mail_word word, const char *value)
{
	Nurture__V1__Datum *datum;

	if (!*value)
		return;
	datum = arena_alloc(data->arena, sizeof(*datum));
	nurture__v1__datum__init(datum);
	datum->name = (char *)mail_words[word];
	datum->value = (char *)value;
	data->items[data->count++] = datum;
}

/*
 * Returns the event's amount or, when it gives none, the amount of the order when it was placed; or
 * "".
 */
static const char *order_amount(const struct seg_decision *decision, const struct seg_order *order)
{
	struct arena *arena = decision->step->arena;
	const Nurture__V1__Order *said = decision->event ? decision->event->order : NULL;
	struct err ignored; /* the event was read before */
	int64_t amount_e4 = order ? order->amount_e4 : 0;

	if (said && *said->amount)
		text_money_e4(slice_text(said->amount), &amount_e4, &ignored);
	if (amount_e4 == 0)
		return "";
	return money_text(amount_e4, arena_alloc(arena, MONEY_BYTES), MONEY_BYTES);
}

/* A refund, a complaint or a rating may be about goods that came back; steps and dates are not. */
static bool is_about_kept(const struct seg_decision *decision)
{
	return !decision->event || decision->change.is_step;
}

static bool says_product(const Nurture__V1__Item *item)
{
	return *item->name && strlen(item->name) <= PRODUCT_MAX_BYTES;
}

/*
 * Names the most expensive item of the event that the order has not given back; "" when the event
 * does not say.
 */
static const char *product_name(const struct seg_decision *decision, const struct seg_order *order)
{
	const Nurture__V1__Order *said = decision->event ? decision->event->order : NULL;
	const Nurture__V1__Item *top =
	    said ? seg_top_item(decision->profile, order, said->items, said->n_items, says_product)
		 : NULL;

	return top ? top->name : "";
}

/* "2026-03-01"; every request has one or more of them, so it is not printf's work. */
static const char *day_text(struct civil_date date, struct arena *arena)
{
	char text[RFC3339_BYTES];

	rfc3339_text(civil_days(date) * DAY_MS, text);
	return arena_copy(arena, text, strlen("2026-03-01"));
}

/* Adds the day of the order's date, by the clock of the shop. */
static void add_order_date(const struct seg_decision *decision, enum mail_word word,
			   const struct seg_order_date *order_date, struct data *data)
{
	struct civil_date date;
	int64_t ms_of_day;

	if (order_date->at_ms == SEG_NEVER)
		return;
	date = zone_date(decision->policy->shop_zone, order_date->at_ms, &ms_of_day);
	add(data, word, day_text(date, data->arena));
}

/* Whole years from one day to another; the anniversary of 29 February is 28 February. */
static int years_between(struct civil_date from, struct civil_date to)
{
	int years = to.year - from.year;

	if (!civil_is_valid((struct civil_date){to.year, from.month, from.day}))
		from.day--;
	if (to.month < from.month || (to.month == from.month && to.day < from.day))
		years--;
	return years;
}

static void add_first_order(struct seg_decision *decision, int64_t triggered_ms, struct data *data)
{
	struct civil_date first, now;
	int64_t ms_of_day;
	int years;

	if (decision->facts.orders == 0)
		return;
	first = zone_date(seg_zone(decision), decision->facts.first_ms, &ms_of_day);
	now = zone_date(seg_zone(decision), triggered_ms, &ms_of_day);
	add(data, MAIL_FIRST_ORDER, day_text(first, data->arena));
	years = years_between(first, now);
	if (years > 0)
		add(data, MAIL_YEARS, arena_printf(data->arena, "%d", years));
}

/* Where the offer's code comes from: one text for all, a source of codes, or neither. */
struct offer {
	const char *text;
	const struct coupon *source;
};

static struct offer offer_of(const struct programme *programme, const struct variant *variant)
{
	if (variant && (*variant->coupon || variant->source))
		return (struct offer){variant->coupon, variant->source};
	return (struct offer){programme->coupon, programme->source};
}

/* The first that goes with the category, was never bought, and does not count as just bought. */
static const char *related_to(const struct seg_decision *decision, const char *category)
{
	const struct forecast *model = decision->policy->model;
	const struct forecast_related *related =
	    model && *category ? forecast_related(model, category) : NULL;

	for (unsigned i = 0; related && i < related->count; i++)
		if (seg_bought_ms(decision, related->others[i]) == SEG_NEVER &&
		    !seg_is_just_bought(decision, related->others[i]))
			return related->others[i];
	return "";
}

/* Collects the values that templates may show. */
static void collect_data(struct seg_decision *decision, struct offer offer, int64_t triggered_ms,
			 const char *category, struct data *data)
{
	const char *id = decision->change.order;
	const Nurture__V1__Feedback *feedback = decision->event ? decision->event->feedback : NULL;
	const struct seg_order *order = *id ? seg_order_find(decision->profile, id) : NULL;

	add(data, MAIL_ORDER_ID, id);
	if (*id)
		add(data, MAIL_ORDER_AMOUNT, order_amount(decision, order));
	if (order) {
		add_order_date(decision, MAIL_ORDER_STARTS, &order->dates[SEG_STARTS], data);
		add_order_date(decision, MAIL_ORDER_ENDS, &order->dates[SEG_ENDS], data);
	}
	add(data, MAIL_ORDER_PRODUCT,
	    product_name(decision, is_about_kept(decision) ? order : NULL));
	add(data, MAIL_COUPON, offer.source ? "" : offer.text);
	add(data, MAIL_ORDERS, arena_printf(data->arena, "%" PRId64, decision->facts.orders));
	add_first_order(decision, triggered_ms, data);
	add(data, MAIL_RELATED, related_to(decision, category));
	if (feedback && feedback->score)
		add(data, MAIL_SCORE, arena_printf(data->arena, "%" PRId32, feedback->score));
}

/*
 * Returns the amount of the order that set it off; 0 in another currency, since amounts of two
 * currencies cannot be compared.
 */
static int64_t order_value_e4(const struct seg_decision *decision)
{
	const Nurture__V1__Order *said = decision->event ? decision->event->order : NULL;
	const struct seg_order *order = seg_order_find(decision->profile, decision->change.order);
	const char *currency = decision->policy->shop.currency;
	int64_t amount_e4 = 0;
	struct err ignored; /* the event was read before */

	if (order && order->placed)
		return order->foreign ? 0 : seg_max(order->amount_e4, 0);
	if (!said || !*said->amount ||
	    (*currency && *said->currency && strcmp(currency, said->currency) != 0))
		return 0;
	text_money_e4(slice_text(said->amount), &amount_e4, &ignored);
	return seg_max(amount_e4, 0);
}

/*
 * Only some events of an order list its items; the profile keeps the category that the order was
 * mostly about.
 */
const char *seg_request_category(const struct seg_decision *decision,
				 const struct programme *programme)
{
	const Nurture__V1__Order *said = decision->event ? decision->event->order : NULL;
	const struct seg_order *order;
	const char *category;

	if (strcmp(programme->category, "order") != 0)
		return programme->category;
	order = *decision->change.order ? seg_order_find(decision->profile, decision->change.order)
					: NULL;
	category = said
		       ? seg_top_category(decision->profile, is_about_kept(decision) ? order : NULL,
					  said->items, said->n_items)
		       : "";
	if (*category || !order)
		return category;
	if (is_about_kept(decision))
		return seg_kept_category(decision->profile, order);
	return order->top ? decision->profile->categories[order->top - 1].name : "";
}

bool seg_request_is_of_returned(const struct seg_decision *decision,
				const struct programme *programme)
{
	const struct seg_order *order = seg_order_find(decision->profile, decision->change.order);

	if (!order)
		return false;
	if (strcmp(programme->category, "order") == 0)
		return seg_order_is_empty(order) && !*seg_request_category(decision, programme);
	return seg_order_gave_back(decision->profile, order, programme->category);
}

static bool sends_mail(const struct programme *programme)
{
	for (unsigned i = 0; i < programme->action_count; i++)
		if (programme->actions[i].channel == CHANNEL_EMAIL)
			return true;
	return false;
}

/*
 * A call about a complaint or a low score is owed even when the money is given back. And what the
 * end of an order sets off does not end with it: a cancellation and its refund are two events.
 */
static bool outlives_order(const struct trigger *trigger)
{
	static const enum event_type types[] = {EVENT_COMPLAINT_OPENED, EVENT_FEEDBACK_RECEIVED,
						EVENT_REVIEW_PUBLISHED, EVENT_ORDER_CANCELLED,
						EVENT_ORDER_REFUNDED};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (trigger->kind == TRIGGER_EVENT && event_type_is(trigger->event, types[i]))
			return true;
	return false;
}

/* What all requests of a programme have in common. */
static Nurture__V1__Request request_of(struct seg_decision *decision,
				       const struct programme *programme,
				       const struct variant *variant, int64_t triggered_ms)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.programme = (char *)programme->name;
	request.message_class = (char *)decision->policy->classes[programme->message_class].name;
	request.category = (char *)seg_request_category(decision, programme);
	request.priority = programme->priority;
	request.triggered_ms = triggered_ms;
	request.due_ms = triggered_ms + programme->wait_ms;
	request.expires_ms = request.due_ms + programme->expires_ms;
	request.holdout_permille = programme->holdout_permille;
	request.exempt = programme->exempt;
	request.owner = (char *)programme->owner;
	request.order = (char *)decision->change.order;
	request.outlives_order = outlives_order(&programme->trigger);
	request.value_e4 =
	    programme->value_is_order ? order_value_e4(decision) : programme->value_e4;
	if (variant)
		request.variant = (char *)variant->name;
	request.probability_ppm = experiment_treatment_ppm(decision->policy, programme, variant);
	return request;
}

/*
 * Sets what only a mail has: a merge group, an hour to be sent at, and the variants of an
 * experiment.
 */
static void set_mail(const struct programme *programme, const struct variant *variant,
		     Nurture__V1__Request *request)
{
	if (programme->merge)
		request->merge = (char *)programme->merge->name;
	if (programme->send_at == SEND_AT_TIME) {
		request->send_from_min = (uint32_t)programme->send_window.from_min;
		request->send_to_min = (uint32_t)programme->send_window.to_min;
	}
	request->send_best = programme->send_at == SEND_AT_BEST;
	if (variant && *variant->email)
		request->action = (char *)variant->email;
}

/*
 * Does the programme answer the event that opened a case, or a low score? Then somebody is owed its
 * task, and neither that case nor a holdout may keep it back.
 */
static bool answers_trouble(const struct seg_decision *decision, const struct programme *programme)
{
	const struct feedback *rules = &decision->policy->feedback;
	const Nurture__V1__Feedback *feedback = decision->event ? decision->event->feedback : NULL;

	if (!decision->event || programme->trigger.kind != TRIGGER_EVENT)
		return false;
	if (event_type_opens_case(decision->event->type))
		return true;
	return (event_type_is(decision->event->type, EVENT_FEEDBACK_RECEIVED) ||
		event_type_is(decision->event->type, EVENT_REVIEW_PUBLISHED)) &&
	       feedback && feedback->score > 0 &&
	       feedback->score <= (rules->off ? LOW_SCORE_DEFAULT : rules->low_score);
}

static void set_owed(const struct variant *variant, Nurture__V1__Request *request)
{
	request->on_open_case = NURTURE__V1__ON_OPEN_CASE__GOES;
	request->always = true;
	request->probability_ppm = variant ? variant->share_permille * 1000 : 0;
}

/*
 * The id is made of the programme's own action, so that a repeat is the same request even when the
 * shares of the arms were changed meanwhile. Each request that names a source draws a code; where
 * there is a mail, only the mail names it.
 */
static void emit_action(struct seg_decision *decision, const struct programme *programme,
			const struct variant *variant, const struct action *action, const char *key,
			Nurture__V1__Request request)
{
	const struct coupon *source = offer_of(programme, variant).source;
	char id[ID_TEXT_BYTES];

	request.channel = (char *)channel_text(action->channel);
	request.action = (char *)action->name;
	if (action->channel == CHANNEL_EMAIL)
		set_mail(programme, variant, &request);
	if (action->channel == CHANNEL_TASK && answers_trouble(decision, programme))
		set_owed(variant, &request);
	if (source && (action->channel == CHANNEL_EMAIL || !sends_mail(programme)))
		request.coupon = (char *)source->name;
	id_of_texts(id, programme->name, request.channel, action->name, decision->customer, key,
		    NULL);
	request.id = id;
	seg_emit_request(decision->step, &request);
}

int64_t seg_requests_emit(struct seg_decision *decision, const struct programme *programme,
			  const char *instead_of, const char *key, int64_t triggered_ms)
{
	const struct variant *variant = experiment_variant(programme, decision->customer);
	struct data data = {.arena = decision->step->arena};
	Nurture__V1__Request request = request_of(decision, programme, variant, triggered_ms);

	collect_data(decision, offer_of(programme, variant), triggered_ms, request.category, &data);
	request.data = data.items;
	request.n_data = data.count;
	request.instead_of = (char *)instead_of;
	for (unsigned i = 0; i < programme->action_count; i++)
		emit_action(decision, programme, variant, &programme->actions[i], key, request);
	return request.expires_ms;
}
