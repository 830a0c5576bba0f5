/*
 * questions.h - what every step was asked while the simulation went through a
 * file of orders, and what it decided on; to be asked again.
 */
#ifndef STEP_BENCH_QUESTIONS_H
#define STEP_BENCH_QUESTIONS_H

#include <stdlib.h>

#include "services/nurturectl/sim/sim_world.h"

/* Questions of one kind, and the bytes that they borrow. */
struct questions {
	struct step *items;
	size_t count, room;
	struct arena arena;
};

enum kind {
	SEGMENTER,
	SOLICITOR,
	SCHEDULER,
	SENDER,
	SCHEDULER_IDLE, /* a timer of the scheduler that has nothing to tell */
	DECODE_EVENT,
	PEEK_EVENT,
	DECODE_OUTCOME,
	COMPOSE,
	KINDS
};

/* The simulation calls step_functions, which have no context of their own. */
static struct questions questions[KINDS];
static size_t steps_max;
static struct slice keep_bytes(struct questions *to, struct slice bytes)
{
	return slice_of(
	    arena_copy(&to->arena, bytes.bytes ? (const void *)bytes.bytes : "", bytes.len),
	    bytes.len);
}

static void keep(enum kind kind, const struct step *step)
{
	struct questions *to = &questions[kind];

	if (to->count == steps_max)
		return;
	if (to->count == to->room) {
		to->room = to->room ? to->room * 2 : 1024;
		to->items = realloc(to->items, to->room * sizeof(*to->items));
		if (!to->items)
			abort();
	}
	to->items[to->count] = *step;
	to->items[to->count].customer = keep_bytes(to, step->customer);
	to->items[to->count].value = keep_bytes(to, step->value);
	to->items[to->count++].state = keep_bytes(to, step->state);
}

static void keep_value(enum kind kind, struct slice customer, struct slice value)
{
	struct step question = {.customer = customer, .value = value};

	keep(kind, &question);
}

static int look_at_segmenter(struct step *step, struct err *err)
{
	keep(SEGMENTER, step);
	if (step->kind == STEP_RECORD) {
		keep_value(DECODE_EVENT, step->customer, step->value);
		keep_value(PEEK_EVENT, step->customer, step->value);
	}
	return seg_step(step, err);
}

static int look_at_solicitor(struct step *step, struct err *err)
{
	keep(SOLICITOR, step);
	return sol_step(step, err);
}

static int look_at_scheduler(struct step *step, struct err *err)
{
	int r;

	keep(SCHEDULER, step);
	r = sched_step(step, err);
	if (r == 0 && step->kind == STEP_TIMER && !step->outputs)
		keep(SCHEDULER_IDLE, step);
	return r;
}

/* A simulation has the facts of an outcome before its line. */
static struct slice line_of(struct slice value)
{
	size_t facts = sizeof(struct outcome_facts);

	return slice_of(value.bytes + facts, value.len - facts);
}

static int look_at_sender(struct step *step, struct err *err)
{
	int r;

	keep(SENDER, step);
	r = send_step(step, err);
	for (const struct step_output *output = step->outputs; r == 0 && output;
	     output = output->next)
		keep_value(output->topic == STEP_EFFECT ? COMPOSE : DECODE_OUTCOME, step->customer,
			   output->topic == STEP_EFFECT ? output->value : line_of(output->value));
	return r;
}

static bool is_full(void)
{
	for (enum kind kind = SEGMENTER; kind <= SENDER; kind++)
		if (questions[kind].count < steps_max)
			return false;
	return true;
}

/* Customer by customer, until there are enough questions of every kind. */
static int collect(struct orders *orders, struct sim_world *sim, int64_t until_ms, struct err *err)
{
	static const step_function functions[SIM_SERVICES] = {look_at_segmenter, look_at_solicitor,
							      look_at_scheduler, look_at_sender};

	struct sim_life life;

	memcpy(sim->functions, functions, sizeof(functions));
	orders_by_customer(orders);
	for (size_t at = 0, n; at < orders->count && !is_full(); at += n) {
		const struct order_event *events = orders->events + at;

		for (n = 1;
		     at + n < orders->count && slice_equal(events[n].customer, events[0].customer);
		     n++)
			;
		sim_life_take(&life, events, n, NULL);
		if (sim_world_run(sim, &life, 1, until_ms, err) < 0)
			return -1;
	}
	return 0;
}

#endif
