/*
 * report_options.h - what simulate and report share: the simulations behind a
 * report, and its pages.
 */
#ifndef NURTURE_NURTURECTL_CMD_REPORT_OPTIONS_H
#define NURTURE_NURTURECTL_CMD_REPORT_OPTIONS_H

#include "services/nurturectl/report/report.h"
#include "services/nurturectl/sim/simulate.h"

/* One simulation on all processors. ret is the caller's, sim_result_free() it. */
int report_simulate(struct orders *orders, const struct sim_options *options,
		    struct sim_result *ret, struct err *err);
/* The same policy with its caps, gaps and ceiling switched off; it borrows from the other. */
struct policy report_uncapped(const struct policy *policy);

/* What a report is about, and where it goes. */
struct report_job {
	const struct policy *policy;
	struct orders *orders; /* put in order by customer */
	int64_t until_ms;
	const struct outcome_table *table;    /* what became of the requests under the policy */
	const struct outcome_table *uncapped; /* and without caps; NULL: to be simulated */
	const char *orders_file;
	const char *outcomes_file; /* of the real system; NULL: the table is a simulation's */
	const char *html, *json;   /* files, or NULL */
};

/*
 * Simulates the same without caps unless that has been done, counts, prints the text on standard output
 * and writes the files.
 */
int report_make(const struct report_job *job, struct err *err);

/* The same of two policies: the job's, and another one, whose table of the same orders that is. */
int report_make_whatif(const struct report_job *job, const struct policy *against,
		       const struct outcome_table *table, struct err *err);

#endif
