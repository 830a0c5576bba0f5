/*
 * presets.h - the exports of well-known shop systems by name: which column is what in them.  Pure.
 *
 * A preset says nothing that --columns, --time-format, --decimal, --key and --lines could not say.
 */
#ifndef NURTURE_NURTURECTL_EXPORTS_PRESETS_H
#define NURTURE_NURTURECTL_EXPORTS_PRESETS_H

#include <stdbool.h>

#include "common/base/err.h"

struct preset {
	const char *name;
	const char *columns;
	const char *time_format; /* NULL: as ISO 8601 */
	char decimal;            /* 0: as amounts show it */
	bool has_lines;          /* rows with the same order are lines of one */
	bool key_is_email;       /* customers are inboxes, as the shop's webhooks key them */
	/* A column without which the file says less than people think, and what it lacks then. */
	const char *wanted, *without;
};

/* NULL and ERR_CONFIG for another name. */
const struct preset *preset_find(const char *name, struct err *err);

#endif
