/*
 * segmenter_fixture.h - one customer, a policy from text and a clock of its
 * own: events go in as JSON, records come out as lines.
 *
 * The clock goes to each event's time by way of every timer that is due
 * before it, as the loop does.
 */
#ifndef NURTURE_TESTS_SEGMENTER_FIXTURE_H
#define NURTURE_TESTS_SEGMENTER_FIXTURE_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "nurture/v1/request.pb-c.h"
#include "policy_fixture.h"
#include "services/segmenter/profile/facts.h"
#include "services/segmenter/step.h"
#include "services/segmenter/profile/wire.h"

/* The parts of a policy that every test needs, and then its own. */
#define POLICY(rest)                                                                               \
	"shop: {name: S, time_zone: UTC, sender: \"S <s@s.example>\", postal_address: A, "         \
	"currency: EUR}\n"                                                                         \
	"classes: {transactional: {needs_consent: false}, care: {}, promotion: "                   \
	"{holds_on_open_case: true}}\n"                                                            \
	"caps: off\nquiet_hours: off\njust_bought: {default: 90d, categories: {coffee: "           \
	"14d}}\n" rest

struct world {
	struct zones *zones;
	struct policy *policy;
	struct segmenter segmenter;
	struct arena arena;
	char *state;
	size_t state_len;
	int64_t due_ms, now_ms;
	int64_t arrived_ms;        /* of the records that are told; 0: by the event clock */
	bool forgets;              /* the last step asked for it */
	int64_t ahead_ms;          /* as the last step said */
	enum step_ignored ignored; /* as the last step said */
	bool unknown_zone;         /* likewise */
	bool unknown_class;        /* likewise */
	bool contacts;             /* show them too */
	unsigned events;           /* told so far: for their ids */
	struct buf out;            /* lines since the last take() */
};

static inline struct world world_with(const char *policy)
{
	struct world world = {.due_ms = NEVER_MS, .now_ms = INT64_MIN, .out = BUF_MAX(1 << 20)};
	struct err err;

	world.zones = fixture_zones();
	if (policy_load(slice_text(policy), "test.yaml", world.zones, NULL, &world.policy, &err) <
	    0) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	return world;
}

static inline void world_forget(struct world *world)
{
	free(world->state);
	world->state = NULL;
	world->state_len = 0;
	world->due_ms = NEVER_MS;
	world->now_ms = INT64_MIN;
	world->events = 0;
	buf_reset(&world->out);
}

static inline void world_free(struct world *world)
{
	world_forget(world);
	buf_free(&world->out);
	policy_free(world->policy);
	zones_free(world->zones);
	arena_free(&world->arena);
}

static inline int64_t ms(const char *time)
{
	int64_t time_ms;
	struct err err;

	if (rfc3339_parse(slice_text(time), &time_ms, &err) < 0) {
		fprintf(stderr, "%s: %s\n", time, err.text);
		abort();
	}
	return time_ms;
}

static inline void show_contact(const Nurture__V1__Contact *c, struct buf *out)
{
	char time[RFC3339_BYTES];

	buf_printf(out, "contact%s%s", *c->email ? " " : "", c->email);
	if (*c->name || *c->time_zone)
		buf_printf(out, " (%s,%s)", c->name, c->time_zone);
	for (size_t i = 0; i < c->n_consent; i++)
		buf_printf(out, " %c%s", c->consent[i]->given ? '+' : '-',
			   c->consent[i]->message_class);
	for (size_t i = 0; i < c->n_bought; i++)
		buf_printf(out, " bought:%s@%.10s", c->bought[i]->category,
			   rfc3339_text(c->bought[i]->time_ms, time));
	for (size_t i = 0; i < c->n_open_cases; i++)
		buf_printf(out, " open:%s", c->open_cases[i]);
	for (size_t i = 0; i < c->n_ended_cases; i++)
		buf_printf(out, " ended:%s", c->ended_cases[i]);
	for (size_t i = 0; i < c->n_segments; i++)
		buf_printf(out, " in:%s", c->segments[i]);
	if (*c->undeliverable)
		buf_printf(out, " undeliverable:%s", c->undeliverable);
	if (c->best_hour)
		buf_printf(out, " best:%u", c->best_hour - 1);
	if (c->paused_until_ms)
		buf_printf(out, " paused:%s", rfc3339_text(c->paused_until_ms, time));
	for (size_t i = 0; i < c->n_allowances; i++)
		buf_printf(out, " allows:%u/%dd", c->allowances[i]->limit,
			   (int)(c->allowances[i]->window_ms / DAY_MS));
	if (*c->phone || *c->address)
		buf_printf(out, " phone:%s address:%s", c->phone, c->address);
	if (c->merged)
		buf_text(out, " merged");
	buf_text(out, c->erased ? " erased\n" : "\n");
}

