/*
 * scheduler_record_fuzz.c - any bytes as a record of nurture.requests.
 *
 * Whatever is taken leaves a state on which the next decision can be made,
 * and a second time it changes nothing that the decision would see.
 */
#include <stdlib.h>

#include "scheduler_policy.h"
#include "services/scheduler/step.h"
#include "services/scheduler/wire_record.h"

static struct arena arena;

static int run(struct step *step, enum step_kind kind, struct slice value)
{
	struct err err;

	step->kind = kind;
	step->value = value;
	step_prepare(step);
	if (sched_step(step, &err) < 0)
		return -1;
	if (step->state_changed)
		step->state = step->new_state;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct scheduler service = {.policy = fuzz_policy(), .format = OUTCOME_JSON};
	struct step step = {.context = &service,
			    .arena = &arena,
			    .now_ms = INT64_C(1767614400000),
			    .time_ms = INT64_C(1767614400000),
			    .customer = slice_text("c1")};

	arena_reset(&arena);
	if (run(&step, STEP_RECORD, slice_of(data, size)) < 0)
		return 0;
	if (run(&step, STEP_RECORD, slice_of(data, size)) < 0 || step.outputs)
		abort();
	for (int i = 0; i < 4; i++) {
		if (run(&step, STEP_TIMER, slice_of(NULL, 0)) < 0 || step.due_ms <= step.now_ms)
			abort();
		if (step.due_ms == NEVER_MS)
			break;
		step.now_ms = step.due_ms;
	}
	return 0;
}
