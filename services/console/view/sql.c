/* sql.c - see sql.h; SQLite. */
#include "sql.h"

#include <math.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>

enum { STATEMENTS = 256, BUSY_MS = 5000 };

struct sql_rows {
	struct sql *sql;
	sqlite3_stmt *statement; /* NULL: it could not be prepared */
};

struct kept {
	const char *text; /* the literal's address */
	struct sql_rows rows;
};

struct sql {
	sqlite3 *db;
	int failed; /* SQLite's code of the first failure; SQLITE_OK: none */
	char why[256];
	struct kept kept[STATEMENTS]; /* by the address of the text; power of two, never full */
	unsigned count;
};

static void fail(struct sql *sql, const char *text)
{
	if (sql->failed)
		return;
	sql->failed = sqlite3_extended_errcode(sql->db);
	if (!sql->failed)
		sql->failed = SQLITE_ERROR;
	sqlite3_snprintf(sizeof(sql->why), sql->why, "%s, in: %.120s", sqlite3_errmsg(sql->db),
			 text);
}

int sql_open(struct sql **ret, const char *path, bool writable, struct err *err)
{
	const int flags =
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (writable ? SQLITE_OPEN_CREATE : 0);
	struct sql *sql = calloc(1, sizeof(*sql));

	if (!sql)
		abort();
	if (sqlite3_open_v2(path, &sql->db, flags, NULL) != SQLITE_OK) {
		err_environment(err, "%s: %s", path,
				sql->db ? sqlite3_errmsg(sql->db) : "no memory");
		sql_close(&sql);
		return -1;
	}
	sqlite3_busy_timeout(sql->db, BUSY_MS);
	*ret = sql;
	return 0;
}

void sql_close(struct sql **sql_address)
{
	struct sql *sql = *sql_address;

	if (!sql)
		return;
	*sql_address = NULL;
	for (unsigned i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(sql->kept[i].rows.statement);
	sqlite3_close(sql->db);
	free(sql);
}

void sql_script(struct sql *sql, const char *text)
{
	if (!sql->failed && sqlite3_exec(sql->db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail(sql, text);
}

/* The place of the statement, prepared when it is new. */
static struct sql_rows *statement_of(struct sql *sql, const char *text)
{
	unsigned at = (unsigned)(((uintptr_t)text * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

	for (at %= STATEMENTS; sql->kept[at].text; at = (at + 1) % STATEMENTS)
		if (sql->kept[at].text == text)
			return &sql->kept[at].rows;
	if (++sql->count >= STATEMENTS)
		abort(); /* more literals than there are places: a bug */
	sql->kept[at].text = text;
	sql->kept[at].rows.sql = sql;
	if (!sql->failed && sqlite3_prepare_v3(sql->db, text, -1, SQLITE_PREPARE_PERSISTENT,
					       &sql->kept[at].rows.statement, NULL) != SQLITE_OK)
		fail(sql, text);
	return &sql->kept[at].rows;
}

static int bind_slice(sqlite3_stmt *statement, int at, struct slice slice, bool is_text)
{
	if (!slice.bytes)
		return sqlite3_bind_null(statement, at);
	return is_text ? sqlite3_bind_text64(statement, at, (const char *)slice.bytes, slice.len,
					     SQLITE_STATIC, SQLITE_UTF8)
		       : sqlite3_bind_blob64(statement, at, slice.bytes, slice.len, SQLITE_STATIC);
}

static void bind(struct sql_rows *rows, const char *types, va_list values)
{
	int code = SQLITE_OK;

	for (int at = 1; types[at - 1] && code == SQLITE_OK; at++) {
		const char type = types[at - 1];

		if (type == 'i')
			code = sqlite3_bind_int64(rows->statement, at, va_arg(values, int64_t));
		else if (type == 'd')
			code = sqlite3_bind_double(rows->statement, at, va_arg(values, double));
		else if (type == 't')
			code = sqlite3_bind_text(rows->statement, at, va_arg(values, const char *),
						 -1, SQLITE_STATIC);
		else
			code = bind_slice(rows->statement, at, va_arg(values, struct slice),
					  type == 's');
	}
	if (code != SQLITE_OK)
		fail(rows->sql, sqlite3_sql(rows->statement));
}

void sql_do(struct sql *sql, const char *text, const char *types, ...)
{
	struct sql_rows *rows = statement_of(sql, text);
	va_list values;

	if (sql->failed)
		return;
	va_start(values, types);
	bind(rows, types, values);
	va_end(values);
	while (sql_next(rows))
		;
}

int64_t sql_changes(struct sql *sql)
{
	return sqlite3_changes64(sql->db);
}

int64_t sql_all_changes(struct sql *sql)
{
	return sqlite3_total_changes64(sql->db);
}

int64_t sql_last_row(struct sql *sql)
{
	return sqlite3_last_insert_rowid(sql->db);
}

struct sql_rows *sql_query(struct sql *sql, const char *text, const char *types, ...)
{
	struct sql_rows *rows = statement_of(sql, text);
	va_list values;

	if (sql->failed)
		return rows;
	va_start(values, types);
	bind(rows, types, values);
	va_end(values);
	return rows;
}

bool sql_next(struct sql_rows *rows)
{
	int code;

	if (rows->sql->failed)
		return false;
	code = sqlite3_step(rows->statement);
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		fail(rows->sql, sqlite3_sql(rows->statement));
	sql_end(rows);
	return false;
}

void sql_end(struct sql_rows *rows)
{
	sqlite3_reset(rows->statement);
	/* What was bound is the caller's, and may be gone by the next time. */
	if (rows->statement)
		sqlite3_clear_bindings(rows->statement);
}

int64_t sql_int(struct sql_rows *rows, int column)
{
	return sqlite3_column_int64(rows->statement, column);
}

double sql_double(struct sql_rows *rows, int column)
{
	return sql_is_null(rows, column) ? NAN : sqlite3_column_double(rows->statement, column);
}

struct slice sql_bytes(struct sql_rows *rows, int column, struct arena *arena)
{
	const void *bytes = sqlite3_column_blob(rows->statement, column);
	size_t len = (size_t)sqlite3_column_bytes(rows->statement, column);

	return slice_of(arena_copy(arena, bytes, len), len);
}

char *sql_text(struct sql_rows *rows, int column, struct arena *arena)
{
	return (char *)sql_bytes(rows, column, arena).bytes;
}

bool sql_is_null(struct sql_rows *rows, int column)
{
	return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

int64_t sql_number(struct sql *sql, const char *text, int64_t otherwise)
{
	sqlite3_stmt *statement = NULL;
	int code;

	if (sql->failed)
		return otherwise;
	code = sqlite3_prepare_v2(sql->db, text, -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		otherwise = sqlite3_column_int64(statement, 0);
	else if (code != SQLITE_DONE)
		fail(sql, text);
	sqlite3_finalize(statement);
	return otherwise;
}

int sql_check(const struct sql *sql, struct err *err)
{
	if (!sql->failed)
		return 0;
	return err_environment(err, "the view: %s", sql->why);
}

bool sql_is_damaged(const struct sql *sql)
{
	int code = sql->failed & 0xff;

	return code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
}
