/*
 * customer_numbers.h - a shop's list of customers: which number an address has.  Pure.
 *
 * Shopify's export of orders says who ordered by address alone, its webhooks by a number besides;
 * its export of customers (Customers > Export) has both, as "Customer ID" and "Email".  The number
 * may stand behind an apostrophe there, which keeps a spreadsheet from rounding it.
 */
#ifndef NURTURE_NURTURECTL_EXPORTS_CUSTOMER_NUMBERS_H
#define NURTURE_NURTURECTL_EXPORTS_CUSTOMER_NUMBERS_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/mail/inbox.h"

struct customer_number {
	char inbox[INBOX_KEY_BYTES];
	struct slice number;
};
struct customer_numbers {
	struct customer_number *list; /* by inbox, ascending */
	size_t count, room;
};

/*
 * Reads a whole file in UTF-8.  Rows without an address or a number are passed over.  -1
 * (ERR_CONFIG): "line 7: expected ..., found ..."; two numbers for one inbox are an error.
 * Everything lives in the arena, the numbers in the text.
 */
int customer_numbers_read(struct slice text, struct arena *arena, struct customer_numbers *ret,
			  struct err *err);
/* Empty when the list has no such address. */
struct slice customer_numbers_find(const struct customer_numbers *numbers, struct slice address);

#endif
