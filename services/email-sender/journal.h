/*
 * journal.h - what the owners before this one left in the journal of attempts
 * (common/io/redis/attempts.h), for decisions about their open intents.  Pure.
 */
#ifndef NURTURE_EMAIL_SENDER_JOURNAL_H
#define NURTURE_EMAIL_SENDER_JOURNAL_H

#include "common/base/arena.h"
#include "common/io/redis/attempts.h"

enum { SEND_ATTEMPT_BYTES = 96 };

/* "SEND:2": how an attempt is called in the journal. */
void send_attempt_name(char name[SEND_ATTEMPT_BYTES], const char *send, uint32_t attempt);

struct send_journal {
	struct attempts_left *left; /* of each owner that can be trusted */
	size_t count, room;
	struct arena arena;
};

/* left's own memory must be journal->arena. */
void send_journal_add(struct send_journal *journal, const struct attempts_left *left);
void send_journal_free(struct send_journal *journal);

enum send_trace {
	SEND_TRACE_UNKNOWN,   /* nothing can be said */
	SEND_TRACE_NOT_BEGUN, /* for sure */
	SEND_TRACE_BEGUN,     /* and no more is known */
	SEND_TRACE_FINISHED,  /* *ret_result is the packed DeliveryResult */
};

/* Looks up what the journal (may be NULL) knows of an attempt. */
enum send_trace send_journal_look(const struct send_journal *journal, uint64_t owner,
				  const char *send, uint32_t attempt, struct slice *ret_result);

#endif
