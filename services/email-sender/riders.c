/*
 * riders.c - several requests in one mail: what still holds of each, and who
 * leads when the leader may not go.  Pure.
 */
#include "turn.h"

#include <inttypes.h>

#include "../../common/base/text.h"
#include "templates.h"

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

struct last_word {
	enum status status;
	const char *detail; /* NULL: none */
};

/* What waiting does not mend, of any part of the mail. */
static bool must_end(const struct turn *turn, const struct send *send,
		     const Nurture__V1__Request *request, const char *blocked, const char *why,
		     struct last_word *ret)
{
	const char *email = send->dispatch->email;

	if (turn->step->now_ms >= request->expires_ms)
		*ret = (struct last_word){
		    STATUS_EXPIRED, send->kept.failures
					? arena_printf(turn->step->arena, "after attempt %" PRIu32,
						       send->kept.failures)
					: NULL};
	else if (blocked[0])
		*ret = (struct last_word){(enum status)status_from_text(slice_text(blocked)),
					  why[0] ? why : NULL};
	else if (!text_is_email(slice_text(email)))
		*ret = (struct last_word){STATUS_UNDELIVERABLE,
					  email[0] ? "the address is none that mail can be sent to"
						   : "no address"};
	else
		return false;
	return true;
}

static bool leader_must_end(const struct turn *turn, const struct send *send, struct last_word *ret)
{
	const struct template_set *templates = turn->sender->templates;
	const Nurture__V1__Request *request = send->dispatch->request;

	if (must_end(turn, send, request, send->kept.blocked, send->kept.blocked_why, ret))
		return true;
	if (!templates || template_set_has(templates, request->action))
		return false;
	*ret = (struct last_word){
	    STATUS_REJECTED,
	    arena_printf(turn->step->arena, "there is no template \"%.100s\"", request->action)};
	return true;
}

static bool rider_must_end(const struct turn *turn, const struct send *send, size_t rider,
			   struct last_word *ret)
{
	const struct template_set *templates = turn->sender->templates;
	const Nurture__V1__Request *request = send->dispatch->riders[rider]->request;
	const Nurture__V1__DeliveryRider *kept = send->kept.riders[rider];

	if (must_end(turn, send, request, kept->blocked, kept->blocked_why, ret))
		return true;
	if (!templates || template_set_has_block(templates, request->action))
		return false;
	*ret = (struct last_word){
	    STATUS_REJECTED,
	    arena_printf(turn->step->arena, "the template \"%.100s\" has no block for another mail",
			 request->action)};
	return true;
}

bool send_shed(struct turn *turn, struct send *send)
{
	struct last_word word;

	for (size_t i = 0; i < send->kept.n_riders;) {
		if (rider_must_end(turn, send, i, &word))
			send_end_rider(turn, send, i, word.status, NULL, word.detail);
		else
			i++;
	}
	while (leader_must_end(turn, send, &word))
		if (!send_end_leader(turn, send, word.status, turn->step->now_ms, NULL,
				     word.detail))
			return false;
	return true;
}
