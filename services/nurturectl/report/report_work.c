/* report_work.c - what people are given to do, for whom, and how long it takes.  See report.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/grow.h"
#include "common/policy/desk.h"
#include "report_internal.h"

static size_t *week_room(const struct report *report)
{
	size_t *ret = calloc(report->weeks + 1, sizeof(*ret));

	if (!ret)
		abort();
	return ret;
}

static struct report_team *team_of(struct report *report, const char *owner)
{
	const struct desk *desk = report->input->policy->desk;
	const struct desk_team known = desk_team(desk, owner);
	struct report_team *team;

	for (size_t i = 0; i < report->team_count; i++)
		if (strcmp(report->teams[i].name, owner) == 0)
			return &report->teams[i];
	report->teams = grow_zeroed(report->teams, &report->team_room, report->team_count + 1,
				    sizeof(*report->teams));
	team = &report->teams[report->team_count++];
	team->name = owner;
	team->is_timed = desk->is_said;
	team->work_minutes = (size_t)working_week_min(&known.hours);
	team->by_week = week_room(report);
	team->minutes_by_week = week_room(report);
	return team;
}

static struct report_action *action_of(const struct report *report, struct report_team *team,
				       const char *name)
{
	struct report_action *action;

	for (size_t i = 0; i < team->action_count; i++)
		if (strcmp(team->actions[i].name, name) == 0)
			return &team->actions[i];
	team->actions = grow_zeroed(team->actions, &team->action_room, team->action_count + 1,
				    sizeof(*team->actions));
	action = &team->actions[team->action_count++];
	action->name = name;
	action->minutes = desk_action(report->input->policy->desk, name)->minutes;
	action->by_week = week_room(report);
	team->is_timed = team->is_timed && action->minutes;
	return action;
}

static void note_programme(struct report_action *action, const char *name)
{
	for (size_t i = 0; i < action->programme_count; i++)
		if (strcmp(action->programmes[i], name) == 0)
			return;
	action->programmes = grow_zeroed(action->programmes, &action->programme_room,
					 action->programme_count + 1, sizeof(*action->programmes));
	action->programmes[action->programme_count++] = name;
}

/*
 * What is done and by whom; a task that is no programme's answers a low score.  Outcomes do not say
 * which of several tasks of a programme one is: they are given out together, so they take turns.
 */
static const char *what_is_done(const struct policy *policy, const struct programme *programme,
				size_t turn)
{
	size_t tasks = 0, at = 0;

	if (!programme)
		return policy->feedback.low_task;
	for (unsigned i = 0; i < programme->action_count; i++)
		tasks += programme->actions[i].channel == CHANNEL_TASK;
	for (unsigned i = 0; i < programme->action_count; i++)
		if (programme->actions[i].channel == CHANNEL_TASK && at++ == turn % tasks)
			return programme->actions[i].name;
	return ""; /* the outcomes are of another policy, which gave one out here */
}

static void raise_to(size_t *most, size_t count)
{
	if (count > *most)
		*most = count;
}

static void count_task(struct report *report, const struct outcome_row *row, size_t turn)
{
	const struct policy *policy = report->input->policy;
	const char *name = report->programmes[row->programme].name;
	const struct programme *programme = policy_programme(policy, slice_text(name));
	struct report_team *team =
	    team_of(report, programme ? programme->owner : policy->feedback.owner);
	struct report_action *action =
	    action_of(report, team, what_is_done(policy, programme, turn));
	int64_t week = (row->last_ms - report->first_ms) / WEEK_MS;

	if (week < 0)
		week = 0;
	if ((size_t)week >= report->weeks)
		week = (int64_t)report->weeks - 1;
	note_programme(action, name);
	team->tasks++;
	action->tasks++;
	team->customers += team->customer != report->customer;
	action->customers += action->customer != report->customer;
	team->customer = action->customer = report->customer;
	team->minutes += action->minutes;
	team->minutes_by_week[week] += action->minutes;
	raise_to(&team->most, ++team->by_week[week]);
	raise_to(&action->most, ++action->by_week[week]);
	raise_to(&team->most_minutes, team->minutes_by_week[week]);
}

void report_count_work(struct report *report, const struct outcome_table *table)
{
	size_t *turns = calloc(table->programmes.count + 1, sizeof(*turns));

	if (!turns)
		abort();
	for (size_t i = 0; i < table->customer_count; i++) {
		const struct outcome_table_customer *customer = &table->customers[i];

		report->customer++;
		for (size_t k = 0; k < customer->count; k++) {
			const struct outcome_row *row = &table->rows[customer->first + k];

			if (row->status == STATUS_TASK_CREATED)
				count_task(report, row, turns[row->programme]++);
		}
	}
	free(turns);
}

static int compare(size_t tasks_a, const char *name_a, size_t tasks_b, const char *name_b)
{
	if (tasks_a != tasks_b)
		return tasks_a > tasks_b ? -1 : 1;
	return strcmp(name_a, name_b);
}

static int compare_teams(const void *a, const void *b)
{
	const struct report_team *x = a, *y = b;

	return compare(x->tasks, x->name, y->tasks, y->name);
}

static int compare_actions(const void *a, const void *b)
{
	const struct report_action *x = a, *y = b;

	return compare(x->tasks, x->name, y->tasks, y->name);
}

void report_end_work(struct report *report)
{
	if (report->team_count)
		qsort(report->teams, report->team_count, sizeof(*report->teams), compare_teams);
	for (size_t i = 0; i < report->team_count; i++)
		qsort(report->teams[i].actions, report->teams[i].action_count,
		      sizeof(*report->teams[i].actions), compare_actions);
}

void report_free_work(struct report *report)
{
	for (size_t i = 0; i < report->team_count; i++) {
		struct report_team *team = &report->teams[i];

		for (size_t k = 0; k < team->action_count; k++) {
			free(team->actions[k].by_week);
			free(team->actions[k].programmes);
		}
		free(team->actions);
		free(team->by_week);
		free(team->minutes_by_week);
	}
	free(report->teams);
}
