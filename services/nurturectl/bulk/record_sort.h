/*
 * record_sort.h - records in the order of their keys, more of them than fit into memory; the
 * room's door.
 *
 * The room bulk/ is for what grows with a file of orders.  This is the external merge sort of
 * Knuth, "The Art of Computer Programming" 3, 5.4 (and of GNU sort): records fill a piece of
 * memory, are sorted there and go to a temporary file (temp_file.h) as a run; runs are read side by
 * side through a heap.  What fits into memory never touches the disk.
 */
#ifndef NURTURE_NURTURECTL_BULK_RECORD_SORT_H
#define NURTURE_NURTURECTL_BULK_RECORD_SORT_H

#include <stddef.h>

#include "common/base/err.h"
#include "common/base/slice.h"

struct record {
	struct slice key, value;
};

struct record_sort;

/* memory_bytes is what it may take for records, while it is filled and while it is read. */
struct record_sort *record_sort_open(size_t memory_bytes);
/*
 * Adds a copy.  Keys are compared byte by byte, and a key that another one begins with comes first;
 * records of one key come in no order.  -1: the disk does not take it, as in temp_file.h.
 */
int record_sort_add(struct record_sort *sort, struct slice key, struct slice value,
		    struct err *err);
/* Goes to the first record; as often as you like, but nothing can be added after the first time. */
int record_sort_rewind(struct record_sort *sort, struct err *err);
/* 1: the next record, which lives until the next call. 0: there is none. */
int record_sort_next(struct record_sort *sort, struct record *ret, struct err *err);
void record_sort_close(struct record_sort *sort); /* NULL: nothing */

#endif
