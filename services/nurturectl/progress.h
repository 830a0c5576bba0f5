/* progress.h - one line on stderr that says how far it is, when a person looks at it. */
#ifndef NURTURE_NURTURECTL_PROGRESS_H
#define NURTURE_NURTURECTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what; /* NULL: nobody is looking */
	int64_t shown_ms;
	bool is_shown;
};

/* what is kept by reference. Silent unless stderr is a terminal. */
struct progress progress_begin(const char *what);
/* total 0: unknown. At most ten times a second. */
void progress_show(struct progress *progress, int64_t done, int64_t total);
/* The same with words. */
void progress_say(struct progress *progress, const char *words);
/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
