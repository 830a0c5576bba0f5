/* apply.c - ids and their numbers; see view_internal.h. */
#include "view_internal.h"

int64_t view_pid_known(struct sql *sql, struct slice id)
{
	struct sql_rows *rows = sql_query(sql, "SELECT pid FROM person WHERE id=?", "s", id);
	int64_t pid = 0;

	if (sql_next(rows)) {
		pid = sql_int(rows, 0);
		sql_end(rows);
	}
	return pid;
}

int64_t view_pid(struct view *view, struct slice id)
{
	int64_t pid = view_pid_known(view->sql, id);

	if (pid)
		return pid;
	sql_do(view->sql, "INSERT INTO person(id) VALUES(?)", "s", id);
	return sql_last_row(view->sql);
}
