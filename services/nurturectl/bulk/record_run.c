/* record_run.c - see record_run.h. */
#include "record_run.h"

#include <stdlib.h>
#include <string.h>

void record_write(char *to, struct slice key, struct slice value)
{
	const uint32_t lengths[2] = {(uint32_t)key.len, (uint32_t)value.len};

	memcpy(to, lengths, RECORD_HEAD_BYTES);
	memcpy(to + RECORD_HEAD_BYTES, key.bytes, key.len);
	if (value.len)
		memcpy(to + RECORD_HEAD_BYTES + key.len, value.bytes, value.len);
}

struct record record_at(const char *bytes)
{
	uint32_t lengths[2];

	memcpy(lengths, bytes, RECORD_HEAD_BYTES);
	bytes += RECORD_HEAD_BYTES;
	return (struct record){slice_of(bytes, lengths[0]),
			       slice_of(bytes + lengths[0], lengths[1])};
}

int record_compare(const struct record *a, const struct record *b)
{
	size_t shorter = a->key.len < b->key.len ? a->key.len : b->key.len;
	int order = memcmp(a->key.bytes, b->key.bytes, shorter);

	return order ? order : (a->key.len > b->key.len) - (a->key.len < b->key.len);
}

/* Makes so many bytes stand in the buffer, from `from` on. */
static int fill(struct record_run *run, const struct temp_file *file, size_t wanted,
		struct err *err)
{
	size_t len;

	if (run->to - run->from >= wanted)
		return 0;
	memmove(run->buffer, run->buffer + run->from, run->to - run->from);
	run->to -= run->from;
	run->from = 0;
	if (wanted > run->room) {
		run->room = wanted;
		run->buffer = realloc(run->buffer, run->room);
		if (!run->buffer)
			abort();
	}
	len = run->room - run->to;
	if (len > run->end - run->at)
		len = (size_t)(run->end - run->at);
	if (temp_file_read(file, run->at, run->buffer + run->to, len, &len, err) < 0)
		return -1;
	run->at += len;
	run->to += len;
	return run->to >= wanted ? 0 : err_environment(err, "a temporary file ends too early");
}

int record_run_next(struct record_run *run, const struct temp_file *file, struct err *err)
{
	size_t bytes;

	if (run->from == run->to && run->at == run->end)
		return 0;
	if (fill(run, file, RECORD_HEAD_BYTES, err) < 0)
		return -1;
	run->record = record_at(run->buffer + run->from);
	bytes = record_bytes(run->record.key.len, run->record.value.len);
	if (fill(run, file, bytes, err) < 0)
		return -1;
	run->record = record_at(run->buffer + run->from);
	run->from += bytes;
	return 1;
}

int record_run_begin(struct record_run *run, const struct temp_file *file, size_t room,
		     struct err *err)
{
	record_run_free(run);
	run->at = run->begin;
	run->from = run->to = 0;
	run->room = room;
	run->buffer = malloc(room);
	if (!run->buffer)
		abort();
	return record_run_next(run, file, err);
}

void record_run_free(struct record_run *run)
{
	free(run->buffer);
	run->buffer = NULL;
}
