/* sim_customer.c - see sim_customer.h. */
#include "sim_customer.h"

#include <stdlib.h>

#include "common/base/buf.h"
#include "common/stream/step_size.h"
#include "common/message/outcome.h"
#include "services/email-sender/wire.h"

enum { RESULT_BYTES = 1024 };

/* Links and coupons are signed with some key; no outcome depends on which. */
static const char token_key[] = "a key of the simulation";

void sim_customer_prepare(struct sim_customer *sim, const struct policy *policy,
			  const struct orders *orders, struct outcome_table *table,
			  bool wants_lines)
{
	enum outcome_format format = wants_lines ? OUTCOME_FACTS_AND_JSON : OUTCOME_FACTS;

	*sim = (struct sim_customer){
	    .functions = {seg_step, sol_step, sched_step, send_step},
	    .segmenter = {.policy = policy},
	    .solicitor = {.policy = policy, .token_key = slice_text(token_key)},
	    .scheduler = {.policy = policy, .format = format, .coupon_key = slice_text(token_key)},
	    .sender = {.policy = policy, .format = format, .is_event_time = true},
	    .orders = orders,
	    .table = table,
	    .task_lines = BUF_MAX(SIZE_MAX / 2),
	    .wants_lines = wants_lines};
}

static struct slice copy(struct sim_customer *sim, struct slice bytes)
{
	return slice_of(arena_copy(&sim->arena, bytes.bytes, bytes.len), bytes.len);
}

/* The value is borrowed for as long as the customer lasts. */
static struct sim_record *enqueue(struct sim_customer *sim, enum sim_service service,
				  unsigned input, struct slice value)
{
	struct sim_queue *queue = &sim->queue[service];
	struct sim_record *record = arena_alloc(&sim->arena, sizeof(*record));

	*record = (struct sim_record){.input = input, .value = value};
	*queue->last = record;
	queue->last = &record->next;
	return record;
}

static struct sim_inbox *inbox_of(struct sim_customer *sim, struct slice key)
{
	/* sim is the first one, who has the inboxes of all */
	struct sim_inbox *inbox = sim->inboxes;

	while (inbox && !slice_equal(inbox->key, key))
		inbox = inbox->next;
	if (inbox)
		return inbox;
	inbox = arena_alloc(&sim->arena, sizeof(*inbox));
	*inbox =
	    (struct sim_inbox){.next = sim->inboxes, .key = copy(sim, key), .due_ms = NEVER_MS};
	sim->inboxes = inbox;
	return inbox;
}

static void enqueue_mail(struct sim_customer *sim, const struct step_output *output)
{
	struct sim_customer *first = sim->first;
	struct sim_record *record =
	    enqueue(first, SIM_SENDER, SEND_DISPATCH, copy(first, output->value));

	record->inbox = inbox_of(first, output->key.len ? output->key : sim->customer);
}

/* A request or an ask, to whoever decides about it. */
static void enqueue_asked(struct sim_customer *sim, unsigned input, struct slice value)
{
	value = copy(sim, value);
	enqueue(sim, SIM_SCHEDULER, input, value);
	if (sim->also)
		enqueue(sim->also, SIM_SCHEDULER, input, value);
}

/* The facts, and behind them the line if lines are wanted. */
static void keep_outcome(struct sim_customer *sim, struct slice value)
{
	struct outcome_facts facts;
	struct sim_line *line;

	if (sim->first != sim)
		return;
	memcpy(&facts, value.bytes, sizeof(facts));
	if (sim->table)
		outcome_table_add(sim->table, &facts);
	sim->outcomes++;
	sim->no_consent += facts.status == STATUS_NO_CONSENT;
	if (!sim->wants_lines)
		return;
	line = arena_alloc(&sim->arena, sizeof(*line));
	value = copy(sim, slice_of(value.bytes + sizeof(facts), value.len - sizeof(facts)));
	*line = (struct sim_line){.next = sim->lines,
				  .at_ms = facts.at_ms,
				  .id = copy(sim, slice_text(facts.id)),
				  .line = value};
	sim->lines = line;
}

