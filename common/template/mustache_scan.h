/*
 * mustache_scan.h - the tags of a template's source.  Pure.
 *
 * A tag that is alone on its line (but for blanks) takes the whole line with
 * it, unless it is a variable; that is decided on the source bytes left and
 * right of the tag.
 */
#ifndef NURTURE_TEMPLATE_MUSTACHE_SCAN_H
#define NURTURE_TEMPLATE_MUSTACHE_SCAN_H

#include "common/base/err.h"
#include "common/base/slice.h"

enum { MUSTACHE_DELIMITER_BYTES = 16 };

struct mustache_source {
	const char *start, *end;
	const char *file;
	char open[MUSTACHE_DELIMITER_BYTES], close[MUSTACHE_DELIMITER_BYTES]; /* in force */
	struct err *err;
};

struct mustache_tag {
	char sigil; /* one of #^/>&{!= or 0: a variable */
	struct slice name;
	unsigned line;
	const char *from, *to; /* the tag, delimiters included */
	bool is_standalone;
	struct slice indent;  /* standalone: the blanks before it */
	const char *text_end; /* where the text before it ends */
	const char *next;     /* where the source goes on */
};

/* Sets err to "FILE:LINE: what "name"" with kind ERR_CONFIG; -1. */
int mustache_fail(const struct mustache_source *source, unsigned line, const char *what,
		  struct slice name);
/* The first tag at or after at, which is in that line: 1; 0: none; -1: not closed. */
int mustache_next_tag(const struct mustache_source *source, const char *at, unsigned line,
		      struct mustache_tag *ret);
/* {{=<% %>=}} */
int mustache_set_delimiters(struct mustache_source *source, const struct mustache_tag *tag);

unsigned mustache_count_lines(const char *from, const char *to);
bool mustache_is_space(char c);

#endif
