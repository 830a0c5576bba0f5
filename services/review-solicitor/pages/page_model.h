/* page_model.h - what the pages have in common, for page.c and page_person.c.  Pure. */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_MODEL_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_MODEL_H

#include "common/template/model.h"
#include "page.h"

/* The values of every page: its language, the shop. */
struct model sol_model_begin(const struct sol_page *page, struct arena *arena);
/* A word as the text of a name, filled from what the model has so far; "" for SOL_SAY_NOTHING. */
void sol_model_notice(const struct sol_page *page, const char *name, enum sol_word word,
		      struct model *model);
/* Renders the page of a name; its words are filled from its values. */
void sol_model_render(const struct sol_page *page, const char *name, struct model *model);

/* What a class is called: as the policy says, or in our words, or its name. */
const char *sol_class_title(const struct sol_page *page, const struct message_class *one);
/* A sentence about the class, or "". */
const char *sol_class_about(const struct sol_page *page, const struct message_class *one);

#endif
