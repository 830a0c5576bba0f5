/* ahead.c - see ahead.h. */
#include "ahead.h"

enum { WORTH_RECORDS = 500 };

bool stream_may_overlap(const struct stream *stream)
{
	for (int32_t p = 0; p < stream->partition_count; p++) {
		const struct partition *partition = &stream->partitions[p];

		if (partition->assigned &&
		    (!partition->index_valid || partition->newly_assigned ||
		     partition->next_due_ms == INT64_MIN || partition->sweep.checkpoint.left > 0 ||
		     partition->sweep.listed))
			return false;
	}
	return true;
}

bool stream_is_worth_overlap(const struct stream *stream)
{
	size_t waiting = 0;

	if (stream->full)
		return true;
	for (int32_t p = 0; p < stream->partition_count; p++) {
		const struct partition *partition = &stream->partitions[p];

		waiting += partition->taken_count;
		for (unsigned i = 0; i < partition->input_count; i++)
			waiting += partition->inputs[i].count;
	}
	return waiting >= WORTH_RECORDS;
}

/* What the batch under way has of the partition, or NULL. */
static const struct commit_part *part_of(const struct stream *stream, int32_t partition)
{
	const struct commit *commit = &stream->commit;

	return commit->under_way && commit->parts[partition].active ? &commit->parts[partition]
								    : NULL;
}

bool stream_is_our_checkpoint(struct stream *stream, const struct partition *partition,
			      const char *checkpoint)
{
	const struct commit_part *part = part_of(stream, partition->id);
	bool is_next;

	if (strcmp(checkpoint, partition->checkpoint) == 0)
		return true;
	if (!part)
		return false;
	pthread_mutex_lock(&stream->commit.lock);
	is_next = part->after[0] && strcmp(checkpoint, part->after) == 0;
	pthread_mutex_unlock(&stream->commit.lock);
	return is_next;
}

static const struct entry *find(const struct stream *stream, int32_t partition,
				struct slice customer)
{
	const struct entry *entry = part_of(stream, partition)
					? batch_find(&stream->commit.batch, partition, customer)
					: NULL;

	return entry && (entry->loaded || entry->changed) ? entry : NULL;
}

/* The bytes of the batch under way go before ours do. */
static struct slice copy(struct stream *stream, struct slice bytes)
{
	return slice_of(arena_copy(&stream->arena, bytes.bytes, bytes.len), bytes.len);
}

static void take(struct stream *stream, struct entry *entry, const struct entry *from)
{
	entry->state = copy(stream, from->state);
	entry->due_ms = entry->index_due_ms = from->due_ms;
	entry->loaded = true;
}

bool stream_take_ahead(struct stream *stream, struct entry *entry)
{
	const struct entry *from = find(stream, entry->partition, entry->customer);

	if (from)
		take(stream, entry, from);
	return from;
}

int64_t stream_ahead_from(const struct stream *stream, const struct partition *partition)
{
	const struct commit_part *part = part_of(stream, partition->id);

	return part ? part->timers_until_ms : INT64_MIN;
}

size_t stream_ahead_moved(const struct stream *stream, const struct partition *partition,
			  int64_t from_ms, int64_t until_ms)
{
	const struct commit_part *part = part_of(stream, partition->id);
	size_t moved = 0;

	for (size_t i = 0; part && i < part->changed_count; i++)
		moved += part->changed[i]->index_due_ms >= from_ms &&
			 part->changed[i]->index_due_ms <= until_ms;
	return moved;
}

static struct entry *add_due(struct stream *stream, struct partition *partition,
			     struct slice customer)
{
	struct entry *entry = batch_entry(&stream->batch, partition->id, customer);

	partition->due[partition->due_count++] = entry;
	return entry;
}

static void add_found(struct stream *stream, struct partition *partition,
		      const struct index_state *found)
{
	const struct entry *ahead = find(stream, partition->id, found->customer);
	struct entry *entry;

	if (ahead && ahead->changed)
		return;
	entry = add_due(stream, partition, found->customer);
	entry->state = found->state;
	entry->due_ms = entry->index_due_ms = found->due_ms;
	entry->loaded = true;
}

void stream_ahead_due(struct stream *stream, struct partition *partition,
		      const struct index_state *due, size_t count, int64_t until_ms)
{
	const struct commit_part *part = part_of(stream, partition->id);
	size_t most = count + (part ? part->changed_count : 0);

	partition->due = arena_alloc(&stream->arena, (most + 1) * sizeof(*partition->due));
	partition->due_count = 0;
	for (size_t i = 0; i < count; i++)
		add_found(stream, partition, &due[i]);
	for (size_t i = 0; part && i < part->changed_count; i++) {
		const struct entry *ahead = part->changed[i];

		if (ahead->due_ms <= until_ms && ahead->due_ms != STEP_DUE_NEW_OWNER)
			take(stream, add_due(stream, partition, copy(stream, ahead->customer)),
			     ahead);
	}
}
