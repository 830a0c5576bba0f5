/*
 * shares_lines.h - the lines of each order, wherever they stand in a file of any size: what
 * orders_group.h does in memory; shares_read.c's.
 */
#ifndef NURTURE_NURTURECTL_SIM_SHARES_LINES_H
#define NURTURE_NURTURECTL_SIM_SHARES_LINES_H

#include "shares_internal.h"

struct share_lines;

struct share_lines *share_lines_open(size_t memory_bytes);
/* Adds the line that the reader has just read, whose bytes the text is. */
int share_lines_add(struct share_lines *lines, struct orders_reader *reader, struct slice text,
		    struct err *err);
/* All orders' lines, each order a row. Of several errors the one in the first line is told. */
int share_lines_end(struct share_lines *lines, struct orders_reader *reader,
		    struct record_sort *ret, struct err *err);
void share_lines_close(struct share_lines *lines); /* NULL: nothing */

#endif
