/* read_programmes.c - what became of programmes, and how much there is of all; see view.h. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "read.h"

enum { LIFTS_MAX = 512 };

/* Programmes by the numbers of their names. */
struct table {
	struct arena *arena;
	struct view_programme *items;
	int64_t *numbers;
	size_t count, room;
};

static struct view_programme *programme_of(struct table *table, int64_t number)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->numbers[i] == number)
			return &table->items[i];
	if (table->count == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->items = realloc(table->items, table->room * sizeof(*table->items));
		table->numbers = realloc(table->numbers, table->room * sizeof(*table->numbers));
		if (!table->items || !table->numbers)
			abort();
	}
	table->numbers[table->count] = number;
	table->items[table->count] = (struct view_programme){.name = "", .owner = ""};
	return &table->items[table->count++];
}

static void take_outcomes(struct sql *sql, struct table *table, int64_t since_ms)
{
	struct sql_rows *rows =
	    sql_query(sql,
		      "SELECT programme, status, sum(count) FROM day WHERE day>=?"
		      " GROUP BY programme, status",
		      "i", since_ms / DAY_MS);

	while (sql_next(rows)) {
		int64_t status = sql_int(rows, 1);

		if (status >= 0 && status < STATUS_COUNT)
			programme_of(table, sql_int(rows, 0))->outcomes[status] = sql_int(rows, 2);
	}
}

static void take_planned(struct sql *sql, struct table *table, int64_t now_ms)
{
	struct sql_rows *rows = sql_query(sql, "SELECT programme, day, count FROM planned", "");
	const int64_t today = now_ms / DAY_MS;

	while (sql_next(rows)) {
		struct view_programme *programme = programme_of(table, sql_int(rows, 0));
		int64_t day = sql_int(rows, 1) - today, count = sql_int(rows, 2);

		programme->waiting += count;
		if (day < VIEW_PLAN_DAYS)
			programme->planned[day < 0 ? 0 : day] += count;
	}
}

static void take_names(struct sql *sql, struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		struct sql_rows *rows =
		    sql_query(sql,
			      "SELECT text, (SELECT owner FROM programme WHERE programme=number)"
			      " FROM word WHERE number=?",
			      "i", table->numbers[i]);

		if (!sql_next(rows))
			continue;
		table->items[i].name = sql_text(rows, 0, table->arena);
		table->items[i].owner = sql_text(rows, 1, table->arena);
		sql_end(rows);
	}
}

static int by_name(const void *first, const void *second)
{
	const struct view_programme *a = first, *b = second;

	return strcmp(a->name, b->name);
}

int view_programmes(struct view_reader *reader, int64_t since_ms, int64_t now_ms,
		    struct arena *arena, struct view_programmes *ret, struct err *err)
{
	struct table table = {.arena = arena};

	take_outcomes(reader->sql, &table, since_ms);
	take_planned(reader->sql, &table, now_ms);
	take_names(reader->sql, &table);
	*ret = (struct view_programmes){.count = table.count};
	if (table.count) {
		qsort(table.items, table.count, sizeof(*table.items), by_name);
		ret->items = arena_alloc(arena, table.count * sizeof(*ret->items));
		memcpy(ret->items, table.items, table.count * sizeof(*ret->items));
	}
	free(table.items);
	free(table.numbers);
	return sql_check(reader->sql, err);
}

static int64_t one(struct sql_rows *rows)
{
	int64_t count = 0;

	if (sql_next(rows)) {
		count = sql_int(rows, 0);
		sql_end(rows);
	}
	return count;
}

static void count_tasks(struct sql *sql, const char *owner, int64_t now_ms, struct view_counts *ret)
{
	if (!owner) {
		ret->tasks_open = one(sql_query(
		    sql, "SELECT count(*) FROM task WHERE is_open AND expires>?", "i", now_ms));
		ret->tasks_overdue = one(sql_query(
		    sql, "SELECT count(*) FROM task WHERE is_open AND due<=?1 AND expires>?1", "i",
		    now_ms));
		return;
	}
	ret->tasks_open =
	    one(sql_query(sql, "SELECT count(*) FROM task WHERE is_open AND owner=? AND expires>?",
			  "ii", read_word(sql, owner), now_ms));
	ret->tasks_overdue =
	    one(sql_query(sql,
			  "SELECT count(*) FROM task WHERE is_open AND owner=?1 AND due<=?2"
			  " AND expires>?2",
			  "ii", read_word(sql, owner), now_ms));
}

int view_counts(struct view_reader *reader, const char *owner, int score, int64_t since_ms,
		int64_t now_ms, struct view_counts *ret, struct err *err)
{
	struct sql *sql = reader->sql;

	*ret = (struct view_counts){0};
	count_tasks(sql, owner, now_ms, ret);
	for (int64_t each = 1; each <= score && each <= VIEW_SCORE_MAX; each++)
		ret->low_scores +=
		    one(sql_query(sql, "SELECT count(*) FROM voice WHERE score=? AND at>=?", "ii",
				  each, since_ms));
	if (owner)
		ret->escalated =
		    one(sql_query(sql, "SELECT count(*) FROM told WHERE at>=? AND team=?", "ii",
				  now_ms - VIEW_ESCALATED_MS, read_word(sql, owner)));
	else
		ret->escalated = one(sql_query(sql, "SELECT count(*) FROM told WHERE at>=?", "i",
					       now_ms - VIEW_ESCALATED_MS));
	ret->waiting = one(sql_query(sql, "SELECT ifnull(sum(count),0) FROM planned", ""));
	/* Ids are numbered as they come, and few are ever taken out. */
	ret->people = one(sql_query(sql, "SELECT ifnull(max(pid),0) FROM person", ""));
	return sql_check(sql, err);
}

int view_lift(struct view_reader *reader, struct arena *arena, struct view_lifts *ret,
	      struct err *err)
{
	struct sql_rows *rows = sql_query(reader->sql, "SELECT * FROM lift ORDER BY 1, 2 LIMIT ?",
					  "i", (int64_t)LIFTS_MAX);

	*ret = (struct view_lifts){.items = arena_alloc(arena, LIFTS_MAX * sizeof(*ret->items))};
	while (sql_next(rows))
		ret->items[ret->count++] = (struct view_lift){.programme = sql_text(rows, 0, arena),
							      .variant = sql_text(rows, 1, arena),
							      .people = sql_int(rows, 2),
							      .heard = sql_int(rows, 3),
							      .held = sql_int(rows, 4),
							      .mean = sql_double(rows, 5),
							      .mean_held = sql_double(rows, 6),
							      .lift = sql_double(rows, 7),
							      .low = sql_double(rows, 8),
							      .high = sql_double(rows, 9)};
	return sql_check(reader->sql, err);
}
