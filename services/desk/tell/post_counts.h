/* post_counts.h - what becomes of posts to one webhook, and whether it is well, as metrics. */
#ifndef NURTURE_DESK_TELL_POST_COUNTS_H
#define NURTURE_DESK_TELL_POST_COUNTS_H

#include <stdbool.h>

struct metric;

struct dsk_post_counts {
	struct metric *taken, *failed, *is_up;
};

void dsk_post_counts_open(struct dsk_post_counts *counts, const char *hook);
void dsk_post_counts_add(struct dsk_post_counts *counts, bool is_taken);

#endif
