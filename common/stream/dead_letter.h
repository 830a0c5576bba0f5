/*
 * dead_letter.h - what cannot be understood, or would not fit, is set aside.
 *
 * A dead letter can always be written.  It is the record as it came while that
 * fits into every topic; above it is shortened: the first bytes of the key, the
 * headers that fit, the first and the last KiB of the value, how long both
 * were, and the value's hash, by which the original can be found while its
 * topic still has it.
 */
#ifndef NURTURE_STREAM_DEAD_LETTER_H
#define NURTURE_STREAM_DEAD_LETTER_H

#include "common/base/arena.h"
#include "common/io/kafka/kafka.h"

enum { DEAD_HEADERS_KEPT = 64, DEAD_HEADERS_SHORT = 3, DEAD_HEADERS_OWN = 5 };

struct dead_letter {
	struct slice key, value; /* borrowed, or in the arena */
	/* First the record's own. */
	struct kafka_header headers[DEAD_HEADERS_KEPT + DEAD_HEADERS_SHORT + DEAD_HEADERS_OWN];
	size_t header_count;
};

/*
 * Shortens the letter to what always fits, with three headers that say what it was. To be called
 * before dead_letter_say().
 */
void dead_letter_shorten(struct dead_letter *letter, struct arena *arena);
/* Adds where the record stood, why it is here, and who says so. topic and service are borrowed. */
void dead_letter_say(struct dead_letter *letter, struct arena *arena, const char *topic,
		     int32_t partition, int64_t offset, const char *reason, const char *service);
/*
 * Does a record of that many bytes fit into a topic whose largest has max_bytes, with the headers
 * that dead_letter_say() has put into said, a letter with nothing else in it?
 */
bool dead_letter_fits(size_t record_bytes, const struct dead_letter *said, size_t max_bytes);

#endif
