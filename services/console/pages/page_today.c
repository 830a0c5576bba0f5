/* page_today.c - today: what is to be done, who is unhappy, what was escalated. */
#include <inttypes.h>

#include "page_model.h"

static void add_moments(const struct con_page *page, const struct con_named *named, size_t count,
			const char *has, const char *name, struct model *model)
{
	struct model list = model_list(model->arena);

	for (size_t i = 0; i < count; i++)
		con_add_moment(page, &named[i].moment, named[i].name, "", &list);
	model_flag(model, has, count > 0);
	model_add(model, name, &list);
}

static void add_counts(const struct view_counts *counts, struct model *model)
{
	model_printf(model, "count_overdue", "%" PRId64, counts->tasks_overdue);
	model_printf(model, "count_open", "%" PRId64, counts->tasks_open);
	model_printf(model, "count_low", "%" PRId64, counts->low_scores);
	model_printf(model, "count_escalated", "%" PRId64, counts->escalated);
}

/* Whose tasks these are, and where the others are. */
static void add_teams(const struct con_page *page, bool of_all, struct model *model)
{
	const struct con_identity *who = page->who;
	struct buf teams = BUF_MAX(CON_PAGE_MAX_BYTES);

	for (unsigned i = 0; who && i < who->team_count; i++)
		con_join(&teams, ", ",
			 arena_printf(model->arena, "%.*s", SLICE_ARGS(who->teams[i])));
	model_text(model, "tasks_of",
		   of_all || !teams.len
		       ? con_say(page, "my-tasks-all")
		       : con_said(page, "my-tasks-teams", "teams", teams.bytes, model->arena));
	model_text(model, "other_tasks_url", !teams.len ? "" : of_all ? "/" : "/?all=1");
	model_text(model, "other_tasks", con_say(page, of_all ? "my-teams" : "all-teams"));
	buf_free(&teams);
}

void con_page_today(const struct con_page *page, const struct con_today *today)
{
	struct arena arena = {0};
	struct model model = con_model_begin(page, "at_today", &arena);

	add_counts(&today->counts, &model);
	add_teams(page, today->of_all_teams, &model);
	con_add_tasks(page, &today->tasks, "", &model);
	add_moments(page, today->low, today->low_count, "has_low", "low", &model);
	add_moments(page, today->escalated, today->escalated_count, "has_escalated", "escalated",
		    &model);
	con_model_render(page, "today", &model);
	arena_free(&arena);
}
