/*
 * sql.h - SQLite, reduced to what the view needs.  Nothing of sqlite3.h appears here.
 *
 * A statement is named by its text, which must be a literal: it is prepared once for each
 * connection.  Values are bound by a letter each:
 *
 *	sql_do(sql, "UPDATE person SET name=? WHERE pid=?", "ti", name, pid)
 *
 *	i  int64_t       t  const char *, NULL: NULL       d  double, NAN: NULL
 *	b  struct slice, as a blob; bytes NULL: NULL       s  struct slice, as text
 *
 * A failure sticks to the connection: go on, and ask sql_check() once; nothing is carried out
 * after it, and queries find nothing.  A connection is used by one thread at a time.
 */
#ifndef NURTURE_CONSOLE_VIEW_SQL_H
#define NURTURE_CONSOLE_VIEW_SQL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

struct sql;
struct sql_rows;

/* writable: the file is made when there is none. */
int sql_open(struct sql **ret, const char *path, bool writable, struct err *err);
/* Gives up an open transaction. NULL-safe, sets NULL. */
void sql_close(struct sql **sql);
/* Any number of statements without values and results, not kept. */
void sql_script(struct sql *sql, const char *text);
/* One number that a statement without values gives; otherwise: when it gives none. */
int64_t sql_number(struct sql *sql, const char *text, int64_t otherwise);

void sql_do(struct sql *sql, const char *text, const char *types, ...);
/* How many rows the last sql_do() changed. */
int64_t sql_changes(struct sql *sql);
/* And all of them since it was opened. */
int64_t sql_all_changes(struct sql *sql);
int64_t sql_last_row(struct sql *sql);

/* To be read to its end, or sql_end()ed, before the same text is run again. Never NULL. */
struct sql_rows *sql_query(struct sql *sql, const char *text, const char *types, ...);
/* False: there are no more, and the query has ended. */
bool sql_next(struct sql_rows *rows);
void sql_end(struct sql_rows *rows);
/* Of the current row; texts and bytes are copied into the arena, NULL is "" and no bytes. */
int64_t sql_int(struct sql_rows *rows, int column);
double sql_double(struct sql_rows *rows, int column); /* NULL: NAN */
char *sql_text(struct sql_rows *rows, int column, struct arena *arena);
struct slice sql_bytes(struct sql_rows *rows, int column, struct arena *arena);
bool sql_is_null(struct sql_rows *rows, int column);

/* -1 with what failed first, and with `what` before it; the failure stays. */
int sql_check(const struct sql *sql, struct err *err);
/* Has it failed because the file is damaged, or is no database? */
bool sql_is_damaged(const struct sql *sql);

#endif
