/*
 * lifting.c - goes over all people and counts what came of the programmes that leave some alone;
 * see view_internal.h.
 *
 * Once a day, some people at a time, between batches.  A person counts once for a programme, from
 * the first time that it was weighed among the decisions that are kept, when LIFT_DAYS are over
 * since; what is measured are the orders of these days that were kept.  Whoever was on both sides
 * is left out, and so is whoever the `holdout` of the whole policy leaves alone.
 */
#include <stdlib.h>

#include "common/base/civil.h"
#include "lift.h"
#include "view_internal.h"

enum { SLICE_PEOPLE = 200, PROGRAMMES_MAX = 128, ARMS_MAX = 512, DAYS = VIEW_LIFT_DAYS };
#define EVERY_MS DAY_MS
#define FIRST_MS MINUTE_MS /* after the view is built */

struct arm {
	unsigned programme;
	char variant[64];
	bool is_held;
	struct lift_arm sums;
};

struct lifting {
	int64_t next_ms;    /* 0: not looked at yet */
	int64_t pid;        /* the next one; 0: nothing is under way */
	int64_t now_ms;     /* of this round */
	int64_t clock_ms;   /* where a clock stood that the events turn */
	struct arena arena; /* of this round: the names */
	const char *programmes[PROGRAMMES_MAX];
	unsigned programme_count;
	struct arm arms[ARMS_MAX];
	unsigned arm_count;
};

/* One person and one programme. */
struct weighed {
	int64_t begin_ms; /* 0: it never was */
	bool is_held, is_told, is_heard, is_held_of_all, has_variants;
	const char *variant;
	double weight;
};

struct lifting *lifting_open(void)
{
	struct lifting *lifting = calloc(1, sizeof(*lifting));

	if (!lifting)
		abort();
	return lifting;
}

void lifting_close(struct lifting **lifting)
{
	if (*lifting)
		arena_free(&(*lifting)->arena);
	free(*lifting);
	*lifting = NULL;
}

static void begin(struct view *view, int64_t wall_ms)
{
	struct lifting *lifting = view->lifting;
	struct sql_rows *rows = sql_query(view->sql,
					  "SELECT DISTINCT (SELECT text FROM word WHERE "
					  "number=programme) FROM day WHERE status=?",
					  "i", (int64_t)STATUS_HOLDOUT);

	arena_reset(&lifting->arena);
	lifting->programme_count = lifting->arm_count = 0;
	while (sql_next(rows))
		if (lifting->programme_count < PROGRAMMES_MAX)
			lifting->programmes[lifting->programme_count++] =
			    sql_text(rows, 0, &lifting->arena);
	lifting->now_ms = view_now_ms(&view->state, wall_ms);
	lifting->pid = lifting->programme_count ? 1 : 0;
	lifting->next_ms = wall_ms + EVERY_MS;
}

static int programme_of(const struct lifting *lifting, const char *name)
{
	for (unsigned i = 0; i < lifting->programme_count; i++)
		if (strcmp(lifting->programmes[i], name) == 0)
			return (int)i;
	return -1;
}

/* What ended before chance was asked (no consent, no address, ...) is on neither side. */
static bool was_drawn(int status)
{
	return status == STATUS_HOLDOUT || status == STATUS_DEFERRED || status == STATUS_SENT ||
	       status == STATUS_IN_DOUBT || status == STATUS_REJECTED ||
	       status == STATUS_DISPLACED || status == STATUS_TASK_CREATED;
}

static void weigh(struct weighed *weighed, const Nurture__V1__Outcome *outcome, int status,
		  int64_t at_ms)
{
	const bool is_held = status == STATUS_HOLDOUT;

	if (!weighed->begin_ms) {
		*weighed =
		    (struct weighed){.begin_ms = at_ms, .variant = outcome->variant, .weight = 1};
		if (outcome->probability_ppm)
			weighed->weight = 1e6 / outcome->probability_ppm;
	}
	weighed->has_variants |= strcmp(weighed->variant, outcome->variant) != 0;
	weighed->is_held |= is_held;
	weighed->is_told |= !is_held && status != STATUS_DEFERRED;
	weighed->is_held_of_all |=
	    is_held && outcome->reason && strcmp(outcome->reason->detail, "*") == 0;
	weighed->is_heard |=
	    status == STATUS_SENT || status == STATUS_IN_DOUBT || status == STATUS_TASK_CREATED;
}

static void read_outcomes(struct view *view, int64_t pid, struct weighed *weighed)
{
	struct arena *arena = &view->arena;
	struct sql_rows *rows =
	    sql_query(view->sql,
		      "SELECT at, (SELECT text FROM word WHERE number=m.word),"
		      " (SELECT fields FROM manner WHERE number=m.manner), body FROM moment m"
		      " WHERE pid=? AND kind=? ORDER BY at",
		      "ii", pid, (int64_t)VIEW_KIND_OUTCOME);
	struct err ignored;

	while (sql_next(rows)) {
		int status = status_from_text(slice_text(sql_text(rows, 1, arena)));
		Nurture__V1__Outcome *outcome = keep_unpacked(&nurture__v1__outcome__descriptor,
							      sql_bytes(rows, 2, arena), arena);
		int programme = outcome ? programme_of(view->lifting, outcome->programme) : -1;

		if (programme >= 0 && was_drawn(status) &&
		    keep_outcome_join(outcome, sql_bytes(rows, 3, arena), arena, &ignored) == 0)
			weigh(&weighed[programme], outcome, status, sql_int(rows, 0));
	}
}

