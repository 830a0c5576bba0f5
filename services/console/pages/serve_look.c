/* serve_look.c - pages that show and change nothing. */
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/text.h"
#include "common/io/process/log.h"
#include "form.h"
#include "serve_internal.h"

#define LOW_SINCE_MS (14 * DAY_MS)

static int by_due(const void *a, const void *b)
{
	int64_t first = ((const struct view_task *)a)->due_ms;
	int64_t second = ((const struct view_task *)b)->due_ms;

	return (first > second) - (first < second);
}

static const char *team_of(struct con_visit *visit, unsigned i)
{
	return arena_copy(&visit->arena, visit->who.teams[i].bytes, visit->who.teams[i].len);
}

/* The tasks of all of somebody's teams, what is due first. */
static int read_tasks(struct con_visit *visit, struct view_reader *reader, bool of_all,
		      struct view_tasks *ret, struct err *err)
{
	struct view_tasks team;
	struct view_task *all;

	if (of_all)
		return view_tasks(reader, NULL, visit->page.now_ms, CON_TODAY_TASKS, &visit->arena,
				  ret, err);
	all = arena_alloc(&visit->arena, visit->who.team_count * CON_TODAY_TASKS * sizeof(*all));
	*ret = (struct view_tasks){.items = all};
	for (unsigned i = 0; i < visit->who.team_count; i++) {
		if (view_tasks(reader, team_of(visit, i), visit->page.now_ms, CON_TODAY_TASKS,
			       &visit->arena, &team, err) < 0)
			return -1;
		for (size_t j = 0; j < team.count; j++)
			all[ret->count++] = team.items[j];
		ret->has_more |= team.has_more;
	}
	qsort(all, ret->count, sizeof(*all), by_due);
	ret->has_more |= ret->count > CON_TODAY_TASKS;
	if (ret->count > CON_TODAY_TASKS)
		ret->count = CON_TODAY_TASKS;
	return 0;
}

static int count_for(struct con_visit *visit, struct view_reader *reader, const char *owner,
		     struct view_counts *sum, struct err *err)
{
	struct view_counts counts;

	if (view_counts(reader, owner, con_low_score(visit->page.policy),
			visit->page.now_ms - LOW_SINCE_MS, visit->page.now_ms, &counts, err) < 0)
		return -1;
	counts.tasks_open += sum->tasks_open;
	counts.tasks_overdue += sum->tasks_overdue;
	counts.escalated += sum->escalated;
	*sum = counts;
	return 0;
}

static int read_counts(struct con_visit *visit, struct view_reader *reader, bool of_all,
		       struct view_counts *ret, struct err *err)
{
	*ret = (struct view_counts){.people = 0};
	if (of_all)
		return count_for(visit, reader, NULL, ret, err);
	for (unsigned i = 0; i < visit->who.team_count; i++)
		if (count_for(visit, reader, team_of(visit, i), ret, err) < 0)
			return -1;
	return 0;
}

static int by_newest(const void *a, const void *b)
{
	const struct view_moment *first = a, *second = b;

	if (first->at_ms != second->at_ms)
		return first->at_ms > second->at_ms ? -1 : 1;
	return (first->number < second->number) - (first->number > second->number);
}

/* What the teams of whoever looks were told that others have not done. */
static int read_escalated(struct con_visit *visit, struct view_reader *reader, bool of_all,
			  struct view_moments *ret, struct err *err)
{
	int64_t since_ms = visit->page.now_ms - VIEW_ESCALATED_MS;
	struct view_moments team;

	if (of_all)
		return view_escalated(reader, NULL, since_ms, CON_TODAY_MOMENTS, &visit->arena, ret,
				      err);
	*ret = (struct view_moments){
	    .items = arena_alloc(&visit->arena,
				 visit->who.team_count * CON_TODAY_MOMENTS * sizeof(*ret->items))};
	for (unsigned i = 0; i < visit->who.team_count; i++) {
		if (view_escalated(reader, team_of(visit, i), since_ms, CON_TODAY_MOMENTS,
				   &visit->arena, &team, err) < 0)
			return -1;
		for (size_t j = 0; j < team.count; j++)
			ret->items[ret->count++] = team.items[j];
	}
	qsort(ret->items, ret->count, sizeof(*ret->items), by_newest);
	return 0;
}

