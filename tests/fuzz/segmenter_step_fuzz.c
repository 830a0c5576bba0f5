/*
 * segmenter_step_fuzz.c - any state and any event, then every timer that
 * comes of it.  The input is the state and the event with a line "--"
 * between them; without one it is the event of a new customer.  What stands for
 * the event is also taken as what a merged customer hands over, and as the profile in it.
 */
#include <stdlib.h>
#include <string.h>

#include "common/message/handover.h"
#include "services/segmenter/step.h"
#include "tests/unit/policy_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char yaml[] =
    "shop: {name: S, time_zone: Europe/Vienna, sender: \"S <s@s.example>\", postal_address: A, "
    "currency: EUR}\n"
    "classes: {care: {}, promotion: {}}\n"
    "caps: off\n"
    "quiet_hours: off\n"
    "just_bought: {default: 90d, related: {tents: [bags, pegs], pegs: [tents]}}\n"
    "send_time: {evidence: 1}\n"
    "coupons: {codes: {signed: true}}\n"
    "segments:\n"
    "  a: {any: [{orders: {at_least: 2}}, {spent: {at_most: \"10\"}}, {bought: tents}]}\n"
    "  b: {segment: a, not: {stage: lapsed}}\n"
    "  c: {days_since_order: {over_usual_gap: 2.5}}\n"
    "  e: {customer_for: {at_least: 1d, at_most: 9d}}\n"
    "  f: {since_bought: {category: tents, at_least: 2d, at_most: 36500d}}\n"
    "  d: {days_since_order: {at_least: 3d, at_most: 9d}, country: AT}\n"
    "programmes:\n"
    "  p: {owner: o, on: order.placed, do: [{email: x}, {task: y}], class: care, category: order,"
    " cancel_on: [order.refunded, order.placed], again_after: 1d, if: {order_amount: {at_least: "
    "\"1\"}}}\n"
    "  q: {owner: o, on_enter: c, email: x, class: promotion, cancel_on: [order.placed]}\n"
    "  r: {owner: o, on_date: customer.birthday, email: x, class: care}\n"
    "  s: {owner: o, on_date: customer.first_order, email: x, class: care}\n"
    "  t: {owner: o, on_date: \"2026-01-02\", email: x, class: care, category: bags, "
    "instead: u}\n"
    "  u: {owner: o, on: message.opened, email: x, class: care, send_at: best, value: order, "
    "category: order, instead: v, variants: {one: {share: 50%}, two: {share: 50%, coupon: "
    "codes}}}\n"
    "  v: {owner: o, on: order.delivered, if: {order_category: tents}, email: x, class: care}\n"
    "  w: {owner: o, on_enter: f, task: y, class: care}\n";

static const struct policy *the_policy(void)
{
	static struct policy *policy;
	struct err err;

	if (!policy &&
	    policy_load(slice_text(yaml), "fuzz", fixture_zones(), NULL, &policy, &err) < 0)
		abort();
	return policy;
}

/* Under the policy that has decided already there is nothing new. */
static void look_again(const struct step *decided, struct err *err)
{
	struct step next = *decided;

	next.kind = STEP_REEVALUATE;
	next.time_ms = next.now_ms;
	next.state = decided->new_state;
	step_prepare(&next);
	if (seg_step(&next, err) < 0 || next.state_changed || next.outputs)
		abort();
}

/* A timer never fails and never comes again at its own instant. */
static void fire(struct step *step, struct err *err)
{
	for (unsigned i = 0; i < 20 && step->state_changed && step->due_ms != NEVER_MS; i++) {
		struct step next = *step;

		next.kind = STEP_TIMER;
		next.time_ms = step->due_ms;
		next.now_ms = step->due_ms > step->now_ms ? step->due_ms : step->now_ms;
		next.state = step->new_state;
		step_prepare(&next);
		if (seg_step(&next, err) < 0 || next.due_ms <= next.now_ms)
			abort();
		look_again(&next, err);
		*step = next;
	}
}

static void take(struct step step, unsigned input, struct slice value)
{
	struct err err;

	step.input = input;
	step.value = value;
	step_prepare(&step);
	if (seg_step(&step, &err) == 0)
		fire(&step, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct handover_goal goal = {"ann", 1767225500000};
	const uint8_t *parted = memmem(data, size, "\n--\n", 4);
	struct segmenter segmenter = {.policy = the_policy(), .hands_over = size % 2 == 1};
	struct arena arena = {0};
	struct step step = {
	    .context = &segmenter,
	    .arena = &arena,
	    .kind = STEP_RECORD,
	    .now_ms = 1767225600000,
	    .time_ms = 1767225600000,
	    .customer = slice_text("ann"),
	    .value = slice_of(data, size),
	    .arrived_ms = size % 2 ? 1767225600000 : 0, /* by the wall clock, and by the event's */
	};

	if (parted) {
		step.state = slice_of(data, (size_t)(parted - data));
		step.value = slice_of(parted + 4, size - step.state.len - 4);
	}
	take(step, SEG_EVENTS, step.value);
	take(step, SEG_HANDED, step.value);
	if (step.value.len)
		take(step, SEG_HANDED,
		     handover_of_state("old", &goal, step.value, step.now_ms, &arena));
	arena_free(&arena);
	return 0;
}