static int64_t orders_within(const Nurture__V1__Card *card, int64_t begin_ms)
{
	int64_t count = 0;

	for (size_t i = 0; card && i < card->n_recent; i++) {
		const Nurture__V1__CardOrder *order = card->recent[i];

		count += order->at_ms > begin_ms && order->at_ms <= begin_ms + DAYS * DAY_MS &&
			 strcmp(order->state, "gone") != 0;
	}
	return count;
}

static struct lift_arm *arm_of(struct lifting *lifting, unsigned programme, bool is_held,
			       const char *variant)
{
	struct arm *arm;

	for (unsigned i = 0; i < lifting->arm_count; i++) {
		arm = &lifting->arms[i];
		if (arm->programme == programme && arm->is_held == is_held &&
		    strcmp(arm->variant, variant) == 0)
			return &arm->sums;
	}
	if (lifting->arm_count == ARMS_MAX || strlen(variant) >= sizeof(arm->variant))
		return NULL;
	arm = &lifting->arms[lifting->arm_count++];
	*arm = (struct arm){.programme = programme, .is_held = is_held};
	strcpy(arm->variant, variant);
	return &arm->sums;
}

static void count_person(struct view *view, int64_t pid, struct slice card_bytes)
{
	struct lifting *lifting = view->lifting;
	struct weighed weighed[PROGRAMMES_MAX] = {0};
	const Nurture__V1__Card *card =
	    keep_unpacked(&nurture__v1__card__descriptor, card_bytes, &view->arena);

	read_outcomes(view, pid, weighed);
	for (unsigned i = 0; i < lifting->programme_count; i++) {
		const struct weighed *one = &weighed[i];
		struct lift_arm *arm;

		if (!one->begin_ms || one->begin_ms + DAYS * DAY_MS > lifting->now_ms ||
		    one->is_held_of_all || one->has_variants || (one->is_held && one->is_told) ||
		    (one->is_held && one->variant[0]))
			continue;
		arm = arm_of(lifting, i, one->is_held, one->variant);
		if (arm)
			lift_add(arm, one->weight, (double)orders_within(card, one->begin_ms),
				 one->is_heard);
	}
}

static void write_one(struct view *view, const struct arm *told, const struct arm *held)
{
	const struct lift_result result = lift_between(&told->sums, &held->sums);

	sql_do(view->sql, "INSERT OR REPLACE INTO lift VALUES(?,?,?,?,?,?,?,?,?,?)", "ttiiiddddd",
	       view->lifting->programmes[told->programme], told->variant, told->sums.people,
	       told->sums.heard, held->sums.people, result.mean, result.mean_against, result.lift,
	       result.low, result.high);
}

static void write_all(struct view *view)
{
	const struct lifting *lifting = view->lifting;

	sql_script(view->sql, "BEGIN IMMEDIATE; DELETE FROM lift");
	for (unsigned i = 0; i < lifting->arm_count; i++)
		for (unsigned k = 0; k < lifting->arm_count; k++)
			if (!lifting->arms[i].is_held && lifting->arms[k].is_held &&
			    lifting->arms[i].programme == lifting->arms[k].programme)
				write_one(view, &lifting->arms[i], &lifting->arms[k]);
	sql_script(view->sql, "COMMIT");
}

static void go_on(struct view *view)
{
	struct lifting *lifting = view->lifting;
	const int64_t to = lifting->pid + SLICE_PEOPLE;
	struct sql_rows *rows =
	    sql_query(view->sql, "SELECT pid, card FROM person WHERE pid>=? AND pid<?", "ii",
		      lifting->pid, to);

	while (sql_next(rows)) {
		arena_reset(&view->arena);
		count_person(view, sql_int(rows, 0), sql_bytes(rows, 1, &view->arena));
	}
	lifting->pid = to;
	if (to <= sql_number(view->sql, "SELECT max(pid) FROM person", 0))
		return;
	lifting->pid = 0;
	write_all(view);
}

void lifting_tend(struct view *view, int64_t wall_ms)
{
	struct lifting *lifting = view->lifting;

	/* A clock that the events turn may be days on: all is counted once it stands still. */
	if (lifting->next_ms == 0 || lifting->clock_ms != view->state.clock_ms)
		lifting->next_ms = wall_ms + FIRST_MS;
	lifting->clock_ms = view->state.clock_ms;
	if (lifting->pid)
		go_on(view);
	else if (lifting->next_ms <= wall_ms)
		begin(view, wall_ms);
}
