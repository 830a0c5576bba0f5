/*
 * restore.c - from the changelog back into the index.
 *
 * A restore claims the partition by setting the checkpoint to a token of its own;
 * every slice it writes is a compare-and-set on that token.  So a restorer
 * that was stopped in the middle and wakes up after another has taken over
 * writes nothing.  It ends when the number that the offsets name has gone by:
 * "the end" would not do, because a transaction's markers reach the offsets
 * and the changelog at different moments.
 */
#include <stdlib.h>

#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "checkpoint.h"
#include "stream_internal.h"

enum {
	SLICE = 1000,
	SLICE_TABLE = 4096,
	CLAIM_TRIES = 20,
	WAIT_FOR_NUMBER_MS = 90000, /* longer than a transaction can stay open */
};
/* An index older than this may have missed tombstones that are compacted away by now. */
static const int64_t TRUST_MS = 6 * DAY_MS;

struct restore {
	struct stream *stream;
	struct partition *partition;
	char token[INDEX_CHECKPOINT_BYTES];
	struct arena arena; /* of the slice */
	struct index_change changes[SLICE];
	uint16_t table[SLICE_TABLE]; /* 1 + place in changes, by customer */
	size_t count;
	bool replaces; /* there was an index, which may hold persons who were forgotten meanwhile */
	int64_t records;
	int64_t end; /* for number 0, the changelog is read up to here */
	Nurture__V1__PartitionCheckpoint *checkpoint;
	int64_t checkpoint_offset;
};

static int flush(struct restore *restore, const char *next, bool forgets, struct err *err)
{
	struct partition *partition = restore->partition;
	int64_t due_ms;
	int r;

	index_ask_write(restore->stream->writer, partition->id, restore->token, next,
			restore->changes, restore->count, forgets);
	r = index_take_write(restore->stream->writer, partition->id, &due_ms, err);
	if (r < 0)
		return -1;
	stream_redis_answered(restore->stream);
	if (r == 0)
		return err_environment(err, "restore of %s partition %d: another one took over",
				       restore->stream->options.service, (int)partition->id);
	partition->next_due_ms = due_ms;
	restore->count = 0;
	memset(restore->table, 0, sizeof(restore->table));
	arena_reset(&restore->arena);
	return 0;
}

/* The customer's place in the slice: a later record replaces an earlier one. */
static struct index_change *place(struct restore *restore, struct slice customer)
{
	size_t at = hash64(customer) % SLICE_TABLE;

	for (; restore->table[at]; at = (at + 1) % SLICE_TABLE)
		if (slice_equal(restore->changes[restore->table[at] - 1].customer, customer))
			return &restore->changes[restore->table[at] - 1];
	restore->table[at] = (uint16_t)++restore->count;
	restore->changes[restore->count - 1].customer =
	    slice_of(arena_copy(&restore->arena, customer.bytes, customer.len), customer.len);
	return &restore->changes[restore->count - 1];
}

static int apply(struct restore *restore, const struct changelog_record *record, struct err *err)
{
	struct index_change *change = place(restore, record->key);

	change->state = slice_of(
	    arena_copy(&restore->arena, record->value.bytes, record->value.len), record->value.len);
	change->due_ms = record->due_ms;
	change->due_changed = true;
	restore->records++;
	return restore->count == SLICE ? flush(restore, restore->token, false, err) : 0;
}

static int read_checkpoint(struct restore *restore, const struct changelog_record *record,
			   struct err *err)
{
	ProtobufCAllocator allocator = arena_protobuf(&restore->stream->arena);
	Nurture__V1__PartitionCheckpoint *checkpoint = nurture__v1__partition_checkpoint__unpack(
	    &allocator, record->value.len, record->value.bytes);

	if (!checkpoint)
		return err_environment(err,
				       "restore: the checkpoint at offset %lld is not readable",
				       (long long)record->offset);
	restore->checkpoint = checkpoint;
	restore->checkpoint_offset = record->offset;
	return 0;
}

static bool finished(const struct restore *restore, struct changelog *changelog)
{
	uint64_t number = restore->partition->number;

	if (number == 0)
		return changelog_position(changelog) >= restore->end;
	return restore->checkpoint && restore->checkpoint->number >= number;
}

