/*
 * encode.c - a mapped event as JSON, checked by the one function that checks all events.
 *
 * A call that tells of an order must not be lost because somebody's country is written out: a value
 * that is of no consequence for what happened is left out when it is refused, and the rest is tried
 * again.
 */
#include "mapper_internal.h"

#include "common/base/buf.h"
#include "common/message/event.h"

enum { TRIES_MAX = 64, FIELD_BYTES = 32 };

static bool forget_of_customer(Nurture__V1__Customer *customer, const char *field)
{
	const struct {
		const char *field;
		char **value;
	} optional[] = {
	    {"email", &customer->email},     {"name", &customer->name},
	    {"locale", &customer->locale},   {"time_zone", &customer->time_zone},
	    {"country", &customer->country}, {"birthday", &customer->birthday},
	    {"phone", &customer->phone},
	};

	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		if (strcmp(optional[i].field, field) != 0 || !(*optional[i].value)[0])
			continue;
		*optional[i].value = (char *)protobuf_c_empty_string;
		return true;
	}
	return false;
}

static bool forget_of_item(Nurture__V1__Item *item, const char *field)
{
	const struct {
		const char *field;
		char **value;
	} optional[] = {
	    {"sku", &item->sku},     {"category", &item->category}, {"name", &item->name},
	    {"gtin", &item->gtin},   {"url", &item->url},           {"image", &item->image},
	    {"price", &item->price},
	};

	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		if (strcmp(optional[i].field, field) != 0 || !(*optional[i].value)[0])
			continue;
		*optional[i].value = (char *)protobuf_c_empty_string;
		return true;
	}
	return false;
}

/* "$.customer.country: expected ..." -> "country"; false when the prefix is another one. */
static bool field_behind(const char *text, const char *prefix, char ret[FIELD_BYTES])
{
	size_t len = strlen(prefix), field_len;

	if (strncmp(text, prefix, len) != 0)
		return false;
	field_len = strspn(text + len, "abcdefghijklmnopqrstuvwxyz_");
	if (field_len == 0 || field_len >= FIELD_BYTES || text[len + field_len] != ':')
		return false;
	memcpy(ret, text + len, field_len);
	ret[field_len] = '\0';
	return true;
}

/* Leaves out the value that the refusal names, if the event means the same without it. */
static bool leave_out(Nurture__V1__Event *event, const char *refusal)
{
	static const char items[] = "$.order.items[";
	char field[FIELD_BYTES];
	size_t index = 0;

	if (field_behind(refusal, "$.customer.", field))
		return forget_of_customer(event->customer, field);
	if (strncmp(refusal, items, strlen(items)) != 0 || !event->order)
		return false;
	for (refusal += strlen(items); *refusal >= '0' && *refusal <= '9'; refusal++)
		index = index * 10 + (size_t)(*refusal - '0');
	return index < event->order->n_items && field_behind(refusal, "].", field) &&
	       forget_of_item(event->order->items[index], field);
}

int ing_tracked_encode(Nurture__V1__Event *event, struct arena *arena, struct slice *ret,
		       unsigned *left_out, struct err *err)
{
	Nurture__V1__Event *read;

	for (int tries = 0;; tries++) {
		struct buf json = BUF_MAX(2 * EVENT_MAX_BYTES);

		event_encode_json(event, &json);
		*ret =
		    slice_of(arena_copy(arena, json.bytes ? json.bytes : "", json.len), json.len);
		if (buf_failed(&json))
			ret->len = 0;
		buf_free(&json);
		if (ret->len == 0)
			return err_set(err, "expected an event of at most %d bytes",
				       EVENT_MAX_BYTES);
		if (event_decode(*ret, arena, &read, err) == 0)
			return 0;
		if (tries == TRIES_MAX || !leave_out(event, err->text))
			return -1;
		++*left_out;
	}
}
