/*
 * money.h - amounts by their digits, as programs write them: a double would make 12.1 of 12.10, and
 * JavaScript makes 30.299999999999997 of 10.10 and 20.20.  Pure.
 *
 * An amount of an event, which has its own rules and is never rounded, is read by text_money_e4().
 */
#ifndef NURTURE_BASE_MONEY_H
#define NURTURE_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

enum { MONEY_E4_DECIMALS = 4 };

/*
 * Digits, perhaps a point and digits, without the minus that may stand before them, in
 * ten-thousandths and rounded half up to so many decimals (0 to 4). False: it is no amount (an
 * exponent is none), or has more than 11 digits before its point.
 */
bool money_round_e4(const char *text, int decimals, int64_t *ret);

/*
 * As text, with the decimals that the currency has; without one ("") two, or four when they are
 * needed. Of the arena.
 */
char *money_of_e4(struct arena *arena, int64_t e4, const char *currency);

/* How many decimals an amount in the currency may have: 0 to 4. */
int money_decimals(const char *currency);

#endif
