/*
 * bounds.c - how much an inbox may hold, so that its state always is a record that Kafka takes.  Pure.
 *
 * An address that stands in for none (no-email@shop.example) may have thousands of ids behind it.  A
 * mail for which there is no room ends, with its one outcome; a word about the inbox always has room
 * (inbox.c).  Of mails that are over nothing is forgotten that a rule still has to count.
 */
#include "decision.h"

#include "common/message/shapes.h"
#include "common/policy/person.h"
#include "common/policy/rule.h"
#include "common/stream/step_size.h"

/* What contacts and attempts may add to a mail after it was taken, and to each of its parts. */
enum { GROWTH_BYTES = 2048, PART_GROWTH_BYTES = 512 };
/* So few always fit: 6 KiB each would be a mail that is over with all its parts, and no short name. */
enum { SEND_FEW = 32 };
enum { OWN_LIMIT_MAX = 1000 }; /* of an own allowance, by its shape */

/* The rest is the window of the own allowances, and what frames them all. */
_Static_assert(SEND_OPEN_MAX_BYTES + SEND_OVER_MAX_BYTES + SEND_HOLDERS_MAX_BYTES + 4096 <
		   STEP_BYTES_MAX_USUAL - STEP_ROOM_BYTES,
	       "an inbox that is full must fit into a record");

static size_t bytes_of(struct send *send, struct arena *arena)
{
	if (send->stored_bytes)
		return send->stored_bytes + SEND_FRAME_BYTES;
	send_dispatch_pack(send, arena);
	return nurture__v1__delivery__get_packed_size(&send->kept) + SEND_FRAME_BYTES;
}

/* How many there are, open or over, and what they take. */
struct load {
	size_t open, open_bytes, over, over_bytes;
};

static struct load load_of(const struct send_decision *decision)
{
	struct load load = {0};

	for (size_t i = 0; i < decision->state->n_sends; i++) {
		struct send *send = decision->state->sends[i];
		size_t bytes = bytes_of(send, decision->step->arena);

		if (send_is_open(send)) {
			load.open++;
			load.open_bytes +=
			    bytes + GROWTH_BYTES + send->kept.n_parts * PART_GROWTH_BYTES;
		} else {
			load.over++;
			load.over_bytes += bytes;
		}
	}
	return load;
}

/* What needs no consent must not wait because of what does. */
static size_t most_open(const struct send_decision *decision, const struct send *send)
{
	const struct message_class *class = send_class_of(decision, send->kept.message_class);

	return class && !class->needs_consent ? SEND_OPEN_MAX + SEND_OPEN_BESIDES_MAX
					      : SEND_OPEN_MAX;
}

/* Mostly there is room whatever the state consists of. */
static bool is_small(const struct send_decision *decision)
{
	const struct step *step = decision->step;
	size_t count = decision->state->n_sends;
	size_t growth = count * (GROWTH_BYTES + SHAPE_PARTS_MAX * PART_GROWTH_BYTES);

	return count <= SEND_OPEN_MAX && step->state.len <= SEND_OVER_MAX_BYTES &&
	       step->state.len + 2 * step->value.len + growth <= SEND_OPEN_MAX_BYTES;
}

bool send_has_room(const struct send_decision *decision, struct send *send)
{
	struct load load;

	if (is_small(decision))
		return true;
	load = load_of(decision);
	return load.open <= most_open(decision, send) && load.open_bytes <= SEND_OPEN_MAX_BYTES &&
	       load.over <= SEND_OVER_MAX && load.over_bytes <= SEND_OVER_MAX_BYTES;
}

void send_turn_away(struct send_decision *decision, struct send *send)
{
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;

	reason.rule = send_inbox_rule(decision, rule_text(RULE_WAITING_LIMIT));
	send_end(decision, send, STATUS_DISPLACED, decision->step->now_ms, &reason,
		 "too much is waiting");
}

