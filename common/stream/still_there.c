/*
 * still_there.c - do the topics still have what was decided from them?
 *
 * Partitions can be added, topics made anew, and a cluster can be another one
 * than yesterday's.  Then offsets mean other records, or none, and to go on
 * would drop what is new without a word.  So at every assignment what was
 * remembered is held against what is there.  What does not fit is an error that
 * says what to do; nothing is decided, and nothing is lost by waiting.
 */
#include <inttypes.h>

#include "common/base/civil.h"
#include "common/io/process/log.h"
#include "common/io/kafka/topic_watch.h"
#include "checkpoint.h"
#include "stream_internal.h"

int stream_known(void *context, const struct kafka_position *positions, size_t count,
		 struct err *err)
{
	const struct stream *stream = context;
	struct metadata metadata;

	for (size_t i = 0; i < count; i++) {
		if (positions[i].offset < 0 || !metadata_read(positions[i].metadata, &metadata) ||
		    metadata.partitions == 0 || metadata.partitions == stream->partition_count)
			continue;
		return topic_grew(stream->inputs[positions[i].input], metadata.partitions,
				  stream->partition_count, err);
	}
	return 0;
}

int stream_check_checkpoint(const struct stream *stream,
			    const Nurture__V1__PartitionCheckpoint *checkpoint, struct err *err)
{
	if (!checkpoint || checkpoint->partitions == 0 ||
	    (int32_t)checkpoint->partitions == stream->partition_count)
		return 0;
	return topic_grew(stream->inputs[0], (int32_t)checkpoint->partitions,
			  stream->partition_count, err);
}

/* The error when records were read up to `taken`, and the topic ends at `end`. */
static int made_anew(const struct stream *stream, const struct kafka_position *position,
		     int64_t taken, struct err *err)
{
	return err_config(err,
			  "topic %s, partition %d: the %s has read up to offset %" PRId64
			  ", and the topic ends at %" PRId64
			  ": it was made anew, or this is another "
			  "cluster. Nothing is lost: nothing of it was read. If it is meant so, "
			  "nurturectl accept --service %s goes on from its beginning",
			  stream->inputs[position->input], (int)position->partition,
			  stream->options.service, taken, position->end, stream->options.service);
}

/* The error when the offset is there, but the record before it is another one than was read. */
static int other_record(const struct stream *stream, const struct kafka_position *position,
			const struct input_queue *queue, struct err *err)
{
	char was[RFC3339_BYTES], is[RFC3339_BYTES];

	return err_config(
	    err,
	    "topic %s, partition %d: the %s has read up to offset %" PRId64
	    ", where a record of %s stood and now one of %s does: it was made anew, or "
	    "this is another cluster. Nothing of it was read. If it is meant so, "
	    "nurturectl accept --service %s goes on from its beginning",
	    stream->inputs[position->input], (int)position->partition, stream->options.service,
	    queue->taken_offset, rfc3339_text(queue->stamp_ms, was),
	    rfc3339_text(position->last_ms, is), stream->options.service);
}

int stream_check_input(const struct stream *stream, struct partition *partition,
		       const struct kafka_position *position, struct err *err)
{
	struct input_queue *queue = &partition->inputs[position->input];

	if (queue->taken_offset < 0 || position->end < 0)
		return 0;
	if (queue->taken_offset > position->end)
		return made_anew(stream, position, queue->taken_offset, err);
	if (queue->stamp_ms > 0 && position->last_ms > 0 && queue->stamp_ms != position->last_ms)
		return other_record(stream, position, queue, err);
	if (queue->taken_offset < position->first) {
		/* Retention has taken them; there is nothing left to wait for. */
		log_event(LOG_LEVEL_ERROR, "records_expired", "topic",
			  stream->inputs[position->input], "partition",
			  log_number(position->partition), "from", log_number(queue->taken_offset),
			  "to", log_number(position->first), "meaning",
			  "the topic was cleaned before these offsets were read", NULL);
		queue->next_offset = queue->taken_offset = position->first;
	}
	return 0;
}

static int changelog_is_short(const struct stream *stream, const struct partition *partition,
			      int64_t wanted, int64_t end, struct err *err)
{
	return err_config(
	    err,
	    "topic %s, partition %d: batch %" PRIu64 " of the %s is remembered behind "
	    "offset %" PRId64 ", and the topic ends at %" PRId64 ": it was emptied, made "
	    "anew, or this is another cluster. Bring the topic back; nurturectl accept "
	    "--service %s goes on with what it has, and forgets the rest",
	    stream->outputs[stream->changelog_output], (int)partition->id, partition->number,
	    stream->options.service, wanted, end, stream->options.service);
}

int stream_check_changelog(struct stream *stream, const struct partition *partition, int64_t wanted,
			   struct err *err)
{
	int64_t first, end;

	if (partition->number == 0)
		return 0;
	if (stream_open_changelog(stream, err) < 0 ||
	    changelog_bounds(stream->changelog, partition->id, &first, &end, err) < 0)
		return -1;
	/* The committed end may be before an open transaction: then the written end counts. */
	if ((end == 0 || end <= wanted) &&
	    changelog_written(stream->changelog, partition->id, &end, err) < 0)
		return -1;
	if (end == 0 || end <= wanted)
		return changelog_is_short(stream, partition, wanted, end, err);
	return 0;
}
