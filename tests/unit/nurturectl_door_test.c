/*
 * nurturectl_door_test.c - what an export tells as history and what the shop tells live, of the same
 * order: the same customers, orders and event ids.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/civil.h"
#include "common/message/event.h"
#include "services/ingest/shops/shop_config.h"
#include "services/nurturectl/sim/import_event.h"
#include "services/nurturectl/sim/orders_door.h"

static char path[64];
static struct arena arena;

static int set_up(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/nurturectl_door_XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return unlink(path);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void put_event(struct buf *out, struct slice value)
{
	Nurture__V1__Event *event;
	struct err err;

	if (event_decode(value, &arena, &event, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(event->snapshot);
	buf_printf(out, "%s of %s about %s in %s\n", event->id, event->customer->id,
		   event->order->id, *event->customer->country ? event->customer->country : "?");
	/* A file says its row's consent with each event, which is no newer word. */
	for (size_t i = 0; strstr(event->id, ":placed") && i < event->customer->n_consent; i++)
		buf_printf(out, "  %s\n", event->customer->consent[i]->message_class);
}

/* What an import publishes of the file that stands in path. */
static struct buf imported(const char *text, const char *format, const char *list)
{
	struct slice customers = slice_text(list ? list : "");
	struct buf out = BUF_MAX(1 << 20);
	struct orders_door door;
	struct orders_options options = {
	    .file = path, .is_live = true, .delivered_after_ms = DAY_MS, .door = &door};
	struct orders orders;
	struct err err;

	options.preset = preset_find(format, &err);
	if (orders_door_read(text, format, list ? &customers : NULL, &arena, &door, &err) < 0 ||
	    orders_read(&options, &orders, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < orders.count; i++) {
		struct slice json = orders_json(&orders, &orders.events[i], &arena);

		put_event(&out, import_event(orders.events[i].kind, true, json, &arena));
	}
	/* Which class a yes is the source has said, or nobody. */
	assert_int_equal(orders.assumed.only_marketing,
			 orders.assumed.marketing && !strstr(text, "consent="));
	for (const struct left_out *left = orders.left; left; left = left->next)
		if (left->reason == LEFT_NUMBER)
			left_out_say(left, &out);
	orders_free(&orders);
	return out;
}

/* What the shop's webhook becomes at the door. */
static struct buf told(const char *text, enum shop_kind kind, const char *topic, const char *body)
{
	const struct shop_delivery delivery = {
	    .body = slice_text(body), .topic = topic, .action = ""};
	struct buf out = BUF_MAX(1 << 20);
	struct shop_source source;
	struct shop_events events;
	struct err err;

