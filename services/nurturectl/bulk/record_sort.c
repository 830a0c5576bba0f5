/* record_sort.c - see record_sort.h. */
#include "record_sort.h"

#include <stdlib.h>

#include "record_run.h"

enum {
	RUNS_MAX = 128, /* that are read side by side; more are merged into one first */
	RUN_BUFFER_BYTES_MIN = 16 << 10,
	WRITE_BYTES = 1 << 20,
	RECORD_POINTER_BYTES = sizeof(char *),
};

struct record_sort {
	size_t memory_bytes;
	/* Records that are in no run yet. */
	char *block;
	size_t room, used;
	char **records; /* sorted once it is read */
	size_t count, records_room, at;
	/* Those that are. */
	struct temp_file file;
	struct record_run runs[RUNS_MAX];
	size_t run_count;
	struct record_run *heap[RUNS_MAX]; /* the run with the least record first */
	size_t heap_count;
	bool first_is_out; /* the first of the heap has given out its record */
	struct {
		char *bytes;
		size_t used;
	} out;
};

struct record_sort *record_sort_open(size_t memory_bytes)
{
	struct record_sort *sort = calloc(1, sizeof(*sort));

	if (!sort)
		abort();
	sort->memory_bytes = memory_bytes;
	sort->file.fd = -1;
	return sort;
}

static void *resized(void *bytes, size_t size)
{
	bytes = realloc(bytes, size);
	if (!bytes)
		abort();
	return bytes;
}

static int flush_out(struct record_sort *sort, struct temp_file *file, struct err *err)
{
	int r = temp_file_add(file, slice_of(sort->out.bytes, sort->out.used), err);

	sort->out.used = 0;
	return r;
}

static int put_out(struct record_sort *sort, struct temp_file *file, const struct record *record,
		   struct err *err)
{
	size_t bytes = record_bytes(record->key.len, record->value.len);

	if (sort->out.used + bytes > WRITE_BYTES && flush_out(sort, file, err) < 0)
		return -1;
	if (bytes > WRITE_BYTES || !sort->out.bytes)
		sort->out.bytes =
		    resized(sort->out.bytes, bytes > WRITE_BYTES ? bytes : WRITE_BYTES);
	record_write(sort->out.bytes + sort->out.used, record->key, record->value);
	sort->out.used += bytes;
	return 0;
}

static int compare_pointers(const void *a, const void *b)
{
	struct record x = record_at(*(char *const *)a), y = record_at(*(char *const *)b);

	return record_compare(&x, &y);
}

static void sort_block(struct record_sort *sort)
{
	if (sort->count)
		qsort(sort->records, sort->count, sizeof(*sort->records), compare_pointers);
}

/* All runs into one, in a file of its own. */
static int merge_runs(struct record_sort *sort, struct err *err)
{
	struct temp_file merged;
	struct record record;
	int r;

	if (temp_file_open(&merged, err) < 0)
		return -1;
	r = record_sort_rewind(sort, err);
	while (r == 0 && (r = record_sort_next(sort, &record, err)) > 0)
		r = put_out(sort, &merged, &record, err);
	if (r == 0)
		r = flush_out(sort, &merged, err);
	if (r < 0) {
		temp_file_close(&merged);
		return -1;
	}
	for (size_t i = 0; i < sort->run_count; i++)
		record_run_free(&sort->runs[i]);
	temp_file_close(&sort->file);
	sort->file = merged;
	sort->runs[0] = (struct record_run){.end = merged.bytes};
	sort->run_count = 1;
	return 0;
}

/* What is in memory becomes a run. */
static int spill(struct record_sort *sort, struct err *err)
{
	uint64_t begin;

	if (sort->file.fd < 0 && temp_file_open(&sort->file, err) < 0)
		return -1;
	begin = sort->file.bytes;
	sort_block(sort);
	for (size_t i = 0; i < sort->count; i++) {
		struct record record = record_at(sort->records[i]);

		if (put_out(sort, &sort->file, &record, err) < 0)
			return -1;
	}
	if (flush_out(sort, &sort->file, err) < 0)
		return -1;
	sort->runs[sort->run_count++] =
	    (struct record_run){.begin = begin, .end = sort->file.bytes};
	sort->count = sort->used = 0;
	return sort->run_count == RUNS_MAX ? merge_runs(sort, err) : 0;
}

