/*
 * page.h - the console's pages: what their templates (deploy/pages/console) show.  Pure.
 *
 * Everything comes from the view as it stands; nothing is decided here.  All texts are escaped by
 * the template's engine, those of the shop's people and of staff alike.
 */
#ifndef NURTURE_CONSOLE_PAGES_PAGE_H
#define NURTURE_CONSOLE_PAGES_PAGE_H

#include "common/base/buf.h"
#include "common/policy/policy.h"
#include "common/web/page.h"
#include "services/console/view/view.h"
#include "services/console/who/cover.h"
#include "services/console/who/staff.h"

enum {
	CON_PAGE_MAX_BYTES = 2 * 1024 * 1024,
	CON_TODAY_TASKS = 50,
	CON_TODAY_MOMENTS = 20, /* of low scores, and of what was escalated */
	CON_FOUND_MAX = 25,
	CON_MOMENTS = 60, /* of a time line, on one page */
	CON_PROGRAMME_DAYS = 28,
};

/* Who is shown a page, and what is the same on all of them. */
struct con_page {
	const struct web_site *site;
	const struct policy *policy;
	unsigned language;              /* of site->words */
	const struct con_identity *who; /* NULL: nobody is signed in */
	struct slice key;               /* that covers ids in links */
	bool can_sign_out;
	int64_t now_ms;
	const char *form; /* of the page's forms: what is sent twice from it counts once */
	const char *said; /* what the form before this page did: "note"; "": nothing */
	struct view_state view;
	struct buf *out; /* fails when the page does not fit */
};

/* What is a low score: as the policy says, or as usual where it asks for no feedback. */
int con_low_score(const struct policy *policy);

/* A page that says the same to everybody: "sign-in", "unknown", ... */
void con_page_plain(const struct con_page *page, const char *name);

struct con_named {
	struct view_moment moment;
	const char *name; /* of whom it is about; "": not known */
};
struct con_today {
	struct view_tasks tasks;
	bool of_all_teams;
	struct con_named low[CON_TODAY_MOMENTS], escalated[CON_TODAY_MOMENTS];
	size_t low_count, escalated_count;
	struct view_counts counts;
};
void con_page_today(const struct con_page *page, const struct con_today *today);

/* people NULL: nobody was asked for. */
void con_page_people(const struct con_page *page, const char *query,
		     const struct view_people *people);

struct con_person {
	struct view_person person;
	struct view_tasks tasks;
	struct view_waitings waiting;
	struct view_moments moments;
};
void con_page_person(const struct con_page *page, const struct con_person *person);
/* Asks whether the first is to go on as the second. */
void con_page_merge(const struct con_page *page, const struct view_person *ends,
		    const struct view_person *lives);
/* notice: the key of a word, or "". */
void con_page_erase(const struct con_page *page, const struct view_person *person,
		    const char *notice);
void con_page_programmes(const struct con_page *page, const struct view_programmes *programmes,
			 const struct view_lifts *lifts);

#endif
