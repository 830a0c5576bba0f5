/*
 * parts.c - several requests in one mail: what still holds of each, and who
 * leads when the leader may not go.  Pure.
 */
#include "decision.h"

#include <inttypes.h>

#include "common/policy/person.h"
#include "services/email-sender/compose/templates.h"

void send_add_riders(struct turn *turn, struct send *send)
{
	const Nurture__V1__Dispatch *dispatch = send->dispatch;
	size_t count = dispatch->n_riders;

	if (!count)
		return;
	send->kept.riders = arena_alloc(turn->step->arena, count * sizeof(*send->kept.riders));
	send->kept.n_riders = count;
	for (size_t i = 0; i < count; i++) {
		const Nurture__V1__Request *request = dispatch->riders[i]->request;
		Nurture__V1__DeliveryRider *kept = arena_alloc(turn->step->arena, sizeof(*kept));

		nurture__v1__delivery_rider__init(kept);
		kept->message_class = request->message_class;
		kept->programme = request->programme;
		kept->category = request->category;
		kept->exempt = request->exempt;
		send->kept.riders[i] = kept;
	}
}

bool send_is_blocked(const struct send *send)
{
	if (send->kept.blocked[0])
		return true;
	for (size_t i = 0; i < send->kept.n_riders; i++)
		if (send->kept.riders[i]->blocked[0])
			return true;
	return false;
}

/* The dispatch is another one now: packed anew. */
static void note_change(struct turn *turn, struct send *send)
{
	send->kept.dispatch.len = 0;
	turn->changed = true;
}

static void remove_rider(struct turn *turn, struct send *send, size_t rider)
{
	Nurture__V1__Dispatch *dispatch = send->dispatch;

	for (size_t i = rider + 1; i < dispatch->n_riders; i++) {
		dispatch->riders[i - 1] = dispatch->riders[i];
		send->kept.riders[i - 1] = send->kept.riders[i];
	}
	dispatch->n_riders--;
	send->kept.n_riders--;
	note_change(turn, send);
}

void send_end_rider(struct turn *turn, struct send *send, size_t rider, enum status status,
		    const Nurture__V1__Reason *reason, const char *detail)
{
	send_tell_end(turn, send, (int)rider,
		      (struct send_fate){status, turn->step->now_ms, reason, detail, false});
	remove_rider(turn, send, rider);
}

/* The first rider leads from now on; the send stays the same, with its Message-ID and attempts. */
static void hand_on(struct turn *turn, struct send *send)
{
	const Nurture__V1__Rider *rider = send->dispatch->riders[0];
	const Nurture__V1__DeliveryRider *kept = send->kept.riders[0];

	send->dispatch->request = rider->request;
	send->dispatch->decision = rider->decision;
	send->dispatch->coupon = rider->coupon;
	send->kept.message_class = kept->message_class;
	send->kept.programme = kept->programme;
	send->kept.category = kept->category;
	send->kept.exempt = kept->exempt;
	send->kept.blocked = kept->blocked;
	send->kept.blocked_why = kept->blocked_why;
	remove_rider(turn, send, 0);
}

bool send_end_leader(struct turn *turn, struct send *send, enum status status, int64_t at_ms,
		     const Nurture__V1__Reason *reason, const char *detail)
{
	if (!send->kept.n_riders) {
		send_end(turn, send, status, at_ms, reason, detail);
		return false;
	}
	send_tell_end(turn, send, SEND_LEADER,
		      (struct send_fate){status, at_ms, reason, detail, false});
	hand_on(turn, send);
	return true;
}

/* How a part of the mail ends, and why. */
struct last_word {
	enum status status;
	const char *rule;   /* "": none, as of what the mail itself says */
	const char *detail; /* NULL: none */
	int64_t eligible_ms;
};

static struct last_word expired(const struct turn *turn, const struct send *send)
{
	struct last_word word = {.status = STATUS_EXPIRED, .rule = ""};

	if (send->kept.held_by[0]) {
		word.rule = "open_case";
		word.detail = send->kept.held_by;
	} else if (send->kept.failures) {
		word.detail =
		    arena_printf(turn->step->arena, "after attempt %" PRIu32, send->kept.failures);
	}
	return word;
}

