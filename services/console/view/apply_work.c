/* apply_work.c - what people are to do, and what waits in the scheduler. */
#include "common/base/civil.h"
#include "common/base/hash.h"
#include "read.h"
#include "services/desk/life/times.h"
#include "view_internal.h"

/*
 * Does what was said under one id end a task that was given out under another?  The desk and the
 * scheduler know whose it is; an event may name anybody's, and is heard of the same person alone.
 */
static bool is_end_of(struct view *view, int64_t topic, int64_t said_pid, int64_t task_pid)
{
	return topic != VIEW_EVENTS || said_pid == task_pid ||
	       read_living(view->sql, said_pid) == read_living(view->sql, task_pid);
}

void view_note_end(struct view *view, const struct view_record *record, const char *task,
		   int64_t pid, int64_t at_ms)
{
	struct sql_rows *rows;
	int64_t task_pid;

	sql_do(view->sql, "INSERT OR IGNORE INTO task_end VALUES(?,?,?,?,?)", "tiiii", task,
	       (int64_t)record->topic, pid, at_ms, record->stamp_ms > 0 ? record->stamp_ms : at_ms);
	rows = sql_query(view->sql, "SELECT pid FROM task WHERE id=? AND is_open", "t", task);
	if (!sql_next(rows))
		return;
	task_pid = sql_int(rows, 0);
	sql_end(rows);
	if (is_end_of(view, record->topic, pid, task_pid))
		sql_do(view->sql, "UPDATE task SET is_open=0 WHERE id=?", "t", task);
}

static bool has_ended(struct view *view, const char *task, int64_t pid)
{
	struct sql_rows *rows =
	    sql_query(view->sql, "SELECT topic, pid FROM task_end WHERE id=?", "t", task);

	while (sql_next(rows))
		if (is_end_of(view, sql_int(rows, 0), sql_int(rows, 1), pid)) {
			sql_end(rows);
			return true;
		}
	return false;
}

static void open_task(struct view *view, const struct view_record *record,
		      const Nurture__V1__Task *task, int64_t pid)
{
	int64_t at_ms = (int64_t)task->time_ms;
	Nurture__V1__Task kept = *task;

	kept.customer = kept.id = (char *)protobuf_c_empty_string;
	sql_do(view->sql,
	       "INSERT OR IGNORE INTO task VALUES(?1,?2,?3,?4,?5,?8,"
	       " ifnull((SELECT min(due) FROM desk_task WHERE id=?1),?6),?6,?7)",
	       "tiiiiibi", task->id, pid, at_ms, record->stamp_ms > 0 ? record->stamp_ms : at_ms,
	       number_of_text(view, task->owner), task->expires_ms ? task->expires_ms : NEVER_MS,
	       keep_packed(&kept, &view->arena), (int64_t)!has_ended(view, task->id, pid));
}

int view_apply_task(struct view *view, const struct view_record *record, struct err *err)
{
	Nurture__V1__Task *task;
	int64_t pid;

	if (!record->value.bytes)
		return 0;
	if (task_decode(record->value, &view->arena, &task, err) < 0)
		return -1;
	if ((int64_t)task->time_ms <= view_erased_ms(view->sql, record->key))
		return 0;
	pid = view_pid(view, record->key);
	if (task_is_open(task))
		open_task(view, record, task, pid);
	else
		view_note_end(view, record, task->id, pid, (int64_t)task->time_ms);
	return 0;
}

static void add_planned(struct view *view, int64_t programme, int64_t possible_ms, int64_t count)
{
	if (possible_ms == NEVER_MS)
		return;
	sql_do(view->sql,
	       "INSERT INTO planned VALUES(?1,?2,?3)"
	       " ON CONFLICT(programme,day) DO UPDATE SET count=count+excluded.count",
	       "iii", programme, possible_ms / DAY_MS, count);
}

/* What waited until now, out of the counts and away. */
static void clear_waiting(struct view *view, int64_t pid)
{
	struct sql_rows *rows =
	    sql_query(view->sql, "SELECT programme, possible FROM waiting WHERE pid=?", "i", pid);
	bool is_any = false;

	while (sql_next(rows)) {
		add_planned(view, sql_int(rows, 0), sql_int(rows, 1), -1);
		is_any = true;
	}
	if (is_any) {
		sql_do(view->sql, "DELETE FROM waiting WHERE pid=?", "i", pid);
		sql_do(view->sql, "DELETE FROM planned WHERE count=0", "");
	}
}

