/* desk_step_fuzz.c - any state, any task and any event: nothing breaks, what is stored is read
 * again, and its timers come. */
#include <stdlib.h>

#include "services/desk/book.h"
#include "services/desk/step.h"
#include "tests/unit/policy_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] =
    "shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\"}\n"
    "classes: {care: {}}\n"
    "caps: off\n"
    "quiet_hours: off\n"
    "just_bought: off\n"
    "programmes:\n"
    "  call: {owner: house, on: complaint.opened, task: phone-call, class: care, expires: 20d}\n"
    "  sorry: {owner: house, on: call.unanswered, task: letter, class: care}\n"
    "desk:\n"
    "  hours: {days: [monday, friday], from: \"09:00\", to: \"17:00\"}\n"
    "  teams: {house: {lead: boss}, boss: {}}\n"
    "  actions:\n"
    "    phone-call: {answer_within: 2h, within: 8h, remind: [1h], escalate: [{after: 0s, to: "
    "lead}],\n"
    "                 attempts: 3, again: [no_answer], again_after: 4h, else: {event: "
    "call.unanswered}}\n"
    "people: {eve: {webhook: chat, teams: [house, boss]}}\n";

static const struct policy *policy(void)
{
	static struct policy *loaded;
	struct err err;

	if (!loaded &&
	    policy_load(slice_text(text), "desk.yaml", fixture_zones(), NULL, &loaded, &err) < 0)
		abort();
	return loaded;
}

static bool run(struct step *step, struct slice state)
{
	struct dsk_book book;
	struct err err;

	step->state = state;
	step_prepare(step);
	if (dsk_step(step, &err) < 0 || !step->state_changed)
		return false;
	if (dsk_book_decode(step->new_state, step->arena, &book, &err) < 0)
		abort();
	if (step->due_ms <= step->now_ms && step->kind == STEP_TIMER)
		abort(); /* it would come for ever */
	return true;
}

/*
 * The first byte says how much of the rest is the state, the second of which input the rest is, or
 * that it is a result, and by which clock.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dsk_service service = {.policy = policy()};
	struct arena arena = {0};
	size_t state_len = size > 2 ? (size - 2) * data[0] / 255 : 0;
	struct step step = {.context = &service,
			    .arena = &arena,
			    .now_ms = INT64_C(1767225600000),
			    .customer = slice_text("ann")};

	if (size > 2) {
		step.input = data[1] % 3;
		step.kind = data[1] & 64 ? STEP_RESULT : STEP_RECORD;
		service.is_wall = data[1] & 128;
		step.owner = 1;
		step.arrived_ms = service.is_wall ? step.now_ms : 0;
		step.value = slice_of(data + 2 + state_len, size - 2 - state_len);
		if (run(&step, slice_of(data + 2, state_len)) && step.due_ms != NEVER_MS) {
			step.kind = STEP_TIMER;
			step.time_ms = step.due_ms;
			step.now_ms = step.due_ms > step.now_ms ? step.due_ms : step.now_ms;
			run(&step, step.new_state);
		}
	}
	arena_free(&arena);
	return 0;
}
