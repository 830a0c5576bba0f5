/*
 * whatif_page.h - the comparison of two policies as one HTML page that needs
 * nothing else, as JSON and as text for a terminal.  Pure.
 */
#ifndef NURTURE_NURTURECTL_WHATIF_WHATIF_PAGE_H
#define NURTURE_NURTURECTL_WHATIF_WHATIF_PAGE_H

#include "common/base/buf.h"
#include "common/template/html.h"
#include "whatif.h"

/* Each appends to out. */
void whatif_html(const struct whatif *whatif, struct buf *out);
void whatif_json(const struct whatif *whatif, struct buf *out);
void whatif_text(const struct whatif *whatif, struct buf *out);

/* whatif_words.c: plain text, nothing is escaped. */

/* "Under b.yaml people would hear 220,301 messages instead of 250,759: 12 % less." */
void whatif_answer(const struct whatif *whatif, struct buf *out);
/* What else has to be known first: the index'th sentence; false: there are no more. */
bool whatif_finding(const struct whatif *whatif, unsigned index, struct buf *out);
/* "cap week: at most 2 in 7 days; under b.yaml at most 3 in 7 days" */
void whatif_rule_words(const struct whatif *whatif, const struct whatif_rule *rule,
		       struct buf *out);
/* "nobody", or the number. */
const char *whatif_people(size_t count, char text[32]);
/* What was taken for granted, likewise. */
const char *whatif_assumed(const struct whatif *whatif, unsigned index);
/* "12 % less", "as much", "3.4 % more". */
void whatif_change(int64_t from, int64_t to, struct buf *out);
/* "at once", "6 hours", "13 days". */
void whatif_wait(int64_t ms, struct buf *out);

/* whatif_svg.c: pictures that can be read on a telephone: lengths in percent, letters in px. */

/* A label, and what it is under each policy. */
struct whatif_bar {
	const char *label;
	int64_t values[WHATIF_SIDES];
	const char *notes[WHATIF_SIDES]; /* behind the number; or NULL */
};
void whatif_bars_svg(const struct whatif_bar *bars, size_t count, const char *title,
		     struct buf *out);
/* How long each programme's messages waited, a line of parts per policy. */
void whatif_waits_svg(const struct whatif *whatif, struct buf *out);
/* People by how many messages more or fewer. */
void whatif_changes_svg(const struct whatif *whatif, struct buf *out);

/* whatif_tables.c, whatif_people_html.c: sections of the page */
void whatif_programmes_html(const struct whatif *whatif, struct buf *out);
void whatif_rules_html(const struct whatif *whatif, struct buf *out);
void whatif_matrix_html(const struct whatif *whatif, struct buf *out);
void whatif_waits_html(const struct whatif *whatif, struct buf *out);
void whatif_statuses_html(const struct whatif *whatif, struct buf *out);
void whatif_worst_html(const struct whatif *whatif, struct buf *out);
void whatif_people_html(const struct whatif *whatif, struct buf *out);
/* Begins a section; the title is plain text. */
void whatif_section(const char *title, struct buf *out);
/* Which colour is which policy. */
void whatif_key_html(const struct whatif *whatif, struct buf *out);

extern const char whatif_style[], whatif_script[];

#endif
