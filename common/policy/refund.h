/*
 * refund.h - what money that is given back does to an order.  Pure.
 *
 * One rule for the segmenter and the review-solicitor.  A refund without an amount is of all
 * that the order cost, one of 0.00 is none, and those with an amount add up: the order has
 * gone when they reach what it cost.  Money in another currency than the order's is never
 * subtracted: nobody here knows what it is worth.
 */
#ifndef NURTURE_POLICY_REFUND_H
#define NURTURE_POLICY_REFUND_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"

enum { REFUNDS_MAX = 16 }; /* of one order; what is told beyond them takes nothing back */

/* A currency as a number: its letters as digits of base 32; 0: "" */
uint32_t currency_code(const char *currency);
/* The letters of such a number: "EUR". */
enum { CURRENCY_TEXT_BYTES = 8 };
const char *currency_text(uint32_t code, char ret[CURRENCY_TEXT_BYTES]);

struct refund {
	uint64_t event; /* hash of the event that told of it: a repeat of that is no second one */
	int64_t amount_e4; /* not negative */
	uint32_t currency; /* 0: the order's */
};

struct refunds {
	struct refund *items; /* ascending by event */
	unsigned count;
};

/* False when that event is known, or the list is full.  The list may move in the arena. */
bool refunds_add(struct refunds *refunds, struct refund refund, struct arena *arena);
/* The sum of those in the order's currency; order and shop: 0 when nobody says. */
int64_t refunds_sum_e4(const struct refunds *refunds, uint32_t order, uint32_t shop);

/* Is nothing left?  Of an order whose amount nobody said (0) that cannot be known. */
static inline bool refund_is_whole(int64_t amount_e4, int64_t refunded_e4)
{
	return amount_e4 > 0 && refunded_e4 >= amount_e4;
}

#endif
