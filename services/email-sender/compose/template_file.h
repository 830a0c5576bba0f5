/*
 * template_file.h - what the name of a template's file says.
 *
 *   NAME[.LOCALE].PART.mustache     tips.de.block.html.mustache
 *
 * PART is subject, txt, html, block.txt or block.html; a NAME that begins with
 * '_' is a piece.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_TEMPLATE_FILE_H
#define NURTURE_EMAIL_SENDER_COMPOSE_TEMPLATE_FILE_H

#include "common/base/err.h"
#include "common/base/slice.h"
#include "templates.h"

enum { TEMPLATE_NAME_MAX_BYTES = 100 };

extern const char *const template_part_names[TEMPLATE_PART_COUNT];

struct template_file {
	struct slice name;
	struct slice locale; /* empty: for everybody */
	enum template_part part;
};

/* Reads the name of a file; ret borrows it.  ERR_CONFIG says what was expected. */
int template_file_parse(const char *file, struct template_file *ret, struct err *err);

#endif
