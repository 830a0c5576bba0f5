/* poll.c - from Kafka into the queues: who is it about, when was it, is it new, is it here by
 * mistake. */
#include <stdlib.h>

#include "common/base/hash.h"
#include "common/base/tick.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "gather.h"
#include "only.h"

/*
 * Is the record meant for us? It may be a copy that only another reader of the topic needs
 * (only.h).
 */
static bool is_ours(const struct stream *stream, const struct kafka_record *record)
{
	return only_names(kafka_record_header(record, ONLY_HEADER), stream->options.service);
}

static bool is_skipped(const struct input_queue *queue, int64_t offset)
{
	for (unsigned i = 0; i < queue->skip_count; i++)
		if (queue->skips[i] == offset)
			return true;
	return false;
}

/* An id found in the value lives no longer than the arena; the record may wait longer. */
static void own_customer(struct pending *pending)
{
	void *copy = malloc(pending->customer.len + 1);

	if (!copy)
		abort();
	if (pending->customer.len)
		memcpy(copy, pending->customer.bytes, pending->customer.len);
	pending->customer.bytes = copy;
	pending->customer_owned = true;
}

static void identify(struct stream *stream, struct partition *partition, struct pending *pending)
{
	const struct stream_input *input = &stream->options.inputs[pending->record.input];
	struct slice key = pending->record.key;
	struct err ignored;

	pending->customer = key;
	pending->lane =
	    stream_producer_of(kafka_record_header(&pending->record, PRODUCER_HEADER),
			       partition->inputs[pending->record.input].lane_count, partition->id);
	pending->time_ms = INT64_MIN; /* what cannot be read is handled at the clock's time */
	if (pending->record.is_tick) {
		pending->time_ms = pending->record.tick_ms;
		return;
	}
	if (input->identify(key, pending->record.value, stream->event_time, &stream->arena,
			    &pending->customer, &pending->time_ms, &ignored) < 0 ||
	    pending->customer.bytes == key.bytes)
		return;
	own_customer(pending);
}

/*
 * Do so many wait that no more should come?  Not while the records of one producer wait for those of
 * another, which may be a year behind: what they wait for has to be read first.
 */
static bool has_enough(struct partition *partition, const struct input_queue *queue, size_t enough)
{
	return queue->bytes > enough && (queue->lane_count == 1 || !partition_is_stuck(partition));
}

/* What the records of one queue may take of the memory. */
static size_t queue_room(const struct stream *stream)
{
	size_t queues = (size_t)(stream->assigned > 0 ? stream->assigned : 1) * stream->input_count;

	return WAITING_BYTES / queues;
}

/* Takes over the record. */
static int enqueue(struct stream *stream, struct kafka_record *record, struct err *err)
{
	struct partition *partition = &stream->partitions[record->partition];
	struct input_queue *queue = &partition->inputs[record->input];
	struct pending pending = {.record = *record};

	if (!partition->assigned || record->offset < queue->next_offset) {
		kafka_release(record); /* was queued before a rebalance */
		return 0;
	}
	if (!is_ours(stream, record)) {
		pending.record.is_tick = true;
		pending.record.tick_ms = record->is_tick ? record->tick_ms : INT64_MIN;
	} else if (is_skipped(queue, record->offset)) {
		/*
		 * The record becomes a tick without a time: nothing is decided about it, and the
		 * offset moves on behind it.
		 */
		pending.record.is_tick = true;
		pending.record.tick_ms = INT64_MIN;
		log_event(LOG_LEVEL_WARN, "record_skipped", "topic", stream->inputs[record->input],
			  "partition", log_number(record->partition), "offset",
			  log_number(record->offset), NULL);
	}
	identify(stream, partition, &pending);
	/*
	 * Our own reserved keys: a record that somebody published under one of them is about
	 * nobody.
	 */
	if (pending.customer.len > 0 && pending.customer.bytes[0] == '\0')
		pending.customer.len = 0;
	pending.misrouted =
	    pending.customer.len > 0 && !record->is_tick &&
	    partition_of(pending.customer, stream->partition_count) != record->partition;
	partition_push(partition, &pending);
	if (!queue->paused && has_enough(partition, queue, queue_room(stream))) {
		queue->paused = true;
		return kafka_pause(stream->kafka,
				   &(struct kafka_place){record->input, record->partition}, err);
	}
	return 0;
}

/* What is left lasts for a batch, until more has come. */
static int resume(struct stream *stream, struct err *err)
{
	struct kafka_place *places =
	    arena_alloc(&stream->arena,
			(size_t)stream->partition_count * stream->input_count * sizeof(*places));
	size_t count = 0, enough = queue_room(stream) / 2;

	for (int32_t p = 0; p < stream->partition_count; p++) {
		for (unsigned i = 0; i < stream->input_count; i++) {
			struct input_queue *queue = &stream->partitions[p].inputs[i];

			if (!queue->paused || has_enough(&stream->partitions[p], queue, enough))
				continue;
			queue->paused = false;
			places[count++] = (struct kafka_place){i, p};
		}
	}
	return count ? kafka_resume(stream->kafka, places, count, err) : 0;
}

static int least(int a, int64_t b)
{
	return b < a ? (int)(b > 0 ? b : 0) : a;
}

static bool has_waiting(const struct partition *partition)
{
	for (unsigned i = 0; i < partition->input_count; i++)
		if (partition->inputs[i].count > 0)
			return true;
	return false;
}

/* How long there is nothing to do for the partition; gather_ms: for as long it may be gathered. */
static int patience_with(const struct stream *stream, const struct partition *partition,
			 int wait_ms, int gather_ms)
{
	int64_t now_ms = clock_wall_ms(), due_ms = partition->next_due_ms;
	int patient_ms = stream_is_patient(stream) ? gather_ms : 0;

	if (partition->results)
		wait_ms = least(wait_ms, gather_ms);
	if (partition->taken_count > 0)
		wait_ms = least(wait_ms, stream->put_off ? gather_ms : 0);
	if (partition->sweep.checkpoint.left > 0)
		wait_ms = least(wait_ms, SWEEP_WAIT_MS);
	if (stream->event_time)
		return wait_ms;
	if (has_waiting(partition))
		wait_ms = least(wait_ms, patient_ms);
	if (due_ms > now_ms + patient_ms)
		return least(wait_ms, due_ms - now_ms);
	return least(wait_ms, patient_ms);
}

/* How long there is nothing to do but to wait for records. */
static int patience(const struct stream *stream, int wait_ms)
{
	int gather_ms = stream_gather_ms(stream);

	if (stream->full)
		return 0;
	for (int32_t p = 0; p < stream->partition_count; p++)
		if (stream->partitions[p].assigned)
			wait_ms = patience_with(stream, &stream->partitions[p], wait_ms, gather_ms);
	return wait_ms;
}

int stream_poll(struct stream *stream, int wait_ms, struct err *err)
{
	struct kafka_record record;
	int r;

	if (resume(stream, err) < 0)
		return -1;
	stream_note_due(stream);
	wait_ms = patience(stream, wait_ms);
	for (size_t n = 0; n < POLL_MAX; n++) {
		r = kafka_poll(stream->kafka, n == 0 ? wait_ms : 0, &record, err);
		if (r <= 0)
			return r < 0 ? r : n > 0;
		if (enqueue(stream, &record, err) < 0)
			return -1;
	}
	return 1;
}
