/* orders_options.h - the options that simulate, replay and report have in common. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_OPTIONS_H
#define NURTURE_NURTURECTL_SIM_ORDERS_OPTIONS_H

#include "services/nurturectl/command.h"
#include "orders.h"

enum { ORDERS_MEMORY_MIB = 512 };

struct orders_values {
	const char *policy, *orders, *events, *columns;
	const char *format, *time_format, *decimal, *encoding, *key, *catalogue;
	bool has_lines;
	int64_t delivered_after_ms; /* OPTION_ABSENT: the file has no deliveries but its own */
	int64_t until_ms;
	int64_t live_from_ms; /* OPTION_ABSENT: nothing is history */
	int64_t memory_mib;   /* 0: the default */
	/* No options, but of the command: */
	bool policy_is_optional;
	bool is_live;                   /* struct orders_options */
	const struct orders_door *door; /* likewise */
};

#define ORDERS_OPTIONS(type, member)                                                                \
	{"policy", OPTION_TEXT, offsetof(type, member.policy),       "FILE", NULL, false,           \
	 0,        0,           "the policy; default NURTURE_POLICY"},                              \
	    {"orders", OPTION_TEXT, offsetof(type, member.orders),                                  \
	     "FILE",   NULL,        false,                                                          \
	     0,        0,           "a CSV file with a header line, an order a row"},               \
	    {"events", OPTION_TEXT, offsetof(type, member.events),                                  \
	     "FILE",   NULL,        false,                                                          \
	     0,        0,           "events as JSON lines, as POST /v1/events takes them; or .gz"}, \
	    {"columns",                                                                             \
	     OPTION_TEXT,                                                                           \
	     offsetof(type, member.columns),                                                        \
	     "NAME=COLUMN,...",                                                                     \
	     NULL,                                                                                  \
	     false,                                                                                 \
	     0,                                                                                     \
	     0,                                                                                     \
	     "which column is what; without: their own names"},                                     \
	    {"format",                                                                              \
	     OPTION_TEXT,                                                                           \
	     offsetof(type, member.format),                                                         \
	     "NAME",                                                                                \
	     NULL,                                                                                  \
	     false,                                                                                 \
	     0,                                                                                     \
	     0,                                                                                     \
	     "an export of shopify, woocommerce, magento or olist, as it comes"},                   \
	    {"time-format",                                                                         \
	     OPTION_TEXT,                                                                           \
	     offsetof(type, member.time_format),                                                    \
	     "FORMAT",                                                                              \
	     NULL,                                                                                  \
	     false,                                                                                 \
	     0,                                                                                     \
	     0,                                                                                     \
	     "how times are written, such as %d.%m.%Y; default: ISO 8601"},                         \
	    {"decimal",                                                                             \
	     OPTION_TEXT,                                                                           \
	     offsetof(type, member.decimal),                                                        \
	     "MARK",                                                                                \
	     NULL,                                                                                  \
	     false,                                                                                 \
	     0,                                                                                     \
	     0,                                                                                     \
	     "what stands before decimals, . or ,; default: as amounts show"},                      \
	    {"lines", OPTION_FLAG, offsetof(type, member.has_lines),                                \
	     NULL,    NULL,        false,                                                           \
	     0,       0,           "rows with the same order are the lines of one"},                \
	    {"key",                                                                                 \
	     OPTION_TEXT,                                                                           \
	     offsetof(type, member.key),                                                            \
	     "id|email",                                                                            \
	     NULL,                                                                                  \
	     false,                                                                                 \
	     0,                                                                                     \
	     0,                                                                                     \
	     "who is a customer: a number of the shop, or an inbox; default: id"},                  \
	    {"encoding", OPTION_TEXT, offsetof(type, member.encoding),                              \
	     "NAME",     NULL,        false,                                                        \
	     0,          0,           "utf-8, utf-16, latin-1; default: as the bytes look"},        \
	    {"catalogue",                                                                           \
	     OPTION_TEXT,                                                                           \
	     offsetof(type, member.catalogue),                                                      \
	     "FILE",                                                                                \
	     NULL,                                                                                  \
	     false,                                                                                 \
	     0,                                                                                     \
	     0,                                                                                     \
	     "categories by sku or product id; default NURTURE_CATALOGUE"},                         \
	    {"delivered-after",                                                                     \
	     OPTION_DURATION_MS,                                                                    \
	     offsetof(type, member.delivered_after_ms),                                             \
	     "3d",                                                                                  \
	     NULL,                                                                                  \
	     false,                                                                                 \
	     0,                                                                                     \
	     0,                                                                                     \
	     "every order is delivered so long after it was placed"},                               \
	    {"live-from",                                                                           \
	     OPTION_TIME_MS,                                                                        \
	     offsetof(type, member.live_from_ms),                                                   \
	     "T",                                                                                   \
	     NULL,                                                                                  \
	     false,                                                                                 \
	     0,                                                                                     \
	     0,                                                                                     \
	     "what happened before is history, which sets nothing off"},                            \
	    {"memory",                                                                              \
	     OPTION_NUMBER,                                                                         \
	     offsetof(type, member.memory_mib),                                                     \
	     "MIB",                                                                                 \
	     "512",                                                                                 \
	     false,                                                                                 \
	     1,                                                                                     \
	     1 << 20,                                                                               \
	     "about what it may take; of larger files the rest goes to TMPDIR"},                    \
	{                                                                                           \
		"until", OPTION_TIME_MS, offsetof(type, member.until_ms), "T", NULL, false, 0, 0,   \
		    "where time ends; default 60 days after the last event"                         \
	}

/* For their --help. */
#define ORDERS_HELP                                                                                \
	"COLUMNS\n"                                                                                \
	"  customer or email, time (both needed), amount, order, kind, name, country, currency,\n" \
	"  time_zone, locale, birthday, category, consent, marketing, starts_at, ends_at; "        \
	"further\n"                                                                                \
	"  times shipped_at, delivered_at, late_at, cancelled_at, refunded_at, returned_at,\n"     \
	"  changed_at, and refund, an amount; of lines group, sku, item, quantity, price,\n"       \
	"  line_total; items. For example\n"                                                       \
	"      --columns customer=customer_id,time=purchased_on,amount=total_usd,order=line_no\n"  \
	"      --columns "                                                                         \
	"'email=E-Mail,time=Date,kind=Status:done>order,void>order+cancelled,new>-'\n"             \
	"  kind is order, updated, cancellation, refund, shipped, delivered, late, return, "       \
	"complaint,\n"                                                                             \
	"  return.closed or complaint.closed; category may be several, as in tents|stoves.\n"      \
	"  A date without a time is midnight in the shop's zone. Without such a column consent\n"  \
	"  is taken as given, and addresses are CUSTOMER@customers.example; import takes no\n"     \
	"  consent and no address that the file does not say.\n"                                   \
	"  What was left out is counted on standard error and in the report."

/* For people: the file of orders, or that of events. */
const char *orders_file_name(const struct orders_values *values);

/* Reads the policy; of the orders only how they are to be read. */
int orders_options_read(struct settings *settings, const struct orders_values *values,
			struct orders_options *ret, struct err *err);
/* Says on standard error what was left out, and what was taken for granted in vain. */
void orders_say_notes(const struct orders *orders, const struct orders_values *values);
/* Until when, when --until does not say. */
int64_t orders_default_until_ms(const struct orders *orders);
/* Reads policy and orders; *ret_until_ms is --until or its default. Events from then on are not
 * in ret. */
int orders_open(struct settings *settings, const struct orders_values *values, struct orders *ret,
		int64_t *ret_until_ms, struct err *err);

#endif
