/*
 * rebalance.c - partitions come and go.
 *
 * The number that stands with the committed offsets says where a partition
 * is.  If Redis says the same number, its index is what the last owner wrote;
 * if not, the changelog is read until that number has gone by.
 */
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "clock_check.h"
#include "checkpoint.h"
#include "stream_internal.h"

static void open_partition(struct stream *stream, struct partition *partition)
{
	partition_clear(partition);
	partition->owner = stream_random(stream);
	partition->number = 0;
	partition->index_valid = partition->touched = partition->has_effects = partition->active =
	    false;
	partition->checkpoint[0] = '\0';
	partition->clock_ms = partition->bound_ms = partition->decided_ms = INT64_MIN;
	partition->next_due_ms = INT64_MIN;
	partition->changelog_offset = partition->known_offset = -1;
	partition->misrouted_count = 0;
	partition->assigned = partition->newly_assigned = true;
	stream->assigned++;
}

/* Of an input with one producer, or of a version before there were many: the one of our number. */
static void take_progress(const struct partition *partition, struct input_queue *queue,
			  int64_t progress_ms)
{
	queue->lanes[queue->lane_count == 1 ? 0 : partition->id].progress_ms = progress_ms;
}

/* Producers of another number of partitions are others: then all that was read comes again. */
static void take_lanes(struct input_queue *queue, const int64_t *progress_ms, size_t count,
		       const struct merge_point *point, int64_t again_until)
{
	if (count != queue->lane_count)
		return;
	for (size_t k = 0; k < count; k++)
		queue->lanes[k].progress_ms = progress_ms[k];
	queue->point = *point;
	queue->again_until = again_until;
}

static void take_input(const struct partition *partition, struct input_queue *queue,
		       const Nurture__V1__InputCheckpoint *from)
{
	const struct merge_point point = {from->point_ms, from->point_lane, from->point_offset};

	if (from->n_lanes)
		take_lanes(queue, from->lanes, from->n_lanes, &point, from->again_until);
	else
		take_progress(partition, queue, from->progress_ms);
}

/* Takes over what the group knows of one input. */
static void take_position(struct partition *partition, const struct kafka_position *position)
{
	struct input_queue *queue = &partition->inputs[position->input];
	struct metadata metadata;

	queue->next_offset = queue->taken_offset = position->offset;
	if (position->offset < 0 || !metadata_read(position->metadata, &metadata))
		return;
	if (metadata.number > partition->number)
		partition->number = metadata.number;
	if (metadata.clock_ms > partition->clock_ms)
		partition->clock_ms = metadata.clock_ms;
	if (metadata.decided_ms > partition->decided_ms)
		partition->decided_ms = metadata.decided_ms;
	if (metadata.changelog_offset > partition->known_offset)
		partition->known_offset = metadata.changelog_offset;
	if (metadata.misrouted_count > partition->misrouted_count)
		partition->misrouted_count = metadata.misrouted_count;
	queue->stamp_ms = metadata.stamp_ms;
	if (metadata.lane_count)
		take_lanes(queue, metadata.lanes, metadata.lane_count, &metadata.point,
			   metadata.again_until);
	else
		take_progress(partition, queue, metadata.progress_ms);
	memcpy(queue->skips, metadata.skips, sizeof(queue->skips));
	queue->skip_count = metadata.skip_count;
}

/*
 * The group has forgotten its offsets, or somebody has reset them: the changelog says how far we
 * were.
 */
