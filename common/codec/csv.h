/*
 * csv.h - RFC 4180: fields in a line, quotes, CRLF or LF; between fields a mark of the file's own.
 * Pure.
 */
#ifndef NURTURE_CODEC_CSV_H
#define NURTURE_CODEC_CSV_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum { CSV_FIELDS_MAX = 128 };

struct csv {
	struct slice rest;
	int line; /* of the row just read, from 1 */
	int next_line;
	char mark; /* between fields */
};

/* A whole text with commas; a UTF-8 byte order mark is passed over. */
struct csv csv_of(struct slice text);
/*
 * The same with the mark of its own first line: of comma, semicolon, tab and bar the one that
 * stands there most often outside of quotes, a comma when none does. A line "sep=;" before it, as
 * Excel writes, decides instead and is passed over.
 */
struct csv csv_of_export(struct slice text);
/*
 * 1: a row, its fields in ret (borrowed from the text, or from the arena where
 * quotes had to go) and their number.  0: the end.  -1: a quote is not closed,
 * or there are too many fields.
 */
int csv_next(struct csv *csv, struct arena *arena, struct slice ret[CSV_FIELDS_MAX],
	     size_t *ret_count, struct err *err);

/*
 * How many bytes the next row takes, with its line end; 0 when no line end is there: of a text that
 * is read piece by piece more may follow.
 */
size_t csv_row_bytes(const struct csv *csv);

#endif
