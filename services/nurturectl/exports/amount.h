/*
 * amount.h - amounts as people and exports write them: "$1,026.20", "1.026,20 EUR", "(50)".  Pure.
 */
#ifndef NURTURE_NURTURECTL_EXPORTS_AMOUNT_H
#define NURTURE_NURTURECTL_EXPORTS_AMOUNT_H

#include "common/base/slice.h"

enum { AMOUNT_BYTES = 32 };

struct amount {
	char text[AMOUNT_BYTES]; /* digits, and a dot before decimals: "1026.20" */
	bool is_negative;
	struct slice currency; /* the sign or code beside it, borrowed; none: empty */
};

/*
 * decimal is the mark before decimals, '.' or ',', and the other one, blanks and apostrophes stand
 * between thousands. 0: a dot that stands alone is the mark, and so is a comma unless exactly three
 * digits follow it; of both the later one. NULL when it was read; else what was expected, in words.
 */
const char *amount_read(struct slice text, char decimal, struct amount *ret);

/*
 * May a price with this sign or code be one in the currency (ISO 4217; "": not known)? "$" stands
 * for some twenty of them, a code for itself alone.
 */
bool amount_sign_fits(struct slice sign, struct slice currency);
/* The one currency that the sign or code stands for, or NULL. */
const char *amount_sign_currency(struct slice sign, char ret[4]);

#endif
