/* page_cards.h - parts of the person's own page; see page_preferences.c.  Pure. */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_CARDS_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_CARDS_H

#include "page_frame.h"

/* A form with what the page shows in it; the caller writes </form>. */
void sol_page_begin_shown(const struct sol_page *page, const struct sol_preferences *preferences);
void sol_page_deed(const struct sol_page *page, const char *class_name, enum sol_deed deed,
		   enum sol_word word);
/* "a•••@mail.example": enough to know one's own. */
enum { SOL_MASKED_BYTES = 400 };
void sol_page_mask(const char *address, char ret[SOL_MASKED_BYTES]);

/* Cards of their own, each behind the one before; the person is known. */
void sol_page_pause(const struct sol_page *page, const struct sol_preferences *preferences);
void sol_page_plans(const struct sol_page *page, const struct sol_preferences *preferences);
void sol_page_known(const struct sol_page *page, const struct sol_preferences *preferences);
void sol_page_forget_card(const struct sol_page *page, const struct sol_preferences *preferences);

#endif
