/* page_model.h - what the console's pages have in common, for the page*.c files.  Pure. */
#ifndef NURTURE_CONSOLE_PAGES_PAGE_MODEL_H
#define NURTURE_CONSOLE_PAGES_PAGE_MODEL_H

#include "common/template/model.h"
#include "page.h"

/* The values of every page.  at: "at_today", "at_people", "at_programmes" or "". */
struct model con_model_begin(const struct con_page *page, const char *at, struct arena *arena);
void con_model_render(const struct con_page *page, const char *name, struct model *model);

/* A word; "" when the catalogue has none of that key. */
const char *con_say(const struct con_page *page, const char *key);
/* The word of PREFIX-NAME, or the name itself where there is none. */
const char *con_say_of(const struct con_page *page, const char *prefix, const char *name,
		       struct arena *arena);
/* A word, with {name} filled by value. */
const char *con_said(const struct con_page *page, const char *key, const char *name,
		     const char *value, struct arena *arena);

/* By the shop's clock: "2026-03-01 14:05", and "2026-03-01"; "" for 0. */
const char *con_time(const struct con_page *page, int64_t time_ms, struct arena *arena);
const char *con_date(const struct con_page *page, int64_t time_ms, struct arena *arena);
/* "7 days". */
const char *con_window(const struct con_page *page, int64_t window_s, struct arena *arena);
/* "129.50 EUR". */
const char *con_money(int64_t e4, const char *currency, struct arena *arena);

/* Where a person's page is for this viewer: "/people/..."; "" for an id that is none. */
const char *con_person_url(const struct con_page *page, const char *id, struct arena *arena);
/* What can be dialled of a number: its digits and a plus. */
const char *con_phone_link(const char *phone, struct arena *arena);

/* Appends a text behind a separator; nothing for "". */
void con_join(struct buf *out, const char *separator, const char *text);
/* The joined texts as a value of the model; frees them. */
void con_model_joined(struct model *model, const char *name, struct buf *joined);

/* page_moment.c: one line of a time line; who: "" within the person's own page. */
void con_add_moment(const struct con_page *page, const struct view_moment *moment, const char *who,
		    const char *own_id, struct model *list);
/* Why something was decided, or waits: "the cap week: 2 of 2 in 7 days · possible from ...". */
struct con_why {
	const char *rule, *winner, *detail;
	int64_t count, limit, window_s, eligible_ms;
};
void con_join_why(const struct con_page *page, const struct con_why *why, struct arena *arena,
		  struct buf *out);
/* page_task.c: back: where its form leads afterwards, "" for today. */
void con_add_tasks(const struct con_page *page, const struct view_tasks *tasks, const char *back,
		   struct model *model);
/* page_card.c: the card of a person as an object of the model. */
void con_add_card(const struct con_page *page, const struct view_person *person, const char *name,
		  struct model *model);
/* What somebody is called: the name, or the id. */
const char *con_called(const struct view_person *person);

#endif
