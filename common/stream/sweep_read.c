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

/*
 * Lists all names, page by page.  When the checkpoint is another one at the end, some names may be
 * missing: the partition is restored, and listed again.
 */
int stream_sweep_list(struct stream *stream, struct partition *partition, struct err *err)
{
	struct sweep *sweep = &partition->sweep;
	char cursor[INDEX_CURSOR_BYTES] = "0", checkpoint[INDEX_CHECKPOINT_BYTES];
	struct slice *names;
	size_t count;

	if (sweep->checkpoint.left == 0 || sweep->listed)
		return 0;
	do {
		if (index_list(stream->index, partition->id, cursor, &stream->arena, &names, &count,
			       checkpoint, err) < 0)
			return -1;
		partition->index_valid = strcmp(checkpoint, partition->checkpoint) == 0;
		for (size_t i = 0; i < count; i++)
			sweep_list(sweep, names[i]);
	} while (partition->index_valid && strcmp(cursor, "0") != 0);
	if (partition->index_valid)
		sweep_list_end(sweep);
	else
		sweep_unlist(sweep);
	return 0;
}

bool stream_sweep_choose(struct stream *stream, struct partition *partition, size_t max)
{
	struct sweep *sweep = &partition->sweep;
	bool any = sweep_take(sweep, stream->event_time, stream->now_ms, max);

	if (sweep->taken >= max || (any && stream->event_time))
		stream->full = true;
	return any;
}
