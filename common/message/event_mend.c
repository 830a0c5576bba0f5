/* event_mend.c - see event_mend.h. */
#include "event_mend.h"

#include "common/base/currency.h"
#include "event_internal.h"

/* 1: the text was taken out. */
static unsigned mend_text(const struct member *m, void *message)
{
	char **text = (char **)((char *)message + m->offset);
	struct slice value = slice_text(*text);

	if (!value.len || m->required || !m->format || m->format->matches(value))
		return 0;
	*text = (char *)"";
	return 1;
}

static unsigned mend(const struct shape *shape, void *message);

static unsigned mend_all(const struct member *m, void *message)
{
	size_t count = *(const size_t *)((const char *)message + m->count_offset);
	void **entries = *(void ***)((char *)message + m->offset);
	unsigned ret = 0;

	for (size_t i = 0; i < count; i++)
		ret += mend(m->shape, entries[i]);
	return ret;
}

static unsigned mend(const struct shape *shape, void *message)
{
	unsigned ret = 0;

	for (size_t i = 0; message && i < shape->count; i++) {
		const struct member *m = &shape->members[i];

		if (m->kind == MEMBER_TEXT)
			ret += mend_text(m, message);
		else if (m->kind == MEMBER_OBJECT)
			ret += mend(m->shape, *(void **)((char *)message + m->offset));
		else if (m->kind == MEMBER_LIST)
			ret += mend_all(m, message);
	}
	return ret;
}

static unsigned mend_amount(const char *currency, char **amount)
{
	if (currency_fits(slice_text(currency), slice_text(*amount)))
		return 0;
	*amount = (char *)"";
	return 1;
}

/* An amount is judged by its currency, which may just have gone. */
static unsigned mend_amounts(Nurture__V1__Order *order)
{
	unsigned ret = 0;

	if (!order || !*order->currency)
		return 0;
	ret += *order->amount ? mend_amount(order->currency, &order->amount) : 0;
	for (size_t i = 0; i < order->n_items; i++)
		if (*order->items[i]->price)
			ret += mend_amount(order->currency, &order->items[i]->price);
	return ret;
}

unsigned event_mend(Nurture__V1__Event *event)
{
	unsigned ret = mend(&event_shape, event);

	return ret + mend_amounts(event->order);
}
