/* orders_amount.c - see orders_items.h: for how much. */
#include <stdio.h>
#include <string.h>

#include "common/base/currency.h"
#include "common/base/text.h"
#include "orders_fields.h"
#include "orders_items.h"

static int check_currency(struct orders_reader *reader, const char *currency, struct slice amount,
			  struct err *err)
{
	int decimals = currency_decimals(slice_text(currency));
	char expected[80];

	if (currency[0] && decimals < 0)
		return field_complain(reader, COLUMN_CURRENCY, slice_text(currency),
				      "a currency of ISO 4217 in three capitals, such as EUR", err);
	if (currency_fits(slice_text(currency), amount))
		return 0;
	snprintf(expected, sizeof(expected), "an amount of %.3s with at most %d decimals", currency,
		 decimals);
	return field_complain(reader, COLUMN_AMOUNT, amount, expected, err);
}

/* The column's, else what stands beside the amount, else the shop's. */
static int read_currency(struct orders_reader *reader, const struct amount *amount,
			 Nurture__V1__Order *order, struct err *err)
{
	struct slice given = field(reader, COLUMN_CURRENCY);
	bool has_column = field_exists(reader, COLUMN_CURRENCY);
	struct arena *arena = &reader->orders->arena;
	char code[4];

	order->currency = has_column ? arena_copy(arena, given.bytes, given.len)
				     : arena_text(arena, reader->options->currency);
	if (amount_sign_fits(amount->currency, slice_text(order->currency)) &&
	    (order->currency[0] || !amount_sign_currency(amount->currency, code)))
		return 0;
	if (has_column && given.len) {
		char expected[80];

		snprintf(expected, sizeof(expected),
			 "an amount of %.3s, as the column currency says", order->currency);
		return field_complain(reader, COLUMN_AMOUNT, amount->currency, expected, err);
	}
	if (!amount_sign_currency(amount->currency, code))
		return field_complain(reader, COLUMN_AMOUNT, amount->currency,
				      "the currency of the shop, or a column currency", err);
	order->currency = arena_text(arena, code);
	return 0;
}

/* 1.026 may be a thousand euros as well: a dot that is taken as the decimals' is no secret. */
static void note_dot(struct orders_reader *reader, struct slice found, const struct amount *amount)
{
	enum { DIGITS = 3 };
	struct slice given = field(reader, COLUMN_CURRENCY);
	struct slice currency = given.len ? given : slice_text(reader->options->currency);
	size_t len = strlen(amount->text);

	if (reader->decimal == 0 && len > DIGITS && amount->text[len - DIGITS - 1] == '.' &&
	    !memchr(found.bytes, ',', found.len) && currency_decimals(currency) < DIGITS)
		orders_leave_out(reader, LEFT_DOT, slice_of("", 0));
}

/* The lines of an order may each repeat its total, but not differ. */
static int find_amount(struct orders_reader *reader, struct slice *ret, struct err *err)
{
	*ret = slice_of("", 0);
	for (size_t i = 0; i < reader->line_count; i++) {
		struct slice text = field_of_line(reader, i, COLUMN_AMOUNT);

		if (text.len && ret->len && !slice_equal(text, *ret))
			return field_complain(reader, COLUMN_AMOUNT, text,
					      "the order's amount on all of its lines (is it the "
					      "line's? line_total)",
					      err);
		if (text.len)
			*ret = text;
	}
	return 0;
}

/* What the lines come to: 1, or 0 when they say nothing. */
static int sum_lines(struct orders_reader *reader, struct amount *ret, int64_t *ret_e4,
		     struct err *err)
{
	bool has_totals = field_exists(reader, COLUMN_LINE_TOTAL), any = false;
	enum column column = has_totals ? COLUMN_LINE_TOTAL : COLUMN_PRICE;
	int64_t e4, count;

	*ret_e4 = 0;
	for (size_t i = 0; i < reader->line_count; i++) {
		struct slice text = field_of_line(reader, i, column);
		struct slice quantity = field_of_line(reader, i, COLUMN_QUANTITY);
		struct amount amount, number;

		if (text.len == 0)
			continue;
		if (field_amount(reader, column, text, &amount, &e4, err) < 0)
			return -1;
		note_dot(reader, text, &amount);
		if (!has_totals && quantity.len) {
			if (field_amount(reader, COLUMN_QUANTITY, quantity, &number, &count, err) <
			    0)
				return -1;
			if (__builtin_mul_overflow(e4, count, &e4))
				return field_complain(reader, COLUMN_QUANTITY, quantity,
						      "a smaller quantity", err);
			e4 /= 10000;
		}
		if (__builtin_add_overflow(*ret_e4, e4, ret_e4))
			return field_complain(reader, column, text, "a smaller amount", err);
		ret->currency = amount.currency;
		any = true;
	}
	return any;
}

/* Prices that were multiplied may be finer than money: 0.5 of 3.99. */
static const char *sum_text(int64_t *e4, const char *currency, char *text, size_t size)
{
	int decimals = currency_decimals(slice_text(currency));
	int64_t unit = 1;

	for (int i = decimals < 0 ? 2 : decimals; i < 4; i++)
		unit *= 10;
	*e4 = (*e4 < 0 ? *e4 - unit / 2 : *e4 + unit / 2) / unit * unit;
	return money_text(*e4 < 0 ? -*e4 : *e4, text, size);
}

int amount_of_order(struct orders_reader *reader, Nurture__V1__Order *order,
		    struct order_event *facts, struct err *err)
{
	struct amount amount = {.currency = slice_of("", 0)};
	struct slice text;
	char sum[DECIMAL_BYTES];
	int r = 0;

	if (find_amount(reader, &text, err) < 0)
		return -1;
	if (text.len)
		r = field_amount(reader, COLUMN_AMOUNT, text, &amount, &facts->amount_e4, err);
	else if (field_exists(reader, COLUMN_LINE_TOTAL) || field_exists(reader, COLUMN_PRICE))
		r = sum_lines(reader, &amount, &facts->amount_e4, err);
	if (r < 0 || read_currency(reader, &amount, order, err) < 0)
		return -1;
	if (text.len)
		note_dot(reader, text, &amount);
	order->amount = arena_text(
	    &reader->orders->arena,
	    r > 0 ? sum_text(&facts->amount_e4, order->currency, sum, sizeof(sum)) : amount.text);
	facts->amount = order->amount;
	return check_currency(reader, order->currency, slice_text(order->amount), err);
}

int amount_of_refund(struct orders_reader *reader, const Nurture__V1__Order *order,
		     const char **ret, int64_t *ret_e4, struct err *err)
{
	struct slice text = field(reader, COLUMN_REFUND);
	struct amount amount;

	*ret = NULL;
	*ret_e4 = 0;
	if (text.len == 0)
		return 0;
	if (field_amount(reader, COLUMN_REFUND, text, &amount, ret_e4, err) < 0)
		return -1;
	if (*ret_e4 == 0)
		return 0;
	note_dot(reader, text, &amount);
	*ret_e4 = *ret_e4 < 0 ? -*ret_e4 : *ret_e4;
	*ret = arena_text(&reader->orders->arena, amount.text);
	return check_currency(reader, order->currency, slice_text(amount.text), err);
}
