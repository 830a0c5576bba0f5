/* journal.c - see journal.h. */
#include "journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void send_attempt_name(char name[SEND_ATTEMPT_BYTES], const char *send, uint32_t attempt)
{
	snprintf(name, SEND_ATTEMPT_BYTES, "%.64s:%" PRIu32, send, attempt);
}

void send_journal_add(struct send_journal *journal, const struct attempts_left *left)
{
	if (journal->count == journal->room) {
		journal->room = journal->room ? journal->room * 2 : 16;
		journal->left = realloc(journal->left, journal->room * sizeof(*journal->left));
		if (!journal->left)
			abort();
	}
	journal->left[journal->count++] = *left;
}

void send_journal_free(struct send_journal *journal)
{
	free(journal->left);
	arena_free(&journal->arena);
	*journal = (struct send_journal){0};
}

enum send_trace send_journal_look(const struct send_journal *journal, uint64_t owner,
				  const char *send, uint32_t attempt, struct slice *ret_result)
{
	char name[SEND_ATTEMPT_BYTES];

	send_attempt_name(name, send, attempt);
	for (size_t i = 0; journal && i < journal->count; i++) {
		const struct attempts_left *left = &journal->left[i];

		if (left->owner != owner)
			continue;
		for (size_t k = 0; k < left->count; k++) {
			if (!slice_equal(left->attempts[k].id, slice_text(name)))
				continue;
			*ret_result = left->attempts[k].result;
			return ret_result->len ? SEND_TRACE_FINISHED : SEND_TRACE_BEGUN;
		}
		return SEND_TRACE_NOT_BEGUN;
	}
	return SEND_TRACE_UNKNOWN;
}
