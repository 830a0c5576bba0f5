/* commit.c - one transaction, then one compare-and-set per partition. */
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/base/tick.h"
#include "clock_check.h"
#include "checkpoint.h"
#include "stream_internal.h"

static struct slice number_text(struct stream *stream, int64_t number)
{
	return slice_text(arena_printf(&stream->arena, "%lld", (long long)number));
}

static int put_states(struct stream *stream, struct err *err)
{
	for (const struct entry *entry = stream->batch.entries; entry; entry = entry->next) {
		struct kafka_header due = {.name = CHANGELOG_DUE_HEADER};
		struct slice value = entry->state;

		if (!entry->changed)
			continue;
		if (value.len == 0)
			value = slice_of(NULL, 0);
		if (entry->due_ms != NEVER_MS)
			due.value = number_text(stream, entry->due_ms);
		if (kafka_put(stream->kafka, stream->changelog_output, entry->partition,
			      entry->customer, value, &due, entry->due_ms != NEVER_MS, NULL,
			      err) < 0)
			return -1;
	}
	return 0;
}

/* Writes the checkpoint, which is the last record of the batch in the changelog. */
static int put_checkpoint(struct stream *stream, struct partition *partition, struct err *err)
{
	Nurture__V1__PartitionCheckpoint checkpoint = NURTURE__V1__PARTITION_CHECKPOINT__INIT;
	Nurture__V1__InputCheckpoint inputs[KAFKA_INPUTS_MAX], *pointers[KAFKA_INPUTS_MAX];
	uint8_t *bytes;

	for (unsigned i = 0; i < partition->input_count; i++) {
		nurture__v1__input_checkpoint__init(&inputs[i]);
		inputs[i].offset = partition->inputs[i].taken_offset;
		inputs[i].progress_ms = partition->inputs[i].progress_ms;
		inputs[i].stamp_ms = partition->inputs[i].stamp_ms;
		pointers[i] = &inputs[i];
	}
	checkpoint.number = partition->number;
	checkpoint.clock_ms = partition->clock_ms;
	checkpoint.inputs = pointers;
	checkpoint.n_inputs = partition->input_count;
	checkpoint.version = partition->sweep.checkpoint.version;
	checkpoint.left = partition->sweep.checkpoint.left;
	checkpoint.since_ms = partition->sweep.checkpoint.since_ms;
	checkpoint.partitions = (uint32_t)stream->partition_count;
	bytes = arena_alloc(&stream->arena,
			    nurture__v1__partition_checkpoint__get_packed_size(&checkpoint));
	return kafka_put(
	    stream->kafka, stream->changelog_output, partition->id, checkpoint_key(),
	    slice_of(bytes, nurture__v1__partition_checkpoint__pack(&checkpoint, bytes)), NULL, 0,
	    &partition->changelog_offset, err);
}

static int put_ticks(struct stream *stream, struct partition *partition, struct err *err)
{
	struct kafka_header tick = {.name = TICK_HEADER};

	if (!stream->event_time || partition->has_effects ||
	    partition->bound_ms <= partition->decided_ms)
		return 0;
	tick.value = number_text(stream, partition->bound_ms);
	for (unsigned i = 0; i < stream->output_count; i++)
		if (stream->options.outputs[i].ticks &&
		    kafka_put(stream->kafka, i, partition->id, slice_of(NULL, 0), slice_of(NULL, 0),
			      &tick, 1, NULL, err) < 0)
			return -1;
	partition->decided_ms = partition->bound_ms;
	return 0;
}

static size_t positions_of(const struct stream *stream, const struct partition *partition,
			   struct kafka_position *ret)
{
	struct metadata metadata = {.number = partition->number,
				    .clock_ms = partition->clock_ms,
				    .decided_ms = partition->decided_ms,
				    .partitions = stream->partition_count,
				    .misrouted_count = partition->misrouted_count,
				    .changelog_offset = partition->known_offset};
	size_t count = 0;

	for (unsigned i = 0; i < partition->input_count; i++) {
		const struct input_queue *queue = &partition->inputs[i];

		if (queue->taken_offset < 0)
			continue;
		ret[count] = (struct kafka_position){
		    .input = i, .partition = partition->id, .offset = queue->taken_offset};
		metadata.progress_ms = queue->progress_ms;
		metadata.stamp_ms = queue->stamp_ms;
		metadata.skip_count = 0;
		for (unsigned k = 0; k < queue->skip_count; k++)
			if (queue->skips[k] >= queue->taken_offset)
				metadata.skips[metadata.skip_count++] = queue->skips[k];
		metadata_write(ret[count++].metadata, &metadata);
	}
	return count;
}

/*
 * The brokers have the decisions, but they are not committed yet. If this machine's clock is
 * implausible, the batch is given up here.
 */
