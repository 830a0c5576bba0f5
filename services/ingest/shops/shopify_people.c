/*
 * shopify_people.c - customers of Shopify: changed, asked, merged, forgotten (shopify.dev,
 * "Webhooks", "Privacy law compliance").
 *
 * Ids are Shopify's own and unique over all shops, so an erasure is told for the id as well as
 * for the inbox: somebody may know the person by either.
 */
#include "shop_order.h"

static struct shop_person person_of(struct shop_reading *reading, struct json_node *node)
{
	return (struct shop_person){
	    .id = json_node_text_at(node, "id"),
	    .email = json_node_text_at(node, "email"),
	    .name = shop_full_name(reading->arena, json_node_text_at(node, "first_name"),
				   json_node_text_at(node, "last_name")),
	    .locale = json_node_text_at(node, "locale"),
	    .country = json_node_text_at(node, "default_address.country_code"),
	    .province = json_node_text_at(node, "default_address.province_code"),
	};
}

/* "customer:ID:WHAT" of the shop's own id. */
static const char *suffix_of(struct shop_reading *reading, const char *id, const char *what)
{
	return arena_printf(reading->arena, "customer:%s:%s", id, what);
}

void shopify_customer(struct shop_reading *reading, struct json_node *root)
{
	struct shop_person person = person_of(reading, root);
	const char *updated = json_node_text_at(root, "updated_at");
	const char *customer;
	Nurture__V1__Event *event;

	if (!*person.id) {
		shop_skip(reading, SHOP_SKIP_MALFORMED, "a customer without id");
		return;
	}
	customer = shop_person_key(reading, &person);
	if (!*customer)
		return;
	event =
	    shop_event_new(reading, event_type_text(EVENT_CUSTOMER_UPDATED),
			   suffix_of(reading, person.id, updated), shop_time_of(updated), customer);
	shop_person_put(reading, &person, event->customer);
	shop_event_add(reading, event);
}

static bool is_consent_state(const char *state, bool *ret_given)
{
	static const char *const withdrawn[] = {"unsubscribed", "redacted", "invalid"};

	*ret_given = strcmp(state, "subscribed") == 0;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(state, withdrawn[i]) == 0)
			return true;
	return *ret_given;
}

/* Only a click in a mail proves that it was the person who said so. */
static void put_proof(struct shop_reading *reading, struct json_node *consent, int64_t at_ms,
		      Nurture__V1__Event *event)
{
	if (strcmp(json_node_text_at(consent, "opt_in_level"), "confirmed_opt_in") != 0)
		return;
	event->proof = arena_alloc(reading->arena, sizeof(*event->proof));
	nurture__v1__proof__init(event->proof);
	event->proof->source =
	    arena_printf(reading->arena, "Shopify, confirmed opt-in (%s)", reading->source->shop);
	event->proof->at_ms = at_ms;
}

void shopify_consent(struct shop_reading *reading, struct json_node *root)
{
	struct json_node *consent = json_node_get(root, "email_marketing_consent");
	struct shop_person person = {.id = json_node_text_at(root, "customer_id"),
				     .email = json_node_text_at(root, "email_address"),
				     .name = "",
				     .locale = "",
				     .country = ""};
	const char *state = json_node_text_at(consent, "state"), *customer;
	int64_t said_ms = shop_time_of(json_node_text_at(consent, "consent_updated_at"));
	int64_t at_ms = said_ms == SHOP_NO_TIME ? reading->delivery->triggered_ms : said_ms;
	Nurture__V1__Event *event;
	bool given;

	if (!is_consent_state(state, &given)) {
		shop_skip(reading, SHOP_SKIP_UNDECIDED, NULL);
		return;
	}
	customer = shop_person_key(reading, &person);
	if (!*customer)
		return;
	event = shop_event_new(
	    reading, event_type_text(EVENT_CONSENT_CHANGED),
	    suffix_of(reading, person.id,
		      arena_printf(reading->arena, "consent:%s:%lld", state, (long long)at_ms)),
	    at_ms, customer);
	event->customer->email = arena_text(reading->arena, person.email);
	shop_consent_put(reading, event->customer, given);
	if (given && said_ms != SHOP_NO_TIME)
		put_proof(reading, consent, said_ms, event);
	shop_event_add(reading, event);
}

