/*
 * Any state and any record, timer or result: refused, or a state that can be
 * read again, with at most one way to be called.  The first two bytes say what
 * and where the state ends.
 */
#include "services/email-sender/step.h"
#include "services/email-sender/wire.h"

static struct message_class classes[] = {
    {.name = "care", .needs_consent = true, .quiet_hours = true},
    {.name = "transactional", .in_doubt_resend = true}};
static struct cap cap = {.name = "week",
			 .limit = 2,
			 .window_ms = 7 * DAY_MS,
			 .classes = ALL_CLASSES,
			 .channels = 1,
			 .programme = "",
			 .category = "",
			 .counts_exempt = true};
static struct policy policy = {.hash = "0123456789abcdef",
			       .classes = classes,
			       .class_count = 2,
			       .caps = &cap,
			       .cap_count = 1,
			       .quiet_hours = {.off = true},
			       .ceiling = {.name = "ceiling",
					   .limit = 20,
					   .window_ms = DAY_MS,
					   .classes = ALL_CLASSES,
					   .channels = 1,
					   .programme = "",
					   .category = "",
					   .counts_exempt = true},
			       .retry = {.first_ms = MINUTE_MS, .max_ms = HOUR_MS, .attempts = 3}};
static const struct sender sender = {.policy = &policy};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	struct send_state *again;
	struct step step = {.context = &sender,
			    .arena = &arena,
			    .now_ms = 1772366400000,
			    .owner = 7,
			    .customer = slice_text("ann")};
	size_t state_len;
	struct err err;

	if (size < 2)
		return 0;
	state_len = (size_t)data[1] * 8 < size - 2 ? (size_t)data[1] * 8 : size - 2;
	step.kind = (enum step_kind)(data[0] % 3);
	step.state = slice_of(data + 2, state_len);
	step.value = slice_of(data + 2 + state_len, size - 2 - state_len);
	/* Only what we would have written ourselves is a state. */
	if (send_state_decode(step.state, &arena, &again, &err) == 0)
		step.state = send_state_encode(again, &arena);
	if (state_len && send_state_decode(step.state, &arena, &again, &err) < 0) {
		arena_reset(&arena);
		return 0;
	}
	step_prepare(&step);
	if (send_step(&step, &err) < 0) {
		if (step.state_changed || step.outputs || step.kind != STEP_RECORD)
			__builtin_trap();
	} else if (step.state_changed && step.due_ms != NEVER_MS) {
		if (send_state_decode(step.new_state, &arena, &again, &err) < 0)
			__builtin_trap();
	}
	arena_reset(&arena);
	return 0;
}
