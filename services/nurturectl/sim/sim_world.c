/* sim_world.c - instant after instant: whose it is, and who is next; see sim_world.h. */
#include "sim_world.h"

#include <stdlib.h>

#include "common/base/civil.h"
#include "common/base/grow.h"

/* Links and coupons are signed with some key; no outcome depends on which. */
static const char token_key[] = "a key of the simulation";

void sim_world_prepare(struct sim_world *world, const struct policy *policy,
		       const struct orders *orders, bool wants_lines)
{
	enum outcome_format format = wants_lines ? OUTCOME_FACTS_AND_JSON : OUTCOME_FACTS;

	*world = (struct sim_world){
	    .functions = {seg_step, sol_step, sched_step, send_step},
	    .segmenter = {.policy = policy},
	    .solicitor = {.policy = policy, .token_key = slice_text(token_key)},
	    .scheduler = {.policy = policy, .format = format, .coupon_key = slice_text(token_key)},
	    .sender = {.policy = policy, .format = format, .is_event_time = true},
	    .orders = orders};
}

static void clear(struct sim_queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
}

void sim_enqueue(struct sim_world *world, struct sim_queue *queue, unsigned input,
		 struct sim_inbox *inbox, struct slice value)
{
	struct sim_record *record = arena_alloc(&world->instant, sizeof(*record));

	*record = (struct sim_record){.input = input, .inbox = inbox, .value = value};
	*queue->last = record;
	queue->last = &record->next;
}

/* The requests of an instant before its asks, as the merge of the two topics has it. */
static void merge_inputs(struct sim_queue *queue)
{
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

static int serve(struct sim_world *world, struct sim_life *life, enum sim_service service,
		 struct err *err)
{
	if (service == SIM_SCHEDULER)
		merge_inputs(&life->queue[SIM_SCHEDULER]);
	if (sim_step_records(world, life, service, err) < 0)
		return -1;
	return sim_step_timers(world, life, service, err);
}

/* All that goes to the inboxes of an instant comes before their timers. */
static int serve_inboxes(struct sim_world *world, struct err *err)
{
	struct sim_noted *noted;

	if (sim_step_records(world, NULL, SIM_SENDER, err) < 0)
		return -1;
	while ((noted = sim_agenda_take(&world->inbox_agenda, world->now_ms))) {
		world->inbox = (struct sim_inbox *)noted;
		if (sim_step_timers(world, NULL, SIM_SENDER, err) < 0)
			return -1;
	}
	return 0;
}

static int64_t next_of(const struct sim_life *life)
{
	int64_t next_ms =
	    life->event_at < life->event_count ? life->events[life->event_at].time_ms : NEVER_MS;

	for (int service = 0; service < SIM_SENDER; service++)
		if (life->due_ms[service] < next_ms)
			next_ms = life->due_ms[service];
	return next_ms;
}

static void hear_events(struct sim_world *world, struct sim_life *life)
{
	for (; life->event_at < life->event_count; life->event_at++) {
		const struct order_event *event = &life->events[life->event_at];
		struct slice json;

		if (event->time_ms > world->now_ms)
			return;
		json = orders_json(world->orders, event, &world->instant);
		sim_enqueue(world, &life->queue[SIM_SEGMENTER], SEG_EVENTS, NULL, json);
		sim_enqueue(world, &life->queue[SIM_SOLICITOR], SOL_EVENTS, NULL, json);
	}
}

static void collect_due(struct sim_world *world)
{
	struct sim_noted *noted;

	world->due_count = 0;
	while ((noted = sim_agenda_take(&world->agenda, world->now_ms))) {
		world->due = grow_zeroed(world->due, &world->due_room, world->due_count + 1,
					 sizeof(struct sim_life *));
		world->due[world->due_count++] = (struct sim_life *)noted;
		hear_events(world, (struct sim_life *)noted);
	}
}

/* The services one after the other, whoever's instant it is in each; the inboxes are last. */
static int live_instant(struct sim_world *world, struct err *err)
{
	collect_due(world);
	for (int service = SIM_SEGMENTER; service < SIM_SENDER; service++)
		for (size_t i = 0; i < world->due_count; i++)
			if (serve(world, world->due[i], (enum sim_service)service, err) < 0)
				return -1;
	if (serve_inboxes(world, err) < 0)
		return -1;
	for (size_t i = 0; i < world->due_count; i++)
		sim_agenda_note(&world->agenda, &world->due[i]->noted, next_of(world->due[i]));
	return 0;
}

static int64_t next_instant(const struct sim_world *world)
{
	int64_t lives_ms = sim_agenda_next(&world->agenda);
	int64_t inboxes_ms = sim_agenda_next(&world->inbox_agenda);
	int64_t next_ms = lives_ms < inboxes_ms ? lives_ms : inboxes_ms;
	int64_t also_ms = world->also ? next_instant(world->also) : NEVER_MS;

	return also_ms < next_ms ? also_ms : next_ms;
}

static int run(struct sim_world *world, int64_t until_ms, struct err *err)
{
	struct sim_world *also = world->also;

	for (;;) {
		int64_t next_ms = next_instant(world);

		if (next_ms >= until_ms)
			return 0;
		if (next_ms > world->now_ms)
			world->now_ms = next_ms;
		if (also)
			also->now_ms = world->now_ms;
		if (live_instant(world, err) < 0 || (also && live_instant(also, err) < 0))
			return -1;
		arena_reset(&world->instant);
		if (also)
			arena_reset(&also->instant);
	}
}

void sim_life_take(struct sim_life *life, const struct order_event *events, size_t count,
		   struct sim_life *also)
{
	*life = (struct sim_life){.noted = {.at_ms = NEVER_MS},
				  .customer = events[0].customer,
				  .events = events,
				  .event_count = count,
				  .also = also};
	if (also) /* which hears no events: requests and asks alone */
		sim_life_take(also, events, 0, NULL);
}

static void begin_life(struct sim_world *world, struct sim_life *life)
{
	life->world = world;
	life->noted.rank = (size_t)(life - world->lives);
	sim_account_begin(&life->account);
	for (int service = 0; service < SIM_SENDER; service++) {
		life->due_ms[service] = NEVER_MS;
		clear(&life->queue[service]);
	}
	sim_agenda_note(&world->agenda, &life->noted, next_of(life));
}

static void begin(struct sim_world *world, struct sim_life *lives, size_t count)
{
	arena_reset(&world->arena);
	arena_reset(&world->instant);
	sim_agenda_clear(&world->agenda);
	sim_agenda_clear(&world->inbox_agenda);
	sim_inboxes_clear(&world->inboxes);
	clear(&world->mails);
	world->now_ms = INT64_MIN;
	world->depth = 0;
	world->lives = lives;
	world->life_count = count;
	for (size_t i = 0; i < count; i++)
		begin_life(world, &lives[i]);
	if (world->also)
		begin(world->also, lives[0].also, count);
}

int sim_world_run(struct sim_world *world, struct sim_life *lives, size_t count, int64_t until_ms,
		  struct err *err)
{
	begin(world, lives, count);
	return run(world, until_ms, err);
}

void sim_world_free(struct sim_world *world)
{
	for (int i = 0; i < 2; i++)
		arena_free(&world->step_arena[i]);
	arena_free(&world->arena);
	arena_free(&world->instant);
	sim_agenda_free(&world->agenda);
	sim_agenda_free(&world->inbox_agenda);
	sim_inboxes_free(&world->inboxes);
	free(world->due);
}
