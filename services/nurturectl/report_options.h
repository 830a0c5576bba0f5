/* report_options.h - what simulate and report share: the simulations behind a report, and its
 * pages. */
#ifndef NURTURE_NURTURECTL_REPORT_OPTIONS_H
#define NURTURE_NURTURECTL_REPORT_OPTIONS_H

#include "outcomes.h"
#include "report.h"
#include "simulate.h"

/*
 * One simulation: its lines in result and, unless ret is NULL, decoded in ret.
 * Both are the caller's.
 */
int report_simulate(const struct policy *policy, struct orders *orders, int64_t until_ms,
		    struct sim_result *result, struct outcomes *ret, struct err *err);
/* The same orders and policy with its caps, gaps and ceiling off. */
int report_simulate_uncapped(const struct policy *policy, struct orders *orders, int64_t until_ms,
			     struct outcomes *ret, struct err *err);
/*
 * Counts, prints the text on standard output, and writes the page unless html
 * is NULL.  orders are those of the input; they are put in order by customer.
 */
int report_write(const struct report_input *input, struct orders *orders, const char *html,
		 struct err *err);

#endif
