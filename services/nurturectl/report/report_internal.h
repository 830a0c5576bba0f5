/* report_internal.h - what the report*.c files share. */
#ifndef NURTURE_NURTURECTL_REPORT_REPORT_INTERNAL_H
#define NURTURE_NURTURECTL_REPORT_REPORT_INTERNAL_H

#include "report.h"

/* The times of one customer's mails, ascending; returns how many. ret has room for all rows. */
size_t report_mail_times(const struct outcome_table *table,
			 const struct outcome_table_customer *customer, int64_t *ret);
/* The most in any window. */
size_t report_most_in(const int64_t *times, size_t count, int64_t window_ms);

void report_count_side(const struct outcome_table *table, int64_t first_ms, size_t weeks,
		       struct report_side *ret);
/* The busiest customer, the one most held back, and a typical one. */
void report_choose_stories(const struct report_input *input, struct report *report);

#endif
