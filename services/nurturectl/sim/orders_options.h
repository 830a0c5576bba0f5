/* orders_options.h - the options that simulate, replay and report have in common. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_OPTIONS_H
#define NURTURE_NURTURECTL_SIM_ORDERS_OPTIONS_H

#include "services/nurturectl/command.h"
#include "orders.h"

struct orders_values {
	const char *policy, *orders, *columns;
	int64_t delivered_after_ms; /* OPTION_ABSENT: the file has no deliveries but its own */
	int64_t until_ms;
	bool policy_is_optional; /* not an option: of the command */
};

#define ORDERS_OPTIONS(type, member)                                                               \
	{"policy", OPTION_TEXT, offsetof(type, member.policy),       "FILE", NULL, false,          \
	 0,        0,           "the policy; default NURTURE_POLICY"},                             \
	    {"orders", OPTION_TEXT, offsetof(type, member.orders),                                 \
	     "FILE",   NULL,        true,                                                          \
	     0,        0,           "a CSV file with a header line, an order a row"},              \
	    {"columns",                                                                            \
	     OPTION_TEXT,                                                                          \
	     offsetof(type, member.columns),                                                       \
	     "NAME=COLUMN,...",                                                                    \
	     NULL,                                                                                 \
	     false,                                                                                \
	     0,                                                                                    \
	     0,                                                                                    \
	     "which column is what; without: their own names"},                                    \
	    {"delivered-after",                                                                    \
	     OPTION_DURATION_MS,                                                                   \
	     offsetof(type, member.delivered_after_ms),                                            \
	     "3d",                                                                                 \
	     NULL,                                                                                 \
	     false,                                                                                \
	     0,                                                                                    \
	     0,                                                                                    \
	     "every order is delivered so long after it was placed"},                              \
	{                                                                                          \
		"until", OPTION_TIME_MS, offsetof(type, member.until_ms), "T", NULL, false, 0, 0,  \
		    "where time ends; default 60 days after the last event"                        \
	}

/* For their --help. */
#define ORDERS_HELP                                                                                \
	"COLUMNS\n"                                                                                \
	"  customer, time (both needed), amount, order, kind, email, name, country, currency,\n"   \
	"  time_zone, locale, birthday, category, consent, starts_at, ends_at. For example\n"      \
	"      --columns customer=customer_id,time=purchased_on,amount=total_usd,order=line_no\n"  \
	"  kind is order, updated, cancellation, refund, shipped, delivered, late, return, "       \
	"complaint,\n"                                                                             \
	"  return.closed or complaint.closed; category may be several, as in tents|stoves.\n"      \
	"  A date without a time is midnight in the shop's zone. Without such a column consent\n"  \
	"  is taken as given, and addresses are CUSTOMER@customers.example."

/* Reads policy and orders; *ret_until_ms is --until or its default. Events from then on are not
 * in ret. */
int orders_open(struct settings *settings, const struct orders_values *values, struct orders *ret,
		int64_t *ret_until_ms, struct err *err);

#endif
