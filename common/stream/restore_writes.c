/* restore_writes.c - see restore_writes.h. */
#include "restore_writes.h"

#include "common/base/hash.h"

/* The customer's place in the slice: a later record replaces an earlier one. */
static struct index_change *place(struct restore_slice *slice, struct slice customer)
{
	size_t at = hash64(customer) % RESTORE_SLICE_TABLE;
	struct index_change *change;

	for (; slice->table[at]; at = (at + 1) % RESTORE_SLICE_TABLE) {
		change = &slice->changes[slice->table[at] - 1];
		if (slice_equal(change->customer, customer))
			return change;
	}
	change = &slice->changes[slice->count++];
	slice->table[at] = (uint16_t)slice->count;
	change->customer =
	    slice_of(arena_copy(&slice->arena, customer.bytes, customer.len), customer.len);
	return change;
}

void restore_slice_add(struct restore_slice *slice, const struct changelog_record *record)
{
	struct index_change *change = place(slice, record->key);

	slice->bytes += record->key.len + record->value.len;
	change->state = slice_of(arena_copy(&slice->arena, record->value.bytes, record->value.len),
				 record->value.len);
	change->due_ms = record->due_ms;
	change->was_ms = INDEX_DUE_UNKNOWN;
}

void restore_slice_free(struct restore_slice *slice)
{
	arena_free(&slice->arena);
}

static void empty(struct restore_slice *slice)
{
	slice->count = 0;
	slice->bytes = 0;
	memset(slice->table, 0, sizeof(slice->table));
	arena_reset(&slice->arena);
}

static int hear_first(struct restore_writes *writes, struct err *err)
{
	const struct restore_write *write = &writes->under_way[writes->first];
	struct partition *partition = write->partition;
	int64_t due_ms;
	int r = index_take_write(writes->stream->writer, partition->id, &due_ms, err);

	writes->first = (writes->first + 1) % RESTORE_UNDER_WAY;
	writes->count--;
	if (r < 0)
		return -1;
	stream_redis_answered(writes->stream);
	if (r == 0)
		return err_environment(err, "restore of %s partition %d: another one took over",
				       writes->stream->options.service, (int)partition->id);
	if (!*write->checkpoint)
		return 0;
	partition->next_due_ms = due_ms;
	memcpy(partition->checkpoint, write->checkpoint, sizeof(partition->checkpoint));
	partition->index_valid = true;
	return 0;
}

int restore_send(struct restore_writes *writes, struct partition *partition, const char *token,
		 const char *checkpoint, bool forgets, struct restore_slice *slice, struct err *err)
{
	struct restore_write *write;

	if (writes->count == RESTORE_UNDER_WAY && hear_first(writes, err) < 0)
		return -1;
	write = &writes->under_way[(writes->first + writes->count++) % RESTORE_UNDER_WAY];
	*write = (struct restore_write){.partition = partition};
	if (checkpoint)
		memcpy(write->checkpoint, checkpoint, sizeof(write->checkpoint));
	index_ask_write(writes->stream->writer, partition->id, token,
			checkpoint ? checkpoint : token, slice->changes, slice->count, forgets);
	index_send(writes->stream->writer);
	empty(slice);
	return 0;
}

int restore_hear_all(struct restore_writes *writes, struct err *err)
{
	while (writes->count > 0)
		if (hear_first(writes, err) < 0)
			return -1;
	return 0;
}
