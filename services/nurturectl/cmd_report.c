/* cmd_report.c - the same report as simulate's, from the outcomes of the real system. */
#include "commands.h"
#include "orders_options.h"
#include "progress.h"
#include "report_options.h"

struct report_values {
	struct orders_values orders;
	const char *outcomes, *html;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct report_values, orders),
    {"outcomes", OPTION_TEXT, offsetof(struct report_values, outcomes), "FILE", NULL, false, 0, 0,
     "canonical lines; without: all of nurture.outcomes"},
    {"html", OPTION_TEXT, offsetof(struct report_values, html), "FILE", NULL, false, 0, 0,
     "write one HTML page there too"},
    {0}};

static int report(const struct invocation *call, struct orders *orders, int64_t until_ms,
		  const struct outcomes *outcomes, struct err *err)
{
	const struct report_values *values = call->values;
	struct outcomes uncapped;
	struct report_input input = {.policy = call->settings->policy,
				     .orders = orders,
				     .with = outcomes,
				     .without = &uncapped,
				     .until_ms = until_ms,
				     .orders_file = values->orders.orders,
				     .outcomes_file =
					 values->outcomes ? values->outcomes : "nurture.outcomes"};
	int r;

	if (report_simulate_uncapped(input.policy, orders, until_ms, &uncapped, err) < 0)
		return -1;
	r = report_write(&input, orders, values->html, err);
	outcomes_free(&uncapped);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct report_values *values = call->values;
	struct progress progress = progress_begin("reporting");
	struct outcomes outcomes;
	struct orders orders;
	int64_t until_ms;
	int r;

	if (orders_open(call->settings, &values->orders, &orders, &until_ms, err) < 0)
		return -1;
	progress_say(&progress, values->orders.orders);
	if (values->outcomes)
		r = outcomes_read_file(values->outcomes, &outcomes, err);
	else
		r = outcomes_read_topic(call->settings, slice_of(NULL, 0), &outcomes, err);
	if (r == 0) {
		r = report(call, &orders, until_ms, &outcomes, err);
		outcomes_free(&outcomes);
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
