/* sim_customer.h - one customer's life through the four services; simulate.c's inner part. Pure. */
#ifndef NURTURE_NURTURECTL_SIM_SIM_CUSTOMER_H
#define NURTURE_NURTURECTL_SIM_SIM_CUSTOMER_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "services/nurturectl/outcomes/outcome_table.h"
#include "orders.h"
#include "services/email-sender/step.h"
#include "services/review-solicitor/step.h"
#include "services/scheduler/step.h"
#include "services/segmenter/step.h"

enum sim_service { SIM_SEGMENTER, SIM_SOLICITOR, SIM_SCHEDULER, SIM_SENDER, SIM_SERVICES };

/* What the sender knows of one inbox, whatever customers are behind it. */
struct sim_inbox {
	struct sim_inbox *next;
	struct slice key, state;
	int64_t due_ms;
};

/* A record between two services at one instant. */
struct sim_record {
	struct sim_record *next;
	unsigned input;
	struct sim_inbox *inbox; /* of a record to the sender */
	struct slice value;
};

struct sim_queue {
	struct sim_record *first, **last;
};

struct sim_line {
	struct sim_line *next;
	int64_t at_ms;
	struct slice id, line;
};

struct sim_customer {
	/* The functions of the services; a test that looks on puts its own before them. */
	step_function functions[SIM_SERVICES];
	struct segmenter segmenter;
	struct solicitor solicitor;
	struct scheduler scheduler;
	struct sender sender;
	struct arena arena;         /* of this customer */
	struct arena step_arena[2]; /* of a step, and of the step inside it: a result */
	unsigned depth;
	const struct orders *orders; /* that the events are of */

	struct slice customer;
	int64_t now_ms;
	struct slice state[SIM_SERVICES]; /* but of the sender, whose states are those of inboxes */
	int64_t due_ms[SIM_SERVICES];
	struct sim_queue queue[SIM_SERVICES];
	struct sim_inbox *inboxes; /* that the mail of this life's customers goes to */
	struct sim_inbox *inbox;   /* of the sender's step */
	/*
	 * Another scheduler and sender, under rules that the segmenter and the solicitor do not
	 * ask: it is given their requests and asks as well.  NULL: there is none.
	 */
	struct sim_customer *also;
	struct outcome_table *table; /* of all customers so far; NULL: nobody wants it */
	/*
	 * Other customers behind the same inboxes live beside the first one, whose inboxes these
	 * are.  What comes of them is told when their own turn comes, and not kept here.
	 */
	struct sim_customer *first, *next_peer;
	const struct order_event *events; /* of this customer, by time */
	size_t event_count, event_at;
	bool wants_lines;
	struct sim_line *lines; /* of this customer */
	/* of all so far, one a line as they were told, when lines are wanted */
	struct buf task_lines;
	size_t outcomes, tasks, cancelled_tasks, mails, dead, no_consent;
	struct err first_dead;
};

/* The orders and the table are the caller's; table NULL: none. */
void sim_customer_prepare(struct sim_customer *sim, const struct policy *policy,
			  const struct orders *orders, struct outcome_table *table,
			  bool wants_lines);
/* Before a run: one customer's events by time, and others who share inboxes with that one. */
void sim_customer_take(struct sim_customer *sim, const struct order_event *events, size_t count);
void sim_customer_add_peer(struct sim_customer *sim, struct sim_customer *peer);
/* The customer's life, with those of the peers. The lines are in no order; they live until the next
 * call. */
int sim_customer_run(struct sim_customer *sim, int64_t until_ms, struct err *err);
/* Frees what it holds, but itself and `also`. */
void sim_customer_free(struct sim_customer *sim);

#endif
