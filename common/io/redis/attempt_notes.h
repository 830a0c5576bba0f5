/*
 * attempt_notes.h - what threads write into the journal of attempts (attempts.h), in company.
 *
 * An attempt's begin must be in the journal before anything can come of it, and its result
 * should be there soon after.  Neither needs a command of its own: a note waits in a queue, and
 * who needs the answer to a begin first writes all that is in the queue, as one command for each
 * server.  Notes are written in the order in which they were made, so
 * a begin is never in the journal without what its thread had noted before.
 *
 * Nobody writes by a clock: whoever is about to wait for something else calls
 * attempt_notes_flush().
 *
 * One struct is one connection to each server, for all threads of a process.
 */
#ifndef NURTURE_IO_REDIS_ATTEMPT_NOTES_H
#define NURTURE_IO_REDIS_ATTEMPT_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"

struct attempt_notes;

enum { ATTEMPT_ID_BYTES = 96 };

/* A begin on its way; the caller's memory, which must stay until attempt_notes_wait() is back. */
struct attempt_begin {
	struct attempt_note *note; /* NULL: answered */
	int answer;
	struct err why;
};

/* Connects when first needed. urls and prefix as index_open(). */
int attempt_notes_open(struct attempt_notes **ret, const char *urls, const char *prefix,
		       const char *service, struct err *err);
/* Writes what is left, if it can.  NULL-safe, sets NULL; no other thread may use it any more. */
void attempt_notes_close(struct attempt_notes **notes);

/* Notes that an attempt is about to begin; does not wait.  id: shorter than ATTEMPT_ID_BYTES. */
void attempt_notes_begin(struct attempt_notes *notes, struct attempt_begin *begin,
			 int32_t partition, uint64_t owner, const char *id);
/*
 * 1: it is in the journal, begin.  0: the journal is another owner's, or nobody's; do nothing.
 * -1: Redis does not answer: do not begin either.  Asked again it says the same.
 */
int attempt_notes_wait(struct attempt_notes *notes, struct attempt_begin *begin, struct err *err);
/* Notes the result; does not wait.  result.len > 0.  When Redis is lost, so is the note. */
void attempt_notes_finish(struct attempt_notes *notes, int32_t partition, uint64_t owner,
			  const char *id, struct slice result);
/* The attempt is in a commit: nobody will ask for it.  Does not wait, and goes with the next. */
void attempt_notes_forget(struct attempt_notes *notes, int32_t partition, uint64_t owner,
			  const char *id);
/* Writes the begins and results that are not written yet; nothing when there are none. */
void attempt_notes_flush(struct attempt_notes *notes);

#endif
