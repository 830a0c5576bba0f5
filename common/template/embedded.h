/*
 * embedded.h - files of deploy/ that are compiled into every binary, so that none
 * of them must be installed beside it.  deploy/embed.sh makes the table.
 */
#ifndef NURTURE_TEMPLATE_EMBEDDED_H
#define NURTURE_TEMPLATE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name; /* "deploy/pages/feedback.mustache" */
	const unsigned char *bytes;
	size_t len;
};

/* Sorted by name; ends with a NULL name. */
extern const struct embedded_file embedded_files[];

#endif
