/* load_shop.c - who the shop is, and its classes of messages. */
#include "load.h"

#include "common/base/currency.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

static const struct field shop_fields[] = {
    FIELD("name", TEXT, shop, name, .missing = "the shop's name"),
    FIELD("time_zone", TEXT, shop, time_zone, .missing = "an IANA zone such as Europe/London"),
    FIELD("country", COUNTRY, shop, country),
    FIELD("currency", TEXT, shop, currency),
    FIELD("sender", TEXT, shop, sender),
    FIELD("postal_address", TEXT, shop, postal_address),
    KEY("website"),
    KEY("public_url"),
};

static int check_currency(const struct node *node, const char *currency, struct err *err)
{
	if (currency_decimals(slice_text(currency)) >= 0)
		return 0;
	return node_error(node, err, "expected a currency of ISO 4217 such as EUR, found %s",
			  node_quoted(currency).text);
}

int policy_load_shop(struct loader *l, const struct node *node, struct err *err)
{
	struct shop *shop = &l->policy->shop;
	const struct node *child;

	*shop = (struct shop){
	    .name = "",
	    .time_zone = "",
	    .country = "",
	    .currency = "",
	    .sender = "",
	    .sender_name = "",
	    .sender_address = "",
	    .postal_address = "",
	    .website = "",
	    .public_url = "http://localhost:8084",
	};
	if (fields_read(node, shop_fields, FIELDS_COUNT(shop_fields), shop, err) < 0)
		return -1;
	child = node_get(node, "time_zone");
	l->policy->shop_zone = zones_find(l->policy->zones, slice_text(shop->time_zone));
	if (!l->policy->shop_zone)
		return node_error(child, err,
				  "unknown time zone %s; expected an IANA zone such as "
				  "Europe/London",
				  node_quoted(shop->time_zone).text);
	child = node_get(node, "currency");
	if (child && check_currency(child, shop->currency, err) < 0)
		return -1;
	child = node_get(node, "sender");
	if (child &&
	    value_mailbox(child, l->arena, &shop->sender_name, &shop->sender_address, err) < 0)
		return -1;
	child = node_get(node, "website");
	if (child && value_https_url(child, l->arena, &shop->website, err) < 0)
		return -1;
	child = node_get(node, "public_url");
	return child ? value_url(child, l->arena, &shop->public_url, err) : 0;
}

static const struct field class_fields[] = {
    FIELD("needs_consent", BOOL, message_class, needs_consent),
    FIELD("holds_on_open_case", BOOL, message_class, holds_on_open_case),
    FIELD("skips_just_bought", BOOL, message_class, skips_just_bought),
    FIELD("in_doubt_resend", BOOL, message_class, in_doubt_resend),
    FIELD("quiet_hours", BOOL, message_class, quiet_hours),
    KEY("title"),
    KEY("about"),
};

/* Reads a class in two passes: the defaults of the later members follow from the first ones. */
static int load_class(struct loader *l, const struct node *node, struct message_class *ret,
		      struct err *err)
{
	const struct node *title, *about;

	*ret = (struct message_class){.name = node->key};
	ret->needs_consent = strcmp(node->key, "transactional") != 0;
	if (fields_read(node, class_fields, FIELDS_COUNT(class_fields), ret, err) < 0)
		return -1;
	ret->skips_just_bought = ret->holds_on_open_case;
	ret->in_doubt_resend = !ret->needs_consent;
	ret->quiet_hours = ret->needs_consent;
	if (fields_read(node, class_fields, FIELDS_COUNT(class_fields), ret, err) < 0)
		return -1;
	title = node_get(node, "title");
	about = node_get(node, "about");
	if (title && policy_load_wording(l, title, &ret->title, err) < 0)
		return -1;
	return about ? policy_load_wording(l, about, &ret->about, err) : 0;
}

int policy_load_classes(struct loader *l, const struct node *node, struct err *err)
{
	struct policy *policy = l->policy;

	if (policy_load_names(l, node, "classes", POLICY_CLASSES_MAX, &l->classes, err) < 0)
		return -1;
	if (node->count == 0)
		return node_error(node, err, "no class; expected at least one");
	policy->classes = arena_zalloc(l->arena, node->count * sizeof(*policy->classes));
	policy->class_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (strcmp(child->key, "all") == 0) /* "all" in consent means every class */
			return node_key_error(child, err, "a class cannot be called \"all\"");
		if (load_class(l, child, &policy->classes[child->index], err) < 0)
			return -1;
	}
	return 0;
}
