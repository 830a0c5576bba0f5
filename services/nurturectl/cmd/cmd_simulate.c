/* cmd_simulate.c - a file of orders through the whole of Nurture, in this process. */
#include <stdio.h>

#include "commands.h"
#include "services/nurturectl/sim/order_shares.h"
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

/* One simulation of all shares, and what is made of it. */
struct simulation {
	struct order_shares shares;
	struct sim_options how;
	struct sim_result result;
	struct report_job job;
	struct report_making making;
	bool wants_report;
};

/* A share's rows have been counted; those of all would not fit. */
static void forget_rows(struct simulation *simulation)
{
	outcome_table_forget(&simulation->result.table);
	outcome_table_forget(&simulation->result.also);
}

static int simulate_shares(struct simulation *simulation, struct err *err)
{
	struct order_shares *shares = &simulation->shares;
	struct orders *share;
	int r;

	while ((r = order_shares_next(shares, &share, err)) > 0) {
		if (simulate_more(share, &simulation->how, &simulation->result, err) < 0)
			return -1;
		if (!simulation->wants_report)
			continue;
		if (report_making_add(&simulation->making, share, err) < 0)
			return -1;
		if (shares->is_bulk)
			forget_rows(simulation);
	}
	return r;
}

/* Those whose lives are drawn live once more, when all rows have been counted and forgotten. */
static int live_again(struct simulation *simulation, struct orders **ret_lives, struct err *err)
{
	const char *drawn[REPORT_DRAWN_MAX];
	size_t count = report_making_drawn(&simulation->making, drawn);
	struct sim_options how = simulation->how;
	struct sim_result counts = simulation->result;
	int r;

	how.wants_lines = false;
	if (order_shares_of(&simulation->shares, drawn, count, ret_lives, err) < 0)
		return -1;
	if (!simulation->shares.is_bulk)
		return 0;
	r = simulate_more(*ret_lives, &how, &simulation->result, err);
	counts.table = simulation->result.table;
	counts.also = simulation->result.also;
	simulation->result = counts;
	return r;
}

static int report(struct simulation *simulation, struct err *err)
{
	struct orders *lives;

	if (report_making_end(&simulation->making, err) < 0 ||
	    live_again(simulation, &lives, err) < 0)
		return -1;
	return report_making_write(&simulation->making, lives, err);
}

static int simulate_lines(const struct simulate_values *values, struct simulation *simulation,
			  struct err *err)
{
	struct sim_options *how = &simulation->how;
	struct line_files files;
	int r;

	if (open_lines(values, &files, err) < 0)
		return -1;
	how->wants_lines = files.has_outcomes;
	if (files.has_outcomes)
		how->outcomes = (struct sim_sink){put_lines, &files.outcomes};
	if (files.has_tasks)
		how->tasks = (struct sim_sink){put_lines, &files.tasks};
	r = simulate_shares(simulation, err);
	return close_lines(&files, r == 0, err) < 0 ? -1 : r;
}

static void say_counts(const struct simulate_values *values, const struct simulation *simulation)
{
	const struct sim_result *result = &simulation->result;

	if (strcmp(values->outcomes, "-") != 0)
		printf("%zu outcomes of %zu customers: %zu mails, %zu tasks (%zu of them taken "
		       "back); --report says more\n",
		       result->outcome_count, simulation->shares.all.customers, result->mail_count,
		       result->task_count, result->cancelled_task_count);
	if (result->no_consent_count)
		fprintf(stderr,
			"nurturectl simulate: %zu messages were not sent for want of consent; the "
			"report (without --outcomes, or --report FILE) says what would say it\n",
			result->no_consent_count);
}

static void say_dead(const struct sim_result *result)
{
	if (result->dead_count > 0)
		fprintf(stderr,
			"nurturectl simulate: %zu events were not understood; the first: %s\n",
			result->dead_count, result->first_dead.text);
}

static int simulate_all(const struct simulate_values *values, struct simulation *simulation,
			struct err *err)
{
	int r;

	sim_result_begin(&simulation->result);
	if (simulation->wants_report)
		report_making_begin(&simulation->job, &simulation->making);
	r = simulate_lines(values, simulation, err);
	if (r == 0 && simulation->wants_report)
		r = report(simulation, err);
	else if (r == 0)
		say_counts(values, simulation);
	if (r == 0)
		say_dead(&simulation->result);
	if (simulation->wants_report)
		report_making_free(&simulation->making);
	sim_result_free(&simulation->result);
	return r;
}

static struct report_job job_of(const struct simulate_values *values,
				const struct simulation *simulation)
{
	return (struct report_job){.policy = simulation->how.policy,
				   .against = simulation->how.against,
				   .orders = &simulation->shares.all,
				   .until_ms = simulation->shares.until_ms,
				   .table = &simulation->result.table,
				   .other = &simulation->result.also,
				   .orders_file = orders_file_name(&values->orders),
				   .html = values->report,
				   .json = values->json};
}

static int prepare(const struct invocation *call, struct simulation *simulation,
		   const struct policy *uncapped, struct err *err)
{
	const struct simulate_values *values = call->values;
	/* A caller who asks for lines wants them soon, and comparing takes half as long again. */
	bool wants_report = values->report || values->json || values->against || !values->outcomes;

	if (values->tasks && !values->outcomes)
		return err_config(err, "--tasks needs --outcomes");
	if (wants_report && values->outcomes && strcmp(values->outcomes, "-") == 0)
		return err_config(err, "--outcomes - leaves no room for a report; name a file");
	simulation->how = (struct sim_options){.policy = call->settings->policy,
					       .until_ms = simulation->shares.until_ms,
					       .threads = report_threads(),
					       .wants_no_table = !wants_report,
					       .coupon_key = call->settings->coupon_key};
	if (values->against &&
	    read_against(call, values->against, &simulation->how.against, err) < 0)
		return -1;
	simulation->how.also = wants_report && !values->against ? uncapped : NULL;
	simulation->wants_report = wants_report;
	simulation->job = job_of(values, simulation);
	return 0;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct simulate_values *values = call->values;
	struct progress progress = progress_begin("simulating");
	struct simulation simulation = {0};
	struct policy uncapped;
	int r;

	progress_say(&progress, orders_file_name(&values->orders));
	r = order_shares_open(call->settings, &values->orders, &simulation.shares, err);
	if (r == 0) {
		uncapped = report_uncapped(call->settings->policy);
		r = prepare(call, &simulation, &uncapped, err);
		if (r == 0)
			r = simulate_all(values, &simulation, err);
		order_shares_close(&simulation.shares);
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
