/* cmd_simulate.c - a file of orders through the whole of Nurture, in this process. */
#include <stdio.h>

#include "commands.h"
#include "services/nurturectl/sim/orders_options.h"
#include "services/nurturectl/progress.h"
#include "report_options.h"
#include "services/nurturectl/text_file.h"

struct simulate_values {
	struct orders_values orders;
	const char *against, *outcomes, *tasks, *report, *json;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct simulate_values, orders),
    {"against", OPTION_TEXT, offsetof(struct simulate_values, against), "FILE", NULL, false, 0, 0,
     "another policy: report what would be different under it"},
    {"outcomes", OPTION_TEXT, offsetof(struct simulate_values, outcomes), "FILE", NULL, false, 0, 0,
     "write the outcomes there, as canonical lines (- is standard output), and only count them"},
    {"tasks", OPTION_TEXT, offsetof(struct simulate_values, tasks), "FILE", NULL, false, 0, 0,
     "with --outcomes: write the tasks there, customer by customer, as they would be told"},
    {"report", OPTION_TEXT, offsetof(struct simulate_values, report), "FILE", NULL, false, 0, 0,
     "write a report there, one HTML page"},
    {"json", OPTION_TEXT, offsetof(struct simulate_values, json), "FILE", NULL, false, 0, 0,
     "write the numbers of the comparison there, as JSON"},
    {0}};

/* The policies of a process live as long as it does, so another one is only read. */
static int read_against(const struct invocation *call, const char *file, const struct policy **ret,
			struct err *err)
{
	struct settings settings = *call->settings;

	if (settings_policy(&settings, file, NULL, err) < 0)
		return err_prefix(err, "--against");
	*ret = settings.policy;
	return 0;
}

static int report(const struct invocation *call, struct orders *orders,
		  const struct sim_options *how, const struct sim_result *result, struct err *err)
{
	const struct simulate_values *values = call->values;
	const struct report_job job = {.policy = call->settings->policy,
				       .orders = orders,
				       .until_ms = how->until_ms,
				       .table = &result->table,
				       .uncapped = &result->also,
				       .orders_file = orders_file_name(&values->orders),
				       .html = values->report,
				       .json = values->json};

	return how->against ? report_make_whatif(&job, how->against, &result->also, err)
			    : report_make(&job, err);
}

/* The files that lines go to; none that was not asked for. */
struct line_files {
	struct text_file outcomes, tasks;
	bool has_outcomes, has_tasks;
};

static int put_lines(void *to, struct slice lines, struct err *err)
{
	return text_file_put(to, lines, err);
}

static int open_lines(const struct simulate_values *values, struct line_files *ret, struct err *err)
{
	struct err ignored;

	*ret = (struct line_files){.has_outcomes = values->outcomes, .has_tasks = values->tasks};
	if (values->outcomes && text_file_begin(values->outcomes, &ret->outcomes, err) < 0)
		return -1;
	if (!values->tasks || text_file_begin(values->tasks, &ret->tasks, err) == 0)
		return 0;
	if (values->outcomes)
		text_file_end(&ret->outcomes, false, &ignored);
	return -1;
}

static int close_lines(struct line_files *files, bool is_whole, struct err *err)
{
	struct err ignored, *why = is_whole ? err : &ignored;
	int r = 0;

	if (files->has_outcomes && text_file_end(&files->outcomes, is_whole, why) < 0)
		r = -1;
	if (files->has_tasks && text_file_end(&files->tasks, is_whole && r == 0, why) < 0)
		r = -1;
	return r;
}

static int simulate_lines(const struct simulate_values *values, struct orders *orders,
			  struct sim_options *how, struct sim_result *ret, struct err *err)
{
	struct line_files files;
	int r;

	if (open_lines(values, &files, err) < 0)
		return -1;
	how->wants_lines = files.has_outcomes;
	if (files.has_outcomes)
		how->outcomes = (struct sim_sink){put_lines, &files.outcomes};
	if (files.has_tasks)
		how->tasks = (struct sim_sink){put_lines, &files.tasks};
	r = report_simulate(orders, how, ret, err);
	if (close_lines(&files, r == 0, err) < 0 && r == 0) {
		sim_result_free(ret);
		r = -1;
	}
	return r;
}

static void say_counts(const struct simulate_values *values, const struct orders *orders,
		       const struct sim_result *result)
{
	if (strcmp(values->outcomes, "-") != 0)
		printf("%zu outcomes of %zu customers: %zu mails, %zu tasks (%zu of them taken "
		       "back); --report says more\n",
		       result->outcome_count, orders->customers, result->mail_count,
		       result->task_count, result->cancelled_task_count);
}

static int simulate_all(const struct invocation *call, struct orders *orders, int64_t until_ms,
			struct err *err)
{
	const struct simulate_values *values = call->values;
	/* A caller who asks for lines wants them soon, and comparing takes half as long again. */
	bool wants_report = values->report || values->json || values->against || !values->outcomes;
	const struct policy uncapped = report_uncapped(call->settings->policy);
	struct sim_options how = {.policy = call->settings->policy,
				  .also = wants_report && !values->against ? &uncapped : NULL,
				  .until_ms = until_ms,
				  .wants_no_table = !wants_report,
				  .coupon_key = call->settings->coupon_key};
	struct sim_result result;
	int r = 0;

	if (values->tasks && !values->outcomes)
		return err_config(err, "--tasks needs --outcomes");
	if (wants_report && values->outcomes && strcmp(values->outcomes, "-") == 0)
		return err_config(err, "--outcomes - leaves no room for a report; name a file");
	if (values->against && read_against(call, values->against, &how.against, err) < 0)
		return -1;
	if (simulate_lines(values, orders, &how, &result, err) < 0)
		return -1;
	if (wants_report)
		r = report(call, orders, &how, &result, err);
	else
		say_counts(values, orders, &result);
	if (r == 0 && result.dead_count > 0)
		fprintf(stderr,
			"nurturectl simulate: %zu events were not understood; the first: %s\n",
			result.dead_count, result.first_dead.text);
	sim_result_free(&result);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct simulate_values *values = call->values;
	struct progress progress = progress_begin("simulating");
	struct orders orders;
	int64_t until_ms;
	int r;

	progress_say(&progress, orders_file_name(&values->orders));
	r = orders_open(call->settings, &values->orders, &orders, &until_ms, err);
	if (r == 0) {
		r = simulate_all(call, &orders, until_ms, err);
		orders_free(&orders);
	}
	progress_end(&progress);
	return r;
}

const struct command cmd_simulate = {
    .name = "simulate",
    .line = "what would this policy have said to whom, for these orders?",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct simulate_values),
    .text =
	"Runs the services' own decisions in this process on the time of the orders; no Kafka,\n"
	"no Redis, no mail. The outcomes are, line by line, those of the real services after\n"
	"`nurturectl replay` with the same options. Unless only the outcomes are asked for, it\n"
	"also simulates the same without caps - or, with --against, under another policy - and\n"
	"reports on both.\n\n" ORDERS_HELP,
    .run = run,
};
