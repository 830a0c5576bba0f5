/*
 * review_solicitor_world.h - one customer, one policy and a virtual clock, to
 * tell stories to the review-solicitor's step and to read what it answers.
 *
 * A story is lines of "DAY TYPE ORDER [score=N] [rung=R] [case=C] [items=A,B]
 * [amount=M] [currency=C] [parcel=P] [parcels=N]
 * [id=I] [time=DAY]"; DAY is days since the epoch of the story.  The answer is
 * lines of "DAY WHAT ...".  Timers are called at the time they were set for.
 */
#ifndef REVIEW_SOLICITOR_WORLD_H
#define REVIEW_SOLICITOR_WORLD_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/message/event.h"
#include "nurture/v1/request.pb-c.h"
#include "services/review-solicitor/step.h"
#include "services/review-solicitor/wire.h"

#define STORY_MS INT64_C(1767225600000) /* 2026-01-01 */
#define CUSTOMER "ann"

struct world {
	struct message_class classes[1];
	struct category_window categories[2];
	struct rung ladder[5];
	struct policy policy;
	struct solicitor sol;
	struct arena arena;
	uint8_t *state;
	size_t state_len, largest_state_len;
	int64_t due_ms;
	unsigned event_count, timer_count;
	struct buf told;
};

static inline void world_open(struct world *world)
{
	*world = (struct world){
	    .classes = {{.name = "feedback", .needs_consent = true}},
	    .categories = {{"tents", 30 * DAY_MS}, {"coffee", 2 * DAY_MS}},
	    .ladder = {{"rating", 0},
		       {"review", 7 * DAY_MS},
		       {"referral", 30 * DAY_MS},
		       {"testimonial", 90 * DAY_MS},
		       {"event", 180 * DAY_MS}},
	    .due_ms = NEVER_MS,
	    .told = BUF_MAX(1 << 20),
	};
	world->policy = (struct policy){
	    .shop = {.name = "Harbour <Outdoor>",
		     .public_url = "https://care.shop.example",
		     .currency = ""},
	    .classes = world->classes,
	    .class_count = 1,
	    .cases = {30 * DAY_MS, 60 * DAY_MS, 90 * DAY_MS, 0},
	    .feedback =
		{
		    .wait_ms = 7 * DAY_MS,
		    .categories = world->categories,
		    .category_count = 2,
		    .remind_after_ms = 5 * DAY_MS,
		    .reminders = 1,
		    .ladder = world->ladder,
		    .rung_count = 5,
		    .priority = 50,
		    .expires_ms = 21 * DAY_MS,
		    .low_score = 2,
		    .low_task = "phone-call",
		    .owner = "care",
		    .public_link = "https://reviews.example/shop?a=1&b=2",
		},
	};
	world->sol = (struct solicitor){.policy = &world->policy,
					.token_key = slice_text("0123456789abcdef")};
}

static inline void world_close(struct world *world)
{
	free(world->state);
	arena_free(&world->arena);
	buf_free(&world->told);
}

static inline void tell_day(struct world *world, int64_t time_ms)
{
	buf_printf(&world->told, "%g", (double)(time_ms - STORY_MS) / (double)DAY_MS);
}

/* "reminder:1 A" for the id of a request about A. */
static inline const char *ask_name(struct world *world, const char *id)
{
	static const char *const whats[] = {"rating",   "reminder:1",  "reminder:2", "review",
					    "referral", "testimonial", "event",      "low"};
	static const char *const orders[] = {"A", "B", "C", "D", "E"};

	for (size_t i = 0; i < sizeof(whats) / sizeof(whats[0]); i++)
		for (size_t j = 0; j < sizeof(orders) / sizeof(orders[0]); j++) {
			char known[ID_TEXT_BYTES];

			id_of_texts(known, "feedback", whats[i], CUSTOMER, orders[j], NULL);
			if (strcmp(known, id) == 0)
				return arena_printf(&world->arena, "%s %s", whats[i], orders[j]);
		}
	return "?";
}

