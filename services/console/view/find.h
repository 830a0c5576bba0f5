/* find.h - what somebody typed, as the forms that are looked for.  Pure. */
#ifndef NURTURE_CONSOLE_VIEW_FIND_H
#define NURTURE_CONSOLE_VIEW_FIND_H

#include "common/base/buf.h"
#include "common/base/slice.h"

enum { FIND_WORDS_MAX = 8, FIND_BYTES = 512, FIND_DIGITS_MIN = 5 };

struct find {
	struct slice text;  /* without blanks at its ends, well-formed; what was typed */
	struct slice order; /* a number of an order: without the '#' before it */
	struct buf email;   /* in lower case; empty: it is none, nor the beginning of one */
	struct buf phone; /* its digits as keep_phone() has them; empty: too few, or other signs */
	struct buf words; /* a query of the index of words; empty: no word was typed */
};

/* text: borrowed, any bytes; find_free() it. */
void find_read(struct slice text, struct find *ret);
void find_free(struct find *find);

#endif
