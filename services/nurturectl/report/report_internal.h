/* report_internal.h - what the report*.c files share. */
#ifndef NURTURE_NURTURECTL_REPORT_REPORT_INTERNAL_H
#define NURTURE_NURTURECTL_REPORT_REPORT_INTERNAL_H

#include "report.h"

/* The times of one customer's mails, ascending; returns how many. ret has room for all rows. */
size_t report_mail_times(const struct outcome_table *table,
			 const struct outcome_table_customer *customer, int64_t *ret);
/* The most in any window. */
size_t report_most_in(const int64_t *times, size_t count, int64_t window_ms);

/* Adds the customers of the table; ids are kept in the arena. */
void report_count_side(const struct outcome_table *table, const struct report *report,
		       struct report_side *to, struct arena *ids);

/* report_work.c: counts the tasks of the table; its rows have been counted by then. */
void report_count_work(struct report *report, const struct outcome_table *table);
void report_end_work(struct report *report);
/* report_text_work.c: by team and action: how many, for how many customers, how long they take, what one could do. */
void report_text_work(const struct report *report, struct buf *out);
void report_free_work(struct report *report);

/* The busiest customer, the one most held back, and a typical one, of all that are added. */
struct report_candidates *report_candidates_open(void);
int report_candidates_add(struct report_candidates *candidates, const struct outcome_table *table,
			  const struct orders *share, struct err *err);
int report_choose_stories(struct report *report, struct err *err);
void report_candidates_close(struct report_candidates *candidates);

#endif
