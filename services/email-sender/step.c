/* step.c - see step.h. */
#include "step.h"

#include <inttypes.h>

#include "../../common/base/hash.h"
#include "../../common/base/text.h"
#include "journal.h"
#include "turn.h"

#define MEMORY_MIN_MS (8 * DAY_MS) /* a repeated dispatch is known for at least so long */
#define NOT_SENT_PAUSE_MS SECOND_MS

static struct send *find(const struct turn *turn, const char *id)
{
	for (size_t i = 0; i < turn->state->n_sends; i++)
		if (strcmp(turn->state->sends[i]->kept.id, id) == 0)
			return turn->state->sends[i];
	return NULL;
}

static struct send *add(struct turn *turn, Nurture__V1__Dispatch *dispatch, struct slice packed)
{
	struct send_state *state = turn->state;
	struct send *send = arena_alloc(turn->step->arena, sizeof(*send));
	struct send **sends = arena_alloc(turn->step->arena, (state->n_sends + 1) * sizeof(*sends));

	*send = (struct send){.kept = NURTURE__V1__DELIVERY__INIT, .dispatch = dispatch};
	send->kept.id = dispatch->id;
	send->kept.status = SEND_WAITING;
	send->kept.message_class = dispatch->request->message_class;
	send->kept.programme = dispatch->request->programme;
	send->kept.category = dispatch->request->category;
	send->kept.exempt = dispatch->request->exempt;
	send_add_riders(turn, send);
	send->kept.dispatch.len = packed.len;
	send->kept.dispatch.data = (uint8_t *)(uintptr_t)packed.bytes;
	if (state->n_sends)
		memcpy(sends, state->sends, state->n_sends * sizeof(*sends));
	sends[state->n_sends++] = send;
	state->sends = sends;
	return send;
}

/* The relay had its chance: the pause doubles, and differs a little from send to send. */
static int64_t pause_ms(const struct policy *policy, const struct send *send)
{
	int64_t pause = policy->retry.first_ms > SECOND_MS ? policy->retry.first_ms : SECOND_MS;
	uint64_t jitter =
	    hash64(slice_text(send->kept.id)) + send->kept.failures * UINT64_C(0x9e3779b97f4a7c15);

	for (uint32_t n = 1; n < send->kept.failures && pause < policy->retry.max_ms; n++)
		pause *= 2;
	if (pause > policy->retry.max_ms && policy->retry.max_ms > 0)
		pause = policy->retry.max_ms;
	jitter ^= jitter >> 32;
	return pause / 1000 * (int64_t)(800 + jitter % 401);
}

/* "550 5.1.1 no such user", "no answer to DATA": the answer for people. */
static const char *answer_text(struct turn *turn, const Nurture__V1__DeliveryResult *result)
{
	const char *text = result->text[0] ? result->text : "no answer";

	if (!text_is_printable(slice_text(text)) || !text_is_utf8(slice_text(text)))
		text = "an answer that is not printable";
	if (!result->code)
		return arena_printf(turn->step->arena, "%.200s", text);
	return arena_printf(turn->step->arena, "%" PRIu32 "%s%.11s %.200s", result->code,
			    result->enhanced[0] ? " " : "", result->enhanced, text);
}

/* After an attempt without success: again later, or the end. give_up: when tries run out. */
static void try_later(struct turn *turn, struct send *send, enum status give_up, const char *answer)
{
	const struct policy *policy = turn->sender->policy;
	struct arena *arena = turn->step->arena;
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
	int64_t next_ms = turn->step->now_ms + pause_ms(policy, send);

	if (send_is_blocked(send) && !send_shed(turn, send))
		return;
	if (send->kept.failures >= policy->retry.attempts) {
		send_end(turn, send, give_up, send->kept.intended_ms, NULL,
			 arena_printf(arena, "gave up after %" PRIu32 " attempts: %s",
				      send->kept.failures, answer));
		return;
	}
	while (next_ms >= send->dispatch->request->expires_ms)
		if (!send_end_leader(turn, send, STATUS_EXPIRED, send->kept.intended_ms, NULL,
				     arena_printf(arena, "after attempt %" PRIu32 ": %s",
						  send->kept.failures, answer)))
			return;
	reason.rule = (char *)"retry";
	reason.eligible_at_ms = next_ms;
	reason.detail = arena_text(arena, answer);
	send_wait(turn, send, arena_printf(arena, "retry:%" PRIu32, send->kept.attempt),
		  send->kept.intended_ms, &reason);
}

