/*
 * restore.c - from the changelog back into the index, all partitions at once that need it.
 *
 * A restore claims the partition by setting the checkpoint to a token of its own;
 * every slice it writes is a compare-and-set on that token.  So a restorer
 * that was stopped in the middle and wakes up after another has taken over
 * writes nothing.  It ends when the number that the offsets name has gone by:
 * "the end" would not do, because a transaction's markers reach the offsets
 * and the changelog at different moments.
 *
 * One consumer reads all partitions, and slices of several of them are under way to the index
 * while it reads on (restore_writes.c).  A partition counts as restored when its last slice is
 * written; an error leaves all others to be restored from the beginning.
 */
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "checkpoint.h"
#include "restore_writes.h"

enum {
	CLAIM_TRIES = 20,
	WAIT_FOR_NUMBER_MS = 90000, /* longer than a transaction can stay open */
};
/* An index older than this may have missed tombstones that are compacted away by now. */
static const int64_t TRUST_MS = 6 * DAY_MS;

/* Of one partition. */
struct restore {
	struct partition *partition;
	char token[INDEX_CHECKPOINT_BYTES];
	struct restore_slice slice;
	bool replaces; /* there was an index, which may hold persons who were forgotten meanwhile */
	int64_t records;
	int64_t from, end;  /* for number 0, the changelog is read up to the end */
	struct arena arena; /* of the last checkpoint that was read */
	Nurture__V1__PartitionCheckpoint *checkpoint;
	struct slice checkpoint_bytes;
	int64_t checkpoint_offset;
	bool is_read; /* all that there is for it */
};

struct restores {
	struct stream *stream;
	struct restore **by_partition; /* NULL: the partition is not restored */
	size_t left;                   /* that are not read */
	struct restore_writes writes;
};

static Nurture__V1__PartitionCheckpoint *unpack(struct arena *arena, struct slice bytes)
{
	ProtobufCAllocator allocator = arena_protobuf(arena);

	return nurture__v1__partition_checkpoint__unpack(&allocator, bytes.len, bytes.bytes);
}

/* A changelog has a checkpoint of every batch, and only the last one is kept. */
static int read_checkpoint(struct restore *restore, const struct changelog_record *record,
			   struct err *err)
{
	arena_reset(&restore->arena);
	restore->checkpoint_bytes = slice_of(
	    arena_copy(&restore->arena, record->value.bytes, record->value.len), record->value.len);
	restore->checkpoint = unpack(&restore->arena, restore->checkpoint_bytes);
	restore->checkpoint_offset = record->offset;
	if (!restore->checkpoint)
		return err_environment(err,
				       "restore: the checkpoint at offset %lld is not readable",
				       (long long)record->offset);
	return 0;
}

static int take(struct restores *all, struct restore *restore,
		const struct changelog_record *record, struct err *err)
{
	if (slice_equal(record->key, checkpoint_key()))
		return read_checkpoint(restore, record, err);
	restore_slice_add(&restore->slice, record);
	restore->records++;
	return restore_slice_is_full(&restore->slice)
		   ? restore_send(&all->writes, restore->partition, restore->token, NULL, false,
				  &restore->slice, err)
		   : 0;
}

static bool is_finished(const struct restores *all, const struct restore *restore)
{
	uint64_t number = restore->partition->number;

	if (number == 0)
		return changelog_position(all->stream->changelog, restore->partition->id) >=
		       restore->end;
	return restore->checkpoint && restore->checkpoint->number >= number;
}

/* Everything is read: the last slice sets the checkpoint. */
static int finish(struct restores *all, struct restore *restore, struct err *err)
{
	struct partition *partition = restore->partition;
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	struct version_checkpoint version;

	restore->is_read = true;
	all->left--;
	if (stream_check_checkpoint(all->stream, restore->checkpoint, err) < 0)
		return -1;
	if (restore->checkpoint) {
		partition->number = restore->checkpoint->number;
		partition->changelog_offset = restore->checkpoint_offset;
	}
	version = version_of(restore->checkpoint);
	index_checkpoint_write(checkpoint, partition->number, partition->changelog_offset,
			       clock_wall_ms(), &version);
	return restore_send(&all->writes, partition, restore->token, checkpoint, restore->replaces,
			    &restore->slice, err);
}

static int finish_what_is_read(struct restores *all, struct err *err)
{
	for (int32_t p = 0; p < all->stream->partition_count; p++) {
		struct restore *restore = all->by_partition[p];

		if (restore && !restore->is_read && is_finished(all, restore) &&
		    finish(all, restore, err) < 0)
			return -1;
	}
	return 0;
}

static int is_late(const struct restores *all, struct err *err)
{
	const struct restore *restore = NULL;

	for (int32_t p = 0; p < all->stream->partition_count && !restore; p++)
		if (all->by_partition[p] && !all->by_partition[p]->is_read)
			restore = all->by_partition[p];
	return err_environment(err, "restore of %s partition %d: batch %llu does not come",
			       all->stream->options.service,
			       restore ? (int)restore->partition->id : -1,
			       restore ? (unsigned long long)restore->partition->number : 0);
}

static int read_record(struct restores *all, const struct changelog_record *record, struct err *err)
{
	struct restore *restore = all->by_partition[record->partition];

	if (restore->is_read) /* others are still read, and what is behind the number comes too */
		return 0;
	if (take(all, restore, record, err) < 0)
		return -1;
	return is_finished(all, restore) ? finish(all, restore, err) : 0;
}

