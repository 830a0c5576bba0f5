/* report_text_work.c - what people are given to do, on a terminal; see report_internal.h. */
#include <stdio.h>
#include <string.h>

#include "report_internal.h"
#include "services/nurturectl/outcomes/labels.h"

enum { MINUTES = 60, PERCENT = 100, CELL_BYTES = 32 };

/* One line: a team, or an action of it. */
struct line {
	const char *name;
	size_t tasks, most, customers;
	size_t minutes, most_minutes;
	bool is_timed; /* how long each of them takes is known */
};

static const char *number(size_t value, char text[CELL_BYTES])
{
	return label_number((int64_t)value, text, CELL_BYTES);
}

/* A part of some, with one decimal. */
static const char *each(size_t value, size_t of, char text[CELL_BYTES])
{
	size_t tenths = (10 * value + of / 2) / of;

	snprintf(text, CELL_BYTES, "%zu.%zu", tenths / 10, tenths % 10);
	return text;
}

static void put_line(const struct report *report, const struct line *line, const char *indent,
		     struct buf *out)
{
	char tasks[CELL_BYTES], week[CELL_BYTES], most[CELL_BYTES], customers[CELL_BYTES];
	char hours[CELL_BYTES] = "-", most_hours[CELL_BYTES] = "-";

	if (line->is_timed) {
		each(line->minutes, MINUTES * report->weeks, hours);
		each(line->most_minutes, MINUTES, most_hours);
	}
	buf_printf(out, "%s%-*s %10s %10s %13s %10s %13s %13s", indent, 24 - (int)strlen(indent),
		   line->name, number(line->tasks, tasks), each(line->tasks, report->weeks, week),
		   number(line->most, most), number(line->customers, customers), hours, most_hours);
}

static void put_action(const struct report *report, const struct report_action *action,
		       struct buf *out)
{
	put_line(report,
		 &(struct line){.name = *action->name ? action->name : "(not in this policy)",
				.tasks = action->tasks,
				.most = action->most,
				.customers = action->customers,
				.minutes = action->tasks * action->minutes,
				.most_minutes = action->most * action->minutes,
				.is_timed = action->minutes > 0},
		 "    ", out);
	for (size_t i = 0; i < action->programme_count; i++)
		buf_printf(out, "%s%s", i ? ", " : "  ", action->programmes[i]);
	buf_char(out, '\n');
}

/* What one person could do, and how much of that the busiest week takes. */
static void put_room(const struct report_team *team, struct buf *out)
{
	char hours[CELL_BYTES], tasks[CELL_BYTES];

	if (!team->is_timed)
		return;
	buf_printf(out,
		   "    one person, at work in all %s hours of the team's week, could do %s of "
		   "these; the busiest week takes %zu %%\n",
		   each(team->work_minutes, MINUTES, hours),
		   number(team->work_minutes * team->tasks / team->minutes, tasks),
		   (PERCENT * team->most_minutes + team->work_minutes - 1) / team->work_minutes);
}

static void put_what_is_not_said(const struct report_team *team, struct buf *out)
{
	for (size_t i = 0; i < team->action_count; i++)
		if (!team->actions[i].minutes && *team->actions[i].name)
			buf_printf(out,
				   "    how long a %s takes is not said: "
				   "desk.actions.%s.minutes\n",
				   team->actions[i].name, team->actions[i].name);
}

void report_text_work(const struct report *report, struct buf *out)
{
	if (!report->team_count)
		return;
	buf_printf(out, "\nWHAT PEOPLE ARE GIVEN TO DO\n  %-22s %10s %10s %13s %10s %13s %13s\n",
		   "", "tasks", "a week", "busiest week", "customers", "hours a week",
		   "busiest week");
	for (size_t i = 0; i < report->team_count; i++) {
		const struct report_team *team = &report->teams[i];

		put_line(report,
			 &(struct line){.name = team->name,
					.tasks = team->tasks,
					.most = team->most,
					.customers = team->customers,
					.minutes = team->minutes,
					.most_minutes = team->most_minutes,
					.is_timed = team->is_timed},
			 "  ", out);
		buf_char(out, '\n');
		for (size_t k = 0; k < team->action_count; k++)
			put_action(report, &team->actions[k], out);
		put_room(team, out);
		put_what_is_not_said(team, out);
	}
}
