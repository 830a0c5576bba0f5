/* gather.c - see gather.h. */
#include "gather.h"

#include "ahead.h"
#include "common/io/process/clock.h"

/* A batch that is put off is decided again with every record that comes. */
enum { PUT_OFF_MAX = 50 };

int stream_gather_ms(const struct stream *stream)
{
	int64_t until_ms = stream->committed_ms + stream->options.config->commit_interval_ms;
	int64_t now_ms = clock_monotonic_ms();

	if (stream->event_time || stream->results_only || until_ms <= now_ms ||
	    !stream_may_overlap(stream) || stream_is_worth_overlap(stream))
		return 0;
	return (int)(until_ms - now_ms);
}

bool stream_is_patient(const struct stream *stream)
{
	return stream->patient;
}

bool stream_is_gathering(const struct stream *stream)
{
	return stream->patient && stream_gather_ms(stream) > 0;
}

void stream_note_output(struct stream *stream, unsigned output)
{
	if (output >= stream->output_count || !stream->options.outputs[output].may_wait)
		stream->urgent = true;
}

void stream_note_urgent(struct stream *stream)
{
	stream->urgent = true;
}

bool stream_put_off(struct stream *stream)
{
	size_t taken = 0;

	for (int32_t p = 0; p < stream->partition_count; p++)
		taken += stream->partitions[p].taken_count;
	stream->put_off = stream->overlaps && !stream->urgent && taken > 0 &&
			  taken <= PUT_OFF_MAX && stream_gather_ms(stream) > 0;
	/* A clock that no broker has looked at yet counts for nothing. */
	for (int32_t p = 0; stream->put_off && p < stream->partition_count; p++)
		if (stream->partitions[p].active)
			stream->partitions[p].clock_ms = stream->partitions[p].clock_was_ms;
	return stream->put_off;
}