/* Room for a record in the block, whose records must not move. */
static int make_room(struct record_sort *sort, size_t bytes, struct err *err)
{
	size_t taken = sort->used + sort->count * RECORD_POINTER_BYTES;

	if (sort->count &&
	    (taken + bytes > sort->memory_bytes || sort->used + bytes > sort->room) &&
	    spill(sort, err) < 0)
		return -1;
	if (sort->used + bytes > sort->room) {
		free(sort->block);
		sort->room = bytes > sort->memory_bytes ? bytes : sort->memory_bytes;
		sort->block = resized(NULL, sort->room);
	}
	if (sort->count == sort->records_room) {
		sort->records_room = sort->records_room ? sort->records_room * 2 : 1024;
		sort->records = resized(sort->records, sort->records_room * sizeof(*sort->records));
	}
	return 0;
}

int record_sort_add(struct record_sort *sort, struct slice key, struct slice value, struct err *err)
{
	size_t bytes = record_bytes(key.len, value.len);

	if (make_room(sort, bytes, err) < 0)
		return -1;
	sort->records[sort->count] = sort->block + sort->used;
	record_write(sort->records[sort->count++], key, value);
	sort->used += bytes;
	return 0;
}

/* Lets the run at a place of the heap sink to where it belongs. */
static void sift_down(struct record_sort *sort, size_t at)
{
	struct record_run **heap = sort->heap, *run = heap[at];

	for (;;) {
		size_t least = at * 2 + 1;

		if (least >= sort->heap_count)
			break;
		if (least + 1 < sort->heap_count &&
		    record_compare(&heap[least + 1]->record, &heap[least]->record) < 0)
			least++;
		if (record_compare(&run->record, &heap[least]->record) <= 0)
			break;
		heap[at] = heap[least];
		at = least;
	}
	heap[at] = run;
}

static int begin_runs(struct record_sort *sort, struct err *err)
{
	size_t room = sort->memory_bytes / sort->run_count;

	if (room < RUN_BUFFER_BYTES_MIN)
		room = RUN_BUFFER_BYTES_MIN;
	if (room > WRITE_BYTES)
		room = WRITE_BYTES;
	sort->heap_count = 0;
	for (size_t i = 0; i < sort->run_count; i++) {
		int r = record_run_begin(&sort->runs[i], &sort->file, room, err);

		if (r < 0)
			return -1;
		if (r > 0)
			sort->heap[sort->heap_count++] = &sort->runs[i];
	}
	for (size_t at = sort->heap_count; at-- > 0;)
		sift_down(sort, at);
	sort->first_is_out = false;
	return 0;
}

int record_sort_rewind(struct record_sort *sort, struct err *err)
{
	if (sort->run_count > 0 && sort->count > 0 && spill(sort, err) < 0)
		return -1;
	sort->at = 0;
	if (sort->run_count == 0) {
		sort_block(sort);
		return 0;
	}
	free(sort->block);
	free(sort->records);
	sort->block = NULL;
	sort->records = NULL;
	sort->room = sort->records_room = 0;
	return begin_runs(sort, err);
}

/* The record that was given out makes room for the next one of its run. */
static int advance_first(struct record_sort *sort, struct err *err)
{
	int r = record_run_next(sort->heap[0], &sort->file, err);

	if (r < 0)
		return -1;
	if (r == 0)
		sort->heap[0] = sort->heap[--sort->heap_count];
	if (sort->heap_count > 0)
		sift_down(sort, 0);
	return 0;
}

int record_sort_next(struct record_sort *sort, struct record *ret, struct err *err)
{
	if (sort->run_count == 0) {
		if (sort->at == sort->count)
			return 0;
		*ret = record_at(sort->records[sort->at++]);
		return 1;
	}
	if (sort->first_is_out && advance_first(sort, err) < 0)
		return -1;
	sort->first_is_out = sort->heap_count > 0;
	if (sort->heap_count == 0)
		return 0;
	*ret = sort->heap[0]->record;
	return 1;
}

void record_sort_close(struct record_sort *sort)
{
	if (!sort)
		return;
	for (size_t i = 0; i < sort->run_count; i++)
		record_run_free(&sort->runs[i]);
	temp_file_close(&sort->file);
	free(sort->block);
	free(sort->records);
	free(sort->out.bytes);
	free(sort);
}