static void take_checkpoint(struct partition *partition,
			    const Nurture__V1__PartitionCheckpoint *checkpoint)
{
	partition->clock_ms = checkpoint->clock_ms;
	for (unsigned i = 0; i < partition->input_count && i < checkpoint->n_inputs; i++) {
		struct input_queue *queue = &partition->inputs[i];

		if (queue->taken_offset >= 0)
			continue; /* set by hand: go on from there */
		queue->next_offset = queue->taken_offset = checkpoint->inputs[i]->offset;
		queue->stamp_ms = checkpoint->inputs[i]->stamp_ms;
		take_input(partition, queue, checkpoint->inputs[i]);
	}
	log_event(
	    LOG_LEVEL_WARN, "offsets_without_batch_number", "partition", log_number(partition->id),
	    "batch", log_number((int64_t)checkpoint->number), "meaning",
	    "the group's offsets expired or were reset; the state was restored in full", NULL);
}

/* The last owner may have decided by another version than ours. */
static void take_version(struct stream *stream, struct partition *partition,
			 const Nurture__V1__PartitionCheckpoint *checkpoint)
{
	struct version_checkpoint *known = &partition->sweep.checkpoint;
	char before[VERSION_BYTES];

	if (checkpoint)
		*known = version_of(checkpoint);
	memcpy(before, known->version, sizeof(before));
	if (stream->options.version &&
	    sweep_open(&partition->sweep, stream->options.version, partition->number == 0,
		       stream->event_time ? stream_sweep_now(stream, partition) : clock_wall_ms()))
		log_event(LOG_LEVEL_INFO, "version_changed", "partition", log_number(partition->id),
			  "from", *before ? before : "unknown", "to", known->version, "meaning",
			  "every customer is looked at again", NULL);
}

static int check_shared(struct stream *stream, struct partition *partition, struct err *err)
{
	const struct slice key = shared_key();
	struct index_state found;
	char checkpoint[INDEX_CHECKPOINT_BYTES];

	if (!stream->options.check_shared)
		return 0;
	index_ask_states(stream->index, partition->id, &key, 1);
	index_ask_checkpoint(stream->index, partition->id);
	if (index_take_states(stream->index, partition->id, 1, &stream->arena, &found, err) < 0 ||
	    index_take_checkpoint(stream->index, partition->id, checkpoint, err) < 0)
		return -1;
	/*
	 * With another checkpoint it is restored before the first batch, and only the steps can
	 * ask.
	 */
	if (strcmp(checkpoint, partition->checkpoint) != 0)
		return 0;
	return stream->options.check_shared(stream->options.loop_context, partition->id,
					    stream->partition_count, found.state, err);
}

/* Is the index as the last batch left it? */
static int check_index(struct stream *stream, struct partition *partition, struct err *err)
{
	uint64_t number;
	int64_t wall_ms;

	index_ask_checkpoint(stream->index, partition->id);
	if (index_take_checkpoint(stream->index, partition->id, partition->checkpoint, err) < 0)
		return -1;
	partition->index_valid = index_checkpoint_read(partition->checkpoint, &number,
						       &partition->changelog_offset, &wall_ms) &&
				 number == partition->number;
	index_checkpoint_read_version(partition->checkpoint, &partition->sweep.checkpoint);
	return 0;
}

/* What is there before anything is restored. */
static int look(struct stream *stream, struct partition *partition, struct err *err)
{
	if (stream_check_changelog(stream, partition, partition->known_offset, err) < 0)
		return -1;
	return partition->number > 0 ? check_index(stream, partition, err) : 0;
}

/* Its index is valid; checkpoint is the one that a restore has found, or NULL. */
static int settle(struct stream *stream, struct partition *partition, bool is_known,
		  const Nurture__V1__PartitionCheckpoint *checkpoint, struct err *err)
{
	if (!is_known && checkpoint)
		take_checkpoint(partition, checkpoint);
	if (stream_check_changelog(stream, partition, partition->changelog_offset, err) < 0)
		return -1;
	if (!stream->event_time &&
	    clock_check_partition(partition->id, partition->clock_ms, clock_wall_ms(), err) < 0)
		return -1;
	take_version(stream, partition, checkpoint);
	if (check_shared(stream, partition, err) < 0)
		return -1;
	if (stream->options.taken_over &&
	    stream->options.taken_over(stream->options.loop_context, partition->id,
				       partition->owner, err) < 0)
		return -1;
	log_event(LOG_LEVEL_INFO, "assigned", "partition", log_number(partition->id), "batch",
		  log_number((int64_t)partition->number), "index",
		  is_known ? "checked" : "restored", NULL);
	return 0;
}

