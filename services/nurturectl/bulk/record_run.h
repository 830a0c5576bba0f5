/* record_run.h - one sorted run of records in a file, read from the front; record_sort.c's. */
#ifndef NURTURE_NURTURECTL_BULK_RECORD_RUN_H
#define NURTURE_NURTURECTL_BULK_RECORD_RUN_H

#include <stdbool.h>

#include "record_sort.h"
#include "temp_file.h"

/* A record as it stands in memory and in a run: both lengths, the key, the value. */
enum { RECORD_HEAD_BYTES = 2 * sizeof(uint32_t) };
static inline size_t record_bytes(size_t key_bytes, size_t value_bytes)
{
	return RECORD_HEAD_BYTES + key_bytes + value_bytes;
}
void record_write(char *to, struct slice key, struct slice value);
struct record record_at(const char *bytes);
int record_compare(const struct record *a, const struct record *b);

struct record_run {
	uint64_t begin, end; /* in the file */
	uint64_t at;         /* of what is not in the buffer yet */
	char *buffer;
	size_t room, from, to; /* from..to of the buffer is read and not given out */
	struct record record;  /* the one that it stands at */
};

/* Goes to the first record; the buffer is made with so many bytes.  Returns as record_run_next(). */
int record_run_begin(struct record_run *run, const struct temp_file *file, size_t room,
		     struct err *err);
/* 1: run->record is the next one, until the next call.  0: the run has ended. */
int record_run_next(struct record_run *run, const struct temp_file *file, struct err *err);
void record_run_free(struct record_run *run);

#endif
