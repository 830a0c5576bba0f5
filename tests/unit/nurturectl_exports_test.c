/*
 * Exports of shop systems as they come: tests/golden/exports has made-up ones, and beside each the
 * events that it becomes and what was left out of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/message/event.h"
#include "golden.h"
#include "policy_fixture.h"
#include "services/nurturectl/sim/orders.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define SHEET                                                                                      \
	"customer=Kunde,email=E-Mail,time=Datum,amount=Betrag,currency=Währung,country=Land,"     \
	"kind=Status:abgeschlossen>order,storniert>order+cancelled"

static const struct {
	const char *name, *currency;
	const char *format;
	struct orders_options options;
} files[] = {
    {"shopify", "USD", "shopify", {.delivered_after_ms = 3 * DAY_MS}},
    {"woocommerce", "GBP", "woocommerce", {.delivered_after_ms = -1}},
    {"magento", "USD", "magento", {.delivered_after_ms = -1, .key = KEY_ID}},
    {"olist", "BRL", "olist", {.delivered_after_ms = 2 * DAY_MS}},
    {"lines",
     "USD",
     NULL,
     {.columns = "customer=Customer ID,name=Customer Name,time=Order Date,order=Order ID,"
		 "country=Country,category=Category,item=Product Name,quantity=Quantity,"
		 "line_total=Sales,shipped_at=Ship Date",
      .time_format = "%m/%d/%Y",
      .has_lines = true,
      .delivered_after_ms = -1}},
    {"sheet-utf16",
     "EUR",
     NULL,
     {.columns = SHEET, .time_format = "%d.%m.%Y %H:%M|%d.%m.%Y", .delivered_after_ms = -1}},
    {"sheet-1252",
     "EUR",
     NULL,
     {.columns = SHEET, .time_format = "%d.%m.%Y %H:%M|%d.%m.%Y", .delivered_after_ms = -1}},
};

static struct zones *zones;

static int set_up(void **state)
{
	(void)state;
	zones = fixture_zones();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	zones_free(zones);
	return 0;
}

/* Each event as every service reads it, and the notes. */
static void put_orders(const struct orders *orders, struct buf *out)
{
	struct arena arena = {0};
	const char *note;

	for (size_t i = 0; i < orders->count; i++) {
		struct slice json = orders_json(orders, &orders->events[i], &arena);
		Nurture__V1__Event *event;
		struct err err;

		if (event_decode(json, &arena, &event, &err) < 0)
			fail_msg("%.*s: %s", SLICE_ARGS(json), err.text);
		assert_true(
		    slice_equal(slice_text(event->customer->id), orders->events[i].customer));
		buf_add(out, json.bytes, json.len);
		buf_char(out, '\n');
	}
	buf_printf(out, "%zu orders of %zu customers in %zu rows\n", orders->placed,
		   orders->customers, orders->rows);
	for (unsigned i = 0; (note = orders_note(orders, i, &arena, NULL)); i++)
		buf_printf(out, "%s\n", note);
	arena_free(&arena);
}

static void read_file(size_t at)
{
	struct orders_options options = files[at].options;
	struct buf out = BUF_MAX(1 << 20);
	struct orders orders;
	char name[80];
	struct err err;

	snprintf(name, sizeof(name), "tests/golden/exports/%s.csv", files[at].name);
	options.file = name;
	options.currency = files[at].currency;
	options.zone = zones_find(zones, slice_text("Europe/London"));
	options.preset = files[at].format ? preset_find(files[at].format, &err) : NULL;
	if (orders_read(&options, &orders, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	put_orders(&orders, &out);
	snprintf(name, sizeof(name), "exports/%s.txt", files[at].name);
	golden(name, &out);
	orders_free(&orders);
	buf_free(&out);
}

static void exports_as_they_come(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++)
		read_file(i);
}

static void wrong_exports(void **state)
{
	struct orders_options options = {
	    .file = "tests/golden/exports/lines.csv", .currency = "USD", .delivered_after_ms = -1};
	struct orders orders;
	struct err err;

	(void)state;
	options.preset = preset_find("shopify", &err);
	assert_int_equal(orders_read(&options, &orders, &err), -1);
	assert_string_equal(err.text,
			    "tests/golden/exports/lines.csv:1: this does not look like an export "
			    "of shopify: no column is a customer or an address");
	/* WooCommerce's own Analytics name people, who may be several of one name. */
	options.file = "tests/golden/exports/woocommerce-analytics.csv";
	options.preset = preset_find("woocommerce", &err);
	assert_int_equal(orders_read(&options, &orders, &err), -1);
	assert_string_equal(err.text,
			    "tests/golden/exports/woocommerce-analytics.csv:1: this does not look "
			    "like an export of woocommerce: no column is a customer or an address");
	options.file = "tests/golden/exports/lines.csv";
	assert_null(preset_find("shopfy", &err));
	assert_non_null(strstr(err.text, "did you mean shopify"));
	/* Each line an amount of its own: whose is it? */
	options.preset = NULL;
	options.has_lines = true;
	options.time_format = "%m/%d/%Y";
	options.columns = "customer=Customer ID,time=Order Date,order=Order ID,amount=Sales";
	assert_int_equal(orders_read(&options, &orders, &err), -1);
	assert_non_null(strstr(err.text, "the order's amount on all of its lines"));
}

/* "Accepts Marketing" is consent to a class that a policy need not have. */
static void consent_to_no_class(void **state)
{
	static const char text[] =
	    "shop: {name: S, time_zone: UTC, sender: \"S <s@s.example>\", postal_address: A}\n"
	    "classes: {care: {}}\ncaps: off\nquiet_hours: off\njust_bought: off\n";
	struct orders_options options = {.file = "tests/golden/exports/shopify.csv",
					 .currency = "USD",
					 .delivered_after_ms = -1};
	struct arena arena = {0};
	struct policy *policy;
	struct orders orders;
	const char *note = "";
	unsigned found = 0;
	struct err err;

	(void)state;
	if (policy_load(slice_text(text), "test.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	options.policy = policy;
	options.preset = preset_find("shopify", &err);
	if (orders_read(&options, &orders, &err) < 0)
		fail_msg("%s", err.text);
	for (unsigned i = 0; (note = orders_note(&orders, i, &arena, NULL)); i++)
		found += strcmp(note, "2 rows, the first in line 2, with consent to \"promotion\", "
				      "which no class of the policy is called: it decides "
				      "nothing") == 0;
	assert_int_equal(found, 1);
	orders_free(&orders);
	policy_free(policy);
	arena_free(&arena);
}

static void nothing_understood(void **state)
{
	struct orders_options options = {.file = "tests/golden/exports/lines.csv",
					 .columns = "customer=Customer ID,time=Order Date,"
						    "kind=Category:furniture>-",
					 .currency = "USD",
					 .time_format = "%m/%d/%Y",
					 .delivered_after_ms = -1};
	struct orders orders;
	struct err err;

	(void)state;
	assert_int_equal(orders_read(&options, &orders, &err), -1);
	assert_string_equal(err.text,
			    "tests/golden/exports/lines.csv: no orders in it: 2 rows, the first in "
			    "line 2, left out: kind \"Furniture\" is no event here; 1 row, the "
			    "first in line 4, left out: kind \"Office Supplies\" is no event here; "
			    "1 row, the first in line 5, left out: kind \"Technology\" is no event "
			    "here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exports_as_they_come),
	    cmocka_unit_test(wrong_exports),
	    cmocka_unit_test(consent_to_no_class),
	    cmocka_unit_test(nothing_understood),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