/* Checks the indexes of all partitions that are ours, and restores those that are not valid. */
static int settle_all(struct stream *stream, struct err *err)
{
	size_t count = (size_t)stream->partition_count;
	Nurture__V1__PartitionCheckpoint **checkpoints =
	    arena_zalloc(&stream->arena, count * sizeof(*checkpoints));
	bool *is_known = arena_zalloc(&stream->arena, count * sizeof(*is_known));

	for (size_t p = 0; p < count; p++) {
		if (!stream->partitions[p].assigned)
			continue;
		is_known[p] = stream->partitions[p].number > 0;
		if (look(stream, &stream->partitions[p], err) < 0)
			return -1;
	}
	if (stream_restore(stream, checkpoints, err) < 0)
		return -1;
	for (size_t p = 0; p < count; p++)
		if (stream->partitions[p].assigned &&
		    settle(stream, &stream->partitions[p], is_known[p], checkpoints[p], err) < 0)
			return -1;
	return 0;
}

/*
 * All inputs of a partition are of one owner.  Not so while an instance of a build that reads fewer
 * topics is in the group as well: then two would decide about one customer.
 */
static int check_inputs(const struct stream *stream, const struct kafka_position *positions,
			size_t count, struct err *err)
{
	for (int32_t p = 0; p < stream->partition_count; p++) {
		unsigned found = 0;

		for (size_t i = 0; i < count; i++)
			found += positions[i].partition == p;
		if (found == 0 || found == stream->input_count)
			continue;
		return err_environment(err,
				       "partition %d: %u of the %u topics that the %s reads were "
				       "assigned: an instance that reads other topics is in its "
				       "group; end those of the older build first",
				       (int)p, found, stream->input_count, stream->options.service);
	}
	return 0;
}

int stream_assigned(void *context, struct kafka_position *positions, size_t count, struct err *err)
{
	struct stream *stream = context;

	if (check_inputs(stream, positions, count, err) < 0)
		return -1;
	arena_reset(&stream->arena);
	for (size_t i = 0; i < count; i++)
		if (!stream->partitions[positions[i].partition].assigned)
			open_partition(stream, &stream->partitions[positions[i].partition]);
	for (size_t i = 0; i < count; i++)
		take_position(&stream->partitions[positions[i].partition], &positions[i]);
	if (settle_all(stream, err) < 0) {
		index_reset(stream->index);
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		positions[i].offset = stream->partitions[positions[i].partition]
					  .inputs[positions[i].input]
					  .taken_offset;
	kafka_read_stamps(stream->kafka, positions, count);
	for (size_t i = 0; i < count; i++)
		if (stream_check_input(stream, &stream->partitions[positions[i].partition],
				       &positions[i], err) < 0)
			return -1;
	for (size_t i = 0; i < count; i++)
		positions[i].offset = stream->partitions[positions[i].partition]
					  .inputs[positions[i].input]
					  .taken_offset;
	stream_redis_answered(stream);
	metric_set(stream->metrics.partitions, stream->assigned);
	return 0;
}

int stream_revoked(void *context, bool lost, struct err *err)
{
	struct stream *stream = context;
	int r = stream_finish(stream, err);

	if (r == 0 && !lost && stream->options.yield)
		r = stream->options.yield(stream->options.loop_context, err);
	for (int32_t p = 0; p < stream->partition_count; p++) {
		partition_clear(&stream->partitions[p]);
		stream->partitions[p].assigned = false;
	}
	stream->assigned = 0;
	metric_set(stream->metrics.partitions, 0);
	return r;
}