static int keep_task(struct sim_customer *sim, struct slice value, struct err *err)
{
	Nurture__V1__Task *task;

	if (sim->first != sim)
		return 0;
	if (task_decode(value, &sim->arena, &task, err) < 0)
		return err_prefix(err, "a task");
	if (task_is_open(task))
		sim->tasks++;
	else
		sim->cancelled_tasks++;
	if (sim->wants_lines) {
		buf_add(&sim->task_lines, value.bytes, value.len);
		buf_char(&sim->task_lines, '\n');
	}
	return 0;
}

static int decide(struct sim_customer *sim, enum sim_service service, struct step *step,
		  struct err *err);

/* Whose an output of the sender is: its key's, or whose id the inbox is kept by. */
static struct slice owner_of(const struct sim_customer *sim, struct slice key)
{
	return key.len ? key : sim->inbox->key;
}

/* The mail server takes everything at once. */
static int deliver(struct sim_customer *sim, struct slice effect_bytes, struct err *err)
{
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;
	struct step step = {.kind = STEP_RESULT, .time_ms = sim->now_ms};
	struct buf bytes = BUF_MAX(RESULT_BYTES);
	Nurture__V1__DeliveryEffect effect;

	if (send_effect_head(effect_bytes, &sim->arena, &effect, err) < 0)
		return -1;
	if (effect.recall)
		return 0;
	result.id = effect.id;
	result.attempt = effect.attempt;
	result.verdict = NURTURE__V1__DELIVERY_RESULT__VERDICT__SENT;
	result.code = 250;
	send_result_encode(&result, &bytes);
	step.value = slice_of(arena_copy(&sim->arena, bytes.bytes, bytes.len), bytes.len);
	buf_free(&bytes);
	sim->mails += slice_equal(owner_of(sim, slice_text(effect.customer)), sim->customer);
	return decide(sim, SIM_SENDER, &step, err);
}

/* Where an output goes: down the chain, or to the outcome table. */
static int pass_on(struct sim_customer *sim, enum sim_service service,
		   const struct step_output *output, struct err *err)
{
	switch (service) {
	case SIM_SEGMENTER:
		enqueue_asked(sim, SCHED_REQUESTS, output->value);
		return 0;
	case SIM_SOLICITOR:
		enqueue_asked(sim, SCHED_ASKS, output->value);
		return 0;
	case SIM_SCHEDULER:
		if (output->topic == SCHED_DISPATCH)
			enqueue_mail(sim, output);
		else if (output->topic == SCHED_TASKS)
			return keep_task(sim, output->value, err);
		else if (output->topic == SCHED_OUTCOMES)
			keep_outcome(sim, output->value);
		return 0;
	case SIM_SENDER:
		if (output->topic == STEP_EFFECT)
			return deliver(sim, output->value, err);
		/* A server that takes all refuses no address. */
		if (output->topic == SEND_OUTCOMES &&
		    slice_equal(owner_of(sim, output->key), sim->customer))
			keep_outcome(sim, output->value);
		return 0;
	case SIM_SERVICES:
		break;
	}
	abort();
}

static int carry_out(struct sim_customer *sim, enum sim_service service, const struct step *step,
		     struct err *err)
{
	struct slice *state = service == SIM_SENDER ? &sim->inbox->state : &sim->state[service];
	int64_t *due_ms = service == SIM_SENDER ? &sim->inbox->due_ms : &sim->due_ms[service];

	if (step->state_changed) {
		*state = copy(sim, step->new_state);
		*due_ms = step->new_state.len ? step->due_ms : NEVER_MS;
	} else if (step->kind == STEP_TIMER) {
		*due_ms = NEVER_MS;
	}
	for (const struct step_output *output = step->outputs; output; output = output->next)
		if (pass_on(sim, service, output, err) < 0)
			return -1;
	return 0;
}

static int decide(struct sim_customer *sim, enum sim_service service, struct step *step,
		  struct err *err)
{
	const void *const contexts[] = {&sim->segmenter, &sim->solicitor, &sim->scheduler,
					&sim->sender};
	struct err why;
	int r;

