/*
 * solicitor_ladder_fuzz.c - any state and any event, and any bytes as what a merged customer hands
 * over: nothing breaks, and what is stored is read again.
 */
#include <stdlib.h>

#include "common/message/handover.h"
#include "services/review-solicitor/step.h"
#include "services/review-solicitor/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rung ladder[] = {{"rating", 0}, {"review", 0}, {"referral", 30 * DAY_MS}};
static struct message_class class = {.name = "feedback"};
static const struct policy policy = {
    .shop = {.name = "Shop", .public_url = "http://localhost"},
    .classes = &class,
    .class_count = 1,
    .feedback = {.wait_ms = DAY_MS,
		 .remind_after_ms = DAY_MS,
		 .reminders = 1,
		 .ladder = ladder,
		 .rung_count = 3,
		 .expires_ms = 21 * DAY_MS,
		 .low_score = 2,
		 .low_task = "call",
		 .owner = "care",
		 .public_link = ""},
};

static void run(struct step *step, struct slice state, int64_t *due_ms)
{
	struct sol_ladder ladder_read;
	struct err err;

	step->state = state;
	step_prepare(step);
	if (sol_step(step, &err) < 0 || !step->state_changed)
		return;
	if (sol_ladder_decode(step->new_state, step->arena, &ladder_read, &err) < 0)
		abort();
	*due_ms = step->due_ms;
}

static void take(struct step step, struct slice state, unsigned input, struct slice value)
{
	int64_t due_ms = NEVER_MS;

	step.input = input;
	step.value = value;
	run(&step, state, &due_ms);
	if (!step.state_changed || due_ms == NEVER_MS)
		return;
	if (due_ms < step.now_ms)
		abort();
	step.kind = STEP_TIMER;
	step.now_ms = due_ms;
	run(&step, step.new_state, &due_ms);
}

/* The first byte says how much of the rest is the state; what is behind it is an event. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct handover_goal goal = {"ann", INT64_C(1767225500000)};
	struct solicitor sol = {.policy = &policy, .token_key = slice_text("sixteen bytes ok")};
	struct arena arena = {0};
	size_t state_len = size ? (size - 1) * data[0] / 255 : 0;
	struct step step = {.context = &sol,
			    .arena = &arena,
			    .now_ms = INT64_C(1767225600000),
			    .customer = slice_text("ann")};
	struct slice state, value;

	if (size) {
		state = slice_of(data + 1, state_len);
		value = slice_of(data + 1 + state_len, size - 1 - state_len);
		take(step, state, SOL_EVENTS, value);
		sol.hands_over = true;
		take(step, state, SOL_EVENTS, value);
		take(step, state, SOL_HANDED, value);
		if (value.len)
			take(step, state, SOL_HANDED,
			     handover_of_state("old", &goal, value, step.now_ms, &arena));
	}
	arena_free(&arena);
	return 0;
}
