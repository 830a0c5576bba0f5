/* whatif_internal.h - what the whatif*.c files share. */
#ifndef NURTURE_NURTURECTL_WHATIF_WHATIF_INTERNAL_H
#define NURTURE_NURTURECTL_WHATIF_WHATIF_INTERNAL_H

#include "services/nurturectl/bulk/tally.h"
#include "whatif.h"

enum { WHATIF_WORST = WHATIF_STORIES }; /* candidates: none is told twice, so there are enough */

/* Numbers of each customer, for quantiles: a group of the tally. */
enum { WHATIF_MAILS, WHATIF_MOST_30D, WHATIF_RATE, WHATIF_NUMBERS };

/* What counting needs until it ends. */
struct whatif_counting {
	size_t programme_room, rule_room;
	/* A table's programme or rule -> the comparison's, by their places so far. */
	size_t *programmes[WHATIF_SIDES], *rules[WHATIF_SIDES];
	struct tally waits[WHATIF_SIDES]; /* of what was said, by programme */
	struct tally lives[WHATIF_SIDES];
	struct record_sort *people; /* the most different first */
	struct whatif_person worst[WHATIF_SIDES][WHATIF_STORIES]
				  [WHATIF_WORST]; /* the worst first */
	struct arena ids;                         /* of whoever is named */
	int32_t *said;  /* by programme: the second side's less the first's */
	int64_t *times; /* of one customer's mails */
	size_t times_room;
	size_t next[WHATIF_SIDES]; /* customer of the table; both go by customer, as orders do */
};

/* Allocates room that is all zero. */
void *whatif_room(size_t count, size_t size);

/* Takes quantiles of numbers that come in order: each is the least that so many are not above. */
struct whatif_quantiles {
	uint64_t count, seen;
	int taken;
	int64_t *ret;
};
struct whatif_quantiles whatif_quantiles_begin(uint64_t count, int64_t ret[WHATIF_QUANTILES]);
void whatif_quantiles_add(struct whatif_quantiles *quantiles, int64_t number, uint64_t count);

/* How long what was said had waited, of each programme and of all. */
int whatif_take_waits(struct whatif *whatif, unsigned side, struct err *err);

/* whatif_people.c: everything about persons. */
int whatif_add_people(struct whatif *whatif, const struct orders *share, struct err *err);
int whatif_end_people(struct whatif *whatif, struct err *err);

#endif