/* The rule at that index: those of the policy, the ceiling, the longest own allowance there may be. */
static bool rule_at(const struct send_decision *decision, unsigned index, struct cap *ret)
{
	const struct policy *policy = decision->sender->policy;
	unsigned count = policy->caps_off ? 0 : policy->cap_count;
	Nurture__V1__Allowance own = NURTURE__V1__ALLOWANCE__INIT, *owns[] = {&own};

	if (index < count)
		*ret = policy->caps[index];
	else if (index == count)
		*ret = policy->ceiling;
	else if (index == count + 1 && decision->state->own_window_ms) {
		own.limit = OWN_LIMIT_MAX;
		own.window_ms = decision->state->own_window_ms;
		*ret = *person_own_caps(policy, owns, 1, decision->step->arena);
	} else
		return false;
	return true;
}

static bool is_counted(const struct send_decision *decision, const struct send *send,
		       const struct cap *cap)
{
	if (!send_counts(send) || send->kept.intended_ms <= decision->step->now_ms - cap->window_ms)
		return false;
	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++) {
		struct ledger_send entry = send_counted_as(decision, send, at);

		if (cap_counts(decision->sender->policy, cap, &entry))
			return true;
	}
	return false;
}

/* The places of the sends, by the times at which they count; they are nearly in that order. */
static size_t *by_time(const struct send_decision *decision)
{
	const struct send_state *state = decision->state;
	size_t *order = arena_alloc(decision->step->arena, state->n_sends * sizeof(*order));

	for (size_t i = 0; i < state->n_sends; i++) {
		int64_t at_ms = state->sends[i]->kept.intended_ms;
		size_t at = i;

		for (; at > 0 && state->sends[order[at - 1]]->kept.intended_ms > at_ms; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	return order;
}

/* Of what a rule counts the newest are needed, as many as use it up. */
static void mark_needed(const struct send_decision *decision, const struct cap *cap,
			const size_t *order, bool *needed)
{
	const struct send_state *state = decision->state;
	int64_t left = cap->limit == INT64_MAX ? 0 : cap->limit;

	for (size_t i = state->n_sends; i-- > 0 && left > 0;) {
		if (!is_counted(decision, state->sends[order[i]], cap))
			continue;
		needed[order[i]] = true;
		left--;
	}
}

/* Some more than must be, so that not every mail looks for what can go. */
static bool is_over_full(const struct load *load)
{
	return load->over > SEND_OVER_MAX / 4 * 3 || load->over_bytes > SEND_OVER_MAX_BYTES / 4 * 3;
}

/* Marks as needed what is open, or counted, or newer than what must go. */
static bool *choose(const struct send_decision *decision, struct load load)
{
	const struct send_state *state = decision->state;
	const size_t *order = by_time(decision);
	bool *needed = arena_zalloc(decision->step->arena, state->n_sends * sizeof(*needed));
	struct cap cap;

	for (unsigned i = 0; rule_at(decision, i, &cap); i++)
		mark_needed(decision, &cap, order, needed);
	for (size_t i = 0; i < state->n_sends; i++) {
		struct send *send = state->sends[order[i]];

		if (needed[order[i]])
			continue;
		needed[order[i]] = send_is_open(send) || !is_over_full(&load);
		if (needed[order[i]])
			continue;
		load.over--;
		load.over_bytes -= bytes_of(send, decision->step->arena);
	}
	return needed;
}

void send_bound_over(struct send_decision *decision)
{
	struct send_state *state = decision->state;
	const bool *needed;
	struct load load;
	size_t kept = 0;

	if (state->n_sends <= SEND_FEW)
		return;
	load = load_of(decision);
	if (load.over <= SEND_OVER_MAX && load.over_bytes <= SEND_OVER_MAX_BYTES)
		return;
	needed = choose(decision, load);
	for (size_t i = 0; i < state->n_sends; i++)
		if (needed[i])
			state->sends[kept++] = state->sends[i];
	state->n_sends = kept;
}
