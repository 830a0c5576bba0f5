/* seal.c - what a decided batch will say of its partitions: checkpoints, ticks, offsets. */
#include "common/base/tick.h"
#include "checkpoint.h"
#include "stream_internal.h"

/* How far each producer of an input has come. */
static int64_t *lanes_of(struct stream *stream, const struct input_queue *queue)
{
	int64_t *lanes = arena_alloc(&stream->arena, queue->lane_count * sizeof(*lanes));

	for (unsigned k = 0; k < queue->lane_count; k++)
		lanes[k] = queue->lanes[k].progress_ms;
	return lanes;
}

static Nurture__V1__InputCheckpoint checkpoint_of(struct stream *stream,
						  const struct input_queue *queue)
{
	Nurture__V1__InputCheckpoint ret = NURTURE__V1__INPUT_CHECKPOINT__INIT;

	ret.offset = queue->taken_offset;
	ret.progress_ms = input_queue_progress(queue);
	ret.stamp_ms = queue->stamp_ms;
	if (queue->lane_count == 1)
		return ret;
	ret.lanes = lanes_of(stream, queue);
	ret.n_lanes = queue->lane_count;
	ret.point_ms = queue->point.time_ms;
	ret.point_lane = queue->point.lane;
	ret.point_offset = queue->point.offset;
	ret.again_until = input_queue_end(queue);
	return ret;
}

static struct slice number_text(struct stream *stream, int64_t number)
{
	return slice_text(arena_printf(&stream->arena, "%lld", (long long)number));
}

/* Writes the checkpoint, which is the last record of the batch in the changelog. */
static void add_checkpoint(struct stream *stream, struct partition *partition)
{
	Nurture__V1__PartitionCheckpoint checkpoint = NURTURE__V1__PARTITION_CHECKPOINT__INIT;
	Nurture__V1__InputCheckpoint inputs[KAFKA_INPUTS_MAX], *pointers[KAFKA_INPUTS_MAX];
	struct output output = {.topic = stream->changelog_output,
				.partition = partition->id,
				.key = checkpoint_key(),
				.offset = &stream->commit.parts[partition->id].changelog_offset};
	uint8_t *bytes;

	for (unsigned i = 0; i < partition->input_count; i++) {
		inputs[i] = checkpoint_of(stream, &partition->inputs[i]);
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
	output.value = slice_of(bytes, nurture__v1__partition_checkpoint__pack(&checkpoint, bytes));
	outputs_add(&stream->commit.closing, &stream->arena, &output);
}

/* A tick on one partition, or, where any may get what follows from ours, on all of them. */
static void add_ticks_to(struct stream *stream, const struct partition *partition, unsigned output,
			 const struct kafka_header *tick)
{
	bool spreads = stream->options.outputs[output].spreads;
	struct kafka_header headers[] = {*tick, {PRODUCER_HEADER, slice_of(NULL, 0)}};

	headers[1].value = number_text(stream, partition->id);
	for (int32_t p = 0; p < stream->partition_count; p++)
		if (spreads || p == partition->id)
			outputs_add(&stream->commit.closing, &stream->arena,
				    &(struct output){.topic = output,
						     .partition = p,
						     .headers = headers,
						     .header_count = spreads ? 2 : 1});
}

static void add_ticks(struct stream *stream, struct partition *partition)
{
	struct kafka_header tick = {.name = TICK_HEADER};

	/* What effects are still to bring is not decided, and a held partition waits for it. */
	if (!stream->event_time || partition->has_effects || partition->held ||
	    partition->bound_ms <= partition->decided_ms)
		return;
	tick.value = number_text(stream, partition->bound_ms);
	for (unsigned i = 0; i < stream->output_count; i++)
		if (stream->options.outputs[i].ticks)
			add_ticks_to(stream, partition, i, &tick);
	partition->decided_ms = partition->bound_ms;
}

static void note_lanes(const struct input_queue *queue, struct metadata *ret)
{
	ret->lane_count = 0;
	if (queue->lane_count == 1)
		return;
	ret->point = queue->point;
	ret->again_until = input_queue_end(queue);
	for (; ret->lane_count < queue->lane_count; ret->lane_count++)
		ret->lanes[ret->lane_count] = queue->lanes[ret->lane_count].progress_ms;
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
		metadata.progress_ms = input_queue_progress(queue);
		metadata.stamp_ms = queue->stamp_ms;
		note_lanes(queue, &metadata);
		metadata.skip_count = 0;
		for (unsigned k = 0; k < queue->skip_count; k++)
			if (queue->skips[k] >= queue->taken_offset)
				metadata.skips[metadata.skip_count++] = queue->skips[k];
		metadata_write(ret[count++].metadata, &metadata);
	}
	return count;
}

