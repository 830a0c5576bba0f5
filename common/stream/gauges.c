/*
 * gauges.c - what the loop is like when somebody looks: is Redis there, and how late is the timer
 * that is due longest?
 */
#include "common/io/process/clock.h"
#include "stream_internal.h"

static void update(void *context)
{
	struct stream *stream = context;
	int64_t due_ms = stream->oldest_due_ms, late_ms = clock_wall_ms() - due_ms;
	int64_t silent_ms = clock_monotonic_ms() - stream->redis_ok_ms;

	metric_set(stream->metrics.redis_up, silent_ms <= PATIENCE_MS / 2);
	metric_set(stream->metrics.overdue, due_ms > 0 && late_ms > 0 ? late_ms / 1000 : 0);
}

void stream_gauges_open(struct stream *stream)
{
	stream->metrics.redis_up =
	    metric_gauge("nurture_redis_up", "", "Whether Redis has answered lately: 1, else 0.");
	stream->metrics.overdue =
	    metric_gauge("nurture_due_overdue_seconds", "",
			 "How long the timer that is due longest has been waiting for its batch.");
	stream->metrics.decision_delay =
	    metric_histogram("nurture_decision_delay_seconds", "",
			     "From a record's arrival on its topic to the batch that decided it.");
	metrics_on_read(update, stream);
}

void stream_gauges_close(struct stream *stream)
{
	metrics_off_read(stream);
}

void stream_redis_answered(struct stream *stream)
{
	stream->redis_ok_ms = clock_monotonic_ms();
}

void stream_note_due(struct stream *stream)
{
	int64_t oldest_ms = INT64_MAX;

	for (int32_t p = 0; p < stream->partition_count; p++) {
		const struct partition *partition = &stream->partitions[p];

		/* INT64_MIN: what the index has is not known yet, and is asked in this batch. */
		if (partition->assigned && partition->next_due_ms != INT64_MIN &&
		    partition->next_due_ms < oldest_ms)
			oldest_ms = partition->next_due_ms;
	}
	stream->oldest_due_ms = stream->event_time || oldest_ms == INT64_MAX ? 0 : oldest_ms;
}

void stream_note_delay(struct stream *stream, const struct kafka_record *record, int64_t arrived_ms)
{
	/* Topics that only our services write to have the writer's time. */
	int64_t since_ms = record->stamped_ms ? arrived_ms : record->timestamp_ms;

	if (arrived_ms == 0 || since_ms <= 0)
		return;
	metric_observe_ms(stream->metrics.decision_delay,
			  stream->now_ms > since_ms ? stream->now_ms - since_ms : 0);
}
