/* read_voices.h - what the queries of items share; private to the view. */
#ifndef NURTURE_CONSOLE_VIEW_READ_VOICES_H
#define NURTURE_CONSOLE_VIEW_READ_VOICES_H

#include "find.h"
#include "read.h"
#include "voices.h"

/* In place of a number by which something is chosen. */
enum { READ_ANY = 0, READ_NOTHING = -1 };

/* What is wanted, as the columns have it. */
struct read_chosen {
	struct find find; /* find_free() it */
	int64_t pid, product, kind, state, source, tag;
	int64_t score_min, score_max;
	int64_t before; /* 0: from the newest */
};
/* The number of a text; READ_ANY of "", READ_NOTHING of one that no item has. */
int64_t read_number(struct sql *sql, const char *text);
void read_chosen(struct sql *sql, const struct view_wanted *wanted, struct read_chosen *ret);
/* False: words were asked for, but there is none in what was typed. */
bool read_can_hit(const struct read_chosen *chosen, const struct view_wanted *wanted);

#endif
