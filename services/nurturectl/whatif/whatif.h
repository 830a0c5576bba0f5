/*
 * whatif.h - the same orders under two policies: the numbers.  Pure.
 *
 * Who would hear more and who less, which programme gains and which loses,
 * which rule holds back how much, who makes whom wait and how long, and what
 * it means for each customer.  Everything is counted from the two outcome tables.
 */
#ifndef NURTURE_NURTURECTL_WHATIF_WHATIF_H
#define NURTURE_NURTURECTL_WHATIF_WHATIF_H

#include "services/nurturectl/outcomes/outcome_table.h"
#include "common/policy/policy.h"
#include "services/nurturectl/outcomes/names.h"
#include "services/nurturectl/sim/orders.h"

enum {
	WHATIF_SIDES = 2,
	WHATIF_BUSY = 12,     /* people by the most they heard in 30 days: 0, 1, ... 10, more */
	WHATIF_WAITS = 6,     /* at once, within 1, 3, 7, 14 days, longer */
	WHATIF_CHANGES = 9,   /* people by change: -10 or less, -9 to -5, -4 to -2, -1, 0, ... */
	WHATIF_QUANTILES = 5, /* 10 %, 50 %, 90 %, 99 %, highest */
	WHATIF_PEOPLE = 5000, /* that are kept, of all who were counted */
	WHATIF_LIVES = 5,     /* of them: whose lives are drawn */
};

struct whatif_side_input {
	const struct policy *policy;
	const struct outcome_table *table;
	const char *name; /* NULL: the policy's file */
};

struct whatif_input {
	struct whatif_side_input sides[WHATIF_SIDES];
	const struct orders *orders; /* all of them; their counts, and what the file did not say */
	const struct orders *lives;  /* by customer: of those whose lives are drawn */
	int64_t until_ms;
	const char *orders_file;
	const char *outcomes_file; /* the first side's, from the real system; or NULL */
};

/* One programme, or all of them, under one policy. Every number is one of requests. */
struct whatif_counts {
	size_t wanted, said, tasks, unsaid, waiting, held; /* said: as a part of a mail, too */
	size_t by_status[STATUS_COUNT];                    /* DEFERRED: those that wait */
	size_t waits[WHATIF_WAITS];                        /* said, by the time from due to sent */
	int64_t wait_quantiles_ms[WHATIF_QUANTILES]; /* of the same; 0 when nothing was said */
};

struct whatif_programme {
	const char *name;
	struct whatif_counts sides[WHATIF_SIDES];
};

struct whatif_rule {
	const char *name;
	struct {
		size_t requests, later, ended, waiting; /* those it held back; what came of them */
	} sides[WHATIF_SIDES];
};

/* One customer under one policy. */
struct whatif_life {
	uint32_t mails, most_7d, most_30d, displaced, unsaid, held;
	int64_t longest_ms;         /* the longest time that a message waited and was then sent */
	uint32_t longest_programme; /* index into the table's; OUTCOME_TABLE_NONE */
};

struct whatif_person {
	const char *id;
	uint32_t orders;
	struct whatif_life sides[WHATIF_SIDES];
	uint32_t distance; /* messages that only one side says, programme by programme */
	bool other_times;  /* the same messages, but not at the same times */
};

struct whatif_side {
	/* what people call it: its file, with its hash where both files have the same name */
	const char *name;
	struct whatif_counts all;
	size_t mails, heard; /* heard: customers with at least one */
	size_t most_7d, most_30d;
	const char *who_7d, *who_30d; /* NULL: nobody heard anything */
	size_t busy[WHATIF_BUSY];
	int64_t mails_quantiles[WHATIF_QUANTILES], most_30d_quantiles[WHATIF_QUANTILES];
	/* mails per 30 days since the first order, in hundredths */
	int64_t rate_quantiles[WHATIF_QUANTILES];
};

enum whatif_story_kind {
	WHATIF_MOST_SENDS,
	WHATIF_MOST_DISPLACED,
	WHATIF_LONGEST_WAIT,
	WHATIF_STORIES
};

struct whatif {
	const struct whatif_input *input;
	struct whatif_side sides[WHATIF_SIDES];
	struct names names; /* the programmes of both */
	struct whatif_programme *programmes;
	size_t programme_count;
	struct whatif_rule *rules; /* the one that holds back most comes first */
	size_t rule_count;
	struct {
		size_t requests, displaced;
	} *matrix[WHATIF_SIDES];      /* [winner * programme_count + loser] */
	struct whatif_person *people; /* the most different come first; up to WHATIF_PEOPLE */
	size_t person_count;          /* of all */
	size_t more, fewer, other_messages, other_times, same; /* people */
	size_t changes[WHATIF_CHANGES];
	const struct whatif_person *worst[WHATIF_SIDES][WHATIF_STORIES]; /* NULL: nobody */
	char names_text[WHATIF_SIDES][96];
	struct whatif_counting *counting; /* private */
};

/*
 * Counts some customers after the other, in their byte order: begin, then add as often as there are
 * shares of the orders, each time with these customers' rows in the tables of the input, then end.
 * ret borrows the input; the caller frees it by whatif_free(), whatever was returned.  -1: there were
 * more customers than fit into memory, and the disk does not take them.
 */
void whatif_begin(const struct whatif_input *input, struct whatif *ret);
int whatif_add(struct whatif *whatif, const struct orders *share, struct err *err);
int whatif_end(struct whatif *whatif, struct err *err);
/* The same at once, of input->lives, which are all. */
int whatif_count(const struct whatif_input *input, struct whatif *ret, struct err *err);
void whatif_free(struct whatif *whatif);

/* Whose lives are drawn, each once; their rows must be in the tables when the page is made. */
enum { WHATIF_DRAWN_MAX = WHATIF_LIVES + WHATIF_SIDES * WHATIF_STORIES };
size_t whatif_drawn(const struct whatif *whatif, const char *ret[WHATIF_DRAWN_MAX]);

#endif
