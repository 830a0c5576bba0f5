/* report_internal.h - what the report*.c files share. */
#ifndef NURTURE_NURTURECTL_REPORT_INTERNAL_H
#define NURTURE_NURTURECTL_REPORT_INTERNAL_H

#include "report.h"

void report_count_side(const struct outcomes *outcomes, int64_t first_ms, size_t weeks,
		       struct report_side *ret);
/* The busiest customer, the one most held back, and a typical one. */
void report_choose_stories(const struct report_input *input, struct report *report);

#endif
