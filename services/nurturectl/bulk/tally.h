/*
 * tally.h - how often each number came, of several groups, in the order of the numbers.
 *
 * For exact quantiles of more numbers than fit into memory: the same numbers come again and again
 * (most messages wait no time at all), so what is kept is each one's count, and only of very many
 * different ones does something go to the disk.
 */
#ifndef NURTURE_NURTURECTL_BULK_TALLY_H
#define NURTURE_NURTURECTL_BULK_TALLY_H

#include <stdint.h>

#include "record_sort.h"

struct tally_entry {
	int64_t number;
	uint32_t group;
	uint64_t count; /* not 0 */
};

/* A zeroed one is empty. */
struct tally {
	struct tally_entry *entries; /* by hash; open addressing, at most half full */
	size_t room, used;
	struct record_sort *sort;
};

/* One more of that number, which is not negative. -1: the disk does not take it. */
int tally_add(struct tally *tally, uint32_t group, int64_t number, struct err *err);
/* Goes to the least number; nothing can be added any more. */
int tally_rewind(struct tally *tally, struct err *err);
/* 1: the next one, by number. One number of a group may come in several parts. 0: the end. */
int tally_next(struct tally *tally, struct tally_entry *ret, struct err *err);
void tally_free(struct tally *tally);

#endif