	if (shop_source_parse(slice_text(text), &arena, &source, &err) < 0)
		fail_msg("%s", err.text);
	shop_read(kind, &source, NULL, &delivery, &arena, &events);
	for (size_t i = 0; i < events.count; i++)
		put_event(&out, events.list[i].value);
	return out;
}

static void assert_same(struct buf file, struct buf door)
{
	assert_true(file.len > 0);
	assert_string_equal(file.bytes, door.bytes);
	buf_free(&file);
	buf_free(&door);
}

#define SHOPIFY_ROWS                                                                               \
	"Name,Email,Financial Status,Fulfilled at,Accepts Marketing,Currency,Total,Created at,"    \
	"Cancelled at,Id\n"                                                                        \
	"#1001,Ann@Mail.example,paid,2024-01-02 10:00:00 +0000,yes,GBP,12.50,"                     \
	"2024-01-01 10:00:00 +0000,,820982911946154508\n"
#define SHOPIFY_BODY                                                                               \
	"{\"id\":820982911946154508,\"email\":\"ann@mail.example\",\"financial_status\":\"paid\"," \
	"\"buyer_accepts_marketing\":true,\"currency\":\"GBP\",\"total_price\":\"12.50\","         \
	"\"processed_at\":\"2024-01-01T10:00:00Z\",\"updated_at\":\"2024-01-02T10:00:00Z\","       \
	"\"customer\":{\"id\":115310627314723954,\"email\":\"ann@mail.example\"},"                 \
	"\"fulfillment_status\":\"fulfilled\",\"fulfillments\":[{\"id\":1,\"status\":\"success\"," \
	"\"created_at\":\"2024-01-02T10:00:00Z\",\"updated_at\":\"2024-01-02T10:00:00Z\","         \
	"\"shipment_status\":\"delivered\"}],\"line_items\":[{\"id\":1,\"requires_shipping\":"     \
	"true}]}"
#define SHOPIFY_LIST                                                                               \
	"Customer ID,First Name,Email\n'115310627314723954,Ann,ANN@mail.example\n"                 \
	"'115310627314723955,Bob,bob@mail.example\n'7,No,\n"

/* Events of one instant may stand in either order; here none are. */
static void shopify(void **state)
{
	static const struct {
		const char *source, *list;
	} sources[] = {
	    {"harbour", NULL},
	    {"harbour country=GB consent=all shop=other", NULL},
	    {"north key=id prefix=nw- locale=en-GB", SHOPIFY_LIST},
	};

	(void)state;
	write_file(SHOPIFY_ROWS);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		assert_same(imported(sources[i].source, "shopify", sources[i].list),
			    told(sources[i].source, SHOP_SHOPIFY, "orders/create", SHOPIFY_BODY));
}

/* Who is in no list is an inbox, as a guest at the door, and is counted. */
static void shopify_guests(void **state)
{
	struct buf out;

	(void)state;
	write_file(SHOPIFY_ROWS);
	out = imported("north key=id prefix=nw-", "shopify",
		       "Email,Customer ID\nbob@mail.example,8\n");
	assert_non_null(strstr(out.bytes, "shopify:north:820982911946154508:placed of email:"));
	assert_non_null(strstr(out.bytes, "about nw-820982911946154508 in"));
	assert_non_null(
	    strstr(out.bytes, "1 row, the first in line 2, whose address has no number"));
	buf_free(&out);
}

#define WOOCOMMERCE_ROWS                                                                           \
	"order_id,customer_id,billing_email,date,order_total,order_currency,status,"               \
	"billing_country,date_modified\n"                                                          \
	"727,26,ann@mail.example,2024-01-01 10:00:00,12.50,EUR,refunded,AT,2024-01-05 10:00:00\n"
#define WOOCOMMERCE_BODY(customer, status)                                                         \
	"{\"id\":727,\"status\":\"" status "\",\"currency\":\"EUR\",\"customer_id\":" customer "," \
	"\"total\":\"12.50\",\"date_created_gmt\":\"2024-01-01T10:00:00\","                        \
	"\"date_modified_gmt\":\"2024-01-05T10:00:00\",\"date_completed_gmt\":"                    \
	"\"2024-01-02T10:00:00\",\"billing\":{\"email\":\"ann@mail.example\","                     \
	"\"country\":\"AT\"},\"line_items\":[],\"refunds\":[]}"

static void woocommerce(void **state)
{
	static const char *const sources[] = {"cafe", "cafe key=id prefix=b-"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		write_file(WOOCOMMERCE_ROWS);
		assert_same(imported(sources[i], "woocommerce", NULL),
			    told(sources[i], SHOP_WOOCOMMERCE, "order.created",
				 WOOCOMMERCE_BODY("26", "refunded")));
	}
	/* A guest is the inbox whatever the key. */
	write_file("order_id,customer_id,billing_email,date,order_total,order_currency,status,"
		   "billing_country\n"
		   "727,0,ann@mail.example,2024-01-01 10:00:00,12.50,EUR,completed,AT\n");
	assert_same(imported("cafe key=id prefix=b-", "woocommerce", NULL),
		    told("cafe key=id prefix=b-", SHOP_WOOCOMMERCE, "order.created",
			 WOOCOMMERCE_BODY("0", "completed")));
}

static void refuse(const char *text, const char *format, const char *list, const char *why)
{
	struct slice customers = slice_text(list ? list : "");
	struct orders_door door;
	struct err err;

	assert_int_equal(
	    orders_door_read(text, format, list ? &customers : NULL, &arena, &door, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	if (!strstr(err.text, why))
		fail_msg("%s: %s", text, err.text);
}

static void refused(void **state)
{
	struct orders_door door;
	const struct orders_options options = {.file = path,
					       .is_live = true,
					       .preset = preset_find("shopify", NULL),
					       .delivered_after_ms = -1,
					       .door = &door};
	struct orders orders;
	struct err err;

	(void)state;
	refuse("harbour", NULL, NULL, "--source: expected --format shopify or woocommerce");
	refuse("harbour", "magento", NULL, "--source: expected --format shopify or woocommerce");
	refuse("Harbour", "shopify", NULL, "--source: expected the name of a shop");
	refuse("harbour keys=id", "shopify", NULL, "did you mean key=?");
	refuse("harbour test=yes", "shopify", NULL, "expected of the source's options key, shop");
	refuse("cafe status:sent=order.shipped", "woocommerce", NULL, "expected of the source's");
	refuse("harbour key=id", "shopify", NULL, "key=id needs --customers FILE");
	refuse("harbour", "shopify", SHOPIFY_LIST, "--customers: expected only with");
	refuse("cafe key=id", "woocommerce", SHOPIFY_LIST, "--customers: expected only with");
	refuse("harbour key=id", "shopify", "Email,Name\n",
	       "--customers: line 1: expected the columns \"Customer ID\" and \"Email\"");
	refuse("harbour key=id", "shopify", "", "--customers: line 1: expected the columns");
	refuse("harbour key=id", "shopify", "Email,Customer ID\na@b.example,1\nA@b.example,2\n",
	       "--customers: expected one number for an address, found");
	refuse("harbour key=id", "shopify", "Email,Customer ID\n\"a@b.example,1\n",
	       "--customers: ");
	/* The name of an order is no number of it. */
	write_file("Name,Email,Created at\n#1001,ann@mail.example,2024-01-01 10:00:00 +0000\n");
	assert_int_equal(orders_door_read("harbour", "shopify", NULL, &arena, &door, &err), 0);
	assert_int_equal(orders_read(&options, &orders, &err), -1);
	if (!strstr(err.text, "expected with --source the number that the shop's webhooks have"))
		fail_msg("%s", err.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shopify),
	    cmocka_unit_test(shopify_guests),
	    cmocka_unit_test(woocommerce),
	    cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
