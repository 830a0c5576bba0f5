/*
 * ingest_shops_test.c - what each delivery of a shop becomes: every fact once, by an id that
 * follows from it, and a reason for whatever becomes nothing.
 *
 * tests/golden/shops/deliveries.jsonl has deliveries as shops send them; beside it stands what they
 * become. The vendors' own sample payloads are read where they are (../shared/data).
 */
#include <dirent.h>

#include "common/codec/json_node.h"
#include "common/io/config/config.h"
#include "common/message/event.h"
#include "golden.h"
#include "services/ingest/shops/shop_config.h"
#include "services/ingest/shops/signature.h"

enum { FILE_MAX_BYTES = 4 << 20, PAGE_MAX_BYTES = 4 << 20 };
#define TRIGGERED_MS INT64_C(1790000000000)

static struct slice read_file(const char *path, struct arena *arena)
{
	struct err err;
	char *bytes;
	size_t len;

	if (file_read(path, FILE_MAX_BYTES, &bytes, &len, &err) < 0)
		fail_msg("%s", err.text);
	struct slice ret = slice_of(arena_copy(arena, bytes, len), len);

	free(bytes);
	return ret;
}

static struct shop_source source_of(const char *options, struct arena *arena)
{
	struct shop_source ret = SHOP_SOURCE;
	struct err err;

	ret.shop = "harbour";
	while (*options) {
		size_t len = strcspn(options, " ");

		if (shop_option_parse(slice_of(options, len), arena, &ret, &err) < 0)
			fail_msg("%s", err.text);
		options += len + (options[len] == ' ');
	}
	return ret;
}

/* What a delivery became, as lines; whatever it is, a reader of events must take it. */
static void put(const struct shop_events *events, struct arena *arena, struct buf *out)
{
	for (size_t i = 0; i < events->count; i++) {
		Nurture__V1__Event *event;
		struct err err;

		if (event_decode(events->list[i].value, arena, &event, &err) < 0)
			fail_msg("%s", err.text);
		assert_string_equal(event->customer->id, events->list[i].key.bytes);
		assert_string_equal(event->id, events->list[i].id);
		assert_true(event->snapshot);
		buf_printf(out, "%.*s\n", SLICE_ARGS(events->list[i].value));
	}
	for (int i = 0; i < SHOP_SKIP_COUNT; i++)
		if (events->skipped[i])
			buf_printf(out, "skipped: %s\n", shop_skip_text((enum shop_skip)i));
	if (events->detail[0])
		buf_printf(out, "because: %s\n", events->detail);
	if (events->mended)
		buf_printf(out, "left out: %zu\n", events->mended);
	if (!events->count && !events->detail[0]) {
		bool has_reason = false;

		for (int i = 0; i < SHOP_SKIP_COUNT; i++)
			has_reason = has_reason || events->skipped[i];
		assert_true(has_reason);
	}
}

static void deliver(struct slice line, struct buf *out)
{
	struct arena arena = {0};
	struct json_node *root = json_node_parse(line, &arena);
	const char *options = json_node_text_at(root, "options");
	struct shop_source source = source_of(options, &arena);
	struct shop_delivery delivery = {.body = json_node_get(root, "body")->raw,
					 .topic = json_node_text_at(root, "topic"),
					 .action = json_node_text_at(root, "action"),
					 .is_test = json_node_is_true(json_node_get(root, "test")),
					 .triggered_ms = TRIGGERED_MS};
	struct shop_events events;
	enum shop_kind kind;

	assert_true(shop_kind_find(slice_text(json_node_text_at(root, "shop")), &kind));
	shop_read(kind, &source, NULL, &delivery, &arena, &events);
	buf_printf(out, "== %s, %s: %s%s%s\n", shop_kind_text(kind), delivery.topic,
		   json_node_text_at(root, "name"), *options ? "; " : "", options);
	put(&events, &arena, out);
	arena_free(&arena);
}

