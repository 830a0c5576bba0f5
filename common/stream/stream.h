/*
 * stream.h - the loop of every stateful service: begin, next, commit.
 *
 *	while (!stop_requested()) {
 *		r = stream_begin(stream, wait_ms, &err);
 *		while (r > 0 && stream_next(stream, &step)) {
 *			stream_prepare...: step is ready to be decided
 *			bad = seg_step(step, &why) < 0;
 *			stream_done(stream, bad ? &why : NULL);
 *		}
 *		if (r >= 0) r = stream_commit(stream, &err);
 *	}
 *
 * (Placeholder: replaced by the full header with the implementation.)
 */
#ifndef NURTURE_STREAM_STREAM_H
#define NURTURE_STREAM_STREAM_H
#endif
