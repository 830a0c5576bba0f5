/* sim_step.c - what a service decides in a simulation, and where that goes; see sim_world.h. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/message/outcome.h"
#include "common/stream/step_size.h"
#include "services/email-sender/wire.h"
#include "sim_world.h"

enum { RESULT_BYTES = 1024 };

/* Who decides: a service about a customer, or the sender about an inbox. */
struct decider {
	struct sim_world *world;
	struct sim_life *life; /* NULL: the sender */
	enum sim_service service;
};

static int decide(const struct decider *decider, struct step *step, struct err *err);

static struct slice copy(struct arena *arena, struct slice bytes)
{
	return slice_of(arena_copy(arena, bytes.bytes, bytes.len), bytes.len);
}

static void enqueue_mail(const struct decider *decider, const struct step_output *output)
{
	struct sim_world *world = decider->world;
	struct slice key = output->key.len ? output->key : decider->life->customer;

	sim_enqueue(world, &world->mails, SEND_DISPATCH,
		    sim_inbox_of(&world->inboxes, key, &world->arena),
		    copy(&world->instant, output->value));
}

/* A request or an ask, to whoever decides about it. */
static void enqueue_asked(const struct decider *decider, unsigned input, struct slice value)
{
	struct sim_life *life = decider->life, *also = life->also;

	value = copy(&decider->world->instant, value);
	sim_enqueue(decider->world, &life->queue[SIM_SCHEDULER], input, NULL, value);
	if (!also)
		return;
	sim_enqueue(also->world, &also->queue[SIM_SCHEDULER], input, NULL, value);
	sim_agenda_note(&also->world->agenda, &also->noted, also->world->now_ms);
}

static int keep_task(const struct decider *decider, struct slice value, struct err *err)
{
	struct sim_world *world = decider->world;
	struct sim_account *account = &decider->life->account;
	Nurture__V1__Task *task;

	if (task_decode(value, &world->instant, &task, err) < 0)
		return err_prefix(err, "a task");
	if (task_is_open(task))
		account->task_count++;
	else
		account->cancelled_task_count++;
	if (world->scheduler.format == OUTCOME_FACTS_AND_JSON)
		sim_account_task(account, value, &world->arena);
	return 0;
}

