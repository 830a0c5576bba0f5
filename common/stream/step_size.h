/*
 * step_size.h - whether an answer can be written.  Pure.
 *
 * A record that no topic takes would fail its batch, and every batch that tries
 * it again.  So an answer that is too large is none: the record that made it is
 * set aside with the reason, and nothing of the step is carried out.
 */
#ifndef NURTURE_STREAM_STEP_SIZE_H
#define NURTURE_STREAM_STEP_SIZE_H

#include <stddef.h>

#include "common/base/err.h"
#include "common/io/kafka/topics.h"
#include "step.h"

/* What a broker takes when nobody has set it otherwise (max.message.bytes), less what frames a
 * batch. */
enum { STEP_BYTES_MAX_USUAL = TOPIC_MESSAGE_BYTES - 1024 };
/* Timers and results may fill what a record has to leave free. */
enum { STEP_ROOM_BYTES = 65536 };

/*
 * Returns -1 with ERR_INPUT when the state, the shared state or an output would be a record of more
 * than max_bytes. After a record, the state must leave some room for what timers and results will
 * add.
 */
int step_fits(const struct step *step, size_t max_bytes, struct err *err);

#endif
