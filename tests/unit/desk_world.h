/*
 * desk_world.h - the desk's step driven by hand: a policy, one customer, a clock, and all that the
 * step tells as lines of text.
 */
#ifndef NURTURE_TESTS_DESK_WORLD_H
#define NURTURE_TESTS_DESK_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/codec/protobuf_message.h"
#include "common/message/event.h"
#include "common/message/notice.h"
#include "common/message/outcome.h"
#include "nurture/v1/desk.pb-c.h"
#include "policy_fixture.h"
#include "services/desk/step.h"

static const char desk_world_policy[] =
    "shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\"}\n"
    "classes: {transactional: {}, care: {}}\n"
    "caps: off\n"
    "quiet_hours: off\n"
    "just_bought: off\n"
    "programmes:\n"
    "  basket: {owner: house, on: order.placed, task: basket, class: care, expires: 5d}\n"
    "  call: {owner: house, on: complaint.opened, task: phone-call, class: care, expires: 20d}\n"
    "  plain: {owner: garden, on: order.late, task: flowers, class: care, expires: 20d}\n"
    "  sorry: {owner: house, on: call.unanswered, email: sorry, class: care}\n"
    "desk:\n"
    "  hours: {days: [monday, tuesday, wednesday, thursday, friday], from: \"09:00\", to: "
    "\"17:00\"}\n"
    "  teams:\n"
    "    house: {lead: boss}\n"
    "    boss: {webhook: chat}\n"
    "  actions:\n"
    "    basket: {within: 8h, remind: [4h, 1h], escalate: [{after: 1h, to: lead}, {after: 4h, to: "
    "garden}]}\n"
    "    phone-call:\n"
    "      answer_within: 2h\n"
    "      within: 8h\n"
    "      remind: [1h]\n"
    "      escalate: [{after: 0s, to: lead}, {after: 8h, to: garden}]\n"
    "      attempts: 3\n"
    "      again: [no_answer, busy]\n"
    "      again_after: 4h\n"
    "      else: {event: call.unanswered}\n"
    "people:\n"
    "  eve: {mail: eve@s.example, webhook: crm, teams: [boss, house]}\n"
    "  garden: {webhook: chat}\n";

struct desk_world {
	struct zones *zones;
	struct policy *policy;
	struct dsk_service service;
	struct buf state;
	int64_t due_ms, now_ms;
	const char *customer, *name; /* NULL: nobody knows what they are called */
	struct buf handed;           /* the last handover, and to whom it went */
	char handed_to[64];
	struct buf posted; /* the last body, with its NUL */
	char posted_id[64];
	uint64_t owner;
	struct buf told; /* "TIME WHAT...\n" for each output */
	unsigned events; /* so many ids were used */
};

static inline void desk_world_open(struct desk_world *world)
{
	struct err err;

	*world = (struct desk_world){.zones = fixture_zones(),
				     .due_ms = NEVER_MS,
				     .state = BUF_MAX(1024 * 1024),
				     .posted = BUF_MAX(64 * 1024),
				     .handed = BUF_MAX(1024 * 1024),
				     .customer = "ann",
				     .owner = 1,
				     .told = BUF_MAX(1024 * 1024)};
	if (policy_load(slice_text(desk_world_policy), "desk.yaml", world->zones, NULL,
			&world->policy, &err) < 0)
		fail_msg("%s", err.text);
	world->service.policy = world->policy;
}

static inline void desk_world_close(struct desk_world *world)
{
	policy_free(world->policy);
	zones_free(world->zones);
	buf_free(&world->state);
	buf_free(&world->told);
	buf_free(&world->posted);
	buf_free(&world->handed);
}

static inline int64_t desk_time(const char *text)
{
	struct err err;
	int64_t ms;

	if (rfc3339_parse(slice_text(text), &ms, &err) < 0)
		fail_msg("%s", err.text);
	return ms;
}

/* Each end is counted, each post is noted: "TIME post HOOK", or "given up HOOK". */
static inline void desk_world_effect(struct desk_world *world, struct slice bytes,
				     struct arena *arena)
{
	Nurture__V1__DeskEffect *effect =
	    message_unpack(&nurture__v1__desk_effect__descriptor, bytes, arena);
	char at[RFC3339_BYTES];
	Nurture__V1__End *end;
	struct err err;

	assert_non_null(effect);
	if (*effect->morning) {
		buf_printf(&world->told, "%.16s list for %s\n", rfc3339_text(world->now_ms, at),
			   effect->morning);
		return;
	}
	if (!effect->post) {
		assert_int_equal(
		    end_decode(slice_of(effect->end.data, effect->end.len), arena, &end, &err), 0);
		return;
	}
	buf_printf(&world->told, "%.16s %s %s\n", rfc3339_text(world->now_ms, at),
		   effect->post->given_up ? "given up" : "post", effect->post->hook);
	buf_reset(&world->posted);
	buf_add(&world->posted, effect->post->body.data, effect->post->body.len);
	buf_add(&world->posted, "", 1);
	snprintf(world->posted_id, sizeof(world->posted_id), "%s", effect->post->id);
}

static inline void desk_world_tell_one(struct desk_world *world, const struct step_output *output,
				       struct arena *arena)
{
	char at[RFC3339_BYTES];
	Nurture__V1__Notice *notice;
	Nurture__V1__Event *event;
	Nurture__V1__End *end;
	struct err err;
	int r = 0;

