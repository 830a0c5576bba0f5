/*
 * currency.h - the currencies of ISO 4217, and how finely each is counted.
 *
 * List one as of 2025, and those of list three that histories of the last
 * twenty years still name.  What is no money (XAU, XTS, XXX) is not among them.
 */
#ifndef NURTURE_BASE_CURRENCY_H
#define NURTURE_BASE_CURRENCY_H

#include <stdbool.h>

#include "slice.h"

/* The decimals of its minor unit: 0 of JPY, 2 of EUR, 3 of KWD, 4 of CLF.  -1: not a currency. */
int currency_decimals(struct slice code);

/*
 * Is an amount ("12.50", as text_money_e4() reads it) written as the currency counts? It must have
 * no more decimals than the currency, except two or four of which the surplus ones are zeros.
 * Exactly three, where the currency has fewer, are a thousands mark: "139.980" pesos are no 139.98.
 * True for a currency that is not known.
 */
bool currency_fits(struct slice code, struct slice amount);

#endif
