/* report.c - see report.h: requests, rules and programmes. The mails are in report_side.c. */
#include "report.h"

#include <stdlib.h>

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

static void *room(size_t count, size_t size)
{
	void *ret = calloc(count + 1, size);

	if (!ret)
		abort();
	return ret;
}

static void open_lists(const struct outcome_table *table, struct report *report)
{
	report->rule_count = table->rules.count;
	report->rules = room(report->rule_count, sizeof(*report->rules));
	for (size_t i = 0; i < report->rule_count; i++)
		report->rules[i].rule = table->rules.texts[i];
	report->programme_count = table->programmes.count;
	report->programmes = room(report->programme_count, sizeof(*report->programmes));
	for (size_t i = 0; i < report->programme_count; i++) {
		report->programmes[i].name = table->programmes.texts[i];
		report->programmes[i].message_class = table->classes[i];
	}
	report->with.by_week = room(report->weeks, sizeof(*report->with.by_week));
	report->without.by_week = room(report->weeks, sizeof(*report->without.by_week));
}

void report_count(const struct report_input *input, struct report *ret)
{
	const struct outcome_table *with = input->with;

	*ret = (struct report){.first_ms = input->orders->first_ms, .last_ms = input->until_ms};
	ret->weeks = ret->last_ms > ret->first_ms
			 ? (size_t)((ret->last_ms - ret->first_ms + WEEK_MS - 1) / WEEK_MS)
			 : 1;
	open_lists(with, ret);
	for (size_t i = 0; i < with->row_count; i++)
		count_row(ret, &with->rows[i]);
	qsort(ret->rules, ret->rule_count, sizeof(*ret->rules), compare_rules);
	qsort(ret->programmes, ret->programme_count, sizeof(*ret->programmes), compare_programmes);
	report_count_side(with, ret->first_ms, ret->weeks, &ret->with);
	report_count_side(input->without, ret->first_ms, ret->weeks, &ret->without);
	report_choose_stories(input, ret);
}

void report_free(struct report *report)
{
	free(report->rules);
	free(report->programmes);
	free(report->with.by_week);
	free(report->without.by_week);
	*report = (struct report){0};
}