	step->context = contexts[service];
	step->arena = &sim->step_arena[sim->depth++];
	step->now_ms = sim->now_ms;
	step->owner = 1;
	step->customer = service == SIM_SENDER ? sim->inbox->key : sim->customer;
	step->state = service == SIM_SENDER ? sim->inbox->state : sim->state[service];
	step_prepare(step);
	arena_reset(step->arena);
	r = sim->functions[service](step, &why);
	if (r == 0)
		r = step_fits(step, STEP_BYTES_MAX_USUAL, &why);
	if (r == 0) {
		r = carry_out(sim, service, step, err);
	} else if (why.kind == ERR_INPUT && step->kind == STEP_RECORD) {
		sim->first_dead = sim->dead++ == 0 ? why : sim->first_dead;
		r = 0;
	} else {
		*err = why;
	}
	sim->depth--;
	return r;
}

static int records(struct sim_customer *sim, enum sim_service service, struct err *err)
{
	struct sim_queue *queue = &sim->queue[service];

	while (queue->first) {
		struct step step = {.kind = STEP_RECORD,
				    .input = queue->first->input,
				    .time_ms = sim->now_ms,
				    .value = queue->first->value};

		sim->inbox = queue->first->inbox;
		queue->first = queue->first->next;
		if (!queue->first)
			queue->last = &queue->first;
		if (decide(sim, service, &step, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_due(const struct sim_customer *sim, int64_t due_ms)
{
	/* A timer for a new owner waits for ever: there is only one owner. */
	return due_ms <= sim->now_ms && due_ms != STEP_DUE_NEW_OWNER;
}

static int fire(struct sim_customer *sim, enum sim_service service, const int64_t *due_ms,
		struct err *err)
{
	while (is_due(sim, *due_ms)) {
		struct step step = {.kind = STEP_TIMER, .time_ms = *due_ms};

		if (decide(sim, service, &step, err) < 0)
			return -1;
		if (is_due(sim, *due_ms) && step.time_ms == *due_ms)
			abort(); /* a timer that asks for its own instant again never ends */
	}
	return 0;
}

static int timers(struct sim_customer *sim, enum sim_service service, struct err *err)
{
	if (service != SIM_SENDER)
		return fire(sim, service, &sim->due_ms[service], err);
	for (sim->inbox = sim->inboxes; sim->inbox; sim->inbox = sim->inbox->next)
		if (fire(sim, service, &sim->inbox->due_ms, err) < 0)
			return -1;
	return 0;
}

/* The requests of an instant before its asks, as the merge of the two topics has it. */
static void merge_inputs(struct sim_customer *sim)
{
	struct sim_queue *queue = &sim->queue[SIM_SCHEDULER];
	struct sim_record *record = queue->first, *asks = NULL, **last_ask = &asks;

	queue->last = &queue->first;
	for (struct sim_record *next; record; record = next) {
		next = record->next;
		record->next = NULL;
		if (record->input == SCHED_REQUESTS) {
			*queue->last = record;
			queue->last = &record->next;
		} else {
			*last_ask = record;
			last_ask = &record->next;
		}
	}
	*queue->last = asks;
	if (asks)
		queue->last = last_ask;
}

static int serve(struct sim_customer *sim, enum sim_service service, struct err *err)
{
	if (service == SIM_SCHEDULER)
		merge_inputs(sim);
	return records(sim, service, err) < 0 || timers(sim, service, err) < 0 ? -1 : 0;
}

/* All that goes to the inboxes of an instant comes before their timers. */
static int instant(struct sim_customer *first, enum sim_service from, struct err *err)
{
	for (int service = from; service < SIM_SENDER; service++)
		for (struct sim_customer *sim = first; sim; sim = sim->next_peer)
			if (serve(sim, (enum sim_service)service, err) < 0)
				return -1;
	return serve(first, SIM_SENDER, err);
}

static int64_t next_of(const struct sim_customer *sim, int64_t next_ms)
{
	for (int service = 0; service < SIM_SENDER; service++)
		if (sim->due_ms[service] < next_ms)
			next_ms = sim->due_ms[service];
	for (const struct sim_inbox *inbox = sim->inboxes; inbox; inbox = inbox->next)
		if (inbox->due_ms < next_ms && inbox->due_ms != STEP_DUE_NEW_OWNER)
			next_ms = inbox->due_ms;
	return sim->also ? next_of(sim->also, next_ms) : next_ms;
}

static int64_t next_instant(const struct sim_customer *first)
{
	int64_t next_ms = NEVER_MS;

	for (const struct sim_customer *sim = first; sim; sim = sim->next_peer) {
		if (sim->event_at < sim->event_count &&
		    sim->events[sim->event_at].time_ms < next_ms)
			next_ms = sim->events[sim->event_at].time_ms;
		next_ms = next_of(sim, next_ms);
	}
	return next_ms;
}

static void begin_one(struct sim_customer *sim, struct slice customer, struct sim_customer *first)
{
	arena_reset(&sim->arena);
	sim->customer = customer;
	sim->first = first;
	sim->now_ms = INT64_MIN;
	sim->lines = NULL;
	sim->inboxes = NULL;
	for (int service = 0; service < SIM_SERVICES; service++) {
		sim->state[service] = slice_of(NULL, 0);
		sim->due_ms[service] = NEVER_MS;
		sim->queue[service].first = NULL;
		sim->queue[service].last = &sim->queue[service].first;
	}
}

static void begin(struct sim_customer *first)
{
	for (struct sim_customer *sim = first; sim; sim = sim->next_peer) {
		begin_one(sim, sim->events[0].customer, first);
		sim->event_at = 0;
		if (!sim->also)
			continue;
		begin_one(sim->also, sim->customer, first->also);
		sim->also->next_peer = sim->next_peer ? sim->next_peer->also : NULL;
	}
	if (first->table)
		outcome_table_begin(first->table, first->customer);
	if (first->also && first->also->table)
		outcome_table_begin(first->also->table, first->customer);
}

static void end(struct sim_customer *sim)
{
	if (sim->table)
		outcome_table_end(sim->table);
	if (sim->also)
		end(sim->also);
	sim->next_peer = NULL;
}

/* The same requests and asks, decided otherwise. */
static int instant_also(struct sim_customer *first, struct err *err)
{
	return first->also ? instant(first->also, SIM_SCHEDULER, err) : 0;
}

static void set_clocks(struct sim_customer *first, int64_t now_ms)
{
	for (struct sim_customer *sim = first; sim; sim = sim->next_peer) {
		sim->now_ms = now_ms;
		if (sim->also)
			sim->also->now_ms = now_ms;
	}
}

static void hear_events(struct sim_customer *sim)
{
	for (; sim->event_at < sim->event_count; sim->event_at++) {
		const struct order_event *event = &sim->events[sim->event_at];
		struct slice json;

		if (event->time_ms > sim->now_ms)
			return;
		json = orders_json(sim->orders, event, &sim->arena);
		enqueue(sim, SIM_SEGMENTER, SEG_EVENTS, json);
		enqueue(sim, SIM_SOLICITOR, SOL_EVENTS, json);
	}
}

static int run(struct sim_customer *first, int64_t until_ms, struct err *err)
{
	for (;;) {
		int64_t next_ms = next_instant(first);

		if (next_ms >= until_ms)
			return 0;
		if (next_ms > first->now_ms)
			set_clocks(first, next_ms);
		for (struct sim_customer *sim = first; sim; sim = sim->next_peer)
			hear_events(sim);
		if (instant(first, SIM_SEGMENTER, err) < 0 || instant_also(first, err) < 0)
			return -1;
	}
}

void sim_customer_take(struct sim_customer *sim, const struct order_event *events, size_t count)
{
	sim->events = events;
	sim->event_count = count;
	sim->next_peer = NULL;
}

void sim_customer_add_peer(struct sim_customer *sim, struct sim_customer *peer)
{
	peer->next_peer = sim->next_peer;
	sim->next_peer = peer;
}

int sim_customer_run(struct sim_customer *sim, int64_t until_ms, struct err *err)
{
	int r;

	begin(sim);
	r = run(sim, until_ms, err);
	end(sim);
	return r;
}

void sim_customer_free(struct sim_customer *sim)
{
	buf_free(&sim->task_lines);
	for (int i = 0; i < 2; i++)
		arena_free(&sim->step_arena[i]);
	arena_free(&sim->arena);
}
