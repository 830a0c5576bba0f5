/* run.c - the loop itself, for services that only decide. */
#include "common/io/process/stop.h"
#include "stream.h"

enum { WAIT_MS = 500 };

int stream_decide(struct stream *stream, step_function decide, struct err *err)
{
	struct step *step;
	struct err why;
	int r = 0;

	while (r >= 0 && (step = stream_next(stream)))
		r = stream_done(stream, decide(step, &why) < 0 ? &why : NULL, err);
	return r < 0 ? r : stream_commit(stream, err);
}

int stream_run(struct stream *stream, step_function decide, struct err *err)
{
	int r = 0;

	while (r >= 0 && !stop_requested()) {
		r = stream_begin(stream, WAIT_MS, err);
		if (r >= 0)
			r = stream_decide(stream, decide, err);
	}
	return r;
}
