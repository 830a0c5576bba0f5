/* catalogue_csv.h - a row of the catalogue's file: RFC 4180. Pure. */
#ifndef NURTURE_INGEST_CATALOGUE_CATALOGUE_CSV_H
#define NURTURE_INGEST_CATALOGUE_CATALOGUE_CSV_H

#include "common/base/arena.h"
#include "common/base/slice.h"

enum { CATALOGUE_FIELDS_MAX = 64 };

struct catalogue_csv {
	struct slice rest;
	unsigned line; /* of the row just read, from 1 */
	unsigned next_line;
	char mark; /* between fields */
};

/*
 * A whole text; a UTF-8 byte order mark is passed over. As of files of orders, what stands between
 * fields is that of comma, semicolon, tab and bar which the first line has most of, outside of quotes.
 */
struct catalogue_csv catalogue_csv_of(struct slice text);
/*
 * 1: a row, its fields as texts of the arena, trimmed. 0: the end. -1: a quote is not closed, or
 * there are too many fields.
 */
int catalogue_csv_next(struct catalogue_csv *csv, struct arena *arena,
		       const char *ret[CATALOGUE_FIELDS_MAX], size_t *ret_count);

#endif
