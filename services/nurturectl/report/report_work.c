/* report_work.c - what people are given to do: how much a week, and which team.  See report.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/grow.h"
#include "report_internal.h"

static const char *owner_of(const struct policy *policy, const char *programme)
{
	const struct programme *found = policy_programme(policy, slice_text(programme));

	/* A task that is no programme's answers a low score. */
	return found ? found->owner : policy->feedback.owner;
}

static struct report_team *team_of(struct report *report, const char *owner)
{
	struct report_team *team;

	for (size_t i = 0; i < report->team_count; i++)
		if (strcmp(report->teams[i].name, owner) == 0)
			return &report->teams[i];
	report->teams = grow_zeroed(report->teams, &report->team_room, report->team_count + 1,
				    sizeof(*report->teams));
	team = &report->teams[report->team_count++];
	team->name = owner;
	team->by_week = calloc(report->weeks + 1, sizeof(*team->by_week));
	if (!team->by_week)
		abort();
	return team;
}

void report_count_work(struct report *report, const struct outcome_row *row)
{
	struct report_team *team;
	int64_t week = (row->last_ms - report->first_ms) / WEEK_MS;

	if (row->status != STATUS_TASK_CREATED)
		return;
	team = team_of(report,
		       owner_of(report->input->policy, report->programmes[row->programme].name));
	if (week < 0)
		week = 0;
	if ((size_t)week >= report->weeks)
		week = (int64_t)report->weeks - 1;
	team->tasks++;
	if (++team->by_week[week] > team->most)
		team->most = team->by_week[week];
}

static int compare_teams(const void *a, const void *b)
{
	const struct report_team *x = a, *y = b;

	if (x->tasks != y->tasks)
		return x->tasks > y->tasks ? -1 : 1;
	return strcmp(x->name, y->name);
}

void report_end_work(struct report *report)
{
	if (report->team_count)
		qsort(report->teams, report->team_count, sizeof(*report->teams), compare_teams);
}

void report_free_work(struct report *report)
{
	for (size_t i = 0; i < report->team_count; i++)
		free(report->teams[i].by_week);
	free(report->teams);
}
