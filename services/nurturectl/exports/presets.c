/*
 * presets.c - see presets.h.
 *
 * Where each comes from: Shopify, "Exporting orders" of its help centre, one row a line item with
 * the order's own columns on the first; WooCommerce, the default format of "Order/Customer CSV
 * Export" (SkyVerge), one row an order; Magento 2, the export of the grid Sales > Orders; Olist, the
 * file olist_orders_dataset.csv of its public data set, joined with its customers (and payments).
 * Which status is an order is what the shop doors of ingest say of the same words.
 */
#include "presets.h"

#include "common/base/text.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct preset presets[] = {
    {.name = "shopify",
     .columns = "group=Name,order=Id|Name,email=Email,time=Created at,amount=Total,"
		"currency=Currency,name=Billing Name|Shipping Name,"
		"country=Shipping Country|Billing Country,"
		"region=Shipping Province|Billing Province,marketing=Accepts Marketing,"
		"kind=Financial Status:authorized>order,paid>order,partially_paid>order,"
		"partially_refunded>order,refunded>order,pending>-,voided>-,expired>-,"
		"shipped_at=Fulfilled at,cancelled_at=Cancelled at,refund=Refunded Amount,"
		"sku=Lineitem sku,item=Lineitem name,quantity=Lineitem quantity,"
		"price=Lineitem price",
     .has_lines = true,
     .key_is_email = true},
    {.name = "woocommerce",
     .columns = "order=order_id|Order ID|order_number|Order Number,"
		"customer=customer_id|Customer ID|customer_user:0>,"
		"email=billing_email|Email (Billing)|Billing Email Address,"
		"time=date|order_date|Order Date|date_created,"
		"amount=order_total|Order Total Amount|Order Total|total,"
		"currency=order_currency|Order Currency|currency,"
		"name=billing_full_name|billing_first_name+billing_last_name|"
		"First Name (Billing)+Last Name (Billing),"
		"country=shipping_country|billing_country|Country Code (Billing),"
		"region=shipping_state|billing_state|State Code (Billing),"
		"kind=status|Order Status|order_status:"
		"processing>order,wc-processing>order,completed>order,wc-completed>order,"
		"refunded>order+refund,wc-refunded>order+refund,cancelled>order+cancelled,"
		"wc-cancelled>order+cancelled,pending>-,wc-pending>-,pending payment>-,"
		"wc-pending payment>-,on-hold>-,wc-on-hold>-,on hold>-,failed>-,wc-failed>-,"
		"draft>-,checkout-draft>-,wc-checkout-draft>-,trash>-,"
		"shipped_at=date_completed|completed_date|Completed Date,"
		"changed_at=date_modified|modified_date|Modified Date,"
		"refund=refunded_total|Order Refund Amount|Refunded Total,"
		"items=line_items,sku=item_sku|SKU,item=item_name|Item Name|Product Name,"
		"quantity=item_quantity|Quantity|Quantity (- Refund),line_total=item_total",
     .has_lines = true,
     .key_is_email = true},
    {.name = "magento",
     .columns = "order=ID|Order #|increment_id,"
		"email=Customer Email|customer_email,time=Purchase Date|Purchased On|created_at,"
		"amount=Grand Total (Purchased)|Grand Total (Base)|G.T. (Purchased)|grand_total,"
		"name=Customer Name|Bill-to Name|Bill to Name,"
		"kind=Status|status:complete>order,processing>order,closed>order+refund,"
		"canceled>order+cancelled,pending>-,pending payment>-,pending_payment>-,holded>-,"
		"on hold>-,payment review>-,payment_review>-,suspected fraud>-,fraud>-,"
		"refund=Total Refunded|total_refunded",
     .time_format = "%b %d, %Y %I:%M:%S %p|%Y-%m-%d %H:%M:%S|%m/%d/%Y %I:%M %p",
     .key_is_email = true},
    {.name = "olist",
     .columns = "order=order_id,customer=customer_unique_id|customer_id,"
		"time=order_purchase_timestamp,amount=payment_value,line_total=price,"
		"category=product_category_name_english|product_category_name,sku=product_id,"
		"kind=order_status:approved>order,invoiced>order,processing>order,shipped>order,"
		"delivered>order,unavailable>order+cancelled,canceled>order+cancelled,created>-,"
		"shipped_at=order_delivered_carrier_date,"
		"delivered_at=order_delivered_customer_date",
     .has_lines = true,
     .wanted = "customer_unique_id",
     .without = "customer_id of olist_orders_dataset.csv is another one for every order, so nobody "
		"orders twice; customer_unique_id of olist_customers_dataset.csv says who it was"},
};

const struct preset *preset_find(const char *name, struct err *err)
{
	const char *names[COUNT_OF(presets)];
	const char *nearest;

	for (size_t i = 0; i < COUNT_OF(presets); i++) {
		names[i] = presets[i].name;
		if (slice_equal(slice_text(name), slice_text(names[i])))
			return &presets[i];
	}
	nearest = text_nearest(slice_text(name), names, COUNT_OF(presets));
	err_config(err,
		   "--format: expected shopify, woocommerce, magento or olist, found \"%s\"%s%s",
		   name, nearest ? "; did you mean " : "", nearest ? nearest : "");
	return NULL;
}
