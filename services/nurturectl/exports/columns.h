/*
 * columns.h - what a column of a file of orders can be: the names of --columns.
 *
 * docs/orders-files.md has the same table for people.
 */
#ifndef NURTURE_NURTURECTL_EXPORTS_COLUMNS_H
#define NURTURE_NURTURECTL_EXPORTS_COLUMNS_H

/* clang-format off */
#define ORDER_COLUMNS(X)                                                                           \
	X(CUSTOMER, "customer")                                                                    \
	X(TIME, "time")                                                                            \
	X(AMOUNT, "amount")                                                                        \
	X(ORDER, "order")                                                                          \
	X(KIND, "kind")                                                                            \
	X(EMAIL, "email")                                                                          \
	X(NAME, "name")                                                                            \
	X(COUNTRY, "country")                                                                      \
	X(CURRENCY, "currency")                                                                    \
	X(TIME_ZONE, "time_zone")                                                                  \
	X(REGION, "region")                                                                        \
	X(LOCALE, "locale")                                                                        \
	X(BIRTHDAY, "birthday")                                                                    \
	X(CATEGORY, "category")                                                                    \
	X(CONSENT, "consent")                                                                      \
	X(STARTS_AT, "starts_at")                                                                  \
	X(ENDS_AT, "ends_at")                                                                      \
	X(MARKETING, "marketing")                                                                  \
	X(GROUP, "group")                                                                          \
	X(SKU, "sku")                                                                              \
	X(ITEM, "item")                                                                            \
	X(QUANTITY, "quantity")                                                                    \
	X(PRICE, "price")                                                                          \
	X(LINE_TOTAL, "line_total")                                                                \
	X(ITEMS, "items")                                                                          \
	X(REFUND, "refund")                                                                        \
	X(SHIPPED_AT, "shipped_at")                                                                \
	X(DELIVERED_AT, "delivered_at")                                                            \
	X(LATE_AT, "late_at")                                                                      \
	X(CANCELLED_AT, "cancelled_at")                                                            \
	X(REFUNDED_AT, "refunded_at")                                                              \
	X(RETURNED_AT, "returned_at")                                                              \
	X(CHANGED_AT, "changed_at")
/* clang-format on */
enum column {
#define X(name, text) COLUMN_##name,
	ORDER_COLUMNS(X)
#undef X
	    COLUMN_COUNT
};
extern const char *const orders_column_names[COLUMN_COUNT];

#endif
