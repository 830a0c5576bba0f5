/* read_work.c - tasks, what waits, what was said badly or escalated; see view.h. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "read.h"

#define READ_TASK                                                                                  \
	"SELECT t.id, (SELECT id FROM person WHERE pid=t.pid), t.due, t.body,"                     \
	" (SELECT body FROM desk_task d WHERE d.id=t.id ORDER BY due LIMIT 1), t.is_open"          \
	" FROM task t "

static int take_task(struct sql_rows *rows, int64_t now_ms, struct arena *arena,
		     struct view_task *ret, struct err *err)
{
	Nurture__V1__Task *task =
	    keep_unpacked(&nurture__v1__task__descriptor, sql_bytes(rows, 3, arena), arena);

	*ret = (struct view_task){.task = task, .due_ms = sql_int(rows, 2)};
	if (!sql_is_null(rows, 4))
		ret->desk = keep_unpacked(&nurture__v1__desk_task__descriptor,
					  sql_bytes(rows, 4, arena), arena);
	if (!task || (!sql_is_null(rows, 4) && !ret->desk))
		return err_environment(err, "the view: a task is not readable");
	task->id = sql_text(rows, 0, arena);
	task->customer = sql_text(rows, 1, arena);
	ret->is_open = sql_int(rows, 5) != 0;
	ret->is_overdue = ret->is_open && ret->due_ms <= now_ms;
	return 0;
}

/* At most limit of the rows. */
static int take_tasks(struct sql *sql, struct sql_rows *rows, int64_t now_ms, size_t limit,
		      struct arena *arena, struct view_tasks *ret, struct err *err)
{
	while (sql_next(rows)) {
		if (ret->count == limit) {
			ret->has_more = true;
			sql_end(rows);
			break;
		}
		if (take_task(rows, now_ms, arena, &ret->items[ret->count], err) < 0) {
			sql_end(rows);
			return -1;
		}
		ret->count++;
	}
	return sql_check(sql, err);
}

static struct view_tasks room_for(size_t limit, struct arena *arena)
{
	return (struct view_tasks){.items =
				       arena_alloc(arena, (limit + 1) * sizeof(struct view_task))};
}

int view_tasks(struct view_reader *reader, const char *owner, int64_t now_ms, size_t limit,
	       struct arena *arena, struct view_tasks *ret, struct err *err)
{
	struct sql *sql = reader->sql;
	struct sql_rows *rows;

	*ret = room_for(limit, arena);
	/* Where no desk ends them, they end by themselves. */
	if (owner)
		rows = sql_query(sql,
				 READ_TASK "WHERE t.is_open AND t.owner=? AND t.expires>?"
					   " ORDER BY t.due, t.id LIMIT ?",
				 "iii", read_word(sql, owner), now_ms, (int64_t)limit + 1);
	else
		rows = sql_query(sql,
				 READ_TASK "WHERE t.is_open AND t.expires>?"
					   " ORDER BY t.due, t.id LIMIT ?",
				 "ii", now_ms, (int64_t)limit + 1);
	return take_tasks(sql, rows, now_ms, limit, arena, ret, err);
}

static int by_due(const void *first, const void *second)
{
	const struct view_task *a = first, *b = second;

	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return strcmp(a->task->id, b->task->id);
}

int view_tasks_of(struct view_reader *reader, const char *id, int64_t now_ms, struct arena *arena,
		  struct view_tasks *ret, struct err *err)
{
	struct read_person person;

	*ret = room_for(VIEW_TASKS_OF_MAX, arena);
	read_person(reader->sql, id, arena, &person);
	for (size_t i = 0; i < person.count; i++)
		if (take_tasks(reader->sql,
			       sql_query(reader->sql,
					 READ_TASK "WHERE t.pid=? AND t.is_open AND t.expires>?",
					 "ii", person.ids[i].pid, now_ms),
			       now_ms, VIEW_TASKS_OF_MAX, arena, ret, err) < 0)
			return -1;
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), by_due);
	return sql_check(reader->sql, err);
}

int view_task(struct view_reader *reader, const char *task, int64_t now_ms, struct arena *arena,
	      struct view_task *ret, struct err *err)
{
	struct view_tasks tasks = {.items = ret};

