/* serve_task.c - what is said of a task: it is taken, comes back later, or what came of it. */
#include <string.h>

#include "common/policy/desk.h"
#include "form.h"
#include "serve_internal.h"

/* Of a task: whose it is, and what is to be done. */
struct asked {
	const char *customer, *action;
};

static bool is_of_tasks(enum con_action action)
{
	return action == CON_DO_CLAIM || action == CON_DO_SNOOZE || action == CON_DO_DONE ||
	       action == CON_DO_FAILED;
}

/*
 * Whose task it is, and what it asks for, says the view, not the form: 1, 0 for no such task, -1
 * when it cannot be read.
 */
static int find(struct con_visit *visit, const char *task, struct asked *ret, struct err *err)
{
	struct view_reader *reader;
	struct view_task found;
	int r;

	if (view_begin(visit->pages->options.view, &reader, err) < 0)
		return -1;
	r = view_task(reader, task, visit->page.now_ms, &visit->arena, &found, err);
	if (r > 0)
		*ret = (struct asked){arena_text(&visit->arena, found.task->customer),
				      arena_text(&visit->arena, found.task->action)};
	view_end(&reader);
	return r;
}

/*
 * May this come of such a task?  Whether it is tried again hangs on that very word, so where the
 * policy lists them it is one of them; and of an attempt in vain it must be said.
 */
static bool is_a_result(const struct con_visit *visit, const char *name,
			const struct con_form *form)
{
	const struct desk_action *action = desk_action(visit->page.policy->desk, name);
	const char *const *ignored;

	if (form->action != CON_DO_DONE && form->action != CON_DO_FAILED)
		return true;
	if (!*form->words)
		return !desk_results(action, &ignored) || form->action == CON_DO_DONE;
	return desk_is_result(action, form->words);
}

static void say_of_task(struct con_visit *visit, const struct con_form *form)
{
	struct con_change change;
	struct asked asked;
	struct err err;
	int r = find(visit, form->task, &asked, &err);

	if (r < 0) {
		con_visit_broken(visit, &err);
	} else if (!r) {
		con_visit_plain(visit, 404, "unknown");
	} else if (!is_a_result(visit, asked.action, form)) {
		con_visit_plain(visit, 400, "no-result");
	} else {
		change = con_change_of(form, asked.customer);
		con_visit_say(visit, &change,
			      arena_printf(&visit->arena, "%s?said=%s", form->back,
					   con_action_text(form->action)));
	}
}

void con_on_task(void *context, struct http_request *request)
{
	struct con_visit visit;
	struct con_form form;
	struct err err;

	con_visit_begin(&visit, context, request);
	if (con_visit_is_own(&visit) && con_visit_enter(&visit, CON_DO_LOOK)) {
		if (con_form_read(http_body(request), &visit.arena, &form, &err) < 0 ||
		    !is_of_tasks(form.action))
			con_visit_plain(&visit, 400, "unreadable");
		else if (con_visit_may(&visit, form.action))
			say_of_task(&visit, &form);
	}
	con_visit_end(&visit);
}
