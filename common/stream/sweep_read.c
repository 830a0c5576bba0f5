/*
 * sweep_read.c - whom a new version of the service concerns: reads their names from the index, and
 * says whose turn it is.
 */
#include "stream_internal.h"

/* Returns the sweep's time: in event time the last instant that is decided. */
int64_t stream_sweep_now(const struct stream *stream, const struct partition *partition)
{
	if (!stream->event_time)
		return stream->now_ms;
	return partition->clock_ms > partition->decided_ms ? partition->clock_ms
							   : partition->decided_ms;
}

/* How many names each partition may hold. */
static size_t names_share(const struct stream *stream)
{
	size_t share = stream->sweep_names / (size_t)(stream->assigned > 0 ? stream->assigned : 1);

	return share > 0 ? share : 1;
}

static int list_page(struct stream *stream, struct partition *partition, struct err *err)
{
	struct sweep *sweep = &partition->sweep;
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	struct slice *names;
	size_t count;

	if (index_list(stream->index, partition->id, sweep->cursor, &stream->arena, &names, &count,
		       checkpoint, err) < 0)
		return -1;
	partition->index_valid = strcmp(checkpoint, partition->checkpoint) == 0;
	for (size_t i = 0; i < count; i++)
		sweep_list(sweep, names[i]);
	return 0;
}

/*
 * Lists names, some pages before each batch.  When the checkpoint is another one meanwhile, some
 * names may be missing: the partition is restored, and listed again.
 */
int stream_sweep_list(struct stream *stream, struct partition *partition, struct err *err)
{
	struct sweep *sweep = &partition->sweep;
	bool has_ended = false;

	if (sweep->checkpoint.left == 0 || sweep->listed)
		return 0;
	if (!*sweep->cursor) {
		sweep_list_begin(sweep, names_share(stream));
		memcpy(sweep->cursor, "0", sizeof("0"));
	}
	for (int page = 0; page < SWEEP_PAGES && partition->index_valid && !has_ended; page++) {
		if (list_page(stream, partition, err) < 0) {
			sweep_unlist(sweep);
			return -1;
		}
		has_ended = strcmp(sweep->cursor, "0") == 0;
	}
	if (!partition->index_valid)
		sweep_unlist(sweep);
	else if (has_ended)
		sweep_list_end(sweep);
	return 0;
}

bool stream_sweep_choose(struct stream *stream, struct partition *partition, size_t max)
{
	struct sweep *sweep = &partition->sweep;
	bool any = sweep_take(sweep, stream->event_time, stream->now_ms, max);

	if (sweep->taken >= max || (any && stream->event_time) ||
	    (sweep->checkpoint.left > 0 && !sweep->listed))
		stream->full = true;
	return any;
}
