/*
 * scheduler_ledger_fuzz.c - any bytes as the state of a customer.
 *
 * What can be read can be written and read again to the same bytes, once its
 * words have been numbered, and a decision on it ends, asks for a later time,
 * and leaves a readable state.
 */
#include <stdlib.h>

#include "scheduler_policy.h"
#include "services/scheduler/step.h"
#include "services/scheduler/wire_read.h"
#include "services/scheduler/wire_write.h"

/* Reads what was written, and writes it; ret_many: it had so many words that others come now. */
static struct slice write_again(struct slice bytes, const struct policy *policy,
				struct arena *arena, bool *ret_many)
{
	struct sched_ledger ledger;
	struct err err;

	if (sched_ledger_decode(bytes, policy, arena, &ledger, &err) < 0)
		abort();
	*ret_many = ledger.words.count > WORDS_MANY;
	return sched_ledger_encode(&ledger, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	const struct scheduler service = {.policy = fuzz_policy()};
	struct step step = {.context = &service,
			    .arena = &arena,
			    .now_ms = INT64_C(1767614400000),
			    .kind = STEP_TIMER,
			    .customer = slice_text("c1"),
			    .state = slice_of(data, size)};
	struct sched_ledger ledger, again;
	struct slice once, twice;
	struct err err;
	bool many;

	arena_reset(&arena);
	if (sched_ledger_decode(step.state, service.policy, &arena, &ledger, &err) < 0)
		return 0;
	once = sched_ledger_encode(&ledger, &arena);
	twice = write_again(once, service.policy, &arena, &many);
	if (many) { /* a writing may add the word that is one too many for the next */
		once = twice;
		twice = write_again(once, service.policy, &arena, &many);
	}
	if (!slice_equal(once, twice))
		abort();
	step_prepare(&step);
	if (sched_step(&step, &err) < 0 || !step.state_changed || step.due_ms <= step.now_ms)
		abort();
	if (sched_ledger_decode(step.new_state, service.policy, &arena, &again, &err) < 0)
		abort();
	return 0;
}
