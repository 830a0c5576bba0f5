/* cmd_simulate.c - a file of orders through the whole of Nurture, in this process. */
#include <stdio.h>

#include "commands.h"
#include "orders_options.h"
#include "progress.h"
#include "report_options.h"
#include "text_file.h"

struct simulate_values {
	struct orders_values orders;
	const char *outcomes, *report;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct simulate_values, orders),
    {"outcomes", OPTION_TEXT, offsetof(struct simulate_values, outcomes), "FILE", NULL, false, 0, 0,
     "write the outcomes there, as canonical lines (- is standard output), and only count them"},
    {"report", OPTION_TEXT, offsetof(struct simulate_values, report), "FILE", NULL, false, 0, 0,
     "write a report there, one HTML page"},
    {0}};

/* What it would have been, and what to say about both. */
static int report(const struct invocation *call, struct orders *orders, int64_t until_ms,
		  const struct outcomes *outcomes, struct err *err)
{
	const struct simulate_values *values = call->values;
	struct outcomes uncapped;
	struct report_input input = {.policy = call->settings->policy,
				     .orders = orders,
				     .with = outcomes,
				     .without = &uncapped,
				     .until_ms = until_ms,
				     .orders_file = values->orders.orders};
	int r;

	if (report_simulate_uncapped(input.policy, orders, until_ms, &uncapped, err) < 0)
		return -1;
	r = report_write(&input, orders, values->report, err);
	outcomes_free(&uncapped);
	return r;
}

static int simulate_all(const struct invocation *call, struct orders *orders, int64_t until_ms,
			struct err *err)
{
	const struct simulate_values *values = call->values;
	bool on_stdout = values->outcomes && strcmp(values->outcomes, "-") == 0;
	/* Who asks for lines wants them soon; comparing takes as long again. */
	bool only_lines = values->outcomes && !values->report;
	struct sim_result result;
	struct outcomes outcomes = {0};
	int r = 0;

	if (on_stdout && values->report)
		return err_config(err, "--outcomes - leaves no room for a report; name a file");
	if (report_simulate(call->settings->policy, orders, until_ms, &result,
			    only_lines ? NULL : &outcomes, err) < 0)
		return -1;
	if (values->outcomes)
		r = text_file_write(values->outcomes, buf_slice(&result.outcomes), err);
	if (r == 0 && !only_lines)
		r = report(call, orders, until_ms, &outcomes, err);
	if (r == 0 && only_lines && !on_stdout)
		printf("%zu outcomes of %zu customers: %zu mails, %zu tasks; --report says more\n",
		       result.outcome_count, orders->customers, result.mail_count,
		       result.task_count);
	if (r == 0 && result.dead_count > 0)
		fprintf(stderr,
			"nurturectl simulate: %zu events were not understood; the first: %s\n",
			result.dead_count, result.first_dead.text);
	outcomes_free(&outcomes);
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

	progress_say(&progress, values->orders.orders);
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
	"also simulates the same without caps, and reports on both.\n\n" ORDERS_HELP,
    .run = run,
};
