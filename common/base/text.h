/*
 * text.h - strict reading of small texts: numbers, durations, money, addresses.
 *
 * All take the whole slice: leftovers are an error.  Success output is
 * untouched on failure.
 */
#ifndef NURTURE_BASE_TEXT_H
#define NURTURE_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "slice.h"

/* Decimal digits with an optional '-'; min and max are inclusive. */
int text_int64(struct slice text, int64_t min, int64_t max, int64_t *ret, struct err *err);

/* "90s" "15m" "20h" "7d" "2w" "1500ms" (a whole number and one unit); "0s" is 0. At most 400 d. */
int text_duration_ms(struct slice text, int64_t *ret, struct err *err);
/* The same for what takes years; max_days up to a million. */
int text_long_duration_ms(struct slice text, int max_days, int64_t *ret, struct err *err);
/* "2d 3h" style, largest two units, for people. buf gets at most size bytes. */
const char *duration_text(int64_t ms, char *buf, size_t size);

/* "-12.5000": at most 4 decimals, into ten-thousandths. |amount| < 9e14. */
int text_money_e4(struct slice text, int64_t *ret, struct err *err);
/* Two decimals, or four when needed: "12.50". */
const char *money_text(int64_t e4, char *buf, size_t size);

/* "0.45": a number that is not negative, at most `decimals` (0 to 9) of them, in units of the
 * last. */
int text_decimal(struct slice text, unsigned decimals, int64_t most, int64_t *ret, struct err *err);
enum { DECIMAL_BYTES = 24 };
/* The shortest text of it: "0.45", "12.5", "1"; with a '-' below 0. */
const char *decimal_text(int64_t value, unsigned decimals, char buf[DECIMAL_BYTES]);

/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong) without NUL. */
bool text_is_utf8(struct slice text);
/* How many bytes from the beginning on are UTF-8; of a whole text its length. */
size_t text_utf8_bytes(struct slice text);
/* No byte below 0x20 and no 0x7f. */
bool text_is_printable(struct slice text);

/*
 * An address that may be put behind RCPT TO (RFC 5321 4.1.2, dot-atom local
 * part and a host name): no space, control, quote or angle bracket, local part
 * at most 64 octets, 254 in all.  Non-ASCII only as valid UTF-8 (SMTPUTF8).
 */
bool text_is_email(struct slice text);

enum { TEXT_SHOWN_BYTES = 68 };
/* The beginning of text fit for an error message: unreadable bytes as '?', cut with "...". */
const char *text_shown(struct slice text, char buf[TEXT_SHOWN_BYTES]);

/* The line, from 1, in which the byte at offset stands. */
unsigned text_line_at(struct slice text, size_t offset);

/* A customer, order or event id: 1 to 200 bytes of printable UTF-8. */
bool text_is_id(struct slice text);

/* The candidate nearest to word (edit distance at most `most`, less than all of word), or NULL. */
const char *text_nearest_within(struct slice word, const char *const *candidates, size_t count,
				size_t most);
/* Within 3. */
const char *text_nearest(struct slice word, const char *const *candidates, size_t count);

#endif
