/*
 * sim_account.h - what came of one customer's life: outcomes, tasks, and how many.  Pure.
 *
 * It is told when the customer's turn comes, which may be long after a life that was simulated
 * beside those of others.
 */
#ifndef NURTURE_NURTURECTL_SIM_SIM_ACCOUNT_H
#define NURTURE_NURTURECTL_SIM_SIM_ACCOUNT_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "services/nurturectl/outcomes/outcome_table.h"

struct sim_told {
	struct sim_told *next;
	struct outcome_facts facts;
	struct slice line; /* canonical; empty when none is wanted */
};

struct sim_task {
	struct sim_task *next;
	struct slice line;
};

struct sim_account {
	struct sim_told *told, **last_told; /* as they came */
	struct sim_task *tasks, **last_task;
	size_t outcome_count, no_consent_count, mail_count;
	size_t task_count, cancelled_task_count; /* task_count: given out */
	size_t dead_count;                       /* events that could not be understood */
	const struct err *first_dead;
	void *block; /* what it was packed into; NULL: it lives in an arena */
};

void sim_account_begin(struct sim_account *account);
/* An outcome as OUTCOME_FACTS or OUTCOME_FACTS_AND_JSON has it; all is copied. */
void sim_account_outcome(struct sim_account *account, struct slice value, struct arena *arena);
void sim_account_task(struct sim_account *account, struct slice line, struct arena *arena);
void sim_account_dead(struct sim_account *account, const struct err *why, struct arena *arena);

/* The same in memory of its own, so that the arena may go; sim_account_free() it. */
void sim_account_pack(const struct sim_account *account, struct sim_account *ret);
void sim_account_free(struct sim_account *account);

/* Adds the outcomes to a table, as those of a customer. */
void sim_account_table(const struct sim_account *account, struct slice customer,
		       struct outcome_table *table);
/* Writes the lines in canonical order, one a line. */
void sim_account_lines(const struct sim_account *account, struct buf *out);
void sim_account_task_lines(const struct sim_account *account, struct buf *out);

#endif
