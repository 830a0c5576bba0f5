/* order.c - what a tracked event is about: an order, a case, a review or somebody else's mail. */
#include "mapper_internal.h"

#include <stdlib.h>
#include <strings.h>

#include "common/codec/json.h"

static const char *const order_names[] = {"order_id", "orderId", NULL};

static uint32_t quantity_of(const char *text)
{
	char *end;
	double quantity = text[0] ? strtod(text, &end) : 1;

	/* Goods by the metre or the pound: a part of one counts as one. */
	return quantity > 0 && quantity < 1e9 ? (uint32_t)(quantity + 0.999999) : 0;
}

static Nurture__V1__Item *item_of(struct slice product, struct arena *arena)
{
	static const char *const skus[] = {"sku", "product_id", "productId", "id", NULL};
	static const char *const images[] = {"image_url", "imageUrl", NULL};
	Nurture__V1__Item *item = arena_alloc(arena, sizeof(*item));

	nurture__v1__item__init(item);
	item->sku = ing_field_first(product, skus, arena);
	item->category = ing_field_text(product, "category", arena);
	item->name = ing_field_text(product, "name", arena);
	item->quantity = quantity_of(ing_field_text(product, "quantity", arena));
	item->price = ing_tracked_amount(ing_field_text(product, "price", arena), arena);
	item->gtin = ing_field_text(product, "gtin", arena);
	item->url = ing_field_text(product, "url", arena);
	item->image = ing_field_first(product, images, arena);
	return item;
}

static void put_items(struct slice products, Nurture__V1__Order *order, struct arena *arena)
{
	struct json_reader reader = json_reader_of(products), again = reader;
	struct err ignored;
	size_t count = 0;

	if (!ing_field_is(products, '['))
		return;
	while (json_reader_next(&reader, arena, &ignored) == 1)
		count++;
	order->items = arena_alloc(arena, (count + 1) * sizeof(*order->items));
	while (json_reader_next(&again, arena, &ignored) == 1)
		if (json_first_byte(again.value) == '{')
			order->items[order->n_items++] = item_of(again.value, arena);
}

static char *upper(char *text)
{
	for (char *c = text; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return text;
}

/* What a total that is no number looks like, for event_decode() to refuse; "": there is none. */
static char *total_of_refund(const struct ing_message *message)
{
	char *text = ing_field_text(message->properties, "total", message->arena);
	struct slice value = ing_field(message->properties, "total", message->arena);

	return text[0] || !value.len ? text : arena_copy(message->arena, value.bytes, value.len);
}

/* Of a refund only its total is an amount: without one all of the order is given back. */
static char *amount_of(const struct ing_message *message, enum event_type type)
{
	static const char *const totals[] = {"total", "revenue", "value", NULL};
	bool is_refund = type == EVENT_ORDER_REFUNDED;

	if (type != EVENT_ORDER_PLACED && type != EVENT_ORDER_UPDATED && !is_refund)
		return arena_text(message->arena, "");
	return ing_tracked_amount(
	    is_refund ? total_of_refund(message)
		      : ing_field_first(message->properties, totals, message->arena),
	    message->arena);
}

static void put_order(const struct ing_message *message, enum event_type type,
		      Nurture__V1__Event *event)
{
	struct arena *arena = message->arena;
	Nurture__V1__Order *order = arena_alloc(arena, sizeof(*order));

	nurture__v1__order__init(order);
	order->id = ing_field_first(message->properties, order_names, arena);
	order->amount = amount_of(message, type);
	order->currency = upper(ing_field_text(message->properties, "currency", arena));
	if (type != EVENT_ORDER_CANCELLED)
		put_items(ing_field(message->properties, "products", arena), order, arena);
	event->order = order;
}

static void put_case(const struct ing_message *message, Nurture__V1__Event *event)
{
	static const char *const ids[] = {"case_id",   "return_id", "complaint_id",
					  "ticket_id", "id",        NULL};
	struct arena *arena = message->arena;
	Nurture__V1__Case *found = arena_alloc(arena, sizeof(*found));

	nurture__v1__case__init(found);
	found->id = ing_field_first(message->properties, ids, arena);
	found->order = ing_field_first(message->properties, order_names, arena);
	found->reason = ing_field_text(message->properties, "reason", arena);
	event->case_ = found;
}

/* 1 to 5, from 4.5 up 5; what is outside is refused, and not made to fit. */
static int32_t score_of(const char *text)
{
	char *end;
	double score = strtod(text, &end);

	if (end == text || *end || !(score >= -1000 && score <= 1000)) /* "nan" is no number */
		return 0;
	return (int32_t)(score + (score < 0 ? -0.5 : 0.5));
}

static void put_review(const struct ing_message *message, Nurture__V1__Event *event)
{
	static const char *const comments[] = {"review_body", "review", "comment", NULL};
	struct arena *arena = message->arena;
	Nurture__V1__Feedback *feedback = arena_alloc(arena, sizeof(*feedback));

	nurture__v1__feedback__init(feedback);
	feedback->order = ing_field_first(message->properties, order_names, arena);
	feedback->score = score_of(ing_field_text(message->properties, "rating", arena));
	feedback->comment = ing_field_first(message->properties, comments, arena);
	event->feedback = feedback;
}

static bool is(const char *text, const char *word)
{
	return strcasecmp(text, word) == 0;
}

/* Who does not say of which kind a bounce was gets the milder word: five soft ones are as much. */
static char *bounce_kind(const struct ing_message *message)
{
	static const char *const names[] = {"bounce_type", "bounceType", "type", NULL};
	char *text = ing_field_first(message->properties, names, message->arena);

	if (is(text, "hard") || is(text, "permanent"))
		return arena_text(message->arena, "hard");
	if (is(text, "policy") || is(text, "block") || is(text, "blocked"))
		return arena_text(message->arena, "policy");
	return arena_text(message->arena, "soft");
}

static void put_mail(const struct ing_message *message, enum event_type type,
		     Nurture__V1__Event *event)
{
	static const char *const ids[] = {"email_id", "message_id", NULL};
	static const char *const campaigns[] = {"campaign_name", "campaign_id", NULL};
	struct arena *arena = message->arena;
	Nurture__V1__MessageRef *mail = arena_alloc(arena, sizeof(*mail));

	nurture__v1__message_ref__init(mail);
	mail->id = ing_field_first(message->properties, ids, arena);
	mail->programme = ing_field_first(message->properties, campaigns, arena);
	mail->channel = arena_text(arena, "email");
	if (type == EVENT_MESSAGE_BOUNCED)
		mail->kind = bounce_kind(message);
	if (type == EVENT_MESSAGE_SENT_ELSEWHERE)
		mail->message_class = arena_text(arena, message->names->sent_class);
	event->message = mail;
}

void ing_tracked_subject(const struct ing_message *message, enum event_type type,
			 Nurture__V1__Event *event)
{
	enum event_needs needs = event_type_needs(type);

	if (needs == EVENT_NEEDS_ORDER)
		put_order(message, type, event);
	else if (needs == EVENT_NEEDS_CASE)
		put_case(message, event);
	else if (type == EVENT_REVIEW_PUBLISHED)
		put_review(message, event);
	else
		put_mail(message, type, event);
}