	if (output->topic == STEP_EFFECT) {
		desk_world_effect(world, output->value, arena);
		return;
	}
	if (output->topic == DSK_HANDOVERS) {
		buf_reset(&world->handed);
		buf_add(&world->handed, output->value.bytes, output->value.len);
		snprintf(world->handed_to, sizeof(world->handed_to), "%.*s",
			 SLICE_ARGS(output->key));
		return;
	}
	buf_printf(&world->told, "%.16s ", rfc3339_text(output->time_ms, at));
	if (output->topic == DSK_ENDS && (r = end_decode(output->value, arena, &end, &err)) == 0) {
		assert_string_equal(end->customer, world->customer);
		assert_int_equal(end->at_ms, output->time_ms);
		buf_printf(&world->told, "%s %s%s%s%s%s%s%s\n", end->id, end->status,
			   *end->result ? " result=" : "", end->result, *end->by ? " by=" : "",
			   end->by, *end->reason ? " reason=" : "", end->reason);
	} else if (output->topic == DSK_NOTICES &&
		   (r = notice_decode(output->value, arena, &notice, &err)) == 0) {
		buf_printf(&world->told, "%s %s to=%s", notice->task, notice->kind, notice->to);
		if (notice->step)
			buf_printf(&world->told, " step=%u", notice->step);
		buf_text(&world->told, "\n");
	} else if (output->topic == DSK_EVENTS_OUT &&
		   (r = event_decode(output->value, arena, &event, &err)) == 0) {
		buf_printf(&world->told, "event %s of %s\n", event->type, event->task->id);
	}
	if (r < 0)
		fail_msg("%s", err.text);
}

/* One step; the clock must be set. false: the record is refused, as err says. */
static inline bool desk_world_step(struct desk_world *world, enum step_kind kind, unsigned input,
				   struct slice value, struct err *err)
{
	struct arena arena = {0};
	struct step step = {.context = &world->service,
			    .arena = &arena,
			    .now_ms = world->now_ms,
			    .time_ms = kind == STEP_TIMER ? world->due_ms : world->now_ms,
			    .kind = kind,
			    .owner = world->owner,
			    .input = input,
			    .customer = slice_text(world->customer),
			    .value = value,
			    .state = buf_slice(&world->state)};
	bool ok;

	step_prepare(&step);
	ok = dsk_step(&step, err) == 0;
	for (const struct step_output *output = step.outputs; ok && output; output = output->next)
		desk_world_tell_one(world, output, &arena);
	if (ok && step.state_changed) {
		struct buf state = BUF_MAX(1024 * 1024);

		buf_add(&state, step.new_state.bytes, step.new_state.len);
		buf_free(&world->state);
		world->state = state;
		world->due_ms = step.due_ms;
	}
	arena_free(&arena);
	return ok;
}

/* Timers up to that instant, each at its own. */
static inline void desk_world_run(struct desk_world *world, int64_t until_ms)
{
	struct err err;

	while (world->due_ms <= until_ms) {
		int64_t due_ms = world->due_ms;

		world->now_ms = due_ms;
		assert_true(desk_world_step(world, STEP_TIMER, 0, slice_of(NULL, 0), &err));
		/* A timer that does nothing must not come again at once. */
		assert_true(world->due_ms > due_ms);
	}
	world->now_ms = until_ms;
}

static inline void desk_world_record(struct desk_world *world, unsigned input, struct slice value)
{
	struct err err;

	if (!desk_world_step(world, STEP_RECORD, input, value, &err))
		fail_msg("%s", err.text);
}

/* A task that was given out then, and is heard of now; it expires so long after it was given. */
static inline void desk_world_hear_task(struct desk_world *world, const char *id,
					const char *action, int64_t given_ms,
					int64_t expires_after_ms)
{
	Nurture__V1__Task task = NURTURE__V1__TASK__INIT;
	struct buf bytes = BUF_MAX(64 * 1024);

	task.time_ms = (uint64_t)given_ms;
	task.id = (char *)id;
	task.request = (char *)"r";
	task.customer = (char *)world->customer;
	if (world->name)
		task.name = (char *)world->name;
	task.programme = (char *)"p";
	task.owner = strcmp(action, "flowers") == 0 ? (char *)"garden" : (char *)"house";
	task.action = (char *)action;
	task.due_ms = given_ms;
	task.expires_ms = given_ms + expires_after_ms;
	task_encode(&task, OUTCOME_JSON, &bytes);
	desk_world_record(world, DSK_TASKS, buf_slice(&bytes));
	buf_free(&bytes);
}

static inline void desk_world_open_task(struct desk_world *world, const char *id,
					const char *action, int64_t expires_after_ms)
{
	desk_world_hear_task(world, id, action, world->now_ms, expires_after_ms);
}

static inline void desk_world_cancel_task(struct desk_world *world, const char *id)
{
	Nurture__V1__Task task = NURTURE__V1__TASK__INIT;
	struct buf bytes = BUF_MAX(64 * 1024);

	task.time_ms = (uint64_t)world->now_ms;
	task.id = (char *)id;
	task.customer = (char *)world->customer;
	task.state = (char *)TASK_CANCELLED;
	task.reason = (char *)"order.cancelled";
	task_encode(&task, OUTCOME_PROTOBUF, &bytes);
	desk_world_record(world, DSK_TASKS, buf_slice(&bytes));
	buf_free(&bytes);
}

/* An event about a task: its type without "task.", and more members of the task's object. */
static inline void desk_world_say(struct desk_world *world, const char *event_id, const char *type,
				  const char *task, const char *more)
{
	struct buf bytes = BUF_MAX(64 * 1024);
	char at[RFC3339_BYTES];

	buf_printf(&bytes,
		   "{\"id\":\"%s\",\"type\":\"%s\",\"time\":\"%s\",\"customer\":{\"id\":\"%s\"},"
		   "\"task\":{\"id\":\"%s\"%s}}",
		   event_id, type, rfc3339_text(world->now_ms, at), world->customer, task, more);
	desk_world_record(world, DSK_EVENTS, buf_slice(&bytes));
	buf_free(&bytes);
}

#endif
