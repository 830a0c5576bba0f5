/*
 * scheduler_handover_fuzz.c - any bytes as what a merged customer hands over.
 *
 * Whatever is taken leaves a state that can be read and decided on, and a ledger that is handed
 * over twice counts once.
 */
#include <stdlib.h>

#include "common/message/handover.h"
#include "scheduler_policy.h"
#include "services/scheduler/step.h"
#include "services/scheduler/wire_read.h"

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

static size_t sends_of(const struct step *step)
{
	struct sched_ledger ledger;
	struct err err;

	if (sched_ledger_decode(step->state, fuzz_policy(), &arena, &ledger, &err) < 0)
		abort();
	return ledger.send_count;
}

/* The bytes as a record, and as the ledger in one. */
static void hand_over(struct step *step, struct slice value)
{
	size_t sends;

	if (run(step, STEP_RECORD, value) < 0)
		return;
	sends = sends_of(step);
	if (run(step, STEP_RECORD, value) < 0 || sends_of(step) > sends)
		abort();
	for (int i = 0; i < 4; i++) {
		if (run(step, STEP_TIMER, slice_of(NULL, 0)) < 0 || step->due_ms <= step->now_ms)
			abort();
		if (step->due_ms == NEVER_MS)
			break;
		step->now_ms = step->due_ms;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct handover_goal goal = {"c1", 1};
	const struct scheduler service = {.policy = fuzz_policy(), .format = OUTCOME_JSON};
	struct step step = {.context = &service,
			    .arena = &arena,
			    .input = SCHED_HANDED,
			    .now_ms = INT64_C(1767614400000),
			    .time_ms = INT64_C(1767614400000),
			    .arrived_ms = INT64_C(1767614400000),
			    .customer = slice_text("c1")};
	struct step same = step;

	arena_reset(&arena);
	hand_over(&step, slice_of(data, size));
	if (size > 0)
		hand_over(&same, handover_of_state("old", &goal, slice_of(data, size), step.now_ms,
						   &arena));
	return 0;
}