void shopify_merge(struct shop_reading *reading, struct json_node *root)
{
	const char *kept =
	    shop_id_of(json_node_text_at(root, "admin_graphql_api_customer_kept_id"));
	const char *ended =
	    shop_id_of(json_node_text_at(root, "admin_graphql_api_customer_deleted_id"));
	const struct shop_source *source = reading->source;
	Nurture__V1__Event *event;

	if (strcmp(json_node_text_at(root, "status"), "completed") != 0) {
		shop_skip(reading, SHOP_SKIP_MERGE_UNFINISHED, NULL);
	} else if (!*kept || !*ended) {
		shop_skip(reading, SHOP_SKIP_MALFORMED, "a merge without both customers");
	} else if (source->key == SHOP_KEY_EMAIL) {
		shop_skip(reading, SHOP_SKIP_MERGE_BY_EMAIL, NULL);
	} else {
		event = shop_event_new(
		    reading, event_type_text(EVENT_CUSTOMER_MERGED),
		    suffix_of(reading, ended, arena_printf(reading->arena, "merged:%s", kept)),
		    reading->delivery->triggered_ms,
		    arena_printf(reading->arena, "%s%s", source->prefix, ended));
		event->merge = arena_alloc(reading->arena, sizeof(*event->merge));
		nurture__v1__merge__init(event->merge);
		event->merge->into = arena_printf(reading->arena, "%s%s", source->prefix, kept);
		shop_event_add(reading, event);
	}
}

static void erase(struct shop_reading *reading, const char *customer, const char *of,
		  const char *what)
{
	shop_event_add(reading, shop_event_new(reading, event_type_text(EVENT_CUSTOMER_ERASED),
					       suffix_of(reading, of, what),
					       reading->delivery->triggered_ms, customer));
}

/*
 * Who was forgotten and comes back with the same inbox is another customer of the shop. Their
 * erasure needs another id, or it would pass for a repeat of the first one.
 */
static void erase_inbox(struct shop_reading *reading, const char *inbox, const char *person)
{
	long long triggered_ms = (long long)reading->delivery->triggered_ms;

	erase(reading, inbox, inbox,
	      *person ? arena_printf(reading->arena, "erased:%s", person)
		      : arena_printf(reading->arena, "erased:at:%lld", triggered_ms));
}

/* customers/delete has the customer at its root, customers/redact in a member. */
void shopify_erase(struct shop_reading *reading, struct json_node *root)
{
	struct json_node *inner = json_node_get(root, "customer");
	struct shop_person person = person_of(reading, inner ? inner : root);
	const char *inbox = shop_email_key(reading->arena, person.email);

	if (*person.id)
		erase(reading,
		      arena_printf(reading->arena, "%s%s", reading->source->prefix, person.id),
		      person.id, "erased");
	if (*inbox)
		erase_inbox(reading, inbox, person.id);
	else if (reading->source->key == SHOP_KEY_EMAIL || !*person.id)
		shop_skip(reading, *person.id ? SHOP_SKIP_NO_EMAIL : SHOP_SKIP_NO_CUSTOMER, NULL);
}

/* A type that Nurture does not know: the policy may give somebody a task for it. */
void shopify_data_request(struct shop_reading *reading, struct json_node *root)
{
	struct shop_person person = person_of(reading, json_node_get(root, "customer"));
	const char *customer = shop_person_key(reading, &person);
	const char *request = json_node_text_at(root, "data_request.id");
	Nurture__V1__Event *event;

	if (!*customer)
		return;
	event = shop_event_new(reading, "customer.data_requested",
			       suffix_of(reading, *person.id ? person.id : customer,
					 arena_printf(reading->arena, "data_request:%s", request)),
			       reading->delivery->triggered_ms, customer);
	shop_person_put(reading, &person, event->customer);
	shop_event_add(reading, event);
}
