/* report.c - see report.h: requests, rules and programmes. The mails are in report_side.c. */
#include "report.h"

#include <stdlib.h>

#include "report_internal.h"
#include "requests.h"

#define WEEK_MS (7 * DAY_MS)

static struct report_rule *rule_of(struct report *report, const char *name)
{
	for (size_t i = 0; i < report->rule_count; i++)
		if (strcmp(report->rules[i].rule, name) == 0)
			return &report->rules[i];
	if (report->rule_count < REPORT_RULES_MAX - 1)
		report->rules[report->rule_count++].rule = name;
	return &report->rules[report->rule_count - 1];
}

static struct report_programme *programme_of(struct report *report,
					     const Nurture__V1__Outcome *outcome)
{
	struct report_programme *programme;

	for (size_t i = 0; i < report->programme_count; i++)
		if (strcmp(report->programmes[i].name, outcome->programme) == 0)
			return &report->programmes[i];
	if (report->programme_count < REPORT_PROGRAMMES_MAX - 1)
		report->programme_count++;
	programme = &report->programmes[report->programme_count - 1];
	programme->name = outcome->programme;
	programme->message_class = outcome->message_class;
	return programme;
}

static const char *rule_name(const Nurture__V1__Outcome *outcome)
{
	return outcome->reason ? outcome->reason->rule : "";
}

/* Was the rule met before, by the same request? */
static bool is_repeated(const struct request *request, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (outcome_status(request->items[i]) == STATUS_DEFERRED &&
		    strcmp(rule_name(request->items[i]), rule_name(request->items[index])) == 0)
			return true;
	return false;
}

static bool is_done(const Nurture__V1__Outcome *end)
{
	return outcome_counts(end) || outcome_status(end) == STATUS_TASK_CREATED;
}

/* Returns how often it was held back. */
static size_t count_rules(struct report *report, const struct request *request)
{
	size_t deferrals = 0;

	for (size_t i = 0; i < request->count; i++) {
		struct report_rule *rule;

		if (outcome_status(request->items[i]) != STATUS_DEFERRED)
			continue;
		deferrals++;
		rule = rule_of(report, rule_name(request->items[i]));
		rule->deferrals++;
		if (is_repeated(request, i))
			continue;
		rule->requests++;
		rule->waiting += !request->end;
		rule->later += request->end && is_done(request->end);
		rule->ended += request->end && !is_done(request->end);
	}
	return deferrals;
}

static void count_request(struct report *report, const struct request *request)
{
	struct report_programme *programme = programme_of(report, request->items[0]);
	enum status status = request->end ? outcome_status(request->end) : STATUS_DEFERRED;
	bool held = count_rules(report, request) > 0;

	report->requests++;
	report->ended_twice += request->ends > 1;
	report->by_status[status]++;
	report->held += held;
	programme->wanted++;
	programme->held += held;
	if (!request->end)
		programme->waiting++;
	else if (status == STATUS_TASK_CREATED)
		programme->tasks++;
	else if (outcome_counts(request->end))
		programme->heard++;
	else
		programme->unsaid++;
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

static size_t count_placed(const struct orders *orders)
{
	size_t count = 0;

	for (size_t i = 0; i < orders->count; i++)
		count += orders->events[i].kind == ORDER_PLACED;
	return count;
}

static void *room(size_t count, size_t size)
{
	void *ret = calloc(count + 1, size);

	if (!ret)
		abort();
	return ret;
}

void report_count(const struct report_input *input, struct report *ret)
{
	const struct outcomes *with = input->with;

	*ret = (struct report){.first_ms = input->orders->first_ms, .last_ms = input->until_ms};
	ret->weeks = ret->last_ms > ret->first_ms
			 ? (size_t)((ret->last_ms - ret->first_ms + WEEK_MS - 1) / WEEK_MS)
			 : 1;
	ret->placed = count_placed(input->orders);
	ret->rules = room(REPORT_RULES_MAX, sizeof(*ret->rules));
	ret->programmes = room(REPORT_PROGRAMMES_MAX, sizeof(*ret->programmes));
	ret->with.by_week = room(ret->weeks, sizeof(*ret->with.by_week));
	ret->without.by_week = room(ret->weeks, sizeof(*ret->without.by_week));
	for (size_t at = 0, n; at < with->count; at += n) {
		struct requests requests;

		n = outcomes_of_customer(with, at);
		requests = requests_group(with->items + at, n);
		for (size_t i = 0; i < requests.count; i++)
			count_request(ret, &requests.items[i]);
		requests_free(&requests);
	}
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
