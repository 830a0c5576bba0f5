/* cmd_tasks.c - the tasks that have no end yet, those that are late first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/base/civil.h"
#include "common/io/kafka/topic_reader.h"
#include "common/io/process/clock.h"
#include "common/token/feed_token.h"
#include "services/desk/life/times.h"
#include "services/nurturectl/explain/shown.h"

enum { WAIT_MS = 30000, LINE_MAX_BYTES = 1 << 20 };

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

/* The state of one customer, as a record has it; a later one takes its place. */
struct state {
	struct slice customer, bytes; /* the list's */
	size_t number;                /* of the record */
};

struct task {
	const Nurture__V1__DeskTask *task;
	struct slice customer;
	int64_t due_ms; /* when it is due, else when it expires */
};

struct list {
	struct arena arena;
	struct state *states;
	struct task *tasks;
	size_t state_count, task_count;
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

static struct slice copy_of(struct list *list, struct slice bytes)
{
	return slice_of(arena_copy(&list->arena, bytes.bytes, bytes.len), bytes.len);
}

static int read_states(const struct settings *settings, struct list *list, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options wanted = {
	    .brokers = settings->common.brokers, .topic = settings_topic(settings, "desk", topic)};
	struct topic_reader *reader;
	struct topic_record record;
	int r;

	if (topic_reader_open(&reader, &wanted, err) < 0)
		return -1;
	while ((r = topic_reader_next(reader, WAIT_MS, &record, err)) > 0) {
		if (record.key.len == 0 || record.key.bytes[0] == '\0')
			continue; /* the desk's own note about the partition */
		list->states = grown(list->states, list->state_count, sizeof(*list->states));
		list->states[list->state_count] = (struct state){
		    copy_of(list, record.key), copy_of(list, record.value), list->state_count};
		list->state_count++;
	}
	topic_reader_close(&reader);
	return r;
}

/* By customer, the newest first. */
static int compare_states(const void *first, const void *second)
{
	const struct state *a = first, *b = second;
	size_t least = a->customer.len < b->customer.len ? a->customer.len : b->customer.len;
	int order = memcmp(a->customer.bytes, b->customer.bytes, least);

	if (order == 0 && a->customer.len != b->customer.len)
		order = a->customer.len < b->customer.len ? -1 : 1;
	if (order == 0)
		order = a->number > b->number ? -1 : 1;
	return order;
}

static int compare_tasks(const void *first, const void *second)
{
	const struct task *a = first, *b = second;

	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return strcmp(a->task->id, b->task->id);
}

static int64_t due_ms(const struct desk *desk, const Nurture__V1__DeskTask *task)
{
	struct dsk_rules rules = {desk_action(desk, task->action), desk_team(desk, task->owner)};
	int64_t within_ms = dsk_due_ms(task, &rules);

	if (within_ms)
		return within_ms;
	return task->expires_ms ? task->expires_ms : NEVER_MS;
}

static int take_tasks(struct list *list, const struct state *state, const struct desk *desk,
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
		    (struct task){task, state->customer, due_ms(desk, task)};
	}
	return 0;
}

static int find_tasks(struct list *list, const struct desk *desk, const char *owner,
		      struct err *err)
{
	if (list->state_count)
		qsort(list->states, list->state_count, sizeof(*list->states), compare_states);
	for (size_t i = 0; i < list->state_count; i++) {
		const struct state *state = &list->states[i];

		if (i && slice_equal(state->customer, state[-1].customer))
			continue;
		if (take_tasks(list, state, desk, owner, err) < 0)
			return -1;
	}
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
	struct list list = {0};
	int r;

	if (values->calendar)
		return print_calendar(call->settings, values->calendar, err);
	r = settings_policy(call->settings, values->policy, NULL, err);

	if (r == 0)
		r = read_states(call->settings, &list, err);
	if (r == 0)
		r = find_tasks(&list, call->settings->policy->desk, values->owner, err);
	if (r == 0)
		print(&list);
	free(list.states);
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