static void put_waiting(struct view *view, int64_t pid, const struct kept_ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++) {
		int64_t programme = number_of_text(view, ledger->requests[i]->programme);
		int64_t possible_ms = keep_possible_ms(ledger->waiting[i]);

		sql_do(view->sql, "INSERT OR IGNORE INTO waiting VALUES(?,?,?,?,?)", "itiib", pid,
		       ledger->requests[i]->id, programme, possible_ms,
		       keep_packed(ledger->waiting[i], &view->arena));
		if (sql_changes(view->sql))
			add_planned(view, programme, possible_ms, 1);
	}
}

int view_apply_contact(struct view *view, const struct view_record *record, struct err *err)
{
	struct kept_ledger ledger = {0};
	bool is_any;
	int64_t pid;

	if (record->value.bytes && keep_ledger(record->value, &view->arena, &ledger, err) < 0)
		return -1;
	is_any = ledger.contact.len || ledger.count;
	pid = is_any ? view_pid(view, record->key) : view_pid_known(view->sql, record->key);
	if (!pid)
		return 0;
	clear_waiting(view, pid);
	put_waiting(view, pid, &ledger);
	sql_do(view->sql, "UPDATE person SET contact=? WHERE pid=?", "bi",
	       ledger.contact.len ? ledger.contact : slice_of(NULL, 0), pid);
	if (!is_any) {
		view_forget_empty(view->sql, pid);
		view->must_wipe = true;
	}
	return 0;
}

static void put_desk_task(struct view *view, int64_t pid, const Nurture__V1__DeskTask *task)
{
	sql_do(view->sql, "INSERT OR REPLACE INTO desk_task VALUES(?,?,?,?)", "tiib", task->id, pid,
	       dsk_due_or_expires_ms(view->options.policy->desk, task),
	       keep_packed(task, &view->arena));
}

/* A task that no desk knows any more has no time of its own but its last one. */
static void set_due(struct view *view, const char *task)
{
	sql_do(view->sql,
	       "UPDATE task SET due=ifnull((SELECT min(due) FROM desk_task d WHERE d.id=task.id),"
	       "expires) WHERE id=?",
	       "t", task);
}

/* The ids of the tasks that the desk had of a person until now, and has no more. */
static const char **take_known(struct view *view, int64_t pid, size_t *ret_count)
{
	struct sql_rows *rows =
	    sql_query(view->sql, "SELECT id FROM desk_task WHERE pid=?", "i", pid);
	const char **ids = arena_alloc(&view->arena, VIEW_TASKS_OF_MAX * sizeof(*ids));
	size_t count = 0;

	while (sql_next(rows))
		if (count < VIEW_TASKS_OF_MAX)
			ids[count++] = sql_text(rows, 0, &view->arena);
	if (count)
		sql_do(view->sql, "DELETE FROM desk_task WHERE pid=?", "i", pid);
	*ret_count = count;
	return ids;
}

int view_apply_desk(struct view *view, const struct view_record *record, struct err *err)
{
	struct kept_desk desk = {0};
	const char **known;
	size_t count;
	int64_t pid;

	if (record->value.bytes && keep_desk(record->value, &view->arena, &desk, err) < 0)
		return -1;
	pid = desk.count ? view_pid(view, record->key) : view_pid_known(view->sql, record->key);
	if (!pid)
		return 0;
	known = take_known(view, pid, &count);
	for (size_t i = 0; i < desk.count; i++)
		put_desk_task(view, pid, &desk.tasks[i]);
	for (size_t i = 0; i < count; i++)
		set_due(view, known[i]);
	for (size_t i = 0; i < desk.count; i++)
		set_due(view, desk.tasks[i].id);
	if (!desk.count)
		view_forget_empty(view->sql, pid);
	return 0;
}

void view_refresh_due(struct view *view)
{
	struct sql_rows *rows = sql_query(view->sql, "SELECT id, pid, body FROM desk_task", "");

	sql_script(view->sql, "BEGIN IMMEDIATE");
	while (sql_next(rows)) {
		const char *id = sql_text(rows, 0, &view->arena);
		const Nurture__V1__DeskTask *task =
		    keep_unpacked(&nurture__v1__desk_task__descriptor,
				  sql_bytes(rows, 2, &view->arena), &view->arena);

		if (!task)
			continue;
		sql_do(view->sql, "UPDATE desk_task SET due=? WHERE id=? AND pid=?", "iti",
		       dsk_due_or_expires_ms(view->options.policy->desk, task), id,
		       sql_int(rows, 1));
		set_due(view, id);
	}
	sql_do(view->sql, "INSERT OR REPLACE INTO meta VALUES('policy',?)", "i",
	       view_policy_number(view));
	sql_script(view->sql, "COMMIT");
	arena_reset(&view->arena);
}

int64_t view_policy_number(const struct view *view)
{
	return (int64_t)(hash64(slice_text(view->options.policy->hash)) >> 1);
}
