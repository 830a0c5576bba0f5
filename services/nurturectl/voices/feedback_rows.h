/*
 * feedback_rows.h - what customers said, in a table: rows of a file in, rows of the view out.  Pure.
 *
 * Columns, by the names in the first row: customer; and of kind, source, score, title, text, lang,
 * order, sku, tags (with semicolons between them), by, at, id those that there are.  What an export
 * has besides (name, state, item) is passed over.
 */
#ifndef NURTURE_NURTURECTL_VOICES_FEEDBACK_ROWS_H
#define NURTURE_NURTURECTL_VOICES_FEEDBACK_ROWS_H

#include "common/base/buf.h"
#include "common/codec/csv.h"
#include "services/console/view/voices.h"

enum feedback_column {
	FEEDBACK_CUSTOMER,
	FEEDBACK_KIND,
	FEEDBACK_SOURCE,
	FEEDBACK_SCORE,
	FEEDBACK_TITLE,
	FEEDBACK_TEXT,
	FEEDBACK_LANG,
	FEEDBACK_ORDER,
	FEEDBACK_SKU,
	FEEDBACK_TAGS,
	FEEDBACK_BY,
	FEEDBACK_AT,
	FEEDBACK_ID,
	FEEDBACK_COLUMNS
};

struct feedback_rows {
	struct csv csv;
	int places[FEEDBACK_COLUMNS]; /* in a row; -1: there is no such column */
	size_t width;                 /* of the first row */
	int64_t now_ms;
};
/* Reads the first row.  -1: it names what is no column of ours, twice, or no customer. */
int feedback_rows_begin(struct feedback_rows *rows, struct slice text, int64_t now_ms,
			struct arena *arena, struct err *err);

struct feedback_row {
	int line;
	const char *customer;
	struct slice event; /* JSON of feedback.received; len 0: it would not be taken */
	struct err why;     /* then */
};
/*
 * 1: a row, in *ret, which is the arena's.  0: the end.  -1: the file is no CSV from here on.
 *
 * The event's id follows from the column id, or else from what the row says: a file that is read
 * twice says everything once.
 */
int feedback_rows_next(struct feedback_rows *rows, struct arena *arena, struct feedback_row *ret,
		       struct err *err);

/* The first row of an export, and one for each item.  A cell that a spreadsheet would take for a
 * formula begins with an apostrophe. */
void feedback_rows_head(struct buf *out);
void feedback_rows_put(const struct view_item *found, struct buf *out);

#endif
