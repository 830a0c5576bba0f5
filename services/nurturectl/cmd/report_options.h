/*
 * report_options.h - what simulate and report share: the simulations behind a
 * report, and its pages.
 */
#ifndef NURTURE_NURTURECTL_CMD_REPORT_OPTIONS_H
#define NURTURE_NURTURECTL_CMD_REPORT_OPTIONS_H

#include "services/nurturectl/report/report.h"
#include "services/nurturectl/sim/simulate.h"
#include "services/nurturectl/whatif/whatif.h"

/* How many threads simulate. */
unsigned report_threads(void);
/* The same policy with its caps, gaps and ceiling switched off; it borrows from the other. */
struct policy report_uncapped(const struct policy *policy);

/* What a report is about, and where it goes. */
struct report_job {
	const struct policy *policy;
	const struct policy *against; /* what it is compared with; NULL: the same without caps */
	const struct orders *orders;  /* for their counts */
	int64_t until_ms;
	const struct outcome_table *table; /* what became of the requests under the policy */
	const struct outcome_table *other; /* and under the other one */
	const char *orders_file;
	const char *outcomes_file; /* of the real system; NULL: the table is a simulation's */
	const char *html, *json;   /* files, or NULL */
};

/* A report in the making; it must not move. */
struct report_making {
	const struct report_job *job;
	struct policy uncapped;
	struct report_input report_input;
	struct report report; /* of one policy */
	struct whatif_input whatif_input;
	struct whatif whatif; /* of two, or as JSON */
	bool has_report, has_whatif;
};

/*
 * Counts shares of the orders as report_begin() and so on do; report_making_free() it, whatever was
 * returned.
 */
void report_making_begin(const struct report_job *job, struct report_making *ret);
int report_making_add(struct report_making *making, const struct orders *share, struct err *err);
int report_making_end(struct report_making *making, struct err *err);
/* Whose lives are drawn; sorted, each once. */
enum { REPORT_DRAWN_MAX = REPORT_STORIES + WHATIF_DRAWN_MAX };
size_t report_making_drawn(const struct report_making *making, const char *ret[REPORT_DRAWN_MAX]);
/*
 * Prints the text on standard output and writes the files. The tables and lives must have those who
 * are drawn, by customer.
 */
int report_making_write(struct report_making *making, const struct orders *lives, struct err *err);
void report_making_free(struct report_making *making);

#endif
