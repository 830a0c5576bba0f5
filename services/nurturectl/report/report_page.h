/*
 * report_page.h - a report as text for a terminal, and as one HTML page that
 * needs nothing else.  Pure.
 *
 * The page is deploy/pages/tools/report.mustache; here are the values that it
 * shows: numbers as people write them, and where the marks of its pictures are.
 */
#ifndef NURTURE_NURTURECTL_REPORT_REPORT_PAGE_H
#define NURTURE_NURTURECTL_REPORT_REPORT_PAGE_H

#include "common/base/buf.h"
#include "common/template/model.h"
#include "report.h"

void report_text(const struct report_input *input, const struct report *report, struct buf *out);
void report_html(const struct report_input *input, const struct report *report, struct buf *out);

/*
 * What was taken for granted where the file of orders says nothing: the
 * index'th sentence, or NULL.
 */
const char *report_assumed(const struct report_input *input, unsigned index);

/*
 * How many messages were not sent because nobody had agreed to their class, and which column or
 * option would say that somebody had; NULL when there is none. In the arena.
 */
const char *report_consent(const struct report_input *input, const struct report *report,
			   struct arena *arena);

/* "3 March 2026" in the shop's zone. */
enum { REPORT_DATE_BYTES = 40 };
const char *report_date(const struct policy *policy, int64_t time_ms, char text[REPORT_DATE_BYTES]);

/* Values of a page; all texts are copied into the model's arena. */
void report_put_number(struct model *model, const char *name, int64_t number);
/* "1 order", "2,000 orders" */
void report_put_count(struct model *model, const char *name, int64_t number, const char *one,
		      const char *many);
void report_put_date(struct model *model, const char *name, const struct policy *policy,
		     int64_t time_ms);
/* A coordinate or a length of a picture, with one digit behind the point. */
void report_put_length(struct model *model, const char *name, double length);
/* One of several dates below a picture: the first begins and the last ends at its place. */
void report_put_axis_date(struct model *dates, const struct policy *policy, int64_t time_ms,
			  double x, bool is_first, bool is_last);
/* Which colour is which programme: an item of the list "programme_key". */
void report_put_colour(struct model *key, const struct policy *policy, const char *programme);

/* The pictures: objects "busy", "rules" and "weeks". */
void report_put_busy(const struct report *report, struct model *page);
void report_put_rules(const struct report_input *input, const struct report *report,
		      struct model *page);
void report_put_weeks(const struct report_input *input, const struct report *report,
		      struct model *page);
/* The list "stories". */
void report_put_stories(const struct report_input *input, const struct report *report,
			struct model *page);

struct timeline;
/* What _timeline.mustache shows. */
void report_put_timeline(const struct timeline *timeline, struct model *model);
/* What _timeline-list.mustache shows. */
void report_put_timeline_list(const struct timeline *timeline, struct model *model);
/* A programme has the same colour everywhere: of its place in the policy; 0 to 7. */
unsigned report_colour(const struct policy *policy, const char *programme);

#endif