/* Moments, with what the people that they are about are called. */
static int name(struct con_visit *visit, struct view_reader *reader,
		const struct view_moments *moments, struct con_named *ret, size_t *ret_count,
		struct err *err)
{
	*ret_count = 0;
	for (size_t i = 0; i < moments->count && i < CON_TODAY_MOMENTS; i++) {
		struct view_person person;
		int r = view_person(reader, moments->items[i].customer, visit->page.now_ms,
				    &visit->arena, &person, err);

		if (r < 0)
			return -1;
		ret[(*ret_count)++] = (struct con_named){moments->items[i],
							 r && person.card ? person.card->name : ""};
	}
	return 0;
}

static int read_today(struct con_visit *visit, struct view_reader *reader, struct con_today *ret,
		      struct err *err)
{
	int64_t now_ms = visit->page.now_ms;
	struct view_moments low, escalated;

	if (read_tasks(visit, reader, ret->of_all_teams, &ret->tasks, err) < 0 ||
	    read_counts(visit, reader, ret->of_all_teams, &ret->counts, err) < 0 ||
	    view_low_scores(reader, con_low_score(visit->page.policy), now_ms - LOW_SINCE_MS,
			    CON_TODAY_MOMENTS, &visit->arena, &low, err) < 0 ||
	    read_escalated(visit, reader, ret->of_all_teams, &escalated, err) < 0)
		return -1;
	if (name(visit, reader, &low, ret->low, &ret->low_count, err) < 0)
		return -1;
	return name(visit, reader, &escalated, ret->escalated, &ret->escalated_count, err);
}

static bool wants_all(const struct con_visit *visit)
{
	const char *all = http_query(visit->request, "all");

	return !visit->who.team_count || (all && strcmp(all, "1") == 0);
}

void con_on_today(void *context, struct http_request *request)
{
	struct con_today *today = calloc(1, sizeof(*today));
	struct view_reader *reader = NULL;
	struct con_visit visit;
	struct err err;

	if (!today)
		abort();
	con_visit_begin(&visit, context, request);
	if (con_visit_enter(&visit, CON_DO_LOOK) && con_visit_begin_reading(&visit, &reader)) {
		today->of_all_teams = wants_all(&visit);
		if (read_today(&visit, reader, today, &err) < 0) {
			con_visit_broken(&visit, &err);
		} else {
			con_visit_note_listed(&visit, today);
			con_page_today(&visit.page, today);
			con_visit_answer(&visit, 200, NULL);
		}
	}
	view_end(&reader);
	con_visit_end(&visit);
	free(today);
}

void con_on_counts(void *context, struct http_request *request)
{
	struct buf json = BUF_MAX(1024);
	struct view_reader *reader = NULL;
	struct view_counts counts;
	struct con_visit visit;
	struct err err;

	con_visit_begin(&visit, context, request);
	if (con_visit_enter(&visit, CON_DO_LOOK) && con_visit_begin_reading(&visit, &reader)) {
		if (read_counts(&visit, reader, wants_all(&visit), &counts, &err) < 0) {
			con_visit_broken(&visit, &err);
		} else {
			buf_printf(&json,
				   "{\"overdue\":%" PRId64 ",\"open\":%" PRId64 ",\"low\":%" PRId64
				   ",\"escalated\":%" PRId64 "}\n",
				   counts.tasks_overdue, counts.tasks_open, counts.low_scores,
				   counts.escalated);
			http_answer(request, 200, "application/json", NULL, buf_slice(&json));
		}
	}
	view_end(&reader);
	buf_free(&json);
	con_visit_end(&visit);
}

void con_on_search_form(void *context, struct http_request *request)
{
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (con_visit_enter(&visit, CON_DO_SEARCH)) {
		con_page_people(&visit.page, "", NULL);
		con_visit_answer(&visit, 200, NULL);
	}
	con_visit_end(&visit);
}

/* What was asked for is in no address and in no log. */
static void search(struct con_visit *visit, struct view_reader *reader)
{
	struct view_people people;
	const char *query;
	struct err err;

	if (con_form_field(http_body(visit->request), "q", &visit->arena, &query, &err) < 0 ||
	    strlen(query) > VIEW_SEARCH_MAX_BYTES) {
		con_visit_plain(visit, 400, "unreadable");
	} else if (view_search(reader, slice_text(query), CON_FOUND_MAX, &visit->arena, &people,
			       &err) < 0) {
		con_visit_broken(visit, &err);
	} else {
		con_visit_note_found(visit, &people);
		con_page_people(&visit->page, query, &people);
		con_visit_answer(visit, 200, NULL);
	}
}

void con_on_search(void *context, struct http_request *request)
{
	struct view_reader *reader = NULL;
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (con_visit_is_own(&visit) && con_visit_enter(&visit, CON_DO_SEARCH) &&
	    con_visit_begin_reading(&visit, &reader))
		search(&visit, reader);
	view_end(&reader);
	con_visit_end(&visit);
}

