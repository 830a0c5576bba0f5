/*
 * sim_world.h - the lives of customers who share inboxes, or of one who is alone, through the four
 * services; simulate.c's inner part.  Pure.
 */
#ifndef NURTURE_NURTURECTL_SIM_SIM_WORLD_H
#define NURTURE_NURTURECTL_SIM_SIM_WORLD_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "orders.h"
#include "services/email-sender/step.h"
#include "services/review-solicitor/step.h"
#include "services/scheduler/step.h"
#include "services/segmenter/step.h"
#include "sim_account.h"
#include "sim_agenda.h"
#include "sim_inboxes.h"

enum sim_service { SIM_SEGMENTER, SIM_SOLICITOR, SIM_SCHEDULER, SIM_SENDER, SIM_SERVICES };

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

/* One customer's. */
struct sim_life {
	struct sim_noted noted;
	struct sim_world *world;
	struct slice customer;
	/* but of the sender, whose states are those of inboxes */
	struct sim_state state[SIM_SENDER];
	int64_t due_ms[SIM_SENDER];
	struct sim_queue queue[SIM_SENDER];
	struct sim_life *also;            /* in world->also; NULL: there is none */
	const struct order_event *events; /* of this customer, by time */
	size_t event_count, event_at;
	struct sim_account account;
};

struct sim_world {
	/* The functions of the services; a test that looks on puts its own before them. */
	step_function functions[SIM_SERVICES];
	struct segmenter segmenter;
	struct solicitor solicitor;
	struct scheduler scheduler;
	struct sender sender;
	const struct orders *orders; /* that the events are of */
	/*
	 * Another scheduler and sender, under rules that the segmenter and the solicitor do not
	 * ask: they are given the same requests and asks.  NULL: there is none.
	 */
	struct sim_world *also;

	/* private */
	int64_t now_ms;
	struct sim_life *lives; /* in byte order of their customers */
	size_t life_count;
	struct sim_agenda agenda, inbox_agenda; /* of lives, and of the timers of inboxes */
	struct sim_life **due;                  /* those whose instant it is */
	size_t due_count, due_room;
	struct sim_inboxes inboxes;
	struct sim_inbox *inbox;    /* of the sender's step */
	struct sim_queue mails;     /* to the sender, whoever's they are */
	struct arena arena;         /* of the lives */
	struct arena instant;       /* of an instant */
	struct arena step_arena[2]; /* of a step, and of the step inside it: a result */
	unsigned depth;
};

/* The orders are the caller's. wants_lines: accounts have lines, too. */
void sim_world_prepare(struct sim_world *world, const struct policy *policy,
		       const struct orders *orders, bool wants_lines);
/* Before a run: a customer's events by time, all of them; also may be NULL. */
void sim_life_take(struct sim_life *life, const struct order_event *events, size_t count,
		   struct sim_life *also);
/*
 * Lives them all up to a time, in byte order of their customers.  The accounts live until the next
 * call; the lives of world->also are those that sim_life_take() was given.
 */
int sim_world_run(struct sim_world *world, struct sim_life *lives, size_t count, int64_t until_ms,
		  struct err *err);
/* Frees what it holds, but itself and `also`. */
void sim_world_free(struct sim_world *world);

/* sim_step.c: what a service decides, and where that goes. life: NULL for the sender. */
int sim_step_records(struct sim_world *world, struct sim_life *life, enum sim_service service,
		     struct err *err);
int sim_step_timers(struct sim_world *world, struct sim_life *life, enum sim_service service,
		    struct err *err);
/* The value is borrowed until the instant is over. */
void sim_enqueue(struct sim_world *world, struct sim_queue *queue, unsigned input,
		 struct sim_inbox *inbox, struct slice value);

#endif