static bool may_resend(const struct turn *turn, const struct send *send)
{
	const struct policy *policy = turn->sender->policy;
	int index = policy_class(policy, slice_text(send->kept.message_class));

	return index >= 0 && policy->classes[index].in_doubt_resend;
}

/* Nobody knows whether it was delivered. Again with the same Message-ID, or never again. */
static void doubt(struct turn *turn, struct send *send, bool at_once, const char *answer)
{
	if (!may_resend(turn, send)) {
		send_end(turn, send, STATUS_IN_DOUBT, send->kept.intended_ms, NULL, answer);
		return;
	}
	send->kept.doubted = true;
	send->kept.failures++;
	turn->changed = true;
	if (at_once && send->kept.failures < turn->sender->policy->retry.attempts)
		send_consider(turn, send);
	else
		try_later(turn, send, STATUS_IN_DOUBT, answer);
}

static void on_result(struct turn *turn, const Nurture__V1__DeliveryResult *result)
{
	struct send *send = find(turn, result->id);

	if (!send || send->kept.status != SEND_INTENDED || send->kept.attempt != result->attempt)
		return; /* of an attempt that was given up on meanwhile */
	switch ((enum send_verdict)result->verdict) {
	case SEND_SENT:
		send_end(turn, send, STATUS_SENT, send->kept.intended_ms, NULL, NULL);
		return;
	case SEND_REFUSED:
		send_end(turn, send, STATUS_REJECTED, send->kept.intended_ms, NULL,
			 answer_text(turn, result));
		return;
	case SEND_LATER:
		send->kept.failures++;
		try_later(turn, send, STATUS_REJECTED, answer_text(turn, result));
		return;
	case SEND_IN_DOUBT:
		doubt(turn, send, false, answer_text(turn, result));
		return;
	case SEND_NOT_SENT:
		if (turn->sender->is_event_time && !send_is_blocked(send)) {
			/* No time has passed: the same intent, once more. */
			send_hand_over(turn, send);
			return;
		}
		send->kept.status = SEND_WAITING;
		send->kept.owner = 0;
		send->kept.next_ms = turn->step->now_ms + NOT_SENT_PAUSE_MS;
		turn->changed = true;
		if (send_is_blocked(send))
			send_consider(turn, send);
		return;
	}
}

/* An intent of an owner that is gone: the journal may know what became of it. */
static void take_up(struct turn *turn, struct send *send)
{
	Nurture__V1__DeliveryResult *result;
	struct slice bytes;
	struct err why;

	switch (send_journal_look(turn->sender->journal, send->kept.owner, send->kept.id,
				  send->kept.attempt, &bytes)) {
	case SEND_TRACE_FINISHED:
		if (send_result_decode(bytes, turn->step->arena, &result, &why) < 0)
			break;
		on_result(turn, result);
		return;
	case SEND_TRACE_NOT_BEGUN:
		if (turn->sender->is_event_time) {
			send_hand_over(turn, send);
			return;
		}
		/* Hours may have gone by since: everything is asked again. */
		send->kept.status = SEND_WAITING;
		turn->changed = true;
		send_consider(turn, send);
		return;
	case SEND_TRACE_BEGUN:
	case SEND_TRACE_UNKNOWN:
		break;
	}
	doubt(turn, send, true, "the sender stopped before it had an answer");
}

