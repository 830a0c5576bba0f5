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

struct optional {
	const char *field;
	char **value;
};

static bool forget(const struct optional *list, size_t count, const char *field)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].field, field) != 0 || !(*list[i].value)[0])
			continue;
		*list[i].value = (char *)protobuf_c_empty_string;
		return true;
	}
	return false;
}

static bool forget_of_customer(Nurture__V1__Customer *customer, const char *field)
{
	const struct optional list[] = {
	    {"email", &customer->email},     {"name", &customer->name},
	    {"locale", &customer->locale},   {"time_zone", &customer->time_zone},
	    {"country", &customer->country}, {"birthday", &customer->birthday},
	    {"phone", &customer->phone},
	};

	return forget(list, sizeof(list) / sizeof(*list), field);
}

static bool forget_of_item(Nurture__V1__Item *item, const char *field)
{
	const struct optional list[] = {
	    {"sku", &item->sku},     {"category", &item->category}, {"name", &item->name},
	    {"gtin", &item->gtin},   {"url", &item->url},           {"image", &item->image},
	    {"price", &item->price},
	};

	return forget(list, sizeof(list) / sizeof(*list), field);
}

/* Which mail of somebody else it was, and what was written to a case or a review. */
static bool forget_of_subject(Nurture__V1__Event *event, const char *path)
{
	struct optional list[4];
	size_t count = 0;

	if (event->message) {
		list[count++] = (struct optional){"message.id", &event->message->id};
		list[count++] = (struct optional){"message.programme", &event->message->programme};
	}
	if (event->case_)
		list[count++] = (struct optional){"case.reason", &event->case_->reason};
	if (event->feedback)
		list[count++] = (struct optional){"feedback.comment", &event->feedback->comment};
	return forget(list, count, path);
}

/* "$.customer.country: expected ..." -> "country"; false when the prefix is another one. */
static bool field_behind(const char *text, const char *prefix, char ret[FIELD_BYTES])
{
	size_t len = strlen(prefix), field_len;

	if (strncmp(text, prefix, len) != 0)
		return false;
	field_len = strspn(text + len, "abcdefghijklmnopqrstuvwxyz_.");
	if (field_len == 0 || field_len >= FIELD_BYTES || text[len + field_len] != ':')
		return false;
	memcpy(ret, text + len, field_len);
	ret[field_len] = '\0';
	return true;
}

/* The field of the item that the refusal names, or of all of them. */
static unsigned leave_out_of_items(Nurture__V1__Order *order, const char *refusal, bool of_all)
{
	char field[FIELD_BYTES];
	unsigned ret = 0;
	size_t index = 0;

	for (; *refusal >= '0' && *refusal <= '9'; refusal++)
		index = index * 10 + (size_t)(*refusal - '0');
	if (index >= order->n_items || !field_behind(refusal, "].", field))
		return 0;
	if (!of_all)
		return forget_of_item(order->items[index], field);
	for (size_t i = 0; i < order->n_items; i++)
		ret += forget_of_item(order->items[i], field);
	return ret;
}

/*
 * Leaves out the value that the refusal names, if the event means the same without it, and returns
 * how many it left out. What is wrong with one item is often wrong with all of a long list.
 */
static unsigned leave_out(Nurture__V1__Event *event, const char *refusal, bool of_all_items)
{
	static const char items[] = "$.order.items[";
	char field[FIELD_BYTES];

	if (field_behind(refusal, "$.customer.", field))
		return forget_of_customer(event->customer, field);
	if (strncmp(refusal, items, strlen(items)) == 0 && event->order)
		return leave_out_of_items(event->order, refusal + strlen(items), of_all_items);
	return field_behind(refusal, "$.", field) && forget_of_subject(event, field);
}

int ing_tracked_encode(Nurture__V1__Event *event, struct arena *arena, struct slice *ret,
		       unsigned *left_out, struct err *err)
{
	Nurture__V1__Event *read;
	unsigned count;

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
		count = leave_out(event, err->text, tries >= TRIES_MAX / 2);
		if (tries == TRIES_MAX || count == 0)
			return -1;
		*left_out += count;
	}
}