static inline void show_request(const Nurture__V1__Request *r, struct buf *out)
{
	char due[RFC3339_BYTES];

	buf_printf(out, "request %s %s:%s due %s", r->programme, r->channel, r->action,
		   rfc3339_text(r->due_ms, due));
	if (*r->order)
		buf_printf(out, " order %s", r->order);
	if (*r->category)
		buf_printf(out, " category %s", r->category);
	if (r->value_e4)
		buf_printf(out, " value %lld", (long long)r->value_e4);
	if (*r->merge)
		buf_printf(out, " merge %s", r->merge);
	if (r->send_to_min)
		buf_printf(out, " from %u to %u", r->send_from_min, r->send_to_min);
	if (r->send_best)
		buf_text(out, " best");
	if (*r->variant)
		buf_printf(out, " variant %s", r->variant);
	if (r->probability_ppm)
		buf_printf(out, " ppm %u", r->probability_ppm);
	if (*r->coupon)
		buf_printf(out, " code of %s", r->coupon);
	for (size_t i = 0; i < r->n_data; i++)
		if (strcmp(r->data[i]->name, "coupon") == 0)
			buf_printf(out, " coupon %s", r->data[i]->value);
		else if (strcmp(r->data[i]->name, "related") == 0)
			buf_printf(out, " related %s", r->data[i]->value);
	if (*r->instead_of)
		buf_printf(out, " instead of %s", r->instead_of);
	buf_char(out, '\n');
}

static inline void show_cancel(const Nurture__V1__Cancel *c, struct buf *out)
{
	buf_printf(out, "cancel%s%s%s%s%s%s: %s\n", *c->programme ? " " : "", c->programme,
		   *c->order ? " order " : "", c->order, *c->category ? " about " : "", c->category,
		   c->reason);
}

static inline void show_inbox_word(const Nurture__V1__InboxWord *word, struct buf *out)
{
	buf_printf(out, "inbox %s", word->inbox);
	for (size_t i = 0; i < word->n_consent; i++)
		buf_printf(out, " %s%s", word->consent[i]->given ? "+" : "-",
			   word->consent[i]->message_class);
	buf_printf(out, "%s%s\n", *word->undeliverable ? " undeliverable:" : "",
		   word->undeliverable);
}

static inline void show(struct world *world, const struct step_output *output)
{
	struct ProtobufCAllocator allocator = arena_protobuf(&world->arena);
	Nurture__V1__RequestRecord *record =
	    nurture__v1__request_record__unpack(&allocator, output->value.len, output->value.bytes);

	if (!record || (int64_t)record->time_ms != world->now_ms || output->topic != SEG_REQUESTS)
		abort();
	switch (record->body_case) {
	case NURTURE__V1__REQUEST_RECORD__BODY_REQUEST:
		show_request(record->request, &world->out);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_CANCEL:
		show_cancel(record->cancel, &world->out);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_CONTACT:
		if (world->contacts)
			show_contact(record->contact, &world->out);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_SENT_ELSEWHERE:
		buf_printf(&world->out, "sent elsewhere %s %s %s %s\n", record->sent_elsewhere->id,
			   record->sent_elsewhere->message_class, record->sent_elsewhere->channel,
			   record->sent_elsewhere->category);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_TASK_DONE:
		buf_printf(&world->out, "task done %s\n", record->task_done->task);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_INBOX_WORD:
		show_inbox_word(record->inbox_word, &world->out);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_RELEASE:
	case NURTURE__V1__REQUEST_RECORD__BODY_CONFIRM:
	case NURTURE__V1__REQUEST_RECORD__BODY__NOT_SET:
	case _NURTURE__V1__REQUEST_RECORD__BODY__CASE_IS_INT_SIZE:
		abort();
	}
}

