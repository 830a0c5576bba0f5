/* run.c - the loop itself. */
#include "common/io/process/stop.h"
#include "gather.h"

enum { WAIT_MS = 500 };

static int decide_all(struct stream *stream, step_function decide, struct err *err)
{
	struct step *step;
	struct err why;
	int r = 0;

	while (r >= 0 && (step = stream_next(stream)))
		r = stream_done(stream, decide(step, &why) < 0 ? &why : NULL, err);
	return r;
}

int stream_decide(struct stream *stream, step_function decide, struct err *err)
{
	return decide_all(stream, decide, err) < 0 ? -1 : stream_commit(stream, err);
}

static int run_batch(struct stream *stream, step_function decide, struct err *err)
{
	const struct stream_options *options = &stream->options;
	int wait_ms = WAIT_MS;

	if (options->before_batch &&
	    options->before_batch(options->loop_context, stream, &wait_ms, err) < 0)
		return -1;
	if (stream_begin(stream, wait_ms, err) < 0 || decide_all(stream, decide, err) < 0)
		return -1;
	return stream_put_off(stream) ? 0 : stream_pass_on(stream, err);
}

int stream_run(struct stream *stream, step_function decide, struct err *err)
{
	int r = 0;

	while (r >= 0 && !stop_requested())
		r = run_batch(stream, decide, err);
	return r < 0 ? r : stream_finish(stream, err);
}
