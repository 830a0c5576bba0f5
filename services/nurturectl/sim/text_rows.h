/*
 * text_rows.h - a text that does not fit into memory, read row by row.
 *
 * A window of the file stands in memory and moves on.  A row that is longer than the window makes
 * it larger, up to TEXT_ROW_BYTES_MAX: a quote that is never closed must not fill the memory.
 */
#ifndef NURTURE_NURTURECTL_SIM_TEXT_ROWS_H
#define NURTURE_NURTURECTL_SIM_TEXT_ROWS_H

#include <stdbool.h>
#include <zlib.h>

#include "common/base/hash.h"
#include "common/codec/csv.h"
#include "common/codec/text_encoding.h"

enum { TEXT_ROW_BYTES_MAX = 64 << 20 };

struct text_rows {
	const char *path;
	gzFile file; /* which reads what is not compressed as it is */
	enum text_encoding encoding;
	bool has_ended; /* all of the file has been read */
	/* UTF-8: what was read and not given out is from..to. */
	char *window;
	size_t room, from, to;
	char held[4]; /* the beginning of a character whose end has not been read */
	size_t held_bytes;
	bool has_begun;
};

/* -1: it cannot be opened.  The encoding is that of text_encoding_guess(), for a file of CSV. */
int text_rows_open(struct text_rows *ret, const char *path, enum text_encoding encoding,
		   struct err *err);
/*
 * Makes the window hold more; *ret is all of it.  0: there is no more to come.  -1: it cannot be
 * read, or a row is too long.
 */
int text_rows_more(struct text_rows *rows, struct slice *ret, struct err *err);
/* So many bytes of the window have been dealt with. */
void text_rows_skip(struct text_rows *rows, size_t bytes);
void text_rows_close(struct text_rows *rows);

/* What all of a file's bytes look like. */
int text_rows_guess(const char *path, enum text_encoding *ret, struct err *err);

/*
 * Adds a file's text to an id's parts; path NULL: an empty one.  It is the part that the same text
 * would be in memory.
 */
int text_rows_identify(const char *path, enum text_encoding encoding, struct id_parts *parts,
		       struct err *err);

#endif
