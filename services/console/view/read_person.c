/* read_person.c - one person: who it is, under which ids, and what may be said; see view.h. */
#include "common/base/civil.h"
#include "read.h"

enum { MERGES_MAX = 16, LAST_WORDS = 3 };

int64_t read_living(struct sql *sql, int64_t pid)
{
	for (unsigned i = 0; i < MERGES_MAX; i++) {
		struct sql_rows *rows = sql_query(
		    sql,
		    "SELECT b.pid FROM person a JOIN person b ON b.id=a.merged_into WHERE a.pid=?",
		    "i", pid);

		if (!sql_next(rows))
			break;
		pid = sql_int(rows, 0);
		sql_end(rows);
	}
	return pid;
}

static bool has(const struct read_person *person, int64_t pid)
{
	for (size_t i = 0; i < person->count; i++)
		if (person->ids[i].pid == pid)
			return true;
	return false;
}

static void add(struct read_person *person, int64_t pid, const char *id)
{
	if (person->count < READ_IDS_MAX && !has(person, pid)) {
		person->ids[person->count].pid = pid;
		person->ids[person->count++].id = id;
	}
}

/* Who was merged into one of those that are there, and so on. */
static void add_merged(struct sql *sql, struct arena *arena, struct read_person *person)
{
	for (size_t i = 0; i < person->count; i++) {
		struct sql_rows *rows =
		    sql_query(sql, "SELECT pid, id FROM person WHERE merged_into=? ORDER BY id",
			      "t", person->ids[i].id);

		while (sql_next(rows))
			add(person, sql_int(rows, 0), sql_text(rows, 1, arena));
	}
}

bool read_person(struct sql *sql, const char *id, struct arena *arena, struct read_person *ret)
{
	int64_t pid = view_pid_known(sql, slice_text(id));
	struct sql_rows *rows;

	ret->count = 0;
	if (!pid)
		return false;
	pid = read_living(sql, pid);
	rows = sql_query(sql, "SELECT id FROM person WHERE pid=?", "i", pid);
	if (sql_next(rows)) {
		add(ret, pid, sql_text(rows, 0, arena));
		sql_end(rows);
	}
	add_merged(sql, arena, ret);
	return ret->count > 0;
}

static int take_card(struct sql *sql, int64_t pid, struct arena *arena, struct view_person *ret,
		     struct err *err)
{
	struct sql_rows *rows =
	    sql_query(sql, "SELECT card, contact FROM person WHERE pid=?", "i", pid);
	bool has_card, has_contact;

	if (!sql_next(rows))
		return 0;
	has_card = !sql_is_null(rows, 0);
	has_contact = !sql_is_null(rows, 1);
	if (has_card)
		ret->card =
		    keep_unpacked(&nurture__v1__card__descriptor, sql_bytes(rows, 0, arena), arena);
	if (has_contact)
		ret->contact = keep_unpacked(&nurture__v1__contact__descriptor,
					     sql_bytes(rows, 1, arena), arena);
	sql_end(rows);
	if ((has_card && !ret->card) || (has_contact && !ret->contact))
		return err_environment(err, "the view: a card is not readable");
	return 0;
}

static int64_t heard_since(struct sql *sql, int64_t pid, int64_t since_ms)
{
	struct sql_rows *rows =
	    sql_query(sql,
		      "SELECT count(*) FROM moment WHERE pid=? AND at>? AND kind=? AND word IN"
		      " (SELECT number FROM word WHERE text IN ('sent','permitted','in_doubt'))",
		      "iii", pid, since_ms, (int64_t)VIEW_KIND_OUTCOME);
	int64_t count = 0;

	if (sql_next(rows)) {
		count = sql_int(rows, 0);
		sql_end(rows);
	}
	return count;
}

static int64_t open_tasks(struct sql *sql, int64_t pid, int64_t now_ms)
{
	struct sql_rows *rows =
	    sql_query(sql, "SELECT count(*) FROM task WHERE pid=? AND is_open AND expires>?", "ii",
		      pid, now_ms);
	int64_t count = 0;

	if (sql_next(rows)) {
		count = sql_int(rows, 0);
		sql_end(rows);
	}
	return count;
}

static int take_last_words(struct sql *sql, const struct read_person *person, struct arena *arena,
			   struct view_moments *ret, struct err *err)
{
	struct read_moments moments = {.sql = sql, .arena = arena};
	int r = 0;

	for (size_t i = 0; i < person->count && r == 0; i++)
		r = read_moments(&moments,
				 sql_query(sql,
					   READ_MOMENT
					   "JOIN voice v ON v.n=m.n WHERE v.pid=? AND v.has_words"
					   " ORDER BY v.at DESC, v.n DESC LIMIT ?",
					   "ii", person->ids[i].pid, (int64_t)LAST_WORDS),
				 err);
	read_moments_end(&moments, LAST_WORDS, ret);
	return r;
}

int view_person(struct view_reader *reader, const char *id, int64_t now_ms, struct arena *arena,
		struct view_person *ret, struct err *err)
{
	struct sql *sql = reader->sql;
	struct read_person person;
	const char **others;

	*ret = (struct view_person){0};
	if (!read_person(sql, id, arena, &person))
		return sql_check(sql, err);
	ret->id = person.ids[0].id;
	others = arena_alloc(arena, person.count * sizeof(*others));
	for (size_t i = 1; i < person.count; i++)
		others[ret->other_count++] = person.ids[i].id;
	ret->other_ids = others;
	for (size_t i = 0; i < person.count; i++) {
		ret->heard_7d += heard_since(sql, person.ids[i].pid, now_ms - 7 * DAY_MS);
		ret->heard_30d += heard_since(sql, person.ids[i].pid, now_ms - 30 * DAY_MS);
		ret->tasks_open += open_tasks(sql, person.ids[i].pid, now_ms);
	}
	if (take_card(sql, person.ids[0].pid, arena, ret, err) < 0 ||
	    take_last_words(sql, &person, arena, &ret->last_words, err) < 0)
		return -1;
	return sql_check(sql, err) < 0 ? -1 : 1;
}