/* A reminder leads here, since it may say nothing of a person in an address either. */
static void find_task(struct con_visit *visit, struct view_reader *reader, const char *id)
{
	struct view_task task;
	struct err err;
	int r = view_task(reader, id, visit->page.now_ms, &visit->arena, &task, &err);

	if (r < 0)
		con_visit_broken(visit, &err);
	else if (!r)
		con_visit_plain(visit, 404, "unknown");
	else
		con_visit_redirect(visit, con_visit_person_url(visit, task.task->customer), NULL);
}

void con_on_task_link(void *context, struct http_request *request)
{
	const char *id = http_path(request) + strlen(CON_TASKS_PATH);
	struct view_reader *reader = NULL;
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (con_visit_enter(&visit, CON_DO_LOOK) && con_visit_begin_reading(&visit, &reader))
		find_task(&visit, reader, id);
	view_end(&reader);
	con_visit_end(&visit);
}

/* "1772366400000.17"; anything else is the newest. */
static struct view_place place_of(const char *before)
{
	struct view_place place = VIEW_NEWEST;
	const char *dot = before ? strchr(before, '.') : NULL;
	int64_t at_ms, number;
	struct err ignored;

	if (dot &&
	    text_int64(slice_of(before, (size_t)(dot - before)), INT64_MIN, INT64_MAX, &at_ms,
		       &ignored) == 0 &&
	    text_int64(slice_text(dot + 1), INT64_MIN, INT64_MAX, &number, &ignored) == 0)
		place = (struct view_place){at_ms, number};
	return place;
}

static int read_person(struct con_visit *visit, struct view_reader *reader, const char *id,
		       struct con_person *ret, struct err *err)
{
	struct view_place before = place_of(http_query(visit->request, "before"));
	struct arena *arena = &visit->arena;
	int64_t now_ms = visit->page.now_ms;
	int r = view_person(reader, id, now_ms, arena, &ret->person, err);

	if (r <= 0)
		return r;
	id = ret->person.id;
	if (view_tasks_of(reader, id, now_ms, arena, &ret->tasks, err) < 0 ||
	    view_waiting(reader, id, arena, &ret->waiting, err) < 0 ||
	    view_timeline(reader, id, before, CON_MOMENTS, arena, &ret->moments, err) < 0)
		return -1;
	return 1;
}

static void show_person(struct con_visit *visit, struct view_reader *reader, const char *id)
{
	struct con_person person = {.person = {.id = ""}};
	struct err err;
	int r = read_person(visit, reader, id, &person, &err);

	if (r < 0) {
		con_visit_broken(visit, &err);
		return;
	}
	con_visit_note_look(visit, id, r > 0);
	if (!r) {
		con_visit_plain(visit, 404, "nobody");
		return;
	}
	con_page_person(&visit->page, &person);
	con_visit_answer(visit, 200, NULL);
}

void con_on_person(void *context, struct http_request *request)
{
	const char *cover = http_path(request) + strlen(CON_PEOPLE_PATH);
	struct view_reader *reader = NULL;
	char id[CON_ID_MAX_BYTES + 1];
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (con_visit_enter(&visit, CON_DO_LOOK)) {
		if (!con_cover_open(&visit.pages->options.who->keys, visit.who.address,
				    slice_text(cover), id))
			con_visit_plain(&visit, 404, "unknown");
		else if (con_visit_begin_reading(&visit, &reader))
			show_person(&visit, reader, id);
	}
	view_end(&reader);
	con_visit_end(&visit);
}

void con_on_programmes(void *context, struct http_request *request)
{
	struct view_programmes programmes;
	struct view_lifts lifts;
	struct view_reader *reader = NULL;
	struct con_visit visit;
	struct err err;

	con_visit_begin(&visit, context, request);
	if (con_visit_enter(&visit, CON_DO_LOOK) && con_visit_begin_reading(&visit, &reader)) {
		if (view_programmes(reader, visit.page.now_ms - CON_PROGRAMME_DAYS * DAY_MS,
				    visit.page.now_ms, &visit.arena, &programmes, &err) < 0 ||
		    view_lift(reader, &visit.arena, &lifts, &err) < 0) {
			con_visit_broken(&visit, &err);
		} else {
			con_page_programmes(&visit.page, &programmes, &lifts);
			con_visit_answer(&visit, 200, NULL);
		}
	}
	view_end(&reader);
	con_visit_end(&visit);
}