static int check_clock(struct stream *stream, struct err *err)
{
	int64_t broker_ms;
	int r;

	if (stream->event_time)
		return 0;
	if (kafka_flush(stream->kafka, &broker_ms, err) < 0)
		return -1;
	if (broker_ms != INT64_MIN) {
		stream->broker_is_timed = true;
		r = clock_check(stream->now_ms, clock_wall_ms(), broker_ms, err);
	} else {
		r = stream->broker_is_timed
			? 0
			: clock_check_drift(stream->now_ms, stream->now_monotonic_ms,
					    stream->opened_wall_ms, stream->opened_monotonic_ms,
					    err);
	}
	if (r < 0)
		kafka_abort(stream->kafka);
	return r;
}

/* Runs the transaction. Returns how many partitions it is about; 0: there was nothing to commit. */
static int transact(struct stream *stream, struct err *err)
{
	struct kafka_position *positions =
	    arena_alloc(&stream->arena,
			(size_t)stream->partition_count * KAFKA_INPUTS_MAX * sizeof(*positions));
	size_t count = 0;
	int active = 0;

	if (put_states(stream, err) < 0)
		return -1;
	for (int32_t p = 0; p < stream->partition_count; p++) {
		struct partition *partition = &stream->partitions[p];

		if (!partition->assigned || !partition->active)
			continue;
		partition->number++;
		sweep_advance(&partition->sweep);
		partition->known_offset = partition->changelog_offset;
		if (put_checkpoint(stream, partition, err) < 0 ||
		    put_ticks(stream, partition, err) < 0)
			return -1;
		count += positions_of(stream, partition, positions + count);
		active++;
	}
	if (active > 0 && (check_clock(stream, err) < 0 ||
			   kafka_commit(stream->kafka, positions, count, err) < 0))
		return -1;
	return active;
}

static void ask_write(struct stream *stream, struct partition *partition)
{
	struct index_change *changes =
	    arena_alloc(&stream->arena, (stream->batch.entry_count + 1) * sizeof(*changes));
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	size_t count = 0;

	for (const struct entry *entry = stream->batch.entries; entry; entry = entry->next)
		if (entry->changed && entry->partition == partition->id)
			changes[count++] = (struct index_change){
			    .customer = entry->customer,
			    .state = entry->state,
			    .due_ms = entry->due_ms,
			    .due_changed = entry->due_ms != entry->index_due_ms};
	index_checkpoint_write(checkpoint, partition->number, partition->changelog_offset,
			       stream->now_ms, &partition->sweep.checkpoint);
	index_ask_write(stream->index, partition->id, partition->checkpoint, checkpoint, changes,
			count, stream->forgets);
	memcpy(partition->checkpoint, checkpoint, sizeof(checkpoint));
}

/*
 * The batch is committed whatever happens here.  An index that did not take it (it
 * was flushed, rolled back, or is another owner's by now) is not valid any
 * more, and the next batch begins by restoring it.
 */
static void write_index(struct stream *stream)
{
	bool answering = true;
	struct err err;
	int r;

	for (int32_t p = 0; p < stream->partition_count; p++)
		if (stream->partitions[p].assigned && stream->partitions[p].active)
			ask_write(stream, &stream->partitions[p]);
	for (int32_t p = 0; p < stream->partition_count; p++) {
		struct partition *partition = &stream->partitions[p];

		if (!partition->assigned || !partition->active)
			continue;
		r = answering ? index_take_write(stream->index, partition->id,
						 &partition->next_due_ms, &err)
			      : -1;
		partition->index_valid = r == 1;
		answering = r >= 0;
		if (r == 0)
			log_event(LOG_LEVEL_WARN, "index_invalid", "partition",
				  log_number(partition->id), NULL);
	}
	if (answering)
		stream->forgets = false;
	else
		index_reset(stream->index);
}

static void forget(struct stream *stream)
{
	for (int32_t p = 0; p < stream->partition_count; p++) {
		struct partition *partition = &stream->partitions[p];

		if (!partition->assigned || !partition->active)
			continue;
		partition_drop_taken(partition);
		partition_drop_results(partition);
		if (sweep_forget(&partition->sweep))
			log_event(LOG_LEVEL_INFO, "reevaluation_finished", "partition",
				  log_number(partition->id), "version",
				  partition->sweep.checkpoint.version, "customers",
				  log_number(partition->sweep.total), NULL);
		partition->touched = partition->active = partition->has_effects = false;
		partition->newly_assigned = partition->newly_assigned && !partition->heard;
	}
}

int stream_commit(struct stream *stream, struct err *err)
{
	int64_t began_ms = clock_monotonic_ms();
	int active;

	if (stream->failed) {
		*err = stream->why;
		return -1;
	}
	active = transact(stream, err);
	if (active <= 0)
		return active;
	write_index(stream);
	forget(stream);
	metric_add(stream->metrics.batches, 1);
	metric_observe_ms(stream->metrics.commit_ms, clock_monotonic_ms() - began_ms);
	stream->pace = pace_next(stream->pace, stream->batch_max,
				 clock_monotonic_ms() - stream->now_monotonic_ms, stream->full);
	return 0;
}

bool stream_next_effect(struct stream *stream, struct stream_effect *ret)
{
	struct effect *effect = stream->effects;

	if (!effect)
		return false;
	*ret = effect->effect;
	stream->effects = effect->next;
	return true;
}
