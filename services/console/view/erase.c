/* erase.c - what an erasure takes away, and how it is remembered; see view_internal.h. */
#include "common/base/hash.h"
#include "view_internal.h"

int64_t view_erased_ms(struct sql *sql, struct slice id)
{
	char who[ID_TEXT_BYTES];
	struct sql_rows *rows;
	int64_t erased_ms = INT64_MIN;

	id_of(who, &id, 1);
	rows = sql_query(sql, "SELECT at FROM erased WHERE who=?", "s", slice_text(who));
	if (sql_next(rows)) {
		erased_ms = sql_int(rows, 0);
		sql_end(rows);
	}
	return erased_ms;
}

static void remember(struct view *view, struct slice id, int64_t erased_ms)
{
	char who[ID_TEXT_BYTES];

	id_of(who, &id, 1);
	sql_do(
	    view->sql,
	    "INSERT INTO erased VALUES(?,?) ON CONFLICT(who) DO UPDATE SET at=max(at,excluded.at)",
	    "si", slice_text(who), erased_ms);
}

/* Decisions after the erasure about what was set off before it. */
static void drop_late_outcomes(struct view *view, int64_t pid, int64_t erased_ms)
{
	struct sql_rows *rows =
	    sql_query(view->sql, "SELECT n, kind, body FROM moment WHERE pid=? AND at>?", "ii", pid,
		      erased_ms);

	while (sql_next(rows)) {
		int64_t n = sql_int(rows, 0);

		if (view_begun_ms((enum view_kind)sql_int(rows, 1),
				  sql_bytes(rows, 2, &view->arena), INT64_MAX,
				  &view->arena) <= erased_ms)
			sql_do(view->sql, "DELETE FROM moment WHERE n=?", "i", n);
	}
}

static void drop(struct view *view, int64_t pid, int64_t erased_ms)
{
	struct sql *sql = view->sql;

	sql_do(sql, "DELETE FROM voice WHERE pid=? AND at<=?", "ii", pid, erased_ms);
	sql_do(sql, "DELETE FROM told WHERE pid=? AND at<=?", "ii", pid, erased_ms);
	sql_do(sql, "DELETE FROM moment WHERE pid=? AND at<=?", "ii", pid, erased_ms);
	drop_late_outcomes(view, pid, erased_ms);
	view_drop_items(view, pid, erased_ms);
	sql_do(sql, "DELETE FROM task WHERE pid=? AND at<=?", "ii", pid, erased_ms);
	sql_do(sql, "DELETE FROM task_end WHERE pid=? AND at<=?", "ii", pid, erased_ms);
	view_forget_empty(sql, pid);
}

/* Ids whose erasure is still to be done, and those where it was; they grow in the view's arena. */
struct ids {
	struct slice *items;
	size_t count, room;
};

static void add_id(struct view *view, struct ids *ids, struct slice id)
{
	struct slice *grown;

	if (ids->count == ids->room) {
		ids->room = ids->room ? 2 * ids->room : 16;
		grown = arena_alloc(&view->arena, ids->room * sizeof(*grown));
		if (ids->count)
			memcpy(grown, ids->items, ids->count * sizeof(*grown));
		ids->items = grown;
	}
	ids->items[ids->count++] = id;
}

/* The ids that had been merged into this one by then. */
static void add_merged(struct view *view, struct slice id, int64_t erased_ms, struct ids *ids)
{
	struct sql_rows *rows =
	    sql_query(view->sql, "SELECT id FROM person WHERE merged_into=? AND merged_ms<=?", "si",
		      id, erased_ms);

	while (sql_next(rows))
		add_id(view, ids, sql_bytes(rows, 0, &view->arena));
}

static void erase_one(struct view *view, struct slice id, int64_t erased_ms, struct ids *ids)
{
	int64_t pid;

	/* What is known already has been done; so a circle of merges ends, too. */
	if (view_erased_ms(view->sql, id) >= erased_ms)
		return;
	remember(view, id, erased_ms);
	view->must_wipe = true;
	pid = view_pid_known(view->sql, id);
	if (pid)
		drop(view, pid, erased_ms);
	add_merged(view, id, erased_ms, ids);
}

/* Row after row instead of call in call: neither how many were merged nor how often has a bound. */
void view_erase(struct view *view, struct slice id, int64_t erased_ms)
{
	struct ids ids = {.count = 0};

	add_id(view, &ids, id);
	for (size_t i = 0; i < ids.count; i++)
		erase_one(view, ids.items[i], erased_ms, &ids);
}

void view_erase_events(struct view *view, struct slice id)
{
	int64_t pid = view_pid_known(view->sql, id);

	if (!pid)
		return;
	sql_do(view->sql, "DELETE FROM voice WHERE pid=?", "i", pid);
	sql_do(view->sql, "DELETE FROM moment WHERE pid=? AND kind=?", "ii", pid,
	       (int64_t)VIEW_KIND_EVENT);
	sql_do(view->sql, "DELETE FROM task_end WHERE pid=? AND topic=?", "ii", pid,
	       (int64_t)VIEW_EVENTS);
	view->must_wipe = true;
	view_forget_empty(view->sql, pid);
}

void view_forget_empty(struct sql *sql, int64_t pid)
{
	sql_do(sql,
	       "DELETE FROM person WHERE pid=?1 AND card IS NULL AND contact IS NULL"
	       " AND NOT EXISTS(SELECT 1 FROM moment WHERE pid=?1)"
	       " AND NOT EXISTS(SELECT 1 FROM task WHERE pid=?1)"
	       " AND NOT EXISTS(SELECT 1 FROM task_end WHERE pid=?1)"
	       " AND NOT EXISTS(SELECT 1 FROM desk_task WHERE pid=?1)"
	       " AND NOT EXISTS(SELECT 1 FROM item WHERE pid=?1)"
	       " AND NOT EXISTS(SELECT 1 FROM waiting WHERE pid=?1)",
	       "i", pid);
}
