/*
 * whatif_page.h - the comparison of two policies as one HTML page that needs
 * nothing else, as JSON and as text for a terminal.  Pure.
 */
#ifndef NURTURE_NURTURECTL_WHATIF_WHATIF_PAGE_H
#define NURTURE_NURTURECTL_WHATIF_WHATIF_PAGE_H

#include "common/base/buf.h"
#include "common/template/model.h"
#include "whatif.h"

/* Each of these appends the whole comparison to out. */
void whatif_html(const struct whatif *whatif, struct buf *out);
void whatif_json(const struct whatif *whatif, struct buf *out);
void whatif_text(const struct whatif *whatif, struct buf *out);

/* whatif_labels.c: plain text, nothing is escaped. */

/* Appends "Under b.yaml people would hear 220,301 messages instead of 250,759: 12 % less." */
void whatif_answer(const struct whatif *whatif, struct buf *out);
/* Appends the index'th sentence of what else has to be known first; false: there are no more. */
bool whatif_finding(const struct whatif *whatif, unsigned index, struct buf *out);
/* Appends "cap week: at most 2 in 7 days; under b.yaml at most 3 in 7 days". */
void whatif_rule_label(const struct whatif *whatif, const struct whatif_rule *rule,
		       struct buf *out);
/* Returns "nobody", or the number. */
const char *whatif_people(size_t count, char text[32]);
/* Returns the index'th thing that the comparison takes for granted; NULL: there are no more. */
const char *whatif_assumed(const struct whatif *whatif, unsigned index);
/* Appends "12 % less", "as much", "3.4 % more". */
void whatif_change(int64_t from, int64_t to, struct buf *out);
/* Appends "at once", "6 hours", "13 days". */
void whatif_wait(int64_t ms, struct buf *out);

/* These put parts of the page into its values (deploy/pages/tools/what-if.mustache). */

/* A label, and what it is under each policy. */
struct whatif_bar {
	const char *label;
	int64_t values[WHATIF_SIDES];
	const char *notes[WHATIF_SIDES]; /* behind the number; or NULL */
};
/* Puts what _bars.mustache shows: lengths are in percent, to be readable on a telephone. */
void whatif_put_bars(const struct whatif_bar *bars, size_t count, const char *what,
		     const char *name, struct model *page);
/* Puts how long each programme's messages waited, a line of parts for each policy. */
void whatif_put_waits_picture(const struct whatif *whatif, struct model *page);
/* Puts how many people hear how many messages more or fewer. */
void whatif_put_changes(const struct whatif *whatif, struct model *page);

void whatif_put_programmes(const struct whatif *whatif, struct model *page);
void whatif_put_rules(const struct whatif *whatif, struct model *page);
void whatif_put_matrices(const struct whatif *whatif, struct model *page);
void whatif_put_waits(const struct whatif *whatif, struct model *page);
void whatif_put_statuses(const struct whatif *whatif, struct model *page);
void whatif_put_people(const struct whatif *whatif, struct model *page);
void whatif_put_worst(const struct whatif *whatif, struct model *page);

#endif
