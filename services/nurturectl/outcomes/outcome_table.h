/*
 * outcome_table.h - what became of every request, one row each: what reports count.
 * Pure.
 *
 * A row is folded from the outcomes of its request as they come: from the
 * structs of a simulation, or from what was read of the real system.
 */
#ifndef NURTURE_NURTURECTL_OUTCOMES_OUTCOME_TABLE_H
#define NURTURE_NURTURECTL_OUTCOMES_OUTCOME_TABLE_H

#include "common/message/outcome.h"
#include "names.h"
#include "outcomes.h"

enum { BOOK_RULES_MAX = 64 }; /* of more of them, the later ones are counted as the last */
#define BOOK_NOBODY UINT32_MAX

struct book_row {
	uint64_t request; /* hash64 of its id */
	int64_t first_ms; /* its first outcome: from then on it could be heard */
	int64_t last_ms;  /* its end, or its newest deferral */
	int64_t triggered_ms;
	uint64_t rules;     /* that held it back: a bit for each of book->rules */
	uint32_t programme; /* index into book->programmes */
	uint32_t winner;    /* programme that went first, at the newest deferral that names one */
	uint32_t deferrals;
	uint32_t first_rule; /* index into book->rules: of the first deferral, BOOK_NOBODY: none */
	int64_t count, limit, window_s; /* of the first deferral */
	const char *detail;             /* the same; the book's */
	enum status status;             /* how it ended; DEFERRED: it waits */
	uint16_t ends;                  /* 1 when the books are right */
	bool merged;                    /* it rode in another one's mail, and is none itself */
};

struct book_customer {
	const char *id;
	size_t first, count; /* rows */
};

/* How often one programme made another one wait. */
struct book_pair {
	uint32_t winner, loser; /* programmes */
	size_t requests;        /* each counted once */
	size_t displaced;       /* of them: until its time ran out */
};

struct book {
	struct book_row *rows; /* by customer, then by first_ms */
	size_t row_count;
	struct book_customer *customers; /* in byte order; without those who were never meant */
	size_t customer_count;
	struct names programmes, rules, details;
	const char **classes; /* of each programme: that of its first outcome */
	struct book_pair *pairs;
	size_t pair_count;
	/* private */
	size_t row_room, customer_room, pair_room, class_room;
	struct arena arena;
	struct book_claim *claims;
	size_t claim_count, claim_room;
	uint32_t customer_serial;
	uint64_t *slots; /* of the newest customer: its number above, a row's place and one below */
	size_t slot_room;
};

/* A zeroed book is empty. Customers come in byte order, each one's outcomes by time. */
void book_begin(struct book *book, struct slice customer);
void book_add(struct book *book, const struct outcome_facts *facts);
void book_end(struct book *book);
/* Puts part behind all, and frees it: its customers come later. */
void book_append(struct book *all, struct book *part);
/* What was read, sorted. */
void book_of_outcomes(const struct outcomes *outcomes, struct book *ret);
void book_free(struct book *book);

/* Did the customer hear it, or may have, as a message of its own? */
bool book_is_mail(const struct book_row *row);
/* The same, or in another one's mail. */
bool book_is_heard(const struct book_row *row);
/* How long it waited from when it could first be heard. */
static inline int64_t book_waited_ms(const struct book_row *row)
{
	return row->last_ms - row->first_ms;
}
/* NULL: this customer is not in it. */
const struct book_customer *book_find(const struct book *book, const char *customer);

#endif