static struct last_word blocked_by(const char *blocked, const char *why)
{
	enum status status = (enum status)status_from_text(slice_text(blocked));

	return (struct last_word){status, status == STATUS_CANCELLED ? "cancel" : "",
				  why[0] ? why : NULL, 0};
}

/* One request of the mail, with what is kept of it. */
struct asked {
	const Nurture__V1__Request *request;
	const char *message_class, *category, *blocked, *blocked_why;
};

static struct asked leader_of(const struct send *send)
{
	const Nurture__V1__Delivery *kept = &send->kept;

	return (struct asked){send->dispatch->request, kept->message_class, kept->category,
			      kept->blocked, kept->blocked_why};
}

static struct asked rider_of(const struct send *send, size_t rider)
{
	const Nurture__V1__DeliveryRider *kept = send->kept.riders[rider];

	return (struct asked){send->dispatch->riders[rider]->request, kept->message_class,
			      kept->category, kept->blocked, kept->blocked_why};
}

/* What waiting does not mend, of any part of the mail; in the arbiter's order. */
static bool must_end(const struct turn *turn, const struct send *send, struct asked asked,
		     struct last_word *ret)
{
	const char *no_address = person_no_address(send->dispatch->email, "");
	int64_t bought_ms;

	if (turn->step->now_ms >= send_expires_ms(send, asked.request))
		*ret = expired(turn, send);
	else if (asked.blocked[0])
		*ret = blocked_by(asked.blocked, asked.blocked_why);
	else if (!send_class_of(turn, asked.message_class))
		*ret =
		    (struct last_word){STATUS_CANCELLED, "class_removed", asked.message_class, 0};
	else if (no_address[0])
		*ret = (struct last_word){STATUS_UNDELIVERABLE, "", no_address, 0};
	else if ((bought_ms =
		      send_just_bought_ms(turn, send, asked.message_class, asked.category)) != 0)
		*ret = (struct last_word){STATUS_JUST_BOUGHT, "just_bought", asked.category,
					  bought_ms};
	else
		return false;
	return true;
}

static bool leader_must_end(const struct turn *turn, const struct send *send, struct last_word *ret)
{
	const struct template_set *templates = turn->sender->templates;
	const Nurture__V1__Request *request = send->dispatch->request;

	if (must_end(turn, send, leader_of(send), ret))
		return true;
	if (!templates || template_set_has(templates, request->action))
		return false;
	*ret = (struct last_word){
	    STATUS_REJECTED, "",
	    arena_printf(turn->step->arena, "there is no template \"%.100s\"", request->action), 0};
	return true;
}

static bool rider_must_end(const struct turn *turn, const struct send *send, size_t rider,
			   struct last_word *ret)
{
	const struct template_set *templates = turn->sender->templates;
	const Nurture__V1__Request *request = send->dispatch->riders[rider]->request;

	if (must_end(turn, send, rider_of(send, rider), ret))
		return true;
	if (!templates || template_set_has_block(templates, request->action))
		return false;
	*ret = (struct last_word){
	    STATUS_REJECTED, "",
	    arena_printf(turn->step->arena, "the template \"%.100s\" has no block for another mail",
			 request->action),
	    0};
	return true;
}

/* NULL when no rule is named. */
static const Nurture__V1__Reason *reason_of(const struct turn *turn, const struct last_word *word)
{
	Nurture__V1__Reason *reason;

	if (!word->rule[0])
		return NULL;
	reason = arena_alloc(turn->step->arena, sizeof(*reason));
	nurture__v1__reason__init(reason);
	reason->rule = (char *)(uintptr_t)word->rule;
	reason->eligible_at_ms = word->eligible_ms;
	return reason;
}

bool send_shed(struct turn *turn, struct send *send)
{
	struct last_word word;

	for (size_t i = 0; i < send->kept.n_riders;) {
		if (rider_must_end(turn, send, i, &word))
			send_end_rider(turn, send, i, word.status, reason_of(turn, &word),
				       word.detail);
		else
			i++;
	}
	while (leader_must_end(turn, send, &word))
		if (!send_end_leader(turn, send, word.status, turn->step->now_ms,
				     reason_of(turn, &word), word.detail))
			return false;
	return true;
}