static inline void tell(struct world *world, struct slice bytes)
{
	ProtobufCAllocator allocator = arena_protobuf(&world->arena);
	Nurture__V1__RequestRecord *record;

	record = nurture__v1__request_record__unpack(&allocator, bytes.len, bytes.bytes);
	tell_day(world, (int64_t)record->time_ms);
	if (record->body_case == NURTURE__V1__REQUEST_RECORD__BODY_CANCEL) {
		const Nurture__V1__Cancel *cancel = record->cancel;

		buf_printf(&world->told, " cancel %s because %s\n",
			   cancel->request[0] ? ask_name(world, cancel->request)
					      : arena_printf(&world->arena, "all %s of %s",
							     cancel->programme, cancel->order),
			   cancel->reason);
	} else {
		const Nurture__V1__Request *request = record->request;

		buf_printf(&world->told, " %s %s for %s\n", request->channel, request->action,
			   ask_name(world, request->id));
	}
}

static inline int world_step(struct world *world, struct step *step)
{
	struct err err;
	int r;

	step->context = &world->sol;
	step->arena = &world->arena;
	step->customer = slice_text(CUSTOMER);
	step->state = slice_of(world->state, world->state_len);
	step_prepare(step);
	r = sol_step(step, &err);
	for (struct step_output *out = step->outputs; r == 0 && out; out = out->next)
		if (out->topic == SOL_ASKS)
			tell(world, out->value);
	if (r == 0 && step->state_changed) {
		uint8_t *state = malloc(step->new_state.len + 1);

		memcpy(state, step->new_state.len ? step->new_state.bytes : (uint8_t *)"",
		       step->new_state.len);
		free(world->state);
		world->state = state;
		world->state_len = step->new_state.len;
		world->due_ms = step->due_ms;
		if (world->state_len > world->largest_state_len)
			world->largest_state_len = world->state_len;
	}
	arena_reset(&world->arena);
	return r;
}

/* The bytes of the state but for what the customer has said, which is kept. */
static inline size_t world_left(struct world *world)
{
	struct sol_ladder ladder;
	struct err err;
	size_t len;

	if (sol_ladder_decode(slice_of(world->state, world->state_len), &world->arena, &ladder,
			      &err) < 0)
		fail_msg("%s", err.text);
	ladder.item_count = 0;
	len = sol_ladder_encode(&ladder, &world->arena).len;
	arena_reset(&world->arena);
	return len;
}

/* Fires every timer that is due before until_ms. */
static inline void world_advance(struct world *world, int64_t until_ms)
{
	while (world->due_ms < until_ms) {
		struct step step = {
		    .kind = STEP_TIMER, .now_ms = world->due_ms, .time_ms = world->due_ms};

		world->due_ms = NEVER_MS;
		if (++world->timer_count > 10000)
			abort();
		world_step(world, &step);
	}
}

/* The value of "name=value" in a line, or fallback. */
static inline const char *word(struct world *world, const char *line, const char *name,
			       const char *fallback)
{
	const char *found = strstr(line, arena_printf(&world->arena, " %s=", name));

	if (!found)
		return fallback;
	found += strlen(name) + 2;
	return arena_copy(&world->arena, found, strcspn(found, " \n"));
}

static inline void add_order(const char *order, const char *categories, struct buf *json)
{
	const char *comma = "";

	buf_printf(json, ",\"order\":{\"id\":\"%s\",\"items\":[", order);
	while (*categories) {
		size_t len = strcspn(categories, ",");

		buf_printf(json, "%s{\"sku\":\"s\",\"category\":\"%.*s\"}", comma, (int)len,
			   categories);
		categories += len + (categories[len] == ',');
		comma = ",";
	}
	buf_text(json, "]}");
}

/* Into the order that was just written: on which day it ends. */
static inline void add_end(const char *day, struct buf *json)
{
	char time[RFC3339_BYTES];

	if (!*day)
		return;
	json->len--;
	buf_printf(json, ",\"ends_at\":\"%s\"}",
		   rfc3339_text(STORY_MS + (int64_t)(atof(day) * (double)DAY_MS), time));
}

