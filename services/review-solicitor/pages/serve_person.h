/*
 * serve_person.h - a person's state as the scheduler has it, from its index in
 * Redis.  Only looked at, for the pages; no decision rests on it.
 *
 * Services talk through Kafka, and so do the pages: what a person says becomes
 * events.  But what counts of consent, merged accounts and bounces is for the
 * segmenter to say and stands in the scheduler's state, with what waits; a copy
 * of our own would be a second opinion about it.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_SERVE_PERSON_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_SERVE_PERSON_H

#include "person.h"

struct sol_reader;

/* urls, prefix: as in index.h; live as long as the reader.  Nothing is connected yet. */
struct sol_reader *sol_reader_open(const char *urls, const char *prefix);
/*
 * From any thread.  -1 when it cannot be read now: Redis is away (then nobody
 * asks again for a few seconds), or the scheduler is reading its own state.
 * Texts are the arena's.
 */
int sol_reader_read(struct sol_reader *reader, const struct policy *policy, const char *customer,
		    int32_t partitions, struct arena *arena, struct sol_person *ret,
		    struct err *err);
/* NULL-safe, sets NULL. */
void sol_reader_close(struct sol_reader **reader);

#endif
