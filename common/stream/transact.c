/*
 * transact.c - the thread beside the loop: one transaction, then one compare-and-set per partition.
 *
 * It is the only one that speaks with the producer, and while it works the only one that writes to
 * the index.
 */
#include "common/io/process/clock.h"
#include "clock_check.h"
#include "checkpoint.h"
#include "stream_internal.h"

static int put_state(struct stream *stream, const struct entry *entry, struct err *err)
{
	struct kafka_header due = {.name = CHANGELOG_DUE_HEADER};
	struct slice value = entry->state;

	if (value.len == 0)
		value = slice_of(NULL, 0);
	if (entry->due_ms != NEVER_MS)
		due.value = slice_text(
		    arena_printf(&stream->commit.arena, "%lld", (long long)entry->due_ms));
	return kafka_put(stream->kafka, stream->changelog_output, entry->partition, entry->customer,
			 value, &due, entry->due_ms != NEVER_MS, NULL, err);
}

static int put_states(struct stream *stream, struct err *err)
{
	for (const struct entry *entry = stream->commit.batch.entries; entry; entry = entry->next)
		if (entry->changed && put_state(stream, entry, err) < 0)
			return -1;
	return 0;
}

/*
 * The brokers have the decisions, but they are not committed yet. If this machine's clock is
 * implausible, the batch is given up here.
 */
static int check_clock(struct stream *stream, struct err *err)
{
	const struct commit *commit = &stream->commit;
	int64_t broker_ms;
	int r;

	if (stream->event_time)
		return 0;
	if (kafka_flush(stream->kafka, &broker_ms, err) < 0)
		return -1;
	if (broker_ms != INT64_MIN) {
		stream->broker_is_timed = true;
		r = clock_check(commit->now_ms, clock_wall_ms(), broker_ms, err);
	} else {
		r = stream->broker_is_timed
			? 0
			: clock_check_drift(commit->now_ms, commit->now_monotonic_ms,
					    stream->opened_wall_ms, stream->opened_monotonic_ms,
					    err);
	}
	if (r < 0)
		kafka_abort(stream->kafka);
	return r;
}

static int transact(struct stream *stream, struct err *err)
{
	const struct commit *commit = &stream->commit;

	if (outputs_put(&commit->outputs, stream->kafka, err) < 0 || put_states(stream, err) < 0 ||
	    outputs_put(&commit->closing, stream->kafka, err) < 0 || check_clock(stream, err) < 0)
		return -1;
	return kafka_commit(stream->kafka, commit->positions, commit->position_count, err);
}

static void ask_write(struct stream *stream, int32_t partition)
{
	struct commit *commit = &stream->commit;
	struct commit_part *part = &commit->parts[partition];
	struct index_change *changes =
	    arena_alloc(&commit->arena, (part->changed_count + 1) * sizeof(*changes));

	for (size_t i = 0; i < part->changed_count; i++) {
		const struct entry *entry = part->changed[i];

		changes[i] = (struct index_change){.customer = entry->customer,
						   .state = entry->state,
						   .due_ms = entry->due_ms,
						   .was_ms = entry->index_due_ms};
	}
	/* From now on the index may say so, and the loop may read it. */
	pthread_mutex_lock(&commit->lock);
	index_checkpoint_write(part->after, part->number, part->changelog_offset, commit->now_ms,
			       &part->version);
	pthread_mutex_unlock(&commit->lock);
	index_ask_write(stream->writer, partition, part->before, part->after, changes,
			part->changed_count, commit->forgets);
}

/* The batch is committed, whatever happens here. */
static void write_index(struct stream *stream)
{
	struct commit *commit = &stream->commit;
	struct err ignored;

	commit->answering = true;
	for (int32_t p = 0; p < stream->partition_count; p++)
		if (commit->parts[p].active)
			ask_write(stream, p);
	for (int32_t p = 0; p < stream->partition_count; p++) {
		struct commit_part *part = &commit->parts[p];

		if (!part->active)
			continue;
		part->written = commit->answering ? index_take_write(stream->writer, p,
								     &part->next_due_ms, &ignored)
						  : -1;
		commit->answering = part->written >= 0;
	}
	if (!commit->answering)
		index_reset(stream->writer);
}

void stream_transact(void *context)
{
	struct stream *stream = context;
	struct commit *commit = &stream->commit;
	int64_t began_ms = clock_monotonic_ms();

	commit->r = transact(stream, &commit->why);
	if (commit->r == 0)
		write_index(stream);
	commit->took_ms = clock_monotonic_ms() - began_ms;
}
