/* report.c - see report.h: requests, rules and programmes. The mails are in report_side.c. */
#include "report.h"

#include <stdlib.h>

#include "common/base/grow.h"
#include "report_internal.h"

static bool is_done(const struct outcome_row *row)
{
	return outcome_row_is_heard(row) || row->status == STATUS_TASK_CREATED;
}

static void count_rules(struct report *report, const struct outcome_row *row)
{
	for (size_t i = 0; i < report->rule_count; i++) {
		struct report_rule *rule = &report->rules[i];

		if (!(row->rules >> i & 1))
			continue;
		rule->requests++;
		rule->waiting += row->ends == 0;
		rule->later += row->ends > 0 && is_done(row);
		rule->ended += row->ends > 0 && !is_done(row);
	}
}

static void count_row(struct report *report, const struct outcome_row *row)
{
	struct report_programme *programme = &report->programmes[row->programme];

	report->requests++;
	report->ended_twice += row->ends > 1;
	report->by_status[row->status]++;
	report->held += row->rules != 0;
	programme->wanted++;
	programme->held += row->rules != 0;
	if (row->ends == 0)
		programme->waiting++;
	else if (row->status == STATUS_TASK_CREATED)
		programme->tasks++;
	else if (outcome_row_is_heard(row))
		programme->heard++;
	else
		programme->unsaid++;
	programme->no_consent += row->status == STATUS_NO_CONSENT;
	if (row->rules)
		count_rules(report, row);
}

static int compare_rules(const void *a, const void *b)
{
	const struct report_rule *x = a, *y = b;

	if (x->requests != y->requests)
		return x->requests > y->requests ? -1 : 1;
	return strcmp(x->rule, y->rule);
}

static int compare_programmes(const void *a, const void *b)
{
	const struct report_programme *x = a, *y = b;

	if (x->wanted != y->wanted)
		return x->wanted > y->wanted ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Of each rule and programme of the table so far; it grows as shares are added. */
static void open_lists(const struct outcome_table *table, struct report *report)
{
	report->rules = grow_zeroed(report->rules, &report->rule_room, table->rules.count + 1,
				    sizeof(*report->rules));
	report->rule_count = table->rules.count;
	for (size_t i = 0; i < report->rule_count; i++)
		report->rules[i].rule = table->rules.texts[i];
	report->programmes = grow_zeroed(report->programmes, &report->programme_room,
					 table->programmes.count + 1, sizeof(*report->programmes));
	report->programme_count = table->programmes.count;
	for (size_t i = 0; i < report->programme_count; i++) {
		report->programmes[i].name = table->programmes.texts[i];
		report->programmes[i].message_class = table->classes[i];
	}
}

static size_t *week_room(const struct report *report)
{
	size_t *ret = calloc(report->weeks + 1, sizeof(*ret));

	if (!ret)
		abort();
	return ret;
}

void report_begin(const struct report_input *input, struct report *ret)
{
	*ret = (struct report){.first_ms = input->orders->first_ms,
			       .last_ms = input->until_ms,
			       .input = input,
			       .candidates = report_candidates_open()};
	ret->weeks = ret->last_ms > ret->first_ms
			 ? (size_t)((ret->last_ms - ret->first_ms + WEEK_MS - 1) / WEEK_MS)
			 : 1;
	ret->with.by_week = week_room(ret);
	ret->without.by_week = week_room(ret);
}

int report_add(struct report *report, const struct orders *share, struct err *err)
{
	const struct outcome_table *with = report->input->with;

	open_lists(with, report);
	for (size_t i = 0; i < with->row_count; i++)
		count_row(report, &with->rows[i]);
	report_count_work(report, with);
	report_count_side(with, report, &report->with, &report->arena);
	report_count_side(report->input->without, report, &report->without, &report->arena);
	return report_candidates_add(report->candidates, with, share, err);
}

int report_end(struct report *report, struct err *err)
{
	if (report->rule_count)
		qsort(report->rules, report->rule_count, sizeof(*report->rules), compare_rules);
	if (report->programme_count)
		qsort(report->programmes, report->programme_count, sizeof(*report->programmes),
		      compare_programmes);
	report_end_work(report);
	return report_choose_stories(report, err);
}

int report_count(const struct report_input *input, struct report *ret, struct err *err)
{
	report_begin(input, ret);
	return report_add(ret, input->lives, err) < 0 ? -1 : report_end(ret, err);
}

void report_free(struct report *report)
{
	report_candidates_close(report->candidates);
	arena_free(&report->arena);
	report_free_work(report);
	free(report->rules);
	free(report->programmes);
	free(report->with.by_week);
	free(report->without.by_week);
	*report = (struct report){0};
}
