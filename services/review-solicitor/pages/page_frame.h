/* page_frame.h - what all pages of page.h are made of.  Pure. */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_FRAME_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_FRAME_H

#include "page.h"

/* The head and the first card with its title; and the end of the last one. */
void sol_page_begin(const struct sol_page *page, enum sol_word title);
void sol_page_end(const struct sol_page *page);
/* Ends a card and begins the next. */
void sol_page_card(const struct sol_page *page, enum sol_word title);

/* Escaped; value goes where the text has its %s, may be NULL. */
void sol_page_say(const struct sol_page *page, enum sol_word word, const char *value);
/* attributes: of the tag, "" or as HTML has them. */
void sol_page_paragraph(const struct sol_page *page, const char *attributes, enum sol_word word,
			const char *value);
void sol_page_button(const struct sol_page *page, const char *attributes, enum sol_word word);
/* The caller writes </form>. */
void sol_page_begin_form(const struct sol_page *page);

/* What a class is called: as the policy says, or in our words, or its name. */
const char *sol_page_class_title(const struct sol_page *page, const struct message_class *one);
const char *sol_page_class_about(const struct sol_page *page, const struct message_class *one);

#endif
