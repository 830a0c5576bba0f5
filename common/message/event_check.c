/*
 * event_check.c - what a type needs beside an id, a time and a customer.
 *
 * A type that is not in the table needs nothing: shops may publish more than
 * Nurture understands.
 */
#include "common/policy/event_type.h"
#include "event_internal.h"

#include <stdio.h>

#include "common/base/country.h"
#include "common/base/currency.h"
#include "common/codec/json.h"

static bool has(const char *text)
{
	return *text != '\0';
}

static bool has_order(const Nurture__V1__Event *event)
{
	return event->order && has(event->order->id);
}

static bool has_merge(const Nurture__V1__Event *event)
{
	return event->merge && has(event->merge->into);
}

static bool has_consent(const Nurture__V1__Event *event)
{
	return event->customer->n_consent != 0;
}

/* Of a score, words or a rung: what else is said of feedback says nothing alone. */
static bool has_feedback(const Nurture__V1__Event *event)
{
	const Nurture__V1__Feedback *feedback = event->feedback;

	return feedback && (feedback->score || has(feedback->comment) || has(feedback->rung));
}

static bool has_item(const Nurture__V1__Event *event)
{
	return event->feedback && has(event->feedback->item);
}

static bool has_tags(const Nurture__V1__Event *event)
{
	return has_item(event) && (event->feedback->n_tags || event->feedback->n_untags);
}

static bool has_task(const Nurture__V1__Event *event)
{
	return event->task && has(event->task->id);
}

static bool has_until(const Nurture__V1__Event *event)
{
	return has_task(event) && event->task->until_ms > 0;
}

static bool has_interaction(const Nurture__V1__Event *event)
{
	return event->interaction && has(event->interaction->channel);
}

/* "" is said by whoever does not know. */
static int check_direction(const Nurture__V1__Interaction *interaction, const struct path *path,
			   struct err *err)
{
	char found[JSON_FOUND_BYTES];

	if (!interaction || !has(interaction->direction) ||
	    strcmp(interaction->direction, "in") == 0 || strcmp(interaction->direction, "out") == 0)
		return 0;
	return path_fail(path, "interaction.direction", "\"in\" or \"out\"",
			 json_found_text(slice_text(interaction->direction), found), err);
}

static bool has_coupon(const Nurture__V1__Event *event)
{
	return event->coupon && has(event->coupon->code);
}

/* What opens must be known by a name, or nothing could close it. */
static bool has_case(const Nurture__V1__Event *event)
{
	return has_order(event) ||
	       (event->case_ && (has(event->case_->id) || has(event->case_->order)));
}

/* Without the class it would count against no cap that names classes. */
static bool has_class(const Nurture__V1__Event *event)
{
	return event->message && has(event->message->message_class);
}

/*
 * The preferences may be empty, but they must be there: a misspelt name must not end somebody's
 * pause.
 */
static bool has_preferences(const Nurture__V1__Event *event)
{
	return event->preferences;
}

static const char *kind_of(const Nurture__V1__Event *event)
{
	return event->message ? event->message->kind : "";
}

/* Without the kind one would have to guess whether the address is dead. */
static bool has_kind(const Nurture__V1__Event *event)
{
	const char *kind = kind_of(event);

	return strcmp(kind, "hard") == 0 || strcmp(kind, "soft") == 0 ||
	       strcmp(kind, "policy") == 0;
}

/* What the table of event_type.h asks of an event, and how to say that it is not there. */
static const struct need {
	bool (*met)(const Nurture__V1__Event *event);
	const char *where, *expected;
	const char *(*found)(const Nurture__V1__Event *event); /* NULL: nothing */
} needs[EVENT_NEEDS_COUNT] = {
    [EVENT_NEEDS_ORDER] = {has_order, "order.id", "the order's id", NULL},
    [EVENT_NEEDS_CASE] = {has_case, "case.id", "the id of a case or an order", NULL},
    [EVENT_NEEDS_MERGE] = {has_merge, "merge.into", "the id of the customer that goes on", NULL},
    [EVENT_NEEDS_CONSENT] = {has_consent, "customer.consent", "at least one class", NULL},
    [EVENT_NEEDS_FEEDBACK] = {has_feedback, "feedback", "a score, comment or rung", NULL},
    [EVENT_NEEDS_ITEM] = {has_item, "feedback.item", "the id of what was said", NULL},
    [EVENT_NEEDS_TAGS] = {has_tags, "feedback.tags", "the id of what was said, and tags or untags",
			  NULL},
    [EVENT_NEEDS_TASK] = {has_task, "task.id", "the task's id", NULL},
    [EVENT_NEEDS_UNTIL] = {has_until, "task.until", "the task's id, and when it comes back", NULL},
    [EVENT_NEEDS_INTERACTION] = {has_interaction, "interaction.channel",
				 "how it was, such as \"call\"", NULL},
    [EVENT_NEEDS_COUPON] = {has_coupon, "coupon.code", "the coupon's code", NULL},
    [EVENT_NEEDS_KIND] = {has_kind, "message.kind", "\"hard\", \"soft\" or \"policy\"", kind_of},
    [EVENT_NEEDS_PREFERENCES] = {has_preferences, "preferences", "an object", NULL},
    [EVENT_NEEDS_CLASS] = {has_class, "message.class", "the class that it counts as", NULL},
};

