/* cmd_report.c - the same report as simulate's, from the outcomes of the real system. */
#include "commands.h"
#include "services/nurturectl/sim/orders_options.h"
#include "services/nurturectl/progress.h"
#include "report_options.h"

struct report_values {
	struct orders_values orders;
	const char *outcomes, *html, *json;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct report_values, orders),
    {"outcomes", OPTION_TEXT, offsetof(struct report_values, outcomes), "FILE", NULL, false, 0, 0,
     "canonical lines; without: all of nurture.outcomes"},
    {"html", OPTION_TEXT, offsetof(struct report_values, html), "FILE", NULL, false, 0, 0,
     "write one HTML page there too"},
    {"json", OPTION_TEXT, offsetof(struct report_values, json), "FILE", NULL, false, 0, 0,
     "write the numbers there, beside those without caps, as JSON"},
    {0}};

static int read_table(const struct invocation *call, struct outcome_table *ret, struct err *err)
{
	const struct report_values *values = call->values;
	struct outcomes outcomes;
	int r;

	if (values->outcomes)
		r = outcomes_read_file(values->outcomes, &outcomes, err);
	else
		r = outcomes_read_topic(call->settings, slice_of(NULL, 0), &outcomes, err);
	if (r < 0)
		return -1;
	outcome_table_of_outcomes(&outcomes, ret);
	outcomes_free(&outcomes);
	return 0;
}

/* The same without caps is simulated; then all is counted as one share. */
static int report(struct report_job *job, struct orders *orders, struct err *err)
{
	const struct policy uncapped = report_uncapped(job->policy);
	const struct sim_options how = {
	    .policy = &uncapped, .until_ms = job->until_ms, .threads = report_threads()};
	struct report_making making;
	struct sim_result result;
	int r;

	if (simulate(orders, &how, &result, err) < 0)
		return err_prefix(err, "without caps");
	job->other = &result.table;
	report_making_begin(job, &making);
	r = report_making_add(&making, orders, err);
	if (r == 0)
		r = report_making_end(&making, err);
	if (r == 0)
		r = report_making_write(&making, orders, err);
	report_making_free(&making);
	sim_result_free(&result);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct report_values *values = call->values;
	struct progress progress = progress_begin("reporting");
	struct report_job job = {.orders_file = orders_file_name(&values->orders),
				 .outcomes_file =
				     values->outcomes ? values->outcomes : "nurture.outcomes",
				 .html = values->html,
				 .json = values->json};
	struct orders orders;
	struct outcome_table table;
	int r;

	if (orders_open(call->settings, &values->orders, &orders, &job.until_ms, err) < 0)
		return -1;
	progress_say(&progress, job.orders_file);
	r = read_table(call, &table, err);
	if (r == 0) {
		job.policy = call->settings->policy;
		job.orders = &orders;
		job.table = &table;
		r = report(&job, &orders, err);
		outcome_table_free(&table);
	}
	orders_free(&orders);
	progress_end(&progress);
	return r;
}

const struct command cmd_report = {
    .name = "report",
    .line = "what was said to whom, what was held back and why",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct report_values),
    .text =
	"The report of `nurturectl simulate`, from the outcomes of the real services and the\n"
	"orders that they got. What it would have been without caps is simulated.\n\n" ORDERS_HELP,
    .run = run,
};
