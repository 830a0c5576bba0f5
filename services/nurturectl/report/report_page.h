/*
 * report_page.h - a report as text for a terminal, and as one HTML page that
 * needs nothing else.  Pure.
 */
#ifndef NURTURE_NURTURECTL_REPORT_REPORT_PAGE_H
#define NURTURE_NURTURECTL_REPORT_REPORT_PAGE_H

#include "common/base/buf.h"
#include "common/template/html.h"
#include "report.h"

void report_text(const struct report_input *input, const struct report *report, struct buf *out);
void report_html(const struct report_input *input, const struct report *report, struct buf *out);

/* What was taken for granted where the file of orders says nothing: the index'th sentence or NULL.
 */
const char *report_assumed(const struct report_input *input, unsigned index);

/* "3 March 2026" in the shop's zone. */
enum { REPORT_DATE_BYTES = 40 };
const char *report_date(const struct policy *policy, int64_t time_ms, char text[REPORT_DATE_BYTES]);

/* Parts of the page. Text that a shop or customer wrote is escaped. */
void html_number(struct buf *out, int64_t number);
void report_busy_svg(const struct report *report, struct buf *out);
void report_rules_svg(const struct report_input *input, const struct report *report,
		      struct buf *out);
void report_weeks_svg(const struct report_input *input, const struct report *report,
		      struct buf *out);
/* Which colour is which programme. */
void report_story_key(const struct report_input *input, const struct report *report,
		      struct buf *out);
void report_story_html(const struct report_input *input, const struct report_story *story,
		       struct buf *out);

struct timeline;
void report_timeline_svg(const struct timeline *timeline, struct buf *out);
/* "3 orders; 5 messages sent, 1 not sent." */
void report_timeline_totals(const struct timeline *timeline, struct buf *out);
void report_timeline_list(const struct timeline *timeline, struct buf *out);
/* A programme has the same colour everywhere: of its place in the policy; 0 to 7. */
unsigned report_colour(const struct policy *policy, const char *programme);

extern const char report_style[];

#endif
