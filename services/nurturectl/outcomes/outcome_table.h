/*
 * outcome_table.h - what became of every request, one row each: what reports count.
 * Pure.
 *
 * A row is folded from the outcomes of its request, in order: either a
 * simulation's or those that were read from the real system.
 */
#ifndef NURTURE_NURTURECTL_OUTCOMES_OUTCOME_TABLE_H
#define NURTURE_NURTURECTL_OUTCOMES_OUTCOME_TABLE_H

#include "common/message/outcome.h"
#include "names.h"
#include "outcomes.h"

enum { OUTCOME_TABLE_RULES_MAX = 64 }; /* of more rules, the later ones count as the last */
#define OUTCOME_TABLE_NONE UINT32_MAX

struct outcome_row {
	uint64_t request; /* hash64 of its id */
	int64_t first_ms; /* its first outcome: from then on it could be sent */
	int64_t last_ms;  /* its end, or its newest deferral */
	int64_t triggered_ms;
	uint64_t rules;     /* that deferred it: a bit for each of table->rules */
	uint32_t programme; /* index into table->programmes */
	uint32_t winner;    /* programme that went first, at the newest deferral that names one */
	uint32_t deferrals;
	uint32_t first_rule; /* index into table->rules: of the first deferral, OUTCOME_TABLE_NONE:
				none */
	int64_t count, limit, window_s; /* of the first deferral */
	const char *detail;             /* of the first deferral; the table owns it */
	enum status status;             /* how it ended; DEFERRED: it waits */
	uint16_t ends;                  /* 1 unless something went wrong */
	bool merged;                    /* a part of another request's mail, and no mail itself */
};

struct outcome_table_customer {
	const char *id;
	size_t first, count; /* rows */
};

/* How often one programme made another one wait. */
struct outcome_table_pair {
	uint32_t winner, loser; /* programmes */
	size_t requests;        /* each counted once */
	size_t displaced;       /* of them: until its time ran out */
};

struct outcome_table {
	struct outcome_row *rows; /* by customer, then by first_ms */
	size_t row_count;
	/* In byte order; without those who were never meant. */
	struct outcome_table_customer *customers;
	size_t customer_count;
	struct names programmes, rules, details;
	const char **classes; /* of each programme: that of its first outcome */
	struct outcome_table_pair *pairs;
	size_t pair_count;
	/* private */
	size_t row_room, customer_room, pair_room, class_room;
	struct arena arena;
	struct arena customer_arena; /* their ids */
	struct outcome_table_claim *claims;
	size_t claim_count, claim_room;
	uint32_t customer_serial;
	uint64_t *slots; /* of the newest customer: its number above, a row's place and one below */
	size_t slot_room;
};

/* A zeroed table is empty. Customers are added in byte order, each one's outcomes by time. */
void outcome_table_begin(struct outcome_table *table, struct slice customer);
void outcome_table_add(struct outcome_table *table, const struct outcome_facts *facts);
void outcome_table_end(struct outcome_table *table);
/* Puts part, whose customers come later, behind all, and frees part. */
void outcome_table_append(struct outcome_table *all, struct outcome_table *part);
/* The table of outcomes that were read, sorted. */
void outcome_table_of_outcomes(const struct outcomes *outcomes, struct outcome_table *ret);
/* Its rows have been counted: it keeps names, classes and pairs, and forgets all else. */
void outcome_table_forget(struct outcome_table *table);
void outcome_table_free(struct outcome_table *table);

/* Was it sent, or perhaps sent, as a message of its own? */
bool outcome_row_is_mail(const struct outcome_row *row);
/* Was it sent, or perhaps sent, as a message of its own or as a part of another mail? */
bool outcome_row_is_heard(const struct outcome_row *row);
/* How long it waited from its first outcome on. */
static inline int64_t outcome_row_waited_ms(const struct outcome_row *row)
{
	return row->last_ms - row->first_ms;
}
/* NULL when the customer is not in the table. */
const struct outcome_table_customer *outcome_table_find(const struct outcome_table *table,
							const char *customer);

#endif