/* Runs the step that `step` asks for; outputs are given to look, or shown. */
static inline int world_step(struct world *world, struct step *step, struct err *err)
{
	world->segmenter.policy = world->policy;
	step->context = &world->segmenter;
	step->arena = &world->arena;
	step->now_ms = world->now_ms;
	step->customer = slice_text("ann");
	step->state = slice_of(world->state, world->state_len);
	step->arrived_ms = step->kind == STEP_RECORD ? world->arrived_ms : 0;
	step_prepare(step);
	if (seg_step(step, err) < 0)
		return -1;
	world->forgets = step->forgets;
	world->ahead_ms = step->ahead_ms;
	world->ignored = step->ignored;
	world->unknown_zone = step->unknown_zone != NULL;
	world->unknown_class = step->unknown_class != NULL;
	for (const struct step_output *output = step->outputs; output; output = output->next)
		show(world, output);
	if (step->state_changed) {
		char *copy =
		    malloc(step->new_state.len + 1); /* exact, so that a sanitizer sees more */

		memcpy(copy, step->new_state.bytes ? step->new_state.bytes : (const uint8_t *)"",
		       step->new_state.len);
		free(world->state);
		world->state = copy;
		world->state_len = step->new_state.len;
		world->due_ms = step->due_ms;
	}
	arena_reset(&world->arena);
	return 0;
}

/* Fires every timer due before until_ms. */
static inline void world_run(struct world *world, int64_t until_ms)
{
	while (world->due_ms < until_ms) {
		struct step step = {.kind = STEP_TIMER, .time_ms = world->due_ms};
		struct err err;

		world->now_ms = world->due_ms > world->now_ms ? world->due_ms : world->now_ms;
		if (world_step(world, &step, &err) < 0)
			abort();
		if (world->due_ms <= world->now_ms) /* it must not loop */
			abort();
	}
	world->now_ms = until_ms > world->now_ms ? until_ms : world->now_ms;
}

static inline int world_record(struct world *world, const char *json, int64_t time_ms,
			       struct err *err)
{
	struct step step = {
	    .kind = STEP_RECORD,
	    .input = SEG_EVENTS,
	    .time_ms = time_ms,
	    .value = slice_text(json),
	};

	world_run(world, time_ms);
	return world_step(world, &step, err);
}

/*
 * An event of ann's at a time; `rest` are more members of the event,
 * `customer` more members of the customer; each event has an id of its own
 * unless `id` says which.
 */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
struct news {
	const char *time, *type, *rest, *customer, *id;
};

static inline void tell(struct world *world, struct news news)
{
	struct buf json = BUF_MAX(64 * 1024);
	struct err err;

	world->events++;
	buf_text(&json, "{\"id\":\"");
	if (news.id)
		buf_text(&json, news.id);
	else
		buf_printf(&json, "e%u", world->events);
	buf_printf(
	    &json, "\",\"type\":\"%s\",\"time\":\"%s\",\"customer\":{\"id\":\"ann\"%s%s}%s%s}",
	    news.type, news.time, news.customer ? "," : "", news.customer ? news.customer : "",
	    news.rest ? "," : "", news.rest ? news.rest : "");
	if (world_record(world, json.bytes, world->arrived_ms ? world->arrived_ms : ms(news.time),
			 &err) < 0) {
		fprintf(stderr, "%s: %s\n", json.bytes, err.text);
		abort();
	}
	buf_free(&json);
}

/* By the wall clock: it claims its time, and comes at `arrived`. */
static inline void hear(struct world *world, const char *arrived, struct news news)
{
	world->arrived_ms = ms(arrived);
	tell(world, news);
	world->arrived_ms = 0;
}

/* Lets time pass up to and with an instant. */
static inline void pass(struct world *world, const char *time)
{
	world_run(world, ms(time) + 1);
}

/* The lines since the last time; the caller has them until the next record. */
static inline const char *take(struct world *world)
{
	static char lines[1 << 16];

	snprintf(lines, sizeof(lines), "%s", world->out.len ? world->out.bytes : "");
	buf_reset(&world->out);
	return lines;
}

/* What the stored profile says; in the world's arena until the next step. */
static inline struct seg_profile *profile_of(struct world *world)
{
	struct seg_profile *profile;
	struct err err;

	if (seg_profile_decode(slice_of(world->state, world->state_len), &world->arena, &profile,
			       &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	return profile;
}

/* That the person said it there and then. */
#define PROOF(at) "\"proof\":{\"source\":\"till 3\",\"at\":\"" at "\"}"

#define ORDER(id, amount)                                                                          \
	"\"order\":{\"id\":\"" id "\",\"amount\":\"" amount "\",\"currency\":\"EUR\"}"
#define BUYS(id, amount, category)                                                                 \
	"\"order\":{\"id\":\"" id "\",\"amount\":\"" amount                                        \
	"\",\"currency\":\"EUR\",\"items\":[{\"category\":\"" category "\",\"price\":\"" amount    \
	"\"}]}"
#define ORDER_ID(id) "\"order\":{\"id\":\"" id "\"}"

#endif