static int read_changelog(struct restore *restore, int64_t from, struct err *err)
{
	struct changelog *changelog = restore->stream->changelog;
	int64_t deadline_ms = clock_monotonic_ms() + WAIT_FOR_NUMBER_MS, first;
	struct changelog_record record;
	int r;

	if (changelog_bounds(changelog, restore->partition->id, &first, &restore->end, err) < 0 ||
	    changelog_seek(changelog, restore->partition->id, from, err) < 0)
		return -1;
	while (!finished(restore, changelog)) {
		if ((r = changelog_next(changelog, 100, &record, err)) < 0)
			return -1;
		if (r == 1)
			r = slice_equal(record.key, checkpoint_key())
				? read_checkpoint(restore, &record, err)
				: apply(restore, &record, err);
		else if (clock_monotonic_ms() > deadline_ms)
			r = err_environment(
			    err, "restore of %s partition %d: batch %llu does not come",
			    restore->stream->options.service, (int)restore->partition->id,
			    (unsigned long long)restore->partition->number);
		if (r < 0)
			return -1;
	}
	return 0;
}

/* Claims the partition; *ret_from is the offset from which to read. */
static int claim(struct restore *restore, int64_t *ret_from, struct err *err)
{
	struct index *index = restore->stream->writer;
	struct partition *partition = restore->partition;
	char found[INDEX_CHECKPOINT_BYTES];
	int64_t offset, wall_ms;
	uint64_t number;
	bool older;
	int r;

	for (int tries = 0; tries < CLAIM_TRIES; tries++) {
		index_ask_checkpoint(index, partition->id);
		if (index_take_checkpoint(index, partition->id, found, err) < 0)
			return -1;
		older = index_checkpoint_read(found, &number, &offset, &wall_ms) && offset >= 0 &&
			number > 0 && number < partition->number && clock_wall_ms() >= wall_ms &&
			clock_wall_ms() - wall_ms < TRUST_MS;
		*ret_from = older ? offset : 0;
		restore->replaces = *found;
		r = index_claim(index, partition->id, found, restore->token, !older, err);
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

static int run(struct restore *restore, struct err *err)
{
	struct stream *stream = restore->stream;
	struct partition *partition = restore->partition;
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	struct version_checkpoint version;
	int64_t from;

	if (stream_open_changelog(stream, err) < 0)
		return -1;
	index_checkpoint_restoring(restore->token, stream_random(stream));
	if (claim(restore, &from, err) < 0 || read_changelog(restore, from, err) < 0)
		return -1;
	if (stream_check_checkpoint(stream, restore->checkpoint, err) < 0)
		return -1;
	if (restore->checkpoint) {
		partition->number = restore->checkpoint->number;
		partition->changelog_offset = restore->checkpoint_offset;
	}
	version = version_of(restore->checkpoint);
	index_checkpoint_write(checkpoint, partition->number, partition->changelog_offset,
			       clock_wall_ms(), &version);
	if (flush(restore, checkpoint, restore->replaces, err) < 0)
		return -1;
	memcpy(partition->checkpoint, checkpoint, sizeof(checkpoint));
	partition->index_valid = true;
	log_event(LOG_LEVEL_INFO, "restored", "partition", log_number(partition->id), "from",
		  from ? "older_index" : "nothing", "records", log_number(restore->records),
		  "batch", log_number((int64_t)partition->number), NULL);
	return 0;
}

int stream_restore(struct stream *stream, struct partition *partition,
		   Nurture__V1__PartitionCheckpoint **ret_checkpoint, struct err *err)
{
	struct restore *restore = calloc(1, sizeof(*restore));
	int r;

	if (!restore)
		abort();
	restore->stream = stream;
	restore->partition = partition;
	r = run(restore, err);
	*ret_checkpoint = restore->checkpoint;
	metric_add(stream->metrics.restores, 1);
	metric_add(stream->metrics.restored, restore->records);
	arena_free(&restore->arena);
	free(restore);
	return r;
}