static int on_record(struct turn *turn, struct err *err)
{
	Nurture__V1__DispatchRecord *record;
	struct slice packed;

	if (!text_is_id(turn->step->customer))
		return err_set(err, "dispatch: the key is no customer id");
	if (send_dispatch_decode(turn->step->value, turn->step->arena, &record, &packed, err) < 0)
		return -1;
	if (record->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT)
		send_contact(turn, record->contact);
	else if (!find(turn, record->dispatch->id))
		send_consider(turn, add(turn, record->dispatch, packed));
	return 0;
}

static void on_timer(struct turn *turn)
{
	for (size_t i = 0; i < turn->state->n_sends; i++) {
		struct send *send = turn->state->sends[i];

		if (send->kept.status == SEND_WAITING && send->kept.next_ms <= turn->step->now_ms)
			send_consider(turn, send);
		else if (send->kept.status == SEND_INTENDED &&
			 send->kept.owner != turn->step->owner)
			take_up(turn, send);
	}
	turn->changed = true; /* at least the next look */
}

static int64_t memory_ms(const struct policy *policy)
{
	int64_t longest_ms = policy_longest_window_ms(policy);

	return longest_ms > MEMORY_MIN_MS ? longest_ms : MEMORY_MIN_MS;
}

static void forget(struct turn *turn)
{
	int64_t since_ms = turn->step->now_ms - memory_ms(turn->sender->policy);
	size_t kept = 0;

	for (size_t i = 0; i < turn->state->n_sends; i++) {
		struct send *send = turn->state->sends[i];

		if (send_is_open(send) || send->kept.intended_ms > since_ms)
			turn->state->sends[kept++] = send;
	}
	turn->state->n_sends = kept;
}

/*
 * When something is to be done.  An intent of ours ends with its result; only
 * the next owner has to hear of it, and before all else.  With nothing open,
 * the state goes when its last send may be forgotten.
 */
static int64_t due_ms(const struct turn *turn)
{
	int64_t due = NEVER_MS, over = 0;

	for (size_t i = 0; i < turn->state->n_sends; i++) {
		const struct send *send = turn->state->sends[i];

		if (send->kept.status == SEND_INTENDED)
			return STEP_DUE_NEW_OWNER;
		if (send->kept.status == SEND_WAITING && send->kept.next_ms < due)
			due = send->kept.next_ms;
		if (!send_is_open(send) && send->kept.intended_ms > over)
			over = send->kept.intended_ms;
	}
	if (due == NEVER_MS && turn->state->n_sends)
		due = over + memory_ms(turn->sender->policy);
	return due;
}

int send_step(struct step *step, struct err *err)
{
	struct turn turn = {.step = step, .sender = step->context};
	Nurture__V1__DeliveryResult *result;
	struct err why;

	if (send_state_decode(step->state, step->arena, &turn.state, &why) < 0) {
		if (step->kind == STEP_RECORD)
			return err_set(err, "%s", why.text);
		if (step->kind == STEP_TIMER) /* bytes that nobody can read have no timer */
			step_store(step, step->state, NEVER_MS);
		return 0;
	}
	switch (step->kind) {
	case STEP_RECORD:
		if (on_record(&turn, err) < 0)
			return -1;
		break;
	case STEP_TIMER:
		on_timer(&turn);
		break;
	case STEP_ANEW:
		for (size_t i = 0; i < turn.state->n_sends; i++)
			if (turn.state->sends[i]->kept.status == SEND_WAITING)
				send_look_again(&turn, turn.state->sends[i]);
		break;
	case STEP_RESULT:
		if (send_result_decode(step->value, step->arena, &result, &why) == 0)
			on_result(&turn, result);
		break;
	}
	if (turn.changed) {
		forget(&turn);
		step_store(step, send_state_encode(turn.state, step->arena), due_ms(&turn));
	}
	return 0;
}