static int compare_customers(struct slice a, struct slice b)
{
	int order = memcmp(a.bytes, b.bytes, a.len < b.len ? a.len : b.len);

	if (order == 0 && a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return order;
}

/* Whose an output of the sender is: its key's, or whose id the inbox is kept by. NULL: nobody's. */
static struct sim_life *owner_of(const struct sim_world *world, struct slice key)
{
	size_t from = 0, to = world->life_count;

	if (!key.len)
		key = world->inbox->key;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare_customers(key, world->lives[middle].customer);

		if (order == 0)
			return &world->lives[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

/* The mail server takes everything at once. */
static int deliver(const struct decider *decider, struct slice effect_bytes, struct err *err)
{
	struct sim_world *world = decider->world;
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;
	struct step step = {.kind = STEP_RESULT, .time_ms = world->now_ms};
	struct buf bytes = BUF_MAX(RESULT_BYTES);
	Nurture__V1__DeliveryEffect effect;
	struct sim_life *owner;

	if (send_effect_head(effect_bytes, &world->instant, &effect, err) < 0)
		return -1;
	if (effect.recall)
		return 0;
	result.id = effect.id;
	result.attempt = effect.attempt;
	result.verdict = NURTURE__V1__DELIVERY_RESULT__VERDICT__SENT;
	result.code = 250;
	send_result_encode(&result, &bytes);
	step.value = copy(&world->instant, buf_slice(&bytes));
	buf_free(&bytes);
	owner = owner_of(world, slice_text(effect.customer));
	if (owner)
		owner->account.mail_count++;
	return decide(decider, &step, err);
}

static int pass_on_scheduler(const struct decider *decider, const struct step_output *output,
			     struct err *err)
{
	if (output->topic == SCHED_DISPATCH)
		enqueue_mail(decider, output);
	else if (output->topic == SCHED_TASKS)
		return keep_task(decider, output->value, err);
	else if (output->topic == SCHED_OUTCOMES)
		sim_account_outcome(&decider->life->account, output->value, &decider->world->arena);
	return 0;
}

/* A server that takes all refuses no address. */
static int pass_on_sender(const struct decider *decider, const struct step_output *output,
			  struct err *err)
{
	struct sim_life *owner;

	if (output->topic == STEP_EFFECT)
		return deliver(decider, output->value, err);
	if (output->topic != SEND_OUTCOMES)
		return 0;
	owner = owner_of(decider->world, output->key);
	if (owner)
		sim_account_outcome(&owner->account, output->value, &decider->world->arena);
	return 0;
}

/* Where an output goes: down the chain, or into somebody's account. */
static int pass_on(const struct decider *decider, const struct step_output *output, struct err *err)
{
	switch (decider->service) {
	case SIM_SEGMENTER:
		enqueue_asked(decider, SCHED_REQUESTS, output->value);
		return 0;
	case SIM_SOLICITOR:
		if (output->topic == SOL_ASKS)
			enqueue_asked(decider, SCHED_ASKS, output->value);
		return 0;
	case SIM_SCHEDULER:
		return pass_on_scheduler(decider, output, err);
	case SIM_SENDER:
		return pass_on_sender(decider, output, err);
	case SIM_SERVICES:
		break;
	}
	abort();
}

static struct sim_state *state_of(const struct decider *decider)
{
	return decider->life ? &decider->life->state[decider->service]
			     : &decider->world->inbox->state;
}

static int64_t *due_of(const struct decider *decider)
{
	return decider->life ? &decider->life->due_ms[decider->service]
			     : &decider->world->inbox->due_ms;
}

/* A timer for a new owner waits for ever: there is only one owner. */
static int64_t due_ms(const struct step *step)
{
	return step->new_state.len && step->due_ms != STEP_DUE_NEW_OWNER ? step->due_ms : NEVER_MS;
}

static int carry_out(const struct decider *decider, const struct step *step, struct err *err)
{
	struct sim_world *world = decider->world;

	if (step->state_changed) {
		sim_state_set(state_of(decider), step->new_state, &world->arena);
		*due_of(decider) = due_ms(step);
	} else if (step->kind == STEP_TIMER) {
		*due_of(decider) = NEVER_MS;
	}
	if (!decider->life)
		sim_agenda_note(&world->inbox_agenda, &world->inbox->noted, world->inbox->due_ms);
	for (const struct step_output *output = step->outputs; output; output = output->next)
		if (pass_on(decider, output, err) < 0)
			return -1;
	return 0;
}

static void note_dead(const struct decider *decider, const struct err *why)
{
	struct sim_world *world = decider->world;
	struct sim_life *life = decider->life ? decider->life : &world->lives[0];

	sim_account_dead(&life->account, why, &world->arena);
}

static int decide(const struct decider *decider, struct step *step, struct err *err)
{
	struct sim_world *world = decider->world;
	const void *const contexts[] = {&world->segmenter, &world->solicitor, &world->scheduler,
					&world->sender};
	struct err why;
	int r;

	step->context = contexts[decider->service];
	step->arena = &world->step_arena[world->depth++];
	step->now_ms = world->now_ms;
	step->owner = 1;
	step->customer = decider->life ? decider->life->customer : world->inbox->key;
	step->state = state_of(decider)->bytes;
	step_prepare(step);
	arena_reset(step->arena);
	r = world->functions[decider->service](step, &why);
	if (r == 0)
		r = step_fits(step, STEP_BYTES_MAX_USUAL, &why);
	if (r == 0) {
		r = carry_out(decider, step, err);
	} else if (why.kind == ERR_INPUT && step->kind == STEP_RECORD) {
		note_dead(decider, &why);
		r = 0;
	} else {
		*err = why;
	}
	world->depth--;
	return r;
}

int sim_step_records(struct sim_world *world, struct sim_life *life, enum sim_service service,
		     struct err *err)
{
	struct sim_queue *queue = life ? &life->queue[service] : &world->mails;
	const struct decider decider = {world, life, service};

	while (queue->first) {
		struct step step = {.kind = STEP_RECORD,
				    .input = queue->first->input,
				    .time_ms = world->now_ms,
				    .value = queue->first->value};

		world->inbox = queue->first->inbox;
		queue->first = queue->first->next;
		if (!queue->first)
			queue->last = &queue->first;
		if (decide(&decider, &step, err) < 0)
			return -1;
	}
	return 0;
}

int sim_step_timers(struct sim_world *world, struct sim_life *life, enum sim_service service,
		    struct err *err)
{
	const struct decider decider = {world, life, service};
	const int64_t *due = due_of(&decider);

	while (*due <= world->now_ms) {
		struct step step = {.kind = STEP_TIMER, .time_ms = *due};

		if (decide(&decider, &step, err) < 0)
			return -1;
		if (*due == step.time_ms && *due <= world->now_ms)
			abort(); /* a timer that asks for its own instant again never ends */
	}
	return 0;
}