/* The batch that the offsets name may still be on its way: for so long after the last record. */
static int read_changelog(struct restores *all, struct err *err)
{
	int64_t deadline_ms = clock_monotonic_ms() + WAIT_FOR_NUMBER_MS;
	struct changelog_record record;
	bool has_come = false;
	int r = finish_what_is_read(all, err);

	while (r == 0 && all->left > 0) {
		r = changelog_next(all->stream->changelog, 100, &record, err);
		if (r == 1) {
			has_come = true;
			r = read_record(all, &record, err);
			continue;
		}
		if (r == 0)
			r = finish_what_is_read(all, err);
		if (has_come)
			deadline_ms = clock_monotonic_ms() + WAIT_FOR_NUMBER_MS;
		has_come = false;
		if (r == 0 && all->left > 0 && clock_monotonic_ms() > deadline_ms)
			r = is_late(all, err);
	}
	return r;
}

/* Claims the partition, and finds the offset from which to read. */
static int claim(struct stream *stream, struct restore *restore, struct err *err)
{
	struct partition *partition = restore->partition;
	char found[INDEX_CHECKPOINT_BYTES];
	int64_t offset, wall_ms;
	uint64_t number;
	bool older;
	int r;

	index_checkpoint_restoring(restore->token, stream_random(stream));
	for (int tries = 0; tries < CLAIM_TRIES; tries++) {
		index_ask_checkpoint(stream->writer, partition->id);
		if (index_take_checkpoint(stream->writer, partition->id, found, err) < 0)
			return -1;
		older = index_checkpoint_read(found, &number, &offset, &wall_ms) && offset >= 0 &&
			number > 0 && number < partition->number && clock_wall_ms() >= wall_ms &&
			clock_wall_ms() - wall_ms < TRUST_MS;
		restore->from = older ? offset : 0;
		restore->replaces = *found;
		r = index_claim(stream->writer, partition->id, found, restore->token, !older, err);
		if (r != 0)
			return r < 0 ? -1 : 0;
	}
	return err_environment(err, "restore: cannot take hold of partition %d",
			       (int)partition->id);
}

int stream_open_changelog(struct stream *stream, struct err *err)
{
	const struct common_config *config = stream->options.config;

	if (stream->changelog)
		return 0;
	return changelog_open(&stream->changelog, config->brokers,
			      arena_printf(&stream->names, "%srestore", config->topic_prefix),
			      stream->outputs[stream->changelog_output], err);
}

/* Claims all of them, and begins to read. */
static int begin(struct restores *all, struct err *err)
{
	struct stream *stream = all->stream;
	struct changelog_start *starts =
	    arena_alloc(&stream->arena, (size_t)stream->partition_count * sizeof(*starts));
	size_t count = 0;
	int64_t first, offset;

	for (int32_t p = 0; p < stream->partition_count; p++) {
		struct restore *restore = all->by_partition[p];

		if (!restore)
			continue;
		if (claim(stream, restore, err) < 0 ||
		    changelog_bounds(stream->changelog, p, &first, &restore->end, err) < 0)
			return -1;
		offset = restore->from < first ? first : restore->from;
		starts[count++] = (struct changelog_start){
		    .partition = p, .offset = offset < restore->end ? offset : restore->end};
	}
	return changelog_read(stream->changelog, starts, count, err);
}

static int run(struct restores *all, struct err *err)
{
	struct stream *stream = all->stream;
	struct err ignored;

	if (stream_open_changelog(stream, err) < 0)
		return -1;
	if (begin(all, err) == 0 && read_changelog(all, err) == 0 &&
	    restore_hear_all(&all->writes, err) == 0)
		return changelog_read(stream->changelog, NULL, 0, err);
	index_reset(stream->writer); /* answers may be under way */
	(void)changelog_read(stream->changelog, NULL, 0, &ignored);
	return -1;
}

static void open_restores(struct restores *all)
{
	struct stream *stream = all->stream;

	all->by_partition = calloc((size_t)stream->partition_count, sizeof(struct restore *));
	if (!all->by_partition)
		abort();
	for (int32_t p = 0; p < stream->partition_count; p++) {
		struct partition *partition = &stream->partitions[p];

		if (!partition->assigned || partition->index_valid)
			continue;
		all->by_partition[p] = calloc(1, sizeof(struct restore));
		if (!all->by_partition[p])
			abort();
		all->by_partition[p]->partition = partition;
		all->by_partition[p]->slice.most = stream->restore_slice;
		all->left++;
	}
}

/* Says what came of it, and frees it. */
static void close_restores(struct restores *all, Nurture__V1__PartitionCheckpoint **checkpoints)
{
	struct stream *stream = all->stream;

	for (int32_t p = 0; p < stream->partition_count; p++) {
		struct restore *restore = all->by_partition[p];

		if (!restore)
			continue;
		if (checkpoints && restore->checkpoint)
			checkpoints[p] = unpack(&stream->arena, restore->checkpoint_bytes);
		metric_add(stream->metrics.restored, restore->records);
		/* Tries that failed are no restores: they are counted when Redis is there again. */
		metric_add(stream->metrics.restores, restore->partition->index_valid);
		if (restore->partition->index_valid)
			log_event(LOG_LEVEL_INFO, "restored", "partition", log_number(p), "from",
				  restore->from ? "older_index" : "nothing", "records",
				  log_number(restore->records), "batch",
				  log_number((int64_t)restore->partition->number), NULL);
		restore_slice_free(&restore->slice);
		arena_free(&restore->arena);
		free(restore);
	}
	free(all->by_partition);
}

int stream_restore(struct stream *stream, Nurture__V1__PartitionCheckpoint **checkpoints,
		   struct err *err)
{
	struct restores all = {.stream = stream, .writes.stream = stream};
	int r = 0;

	open_restores(&all);
	if (all.left > 0)
		r = run(&all, err);
	close_restores(&all, checkpoints);
	return r;
}