static inline void add_words(struct world *world, const char *line, struct buf *json)
{
	static const char *const texts[] = {"amount", "currency", "parcel"};

	json->len--;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (*word(world, line, texts[i], ""))
			buf_printf(json, ",\"%s\":\"%s\"", texts[i],
				   word(world, line, texts[i], ""));
	if (*word(world, line, "parcels", ""))
		buf_printf(json, ",\"parcels\":%s", word(world, line, "parcels", ""));
	buf_text(json, "}");
}

static inline struct slice event_of_line(struct world *world, const char *line, int64_t day_ms,
					 struct buf *json)
{
	char type[64] = "", order[64] = "", time[RFC3339_BYTES];
	const char *score = word(world, line, "score", "");

	sscanf(line, "%*s %63s %63s", type, order);
	day_ms = STORY_MS + (int64_t)(atof(word(world, line, "time",
						arena_printf(&world->arena, "%.6f",
							     (double)day_ms / (double)DAY_MS))) *
				      (double)DAY_MS);
	buf_printf(json,
		   "{\"id\":\"%s\",\"type\":\"%s\",\"time\":\"%s\",\"customer\":{\"id\":\"%s\"}",
		   word(world, line, "id", arena_printf(&world->arena, "e%u", world->event_count)),
		   type, rfc3339_text(day_ms, time), word(world, line, "customer", CUSTOMER));
	world->event_count++;
	if (strncmp(type, "order.", 6) == 0) {
		add_order(order, word(world, line, "items", ""), json);
		add_end(word(world, line, "ends", ""), json);
		add_words(world, line, json);
	} else if (strncmp(type, "feedback.", 9) == 0 || strncmp(type, "review.", 7) == 0) {
		buf_printf(json, ",\"feedback\":{%s%s%s\"comment\":\"so-so\",\"rung\":\"%s\"",
			   score[0] ? "\"score\":" : "", score, score[0] ? "," : "",
			   word(world, line, "rung", ""));
		if (strcmp(order, "-") != 0)
			buf_printf(json, ",\"order\":\"%s\"", order);
		buf_text(json, "}");
	} else if (strncmp(type, "return.", 7) == 0 || strncmp(type, "complaint.", 10) == 0) {
		buf_printf(json, ",\"case\":{\"id\":\"%s\",\"order\":\"%s\"}",
			   word(world, line, "case", ""), order);
	}
	if (*word(world, line, "live", ""))
		buf_printf(json, ",\"live_from\":\"%s\"",
			   rfc3339_text(STORY_MS + (int64_t)(atof(word(world, line, "live", "")) *
							     (double)DAY_MS),
					time));
	if (strcmp(type, "customer.merged") == 0)
		buf_text(json, ",\"merge\":{\"into\":\"another\"}");
	buf_text(json, "}");
	return buf_slice(json);
}

/* Tells the story, then lets the days go by until end_day; what was said is in world->told. */
static inline void world_tell(struct world *world, const char *story, double end_day)
{
	for (const char *line = story; *line;) {
		struct buf json = BUF_MAX(8192);
		int64_t at_ms = (int64_t)(atof(line) * (double)DAY_MS);
		size_t len = strcspn(line, "\n");
		char one[512];
		struct step step = {.kind = STEP_RECORD};

		snprintf(one, sizeof(one), "%.*s", (int)len, line);
		world_advance(world, STORY_MS + at_ms);
		step.now_ms = step.time_ms = STORY_MS + at_ms;
		step.value = event_of_line(world, one, at_ms, &json);
		if (world_step(world, &step) < 0)
			buf_printf(&world->told, "refused\n");
		buf_free(&json);
		line += len + (line[len] == '\n');
	}
	world_advance(world, STORY_MS + (int64_t)(end_day * (double)DAY_MS));
}

#endif