static int check_needs(const Nurture__V1__Event *event, const struct path *path, struct err *err)
{
	const struct need *need = &needs[event_type_needs(event_type_of(event->type))];
	const char *found = need->found ? need->found(event) : "";
	char quoted[JSON_FOUND_BYTES];

	if (!need->met || need->met(event))
		return 0;
	return path_fail(path, need->where, need->expected,
			 has(found) ? json_found_text(slice_text(found), quoted) : "nothing", err);
}

/* JSON cannot say one thing twice (equal keys are refused); protobuf could. */
static int check_consent(const Nurture__V1__Customer *customer, const struct path *path,
			 struct err *err)
{
	char found[JSON_FOUND_BYTES];

	for (size_t i = 0; i < customer->n_consent; i++) {
		const char *name = customer->consent[i]->message_class;

		for (size_t j = 0; j < i; j++)
			if (strcmp(customer->consent[j]->message_class, name) == 0)
				return path_fail(path, "customer.consent", "each class once",
						 json_found_text(slice_text(name), found), err);
	}
	return 0;
}

/* Otherwise one of the two is wrong, and nobody knows which. */
static int check_order(const Nurture__V1__Order *order, const struct path *path, struct err *err)
{
	if (!order || !order->starts_at_ms || !order->ends_at_ms ||
	    order->ends_at_ms >= order->starts_at_ms)
		return 0;
	return path_fail(path, "order.ends_at", "a time not before order.starts_at",
			 "an earlier one", err);
}

static int check_region(const Nurture__V1__Customer *customer, const struct path *path,
			struct err *err)
{
	char found[JSON_FOUND_BYTES];

	if (!has(customer->region) || !has(customer->country) ||
	    strncmp(customer->region, customer->country, 2) == 0)
		return 0;
	return path_fail(path, "customer.region", "a region of customer.country",
			 json_found_text(slice_text(customer->region), found), err);
}

static int check_amount(const char *currency, const char *amount, const struct path *path,
			const char *name, struct err *err)
{
	char expected[80], found[JSON_FOUND_BYTES];

	if (currency_fits(slice_text(currency), slice_text(amount)))
		return 0;
	snprintf(expected, sizeof(expected), "an amount of %.3s with at most %d decimals", currency,
		 currency_decimals(slice_text(currency)));
	return path_fail(path, name, expected, json_found_text(slice_text(amount), found), err);
}

/* In a currency that is not named nobody can say what is too fine. */
static int check_amounts(const Nurture__V1__Order *order, const struct path *path, struct err *err)
{
	if (!order || !has(order->currency))
		return 0;
	if (check_amount(order->currency, order->amount, path, "order.amount", err) < 0)
		return -1;
	for (size_t i = 0; i < order->n_items; i++) {
		char name[40];

		if (currency_fits(slice_text(order->currency), slice_text(order->items[i]->price)))
			continue;
		snprintf(name, sizeof(name), "order.items[%zu].price", i);
		return check_amount(order->currency, order->items[i]->price, path, name, err);
	}
	return 0;
}

/* From here on there is one code for each country. */
static void settle_country(Nurture__V1__Customer *customer)
{
	const char *assigned = country_for_code(slice_text(customer->country));

	if (assigned)
		customer->country = (char *)assigned;
}

int event_check(Nurture__V1__Event *event, const struct path *path, struct err *err)
{
	if (shape_check(&event_shape, event, path, err) < 0)
		return -1;
	settle_country(event->customer);
	if (check_consent(event->customer, path, err) < 0 || check_needs(event, path, err) < 0 ||
	    check_order(event->order, path, err) < 0 ||
	    check_direction(event->interaction, path, err) < 0 ||
	    check_amounts(event->order, path, err) < 0 ||
	    check_region(event->customer, path, err) < 0)
		return -1;
	if (event->merge && strcmp(event->merge->into, event->customer->id) == 0)
		return path_fail(path, "merge.into", "another customer", "the same one", err);
	return 0;
}
