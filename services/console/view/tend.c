/*
 * tend.c - what the view does between batches: forgets what the topics keep no longer, and wipes
 * what was erased.
 *
 * A sweep goes over the tables in slices, once in SWEEP_EVERY_MS; each slice is a transaction of
 * its own.  What was deleted is overwritten by SQLite at once (secure_delete).  Left are the index
 * of words, which keeps what it was told until its pieces are merged, and the log that stands
 * beside the file: both are seen to by a wipe.
 */
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/io/kafka/topics.h"
#include "view_internal.h"

enum { SLICE_ROWS = 20000, PHASES = 5 };
#define SWEEP_EVERY_MS (6 * HOUR_MS)
#define FIRST_SWEEP_MS (10 * MINUTE_MS) /* after the start, when there is more to do */
/* Erasures within so long are wiped together. */
#define WIPE_AFTER_MS (2 * SECOND_MS)

struct tending {
	int64_t next_sweep_ms; /* 0: not looked at yet */
	unsigned phase;        /* PHASES: no sweep is under way */
	int64_t at;            /* where in the phase's table */
	int64_t wipe_ms;       /* when to wipe; 0: nothing to wipe was seen */
};

struct tending *tending_open(void)
{
	struct tending *tending = calloc(1, sizeof(*tending));

	if (!tending)
		abort();
	tending->phase = PHASES;
	return tending;
}

void tending_close(struct tending **tending)
{
	free(*tending);
	*tending = NULL;
}

int64_t view_kept_ms(enum view_topic topic)
{
	for (size_t i = 0; topic_plans[i].name; i++)
		if (strcmp(topic_plans[i].name, view_topic_name(topic)) == 0)
			return topic_plans[i].retention_ms ? topic_plans[i].retention_ms : NEVER_MS;
	abort(); /* a topic that nobody makes */
}

static int64_t oldest_ms(enum view_topic topic, int64_t now_ms)
{
	return now_ms - view_kept_ms(topic);
}

/* The slice's end, from where the next one begins. */
static bool is_at_end(struct sql *sql, const char *last, int64_t at)
{
	return at > sql_number(sql, last, 0);
}

static bool sweep_moments(struct view *view, int64_t now_ms)
{
	struct sql *sql = view->sql;
	const int64_t from = view->tending->at, to = from + SLICE_ROWS;

	sql_do(sql,
	       "DELETE FROM moment WHERE n>=? AND n<? AND stamp <"
	       " CASE kind WHEN 0 THEN ? WHEN 1 THEN ? WHEN 2 THEN ? ELSE ? END",
	       "iiiiii", from, to, oldest_ms(VIEW_EVENTS, now_ms), oldest_ms(VIEW_OUTCOMES, now_ms),
	       oldest_ms(VIEW_ENDS, now_ms), oldest_ms(VIEW_NOTICES, now_ms));
	view->tending->at = to;
	return is_at_end(sql, "SELECT max(n) FROM moment", to);
}

/* Both are ways to moments. */
static bool sweep_ways(struct view *view, int64_t now_ms)
{
	struct sql *sql = view->sql;

	(void)now_ms;
	sql_do(sql, "DELETE FROM voice WHERE NOT EXISTS(SELECT 1 FROM moment m WHERE m.n=voice.n)",
	       "");
	sql_do(sql, "DELETE FROM told WHERE NOT EXISTS(SELECT 1 FROM moment m WHERE m.n=told.n)",
	       "");
	return true;
}

static bool sweep_tasks(struct view *view, int64_t now_ms)
{
	struct sql *sql = view->sql;

	sql_do(sql, "DELETE FROM task WHERE stamp<?", "i", oldest_ms(VIEW_TASKS, now_ms));
	for (int64_t topic = 0; topic < VIEW_TOPIC_COUNT; topic++)
		if (view_kept_ms((enum view_topic)topic) != NEVER_MS)
			sql_do(sql, "DELETE FROM task_end WHERE topic=? AND stamp<?", "ii", topic,
			       oldest_ms((enum view_topic)topic, now_ms));
	return true;
}

static bool sweep_days(struct view *view, int64_t now_ms)
{
	int64_t day = oldest_ms(VIEW_OUTCOMES, now_ms) / DAY_MS;

	sql_do(view->sql, "DELETE FROM day WHERE day<?", "i", day);
	sql_do(view->sql,
	       "DELETE FROM programme WHERE NOT EXISTS"
	       "(SELECT 1 FROM day WHERE day.programme=programme.programme)",
	       "");
	return true;
}

static bool sweep_people(struct view *view, int64_t now_ms)
{
	struct sql *sql = view->sql;
	const int64_t from = view->tending->at, to = from + SLICE_ROWS;
	struct sql_rows *rows =
	    sql_query(sql,
		      "SELECT pid FROM person WHERE pid>=? AND pid<? AND card IS NULL"
		      " AND contact IS NULL",
		      "ii", from, to);

	(void)now_ms;
	while (sql_next(rows))
		view_forget_empty(sql, sql_int(rows, 0));
	view->tending->at = to;
	return is_at_end(sql, "SELECT max(pid) FROM person", to);
}

static void sweep(struct view *view, int64_t now_ms)
{
	static bool (*const phases[PHASES])(struct view *, int64_t) = {
	    sweep_moments, sweep_ways, sweep_tasks, sweep_days, sweep_people};
	struct tending *tending = view->tending;

	int64_t before = sql_all_changes(view->sql);

	sql_script(view->sql, "BEGIN IMMEDIATE");
	if (phases[tending->phase](view, now_ms)) {
		tending->phase++;
		tending->at = 0;
	}
	sql_script(view->sql, "COMMIT");
	view->must_wipe |= sql_all_changes(view->sql) != before;
}

static void wipe(struct view *view)
{
	sql_do(view->sql, "INSERT INTO who(who) VALUES('optimize')", "");
	sql_do(view->sql, "INSERT INTO said(said) VALUES('optimize')", "");
	/* As far as readers let it: the next wipe, or the next start of the log, takes the rest. */
	view->must_wipe = sql_number(view->sql, "PRAGMA wal_checkpoint(TRUNCATE)", 1) != 0;
	/* Once it is done: a console killed here, or while readers keep the log, wipes then. */
	if (!view->must_wipe)
		sql_do(view->sql, "DELETE FROM meta WHERE name='must_wipe'", "");
	view->tending->wipe_ms = 0;
}

int view_tend(struct view *view, int64_t wall_ms, bool *ret_more, struct err *err)
{
	const int64_t now_ms = view_now_ms(&view->state, wall_ms);
	struct tending *tending = view->tending;

	if (view->in_batch)
		abort(); /* it is for between batches */
	if (view->must_wipe && !tending->wipe_ms)
		tending->wipe_ms = wall_ms + WIPE_AFTER_MS;
	else if (view->must_wipe && tending->wipe_ms <= wall_ms)
		wipe(view);
	if (tending->next_sweep_ms == 0)
		tending->next_sweep_ms = wall_ms + FIRST_SWEEP_MS;
	if (tending->phase == PHASES && tending->next_sweep_ms <= wall_ms) {
		tending->phase = 0;
		tending->at = 0;
		tending->next_sweep_ms = wall_ms + SWEEP_EVERY_MS;
	} else if (tending->phase < PHASES) {
		sweep(view, now_ms);
	}
	if (view->state.is_built)
		lifting_tend(view, wall_ms);
	*ret_more = tending->phase < PHASES;
	return sql_check(view->sql, err);
}
