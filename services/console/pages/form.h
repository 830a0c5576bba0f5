/*
 * form.h - what a form of the console sends back.  Pure.
 *
 * Everything is bounded and read here once.  Whom a form is about is never in it: that is in the
 * address, or follows from the task.
 */
#ifndef NURTURE_CONSOLE_PAGES_FORM_H
#define NURTURE_CONSOLE_PAGES_FORM_H

#include "common/web/form_fields.h"
#include "services/console/who/roles.h"

enum {
	CON_FORM_MAX_BYTES = 64 * 1024,
	CON_WORDS_MAX_BYTES = 8000, /* 2000 characters, as the pages say */
};

struct con_form {
	enum con_action action; /* CON_ACTION_COUNT: none */
	const char *form;       /* of the page */
	const char *back;       /* a path of ours, or "/" */
	const char *task, *words, *channel, *direction, *later, *order, *into, *other, *id;
	const char *item, *tag, *kind, *sku, *who, *note;
	int score; /* 0: none */
};

/* -1: it is not one of ours.  *ret is the arena's. */
int con_form_read(struct slice body, struct arena *arena, struct con_form *ret, struct err *err);
/* One field of a smaller form: "q", "address". */
int con_form_field(struct slice body, const char *name, struct arena *arena, const char **ret,
		   struct err *err);

#endif
