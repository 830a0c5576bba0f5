/* progress.c - see progress.h. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "common/io/process/clock.h"

enum { EVERY_MS = 100 };

struct progress progress_begin(const char *what)
{
	return (struct progress){.what = isatty(STDERR_FILENO) ? what : NULL};
}

void progress_say(struct progress *progress, const char *words)
{
	int64_t now_ms;

	if (!progress->what)
		return;
	now_ms = clock_monotonic_ms();
	if (progress->is_shown && now_ms - progress->shown_ms < EVERY_MS)
		return;
	fprintf(stderr, "\r\033[K%s: %s", progress->what, words);
	fflush(stderr);
	progress->shown_ms = now_ms;
	progress->is_shown = true;
}

void progress_show(struct progress *progress, int64_t done, int64_t total)
{
	char words[64];

	if (!progress->what)
		return;
	if (total > 0)
		snprintf(words, sizeof(words), "%" PRId64 " of %" PRId64, done, total);
	else
		snprintf(words, sizeof(words), "%" PRId64, done);
	progress_say(progress, words);
}

void progress_end(struct progress *progress)
{
	if (progress->is_shown)
		fputs("\r\033[K", stderr);
	progress->is_shown = false;
}
