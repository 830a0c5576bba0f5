/*
 * gather.h - what nobody waits for is gathered into one commit.
 *
 * A transaction costs the brokers some milliseconds of work, however little is in it.  So with a
 * trickle of records most of what a small shop pays for is transactions.  A batch after a commit
 * interval of quiet is committed at once.  Until the interval is over, what nobody waits for stays
 * where it is and goes along with the next commit:
 *
 *	records and timers of a service whose outputs may all wait (struct stream_output): they are
 *		not read into a batch before;
 *	results of effects: the same, unless there is a batch anyway;
 *	a batch that turns out to set nothing off: it is put off.  Nothing of it has left the
 *		process.  Its records stay taken, and are decided anew, with what has come since.
 *
 * Nothing else waits: an output that may not wait, an effect, a timer that is set, moved or heard,
 * an erasure, a record that is set aside, moved or counted as odd.  Nor does anybody wait when there
 * is much to do, and never in event time.
 */
#ifndef NURTURE_STREAM_GATHER_H
#define NURTURE_STREAM_GATHER_H

#include "stream_internal.h"

/* For how long it may be gathered from now; 0: it may not. */
int stream_gather_ms(const struct stream *stream);

/* May all that the service says wait? */
bool stream_is_patient(const struct stream *stream);
/* No batch is to be read yet. */
bool stream_is_gathering(const struct stream *stream);

/* To be called with each output, and with all else that somebody waits for. */
void stream_note_output(struct stream *stream, unsigned output);
void stream_note_urgent(struct stream *stream);

/* Once the batch is decided: true when it is put off. Then nothing may be committed of it. */
bool stream_put_off(struct stream *stream);

#endif
