/* values.c - see values.h. */
#include "values.h"

#include "common/base/text.h"
#include "common/policy/mail_words.h"
#include "common/mail/address.h"
#include "common/mail/name.h"
#include "headers.h"

static const enum mail_word facts[] = {MAIL_COUPON, MAIL_ORDERS, MAIL_FIRST_ORDER,
				       MAIL_YEARS,  MAIL_PAGE,   MAIL_PUBLIC_LINK,
				       MAIL_SCORE,  MAIL_RELATED};
static const char *const order_facts[] = {"id", "amount", "product", "starts", "ends"};
enum {
	FACT_COUNT = sizeof(facts) / sizeof(*facts),
	ORDER_FACT_COUNT = sizeof(order_facts) / sizeof(*order_facts),
};
_Static_assert(ROOT_FACTS + FACT_COUNT == ROOT_COUNT, "a place for each fact");

struct mustache_value mail_value_text(const char *name, struct slice text)
{
	return (struct mustache_value){.name = name, .kind = MUSTACHE_TEXT, .text = text};
}

struct mustache_value mail_value_object(const char *name, const struct mustache_value *items,
					size_t count)
{
	return (struct mustache_value){
	    .name = name, .kind = MUSTACHE_OBJECT, .items = items, .count = count};
}

static void set_datum(struct mail_values *values, const Nurture__V1__Datum *datum)
{
	struct slice text = readable(slice_text(datum->value));

	if (strncmp(datum->name, "order.", 6) == 0)
		for (size_t i = 0; i < ORDER_FACT_COUNT; i++)
			if (strcmp(datum->name + 6, order_facts[i]) == 0)
				values->order[i].text = text;
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (strcmp(datum->name, mail_words[facts[i]]) == 0)
			values->root[ROOT_FACTS + i].text = text;
}

/* Returns the address that an answer reaches. */
static struct slice answer_address(const struct shop *shop, const Nurture__V1__Dispatch *dispatch)
{
	const char *mailbox = dispatch->reply_to[0] ? dispatch->reply_to : dispatch->sender;
	struct slice name, address;

	address_split(slice_text(mailbox), &name, &address);
	return text_is_email(address) ? address : slice_text(shop->sender_address);
}

void mail_values_fill(struct mail_values *values, const struct shop *shop,
		      const Nurture__V1__Dispatch *dispatch, const Nurture__V1__Request *request,
		      const char *coupon, const char *unsubscribe, const char *preferences)
{
	const Nurture__V1__Datum drawn = {.name = (char *)"coupon",
					  .value = (char *)(uintptr_t)coupon};
	struct slice name = name_shown(slice_text(dispatch->name));
	struct slice none = slice_of("", 0);

	values->customer[0] = mail_value_text("name", name);
	values->customer[1] = mail_value_text("first_name", name_first(name));
	values->shop[0] = mail_value_text("name", slice_text(shop->name));
	values->shop[1] = mail_value_text("postal_address", slice_text(shop->postal_address));
	values->shop[2] = mail_value_text("email", answer_address(shop, dispatch));
	values->shop[3] = mail_value_text("website", slice_text(shop->website));
	for (size_t i = 0; i < ORDER_FACT_COUNT; i++)
		values->order[i] = mail_value_text(order_facts[i], none);
	values->root[ROOT_CUSTOMER] = mail_value_object("customer", values->customer, 2);
	values->root[ROOT_SHOP] = mail_value_object("shop", values->shop, 4);
	values->root[ROOT_ORDER] = mail_value_object("order", values->order, ORDER_FACT_COUNT);
	values->root[ROOT_SUBJECT] = mail_value_text("subject", none);
	values->root[ROOT_UNSUBSCRIBE] = mail_value_text("unsubscribe", slice_text(unsubscribe));
	values->root[ROOT_PREFERENCES] =
	    mail_value_text("preferences_url", slice_text(preferences));
	values->root[ROOT_CATEGORY] =
	    mail_value_text("category", readable(slice_text(request->category)));
	values->root[ROOT_ALSO] =
	    (struct mustache_value){.name = "also", .kind = MUSTACHE_LIST, .items = values->also};
	for (size_t i = 0; i < FACT_COUNT; i++)
		values->root[ROOT_FACTS + i] = mail_value_text(mail_words[facts[i]], none);
	for (size_t i = 0; i < request->n_data; i++)
		set_datum(values, request->data[i]);
	if (coupon[0])
		set_datum(values, &drawn);
	values->top = mail_value_object("", values->root, ROOT_COUNT);
}