static void test_deliveries(void **state)
{
	struct arena arena = {0};
	struct slice text = read_file("tests/golden/shops/deliveries.jsonl", &arena);
	struct buf out = BUF_MAX(PAGE_MAX_BYTES);

	(void)state;
	while (text.len) {
		const uint8_t *end = memchr(text.bytes, '\n', text.len);
		size_t len = (size_t)(end - text.bytes);

		deliver(slice_of(text.bytes, len), &out);
		text = slice_of(end + 1, text.len - len - 1);
	}
	golden("shops/events.txt", &out);
	buf_free(&out);
	arena_free(&arena);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_json(const struct dirent *entry)
{
	return strstr(entry->d_name, ".json") != NULL;
}

/* "orders__create.json" is a payload of orders/create. */
static void sample(enum shop_kind kind, const char *directory, const char *name, struct buf *out)
{
	struct arena arena = {0};
	struct shop_source source = source_of("test=yes", &arena);
	char *topic = arena_text(&arena, name), *underscores = strstr(topic, "__");
	struct shop_delivery delivery = {.action = "", .triggered_ms = TRIGGERED_MS};
	struct shop_events events;

	*strstr(topic, ".json") = '\0';
	if (underscores)
		memmove(underscores + 1, underscores + 2, strlen(underscores + 1));
	if (underscores)
		*underscores = '/';
	delivery.topic = kind == SHOP_SHOPIFY              ? topic
			 : strncmp(topic, "order", 5) == 0 ? "order.updated"
							   : "customer.updated";
	delivery.body = read_file(arena_printf(&arena, "%s/%s", directory, name), &arena);
	shop_read(kind, &source, NULL, &delivery, &arena, &events);
	buf_printf(out, "== %s, %s\n", shop_kind_text(kind), name);
	put(&events, &arena, out);
	arena_free(&arena);
}

static bool samples(enum shop_kind kind, const char *directory, struct buf *out)
{
	struct dirent **names;
	int count = scandir(directory, &names, is_json, by_name);

	for (int i = 0; i < count; i++) {
		sample(kind, directory, names[i]->d_name, out);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return count > 0;
}

static void test_samples(void **state)
{
	struct buf out = BUF_MAX(PAGE_MAX_BYTES);

	(void)state;
	if (samples(SHOP_SHOPIFY, "../shared/data/shopify", &out) &&
	    samples(SHOP_WOOCOMMERCE, "../shared/data/woocommerce", &out))
		golden("shops/samples.txt", &out);
	else
		print_message("the vendors' sample payloads are not here: not compared\n");
	buf_free(&out);
}

static void test_catalogue(void **state)
{
	static const char csv[] =
	    "sku,category,name,url,image,gtin\nTEA-*,tea,,,,\n"
	    "TEA-EARL,black-tea,,https://harbour.example/earl,,4006381333931\n"
	    "788032119674292923,tents,,,,\n";
	static const char body[] =
	    "{\"id\":1,\"email\":\"a@b.example\",\"financial_status\":\"paid\",\"processed_at\":"
	    "\"2026-01-01T00:00:00Z\",\"line_items\":[{\"sku\":\"TEA-EARL\",\"quantity\":1},{"
	    "\"sku\":"
	    "\"TEA-MINT\",\"quantity\":1},{\"sku\":null,\"product_id\":788032119674292923,"
	    "\"quantity\":1},{\"sku\":\"ROPE\",\"quantity\":1}]}";
	static const char *const expected[] = {"black-tea", "tea", "tents", ""};
	struct arena arena = {0};
	struct shop_source source = source_of("", &arena);
	struct shop_delivery delivery = {
	    .body = slice_text(body), .topic = "orders/create", .action = ""};
	Nurture__V1__Event *event;
	struct catalogue catalogue;
	struct shop_events events;
	struct err err;

	(void)state;
	assert_int_equal(catalogue_read(slice_text(csv), &arena, &catalogue, &err), 0);
	shop_read(SHOP_SHOPIFY, &source, &catalogue, &delivery, &arena, &events);
	assert_int_equal(events.count, 1);
	assert_int_equal(events.looked_up_items, 4);
	assert_int_equal(events.unmatched_items, 1);
	assert_int_equal(event_decode(events.list[0].value, &arena, &event, &err), 0);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(event->order->items[i]->category, expected[i]);
	assert_string_equal(event->order->items[0]->gtin, "4006381333931");
	arena_free(&arena);
}

static void read_shopify(const struct buf *body, struct arena *arena, struct shop_events *ret)
{
	struct shop_source source = source_of("", arena);
	struct shop_delivery delivery = {
	    .body = buf_slice(body), .topic = "orders/create", .action = ""};

	assert_false(buf_failed(body));
	shop_read(SHOP_SHOPIFY, &source, NULL, &delivery, arena, ret);
}

static Nurture__V1__Order *order_of_items(unsigned count, const char *name, struct arena *arena,
					  struct shop_events *ret)
{
	struct buf body = BUF_MAX(PAGE_MAX_BYTES);
	Nurture__V1__Event *event;
	struct err err;

	buf_printf(&body, "{\"id\":1,\"email\":\"a@b.example\",\"financial_status\":\"paid\","
			  "\"processed_at\":\"2026-01-01T00:00:00Z\",\"line_items\":[");
	for (unsigned i = 0; i < count; i++)
		buf_printf(&body, "%s{\"id\":%u,\"sku\":\"TEA-%u\",\"title\":\"%s\"}", i ? "," : "",
			   i + 1, i, name);
	buf_printf(&body, "]}");
	read_shopify(&body, arena, ret);
	buf_free(&body);
	assert_int_equal(ret->count, 1);
	assert_int_equal(event_decode(ret->list[0].value, arena, &event, &err), 0);
	assert_string_equal(event->type, "order.placed");
	return event->order;
}

/* An order is never lost to how much is in it: what it can do without goes first. */
static void test_large_orders(void **state)
{
	static const char name[] = "A tea of the first flush, from the garden that everybody asks "
				   "for, in a tin of tinned steel that keeps its scent for years";
	struct arena arena = {0};
	struct shop_events events;
	Nurture__V1__Order *order;

	(void)state;
	order = order_of_items(100, name, &arena, &events);
	assert_int_equal(order->n_items, 100);
	assert_string_equal(order->items[99]->name, name);
	assert_false(events.skipped[SHOP_SKIP_CUT]);
	order = order_of_items(600, name, &arena, &events);
	assert_int_equal(order->n_items, 600);
	assert_string_equal(order->items[599]->sku, "TEA-599");
	assert_string_equal(order->items[599]->name, "");
	assert_true(events.skipped[SHOP_SKIP_CUT]);
	order = order_of_items(1001, "", &arena, &events);
	assert_int_equal(order->n_items, 1000);
	assert_true(events.skipped[SHOP_SKIP_CUT]);
	arena_free(&arena);
}

/* More than 64 bits of ten-thousandths: no sum, and no undefined one. */
static void test_refunds_beyond_counting(void **state)
{
	struct buf body = BUF_MAX(PAGE_MAX_BYTES);
	struct arena arena = {0};
	struct shop_events events;

	(void)state;
	buf_printf(&body, "{\"id\":1,\"email\":\"a@b.example\",\"refunds\":[{\"id\":2,"
			  "\"created_at\":\"2026-01-01T00:00:00Z\",\"transactions\":[");
	for (unsigned i = 0; i < 9300; i++)
		buf_printf(&body,
			   "%s{\"kind\":\"refund\",\"status\":\"success\","
			   "\"amount\":\"99999999999\"}",
			   i ? "," : "");
	buf_printf(&body, "]}]}");
	read_shopify(&body, &arena, &events);
	assert_int_equal(events.count, 0);
	assert_true(events.skipped[SHOP_SKIP_NO_AMOUNT]);
	buf_free(&body);
	arena_free(&arena);
}

static void test_signature(void **state)
{
	/* printf '{"id":1}' | openssl dgst -sha256 -hmac SECRET -binary | base64 */
	static const char first[] = "7nVo3aJdrHgWRyZv1dZCAB7ob1YdLCPwEN3loJ+I5JE=",
			  second[] = "RCburcq/67zxTs1hXq7BQu9ptFHB3z22YmyrwUxRIfU=";
	struct slice body = slice_text("{\"id\":1}");
	struct shop_hook hook = {.secret_count = 2, .secrets = {"the-first-secret", "the-second"}};

	(void)state;
	assert_true(shop_is_signed(&hook, body, first));
	assert_true(shop_is_signed(&hook, body, second));
	hook.secret_count = 1;
	assert_false(shop_is_signed(&hook, body, second));
	assert_false(shop_is_signed(&hook, slice_text("{\"id\":2}"), first));
	assert_false(shop_is_signed(&hook, body, NULL));
	assert_false(shop_is_signed(&hook, body, ""));
	assert_false(shop_is_signed(&hook, body, "AAAA"));
	assert_false(shop_is_signed(&hook, body, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
	hook.secret_count = 0;
	assert_false(shop_is_signed(&hook, body, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
}

static void refused(const char *text, const char *why)
{
	struct arena arena = {0};
	struct shop_hooks *hooks = arena_zalloc(&arena, sizeof(*hooks));
	struct err err;

	assert_int_equal(shop_hooks_parse(slice_text(text), &arena, hooks, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, why);
	arena_free(&arena);
}

static void test_refusals(void **state)
{
	(void)state;
	refused("", "expected NAME=SECRET, found none");
	refused("# nobody\n", "expected NAME=SECRET, found none");
	refused("Harbour=secret", "entry 1: expected the name of a shop of 1 to 40 of a-z, 0-9, _ "
				  "and -, then = and its secret");
	refused("a=", "entry 1: a: expected a secret behind =, found none");
	refused("a=x|y|z", "entry 1: a: expected at most 2 secrets");
	refused("a=x||y", "entry 1: a: expected a secret of 1 to 512 visible ASCII characters, or "
			  "two with | between them");
	refused("a=x, a=y", "entry 2: a stands twice: expected both secrets in one entry, with | "
			    "between them");
	refused("a=x key=mail", "entry 1: a: expected key=email or key=id, found \"mail\"");
	refused("a=x pendin=yes",
		"entry 1: a: expected an option (key, pending, test, completed, status:NAME, "
		"consent, consent_meta, country, locale, shop, prefix) and its value, found "
		"\"pendin\": did you mean pending=?");
	refused("harbour=S\ncountry=GB",
		"entry 2: country is the name of an option, and no shop's: expected options behind "
		"their shop's secret, in one line, with blanks between them (NAME=SECRET "
		"country=AT)");
	refused("harbour=0123456789abcdef, consent=0123456789abcdef",
		"entry 2: consent is the name of an option, and no shop's: expected options behind "
		"their shop's secret, in one line, with blanks between them (NAME=SECRET "
		"country=AT)");
	refused("harbour=0123456789abcdef\nstatus:shipped=order.shipped",
		"entry 2: status:shipped is the name of an option, and no shop's: expected options "
		"behind their shop's secret, in one line, with blanks between them (NAME=SECRET "
		"country=AT)");
	refused("a=0123456789abcdef|GB", "a: expected a secret of at least 12 characters, found "
					 "one of 2: whoever guesses it can forge orders");
	refused("a=\"0123456789abcdef\"", "entry 1: a: expected a secret without quotes around it");
	refused("a=x\nb=y completed=gone",
		"entry 2: b: expected completed=delivered or completed=shipped, found \"gone\"");
	refused("a=x status:shipped=order.sent",
		"entry 1: a: expected order.placed, order.shipped, order.delivered, order.late or "
		"order.cancelled, found \"order.sent\"");
	refused(
	    "a=x country=at",
	    "entry 1: a: expected country= and two capital letters of ISO 3166-1, found \"at\"");
}

static void test_settings(void **state)
{
	struct arena arena = {0};
	struct shop_hooks *hooks = arena_zalloc(&arena, sizeof(*hooks));
	const struct shop_hook *hook;
	struct err err;

	(void)state;
	assert_int_equal(
	    shop_hooks_parse(
		slice_text("# shops\nharbour=0123456789abcdef|old-0123456789abc key=id\n\n "
			   "north=north-0123456789 pending=yes status:wc-sent=order.shipped , "
			   "south=south-0123456789\n"),
		&arena, hooks, &err),
	    0);
	assert_int_equal(hooks->count, 3);
	hook = shop_hook_find(hooks, slice_text("harbour"));
	assert_int_equal(hook->secret_count, 2);
	assert_string_equal(hook->secrets[1], "old-0123456789abc");
	assert_int_equal(hook->source.key, SHOP_KEY_ID);
	hook = shop_hook_find(hooks, slice_text("north"));
	assert_int_equal(hook->source.key, SHOP_KEY_EMAIL);
	assert_true(hook->source.takes_pending);
	assert_string_equal(hook->source.statuses[0].name, "sent");
	assert_null(shop_hook_find(hooks, slice_text("west")));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_deliveries),   cmocka_unit_test(test_samples),
	    cmocka_unit_test(test_catalogue),    cmocka_unit_test(test_signature),
	    cmocka_unit_test(test_refusals),     cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_large_orders), cmocka_unit_test(test_refunds_beyond_counting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