/* The records and results of the batch go along: its customers point into them. */
static void hand_over(struct partition *partition, struct commit_part *part)
{
	struct pending *taken = part->taken;
	size_t room = part->taken_room;

	part->taken = partition->taken;
	part->taken_count = partition->taken_count;
	part->taken_room = partition->taken_room;
	partition->taken = taken;
	partition->taken_count = 0;
	partition->taken_room = room;
	part->results = partition->results;
	partition->results = NULL;
	partition->last_result = &partition->results;
}

static void seal_partition(struct stream *stream, struct partition *partition)
{
	struct commit *commit = &stream->commit;
	struct commit_part *part = &commit->parts[partition->id];

	partition->number++;
	sweep_advance(&partition->sweep);
	partition->known_offset = partition->changelog_offset;
	add_checkpoint(stream, partition);
	add_ticks(stream, partition);
	commit->position_count +=
	    positions_of(stream, partition, commit->positions + commit->position_count);
	part->active = true;
	part->number = partition->number;
	part->version = partition->sweep.checkpoint;
	part->shared = partition->shared && partition->shared->changed ? partition->shared : NULL;
	part->timers_until_ms = partition->timers_until_ms;
	memcpy(part->before, partition->checkpoint, sizeof(part->before));
	part->after[0] = '\0';
	hand_over(partition, part);
	partition->touched = partition->active = partition->has_effects = false;
	partition->newly_assigned = partition->newly_assigned && !partition->heard;
}

/* Lists the changed customers of each partition, and when the first of them is due. */
static void list_changed(struct stream *stream)
{
	const struct entry *first = stream->batch.entries;

	for (int32_t p = 0; p < stream->partition_count; p++)
		stream->commit.parts[p].changed_count = 0;
	for (const struct entry *entry = first; entry; entry = entry->next)
		stream->commit.parts[entry->partition].changed_count += entry->changed;
	for (int32_t p = 0; p < stream->partition_count; p++) {
		struct commit_part *part = &stream->commit.parts[p];

		part->changed =
		    arena_alloc(&stream->arena, (part->changed_count + 1) * sizeof(*part->changed));
		part->changed_count = 0;
	}
	for (const struct entry *entry = first; entry; entry = entry->next) {
		struct commit_part *part = &stream->commit.parts[entry->partition];
		struct partition *partition = &stream->partitions[entry->partition];

		if (!entry->changed)
			continue;
		part->changed[part->changed_count++] = entry;
		if (entry->due_ms != STEP_DUE_NEW_OWNER && entry->due_ms < partition->next_due_ms)
			partition->next_due_ms = entry->due_ms;
	}
}

int stream_seal(struct stream *stream)
{
	struct commit *commit = &stream->commit;
	int active = 0;

	outputs_start(&commit->closing);
	commit->position_count = 0;
	commit->positions =
	    arena_alloc(&stream->arena, (size_t)stream->partition_count * KAFKA_INPUTS_MAX *
					    sizeof(*commit->positions));
	list_changed(stream);
	for (int32_t p = 0; p < stream->partition_count; p++) {
		commit->parts[p].active = false;
		if (!stream->partitions[p].assigned || !stream->partitions[p].active)
			continue;
		seal_partition(stream, &stream->partitions[p]);
		active++;
	}
	return active;
}