	if (take_tasks(reader->sql, sql_query(reader->sql, READ_TASK "WHERE t.id=?", "t", task),
		       now_ms, 1, arena, &tasks, err) < 0)
		return -1;
	return tasks.count ? 1 : 0;
}

static int take_waiting(struct sql *sql, struct sql_rows *rows, int64_t pid, struct arena *arena,
			struct view_waitings *ret, struct err *err)
{
	while (sql_next(rows) && ret->count < VIEW_WAITING_MAX) {
		struct view_waiting *waiting = &ret->items[ret->count];
		const Nurture__V1__Waiting *found = keep_unpacked(&nurture__v1__waiting__descriptor,
								  sql_bytes(rows, 0, arena), arena);

		*waiting = (struct view_waiting){.waiting = found, .winner = ""};
		if (found)
			waiting->request =
			    keep_unpacked(&nurture__v1__request__descriptor,
					  slice_of(found->request.data, found->request.len), arena);
		if (!waiting->request) {
			sql_end(rows);
			return err_environment(err, "the view: what waits is not readable");
		}
		if (found->won_by[0])
			waiting->winner = read_programme_of(sql, pid, found->won_by, arena);
		ret->count++;
	}
	sql_end(rows);
	return sql_check(sql, err);
}

static int by_possible(const void *first, const void *second)
{
	const struct view_waiting *a = first, *b = second;
	int64_t of_a = keep_possible_ms(a->waiting), of_b = keep_possible_ms(b->waiting);

	if (of_a != of_b)
		return of_a < of_b ? -1 : 1;
	return strcmp(a->request->id, b->request->id);
}

int view_waiting(struct view_reader *reader, const char *id, struct arena *arena,
		 struct view_waitings *ret, struct err *err)
{
	struct read_person person;

	*ret = (struct view_waitings){
	    .items = arena_alloc(arena, VIEW_WAITING_MAX * sizeof(*ret->items))};
	read_person(reader->sql, id, arena, &person);
	for (size_t i = 0; i < person.count; i++)
		if (take_waiting(reader->sql,
				 sql_query(reader->sql,
					   "SELECT body FROM waiting WHERE pid=?"
					   " ORDER BY possible, request",
					   "i", person.ids[i].pid),
				 person.ids[i].pid, arena, ret, err) < 0)
			return -1;
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), by_possible);
	return sql_check(reader->sql, err);
}

int view_low_scores(struct view_reader *reader, int score, int64_t since_ms, size_t limit,
		    struct arena *arena, struct view_moments *ret, struct err *err)
{
	struct read_moments moments = {.sql = reader->sql, .arena = arena};
	int r = 0;

	/* The newest of each score by its index; together they have the newest of all. */
	for (int64_t each = 1; each <= score && each <= VIEW_SCORE_MAX && r == 0; each++)
		r = read_moments(&moments,
				 sql_query(reader->sql,
					   READ_MOMENT
					   "JOIN voice v ON v.n=m.n WHERE v.score=? AND v.at>=?"
					   " ORDER BY v.at DESC, v.n DESC LIMIT ?",
					   "iii", each, since_ms, (int64_t)limit + 1),
				 err);
	read_moments_end(&moments, limit, ret);
	return r < 0 ? -1 : sql_check(reader->sql, err);
}

int view_escalated(struct view_reader *reader, const char *team, int64_t since_ms, size_t limit,
		   struct arena *arena, struct view_moments *ret, struct err *err)
{
	struct read_moments moments = {.sql = reader->sql, .arena = arena};
	struct sql *sql = reader->sql;
	struct sql_rows *rows;
	int r;

	if (team)
		rows = sql_query(sql,
				 READ_MOMENT "JOIN told t ON t.n=m.n WHERE t.at>=? AND t.team=?"
					     " ORDER BY t.at DESC, t.n DESC LIMIT ?",
				 "iii", since_ms, read_word(sql, team), (int64_t)limit + 1);
	else
		rows = sql_query(sql,
				 READ_MOMENT "JOIN told t ON t.n=m.n WHERE t.at>=?"
					     " ORDER BY t.at DESC, t.n DESC LIMIT ?",
				 "ii", since_ms, (int64_t)limit + 1);
	r = read_moments(&moments, rows, err);
	read_moments_end(&moments, limit, ret);
	return r < 0 ? -1 : sql_check(sql, err);
}
