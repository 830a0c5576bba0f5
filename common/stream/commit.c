/*
 * commit.c - hands a decided batch over, and hears what became of it.
 *
 * One batch is under way at a time: the next one is handed over when Kafka and the index have this
 * one.  If Kafka does not take it, what was decided on it is given up with it, and nothing is
 * committed any more: the offsets of a later batch would stand behind records whose decisions are
 * lost.
 */
#include <stdlib.h>

#include "common/io/process/beside.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "stream_internal.h"
#include "trace.h"

static void hand_over(struct stream *stream)
{
	struct commit *commit = &stream->commit;
	struct arena arena = commit->arena;

	commit->arena = stream->arena;
	stream->arena = arena;
	commit->batch = stream->batch;
	commit->batch.arena = &commit->arena;
	commit->outputs = stream->kept;
	commit->now_ms = stream->now_ms;
	commit->now_monotonic_ms = stream->now_monotonic_ms;
	commit->full = stream->full;
	commit->forgets = stream->forgets;
	stream->forgets = false;
	stream->committed_ms = clock_monotonic_ms();
	commit->under_way = true;
	beside_start(stream->beside);
}

/*
 * What the batch has changed is in the index, or the index is not valid any more (it was flushed,
 * rolled back, or is another owner's by now): then it is restored before it is read again.
 */
static void finish_partition(struct partition *partition, struct commit_part *part)
{
	partition->changelog_offset = part->changelog_offset;
	memcpy(partition->checkpoint, part->after, sizeof(partition->checkpoint));
	if (part->written == 1)
		partition->next_due_ms = part->next_due_ms;
	else
		partition->index_valid = false;
	if (part->written == 0)
		log_event(LOG_LEVEL_WARN, "index_invalid", "partition", log_number(partition->id),
			  NULL);
	if (sweep_forget(&partition->sweep))
		log_event(LOG_LEVEL_INFO, "reevaluation_finished", "partition",
			  log_number(partition->id), "version", part->version.version, "customers",
			  log_number(partition->sweep.total), NULL);
}

static void release(struct commit_part *part)
{
	pending_drop(part->taken, part->taken_count);
	part->taken_count = 0;
	results_drop(part->results);
	part->results = NULL;
}

static void release_all(struct stream *stream)
{
	for (int32_t p = 0; p < stream->partition_count; p++)
		release(&stream->commit.parts[p]);
}

static void give_up(struct stream *stream)
{
	stream->commit.failed = true;
	release_all(stream);
}

void stream_drop_commit(struct stream *stream)
{
	struct commit *commit = &stream->commit;

	if (!commit->under_way)
		return;
	beside_wait(stream->beside);
	commit->under_way = false;
	if (commit->r == 0)
		(void)err_environment(&commit->why, "closed before the last batch was heard of");
	give_up(stream);
}

void stream_free_commit(struct stream *stream)
{
	for (int32_t p = 0; p < stream->partition_count; p++)
		free(stream->commit.parts[p].taken);
	free(stream->commit.parts);
	pthread_mutex_destroy(&stream->commit.lock);
	arena_free(&stream->commit.arena);
}

static int after_batch(struct stream *stream, struct err *err)
{
	const struct stream_options *options = &stream->options;

	return options->after_batch ? options->after_batch(options->loop_context, stream, err) : 0;
}

/* Kafka has the batch, and the index has it or is restored before it is read again. */
static int finish_batch(struct stream *stream, struct err *err)
{
	struct commit *commit = &stream->commit;

	for (int32_t p = 0; p < stream->partition_count; p++) {
		if (!commit->parts[p].active)
			continue;
		finish_partition(&stream->partitions[p], &commit->parts[p]);
		release(&commit->parts[p]);
	}
	if (commit->answering)
		stream_redis_answered(stream);
	stream->forgets |= commit->forgets && !commit->answering;
	metric_add(stream->metrics.batches, 1);
	metric_observe_ms(stream->metrics.commit_ms, commit->took_ms);
	stream->pace = pace_next(stream->pace, stream->batch_max,
				 commit->decided_in_ms + commit->took_ms, commit->full);
	return after_batch(stream, err);
}

int stream_finish(struct stream *stream, struct err *err)
{
	struct commit *commit = &stream->commit;

	if (commit->under_way) {
		beside_wait(stream->beside);
		commit->under_way = false;
		if (commit->r == 0)
			return finish_batch(stream, err);
		give_up(stream);
	}
	if (!commit->failed)
		return 0;
	*err = commit->why;
	return -1;
}

int stream_pass_on(struct stream *stream, struct err *err)
{
	int64_t decided_in_ms = clock_monotonic_ms() - stream->now_monotonic_ms;
	bool was_under_way = stream->commit.under_way;

	if (stream_finish(stream, err) < 0)
		return -1;
	if (stream->trace)
		stream_trace_hand_over(stream);
	stream_count_records(stream);
	if (stream_seal(stream) == 0)
		return was_under_way ? 0 : after_batch(stream, err);
	stream->commit.decided_in_ms = decided_in_ms;
	stream_forget_on_disk(stream);
	hand_over(stream);
	return stream->overlaps ? 0 : stream_finish(stream, err);
}

int stream_commit(struct stream *stream, struct err *err)
{
	return stream_pass_on(stream, err) < 0 ? -1 : stream_finish(stream, err);
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
