/* cmd_tasks.c - the tasks that have no end yet, those that are late first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/base/civil.h"
#include "common/io/process/clock.h"
#include "common/token/feed_token.h"
#include "services/desk/life/times.h"
#include "services/desk/morning/states.h"
#include "services/nurturectl/explain/shown.h"

enum { LINE_MAX_BYTES = 1 << 20 };

struct tasks_values {
	const char *owner, *policy, *calendar;
};

static const struct command_option options[] = {
    {"owner", OPTION_TEXT, offsetof(struct tasks_values, owner), "TEAM", NULL, false, 0, 0,
     "only those of this team"},
    {"calendar", OPTION_TEXT, offsetof(struct tasks_values, calendar), "OWNER", NULL, false, 0, 0,
     "instead: the path of this team's or person's calendar at the desk"},
    {"policy", OPTION_TEXT, offsetof(struct tasks_values, policy), "FILE", NULL, false, 0, 0,
     "the policy with the desk; default $NURTURE_POLICY"},
    {0}};

struct task {
	const Nurture__V1__DeskTask *task;
	struct slice customer;
	int64_t due_ms; /* when it is due, else when it expires */
};

struct list {
	struct dsk_states states;
	struct arena arena;
	struct task *tasks;
	size_t task_count;
};

static void *grown(void *items, size_t count, size_t size)
{
	/* Twice the room whenever a power of two is full. */
	if (count & (count - 1))
		return items;
	items = realloc(items, (count ? 2 * count : 1) * size);
	if (!items)
		abort();
	return items;
}

static int compare_tasks(const void *first, const void *second)
{
	const struct task *a = first, *b = second;

	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return strcmp(a->task->id, b->task->id);
}

static int take_tasks(struct list *list, const struct dsk_state *state, const struct desk *desk,
		      const char *owner, struct err *err)
{
	struct dsk_book book;

	if (dsk_book_decode(state->bytes, &list->arena, &book, err) < 0)
		return -1;
	for (size_t i = 0; i < book.task_count; i++) {
		const Nurture__V1__DeskTask *task = &book.tasks[i];

		if (owner && strcmp(owner, task->owner) != 0)
			continue;
		list->tasks = grown(list->tasks, list->task_count, sizeof(*list->tasks));
		list->tasks[list->task_count++] =
		    (struct task){task, state->customer, dsk_due_or_expires_ms(desk, task)};
	}
	return 0;
}

static int find_tasks(struct list *list, const struct desk *desk, const char *owner,
		      struct err *err)
{
	for (size_t i = 0; i < list->states.count; i++)
		if (take_tasks(list, &list->states.list[i], desk, owner, err) < 0)
			return -1;
	if (list->task_count)
		qsort(list->tasks, list->task_count, sizeof(*list->tasks), compare_tasks);
	return 0;
}

static void put_cell(struct buf *line, int width, const char *text)
{
	size_t before = line->len;

	put_shown(line, slice_text(text));
	while (line->len - before < (size_t)width)
		buf_char(line, ' ');
	buf_char(line, ' ');
}

static void put_task(struct buf *line, const struct task *task, int64_t now_ms)
{
	char at[RFC3339_BYTES];

	put_cell(line, 24, task->due_ms == NEVER_MS ? "-" : rfc3339_text(task->due_ms, at));
	put_cell(line, 8,
		 task->due_ms < now_ms    ? "late"
		 : task->task->snoozed_ms ? "asleep"
		 : task->task->taken      ? "taken"
					  : "open");
	put_cell(line, 20, task->task->owner);
	put_cell(line, 20, task->task->action);
	put_cell(line, 32, task->task->id);
	put_cell(line, 12, *task->task->by ? task->task->by : "-");
	put_shown(line, task->customer);
	buf_char(line, '\n');
}

static void print(const struct list *list)
{
	struct buf line = BUF_MAX(LINE_MAX_BYTES);
	int64_t now_ms = clock_wall_ms();

	if (list->task_count)
		printf("%-24s %-8s %-20s %-20s %-32s %-12s %s\n", "DUE", "IS", "OWNER", "ACTION",
		       "TASK", "BY", "CUSTOMER");
	else
		puts("nothing is to be done");
	for (size_t i = 0; i < list->task_count; i++) {
		buf_reset(&line);
		put_task(&line, &list->tasks[i], now_ms);
		fwrite(line.bytes, 1, line.len, stdout);
	}
	buf_free(&line);
}

/* Of the first key, which signs. */
static int print_calendar(const struct settings *settings, const char *owner, struct err *err)
{
	char token[FEED_TOKEN_BYTES];
	struct token_keys keys;

	if (token_keys_read(settings->token_key, settings->token_key_before, &keys, err) < 0)
		return -1;
	if (!keys.now.len)
		return err_config(err, "NURTURE_TOKEN_KEY: expected the desk's, found none");
	feed_token_write(keys.now, owner, token);
	printf("/tasks/%s/%s.ics\n", owner, token);
	return 0;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct tasks_values *values = call->values;
	char topic[TOPIC_NAME_BYTES];
	struct list list = {0};
	int r;

	if (values->calendar)
		return print_calendar(call->settings, values->calendar, err);
	r = settings_policy(call->settings, values->policy, NULL, err);

	if (r == 0)
		r = dsk_states_read(call->settings->common.brokers,
				    settings_topic(call->settings, "desk", topic), &list.states,
				    err);
	if (r == 0)
		r = find_tasks(&list, call->settings->policy->desk, values->owner, err);
	if (r == 0)
		print(&list);
	dsk_states_free(&list.states);
	free(list.tasks);
	arena_free(&list.arena);
	return r;
}

const struct command cmd_tasks = {
    .name = "tasks",
    .line = "what people are to do: tasks without an end, those that are late first",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct tasks_values),
    .text = "As the desk has written it down (nurture.desk). DUE is by when the policy wants it\n"
	    "to be over, or when it expires. Nothing of a person but the customer's id is shown.",
    .run = run,
};
