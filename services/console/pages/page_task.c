/* page_task.c - what people are to do, with the form that says what became of it. */
#include <stdlib.h>

#include "common/policy/desk.h"
#include "page_model.h"

static const char *state_of(const struct con_page *page, const Nurture__V1__DeskTask *desk,
			    struct arena *arena)
{
	if (!desk)
		return "";
	if (desk->snoozed_ms > page->now_ms)
		return con_said(page, "task-asleep", "until",
				con_time(page, desk->snoozed_ms, arena), arena);
	if (!desk->taken)
		return con_say(page, "task-open");
	if (page->who && strcmp(desk->by, page->who->address) == 0)
		return con_say(page, "task-mine");
	return con_said(page, "task-taken", "by", desk->by, arena);
}

static bool is_mine(const struct con_page *page, const Nurture__V1__DeskTask *desk)
{
	return desk && desk->taken && page->who && strcmp(desk->by, page->who->address) == 0;
}

/* What the task was given along: "order.id: 17 · orders: 4", and the code. */
static void add_facts(const struct con_page *page, const Nurture__V1__Task *task,
		      struct model *model)
{
	struct arena *arena = model->arena;
	struct buf facts = BUF_MAX(CON_PAGE_MAX_BYTES), missing = BUF_MAX(CON_PAGE_MAX_BYTES);

	for (size_t i = 0; i < task->n_data; i++)
		con_join(&facts, " · ",
			 arena_printf(arena, "%s: %s", task->data[i]->name, task->data[i]->value));
	if (*task->coupon)
		con_join(&facts, " · ", con_said(page, "coupon", "coupon", task->coupon, arena));
	for (size_t i = 0; i < task->n_missing; i++)
		con_join(&missing, ", ", con_say_of(page, "card", task->missing[i], arena));
	con_model_joined(model, "facts", &facts);
	model_text(model, "missing",
		   missing.len ? con_said(page, "missing", "missing", missing.bytes, arena) : "");
	buf_free(&missing);
}

/* What may come of it, to choose from: whether it is tried again hangs on the very word. */
static void add_results(const struct con_page *page, const Nurture__V1__Task *task,
			struct model *model)
{
	struct model results = model_list(model->arena);
	const char *const *names;
	unsigned count = desk_results(desk_action(page->policy->desk, task->action), &names);

	for (unsigned i = 0; i < count; i++) {
		struct model one = model_object(model->arena);

		model_text(&one, "result", names[i]);
		model_add(&results, "", &one);
	}
	model_flag(model, "has_results", count > 0);
	model_add(model, "results", &results);
}

static void add_times(const struct con_page *page, const struct view_task *one, struct model *model)
{
	struct arena *arena = model->arena;
	unsigned failed = one->desk ? (unsigned)one->desk->n_failed : 0;

	model_flag(model, "is_late", one->is_overdue);
	model_text(model, "due",
		   one->due_ms
		       ? con_said(page, "due", "due", con_time(page, one->due_ms, arena), arena)
		       : "");
	model_text(model, "expires",
		   con_said(page, "expires", "expires",
			    con_time(page, one->task->expires_ms, arena), arena));
	model_text(model, "attempts",
		   failed ? con_said(page, "attempts", "attempts",
				     arena_printf(arena, "%u", failed), arena)
			  : "");
}

static void add_task(const struct con_page *page, const struct view_task *one, const char *back,
		     struct model *list)
{
	const Nurture__V1__Task *task = one->task;
	struct arena *arena = list->arena;
	struct model model = model_object(arena);

	model_text(&model, "url", *back ? "" : con_person_url(page, task->customer, arena));
	model_text(&model, "who", *task->name ? task->name : task->customer);
	model_text(&model, "action", task->action);
	model_text(&model, "programme", task->programme);
	model_text(&model, "team", con_said(page, "for-team", "owner", task->owner, arena));
	model_text(&model, "state", state_of(page, one->desk, arena));
	model_text(&model, "phone", task->phone);
	model_text(&model, "phone_link", con_phone_link(task->phone, arena));
	model_text(&model, "postal", task->address);
	model_text(&model, "task", task->id);
	model_text(&model, "back", back);
	model_flag(&model, "is_mine", is_mine(page, one->desk));
	add_times(page, one, &model);
	add_facts(page, task, &model);
	add_results(page, task, &model);
	model_add(list, "", &model);
}

void con_add_tasks(const struct con_page *page, const struct view_tasks *tasks, const char *back,
		   struct model *model)
{
	struct model list = model_list(model->arena);

	for (size_t i = 0; i < tasks->count; i++)
		add_task(page, &tasks->items[i], back, &list);
	model_flag(model, "has_tasks", tasks->count > 0);
	model_add(model, "tasks", &list);
	model_flag(model, "more_tasks", tasks->has_more);
}
