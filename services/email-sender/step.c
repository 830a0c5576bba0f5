/* step.c - see step.h. */
#include "step.h"

#include "common/base/text.h"
#include "common/policy/person.h"
#include "journal.h"
#include "decision.h"

static const char *send_key(const struct send_decision *decision)
{
	return arena_copy(decision->step->arena, decision->step->customer.bytes,
			  decision->step->customer.len);
}

static struct send *find(const struct send_decision *decision, const char *id)
{
	for (size_t i = 0; i < decision->state->n_sends; i++)
		if (strcmp(decision->state->sends[i]->kept.id, id) == 0)
			return decision->state->sends[i];
	return NULL;
}

static struct send *add(struct send_decision *decision, Nurture__V1__Dispatch *dispatch,
			struct slice packed)
{
	struct send_state *state = decision->state;
	struct send *send = arena_alloc(decision->step->arena, sizeof(*send));
	struct send **sends =
	    arena_alloc(decision->step->arena, (state->n_sends + 1) * sizeof(*sends));

	*send = (struct send){.kept = NURTURE__V1__DELIVERY__INIT, .dispatch = dispatch};
	send->kept.id = dispatch->id;
	send->kept.status = SEND_WAITING;
	send->kept.message_class = dispatch->request->message_class;
	send->kept.programme = dispatch->request->programme;
	send->kept.category = dispatch->request->category;
	send->kept.exempt = dispatch->request->exempt;
	if (!slice_is(decision->step->customer, decision->customer))
		send->kept.customer = (char *)(uintptr_t)decision->customer;
	send_add_parts(decision, send);
	send_note_own_window(decision, dispatch->allowances, dispatch->n_allowances);
	send->kept.dispatch.len = packed.len;
	send->kept.dispatch.data = (uint8_t *)(uintptr_t)packed.bytes;
	if (state->n_sends)
		memcpy(sends, state->sends, state->n_sends * sizeof(*sends));
	sends[state->n_sends++] = send;
	state->sends = sends;
	return send;
}

static void on_result(struct send_decision *decision, const Nurture__V1__DeliveryResult *result)
{
	struct send *send = find(decision, result->id);

	if (send && send->kept.status == SEND_INTENDED && send->kept.attempt == result->attempt)
		send_handle_result(decision, send, result);
	/* any other result is of an attempt that was given up meanwhile */
}

/* Takes up the intent of an earlier owner: the journal may know what became of it. */
static void take_up(struct send_decision *decision, struct send *send)
{
	Nurture__V1__DeliveryResult *result;
	struct slice bytes;
	struct err why;

	switch (send_journal_look(decision->sender->journal, send->kept.owner, send->kept.id,
				  send->kept.attempt, &bytes)) {
	case SEND_TRACE_FINISHED:
		if (send_result_decode(bytes, decision->step->arena, &result, &why) < 0)
			break;
		on_result(decision, result);
		return;
	case SEND_TRACE_NOT_BEGUN:
		if (send_counts_as_sent(decision, send)) {
			send_hand_over(decision, send);
			return;
		}
		/* Hours may have passed, so everything is asked again. */
		send->kept.status = SEND_WAITING;
		decision->changed = true;
		send_consider(decision, send);
		return;
	case SEND_TRACE_BEGUN:
	case SEND_TRACE_UNKNOWN:
		break;
	}
	send_doubt(decision, send, true, "the sender stopped before it had an answer");
}

/*
 * With the event clock the timer of the instant decides, when all that came of the instant is known.
 * By the wall clock there is no such instant, and nothing to wait for.
 */
static void on_dispatch(struct send_decision *decision, struct send *send)
{
	if (!send_has_room(decision, send)) {
		send_turn_away(decision, send);
		return;
	}
	if (!decision->sender->is_event_time) {
		send_consider(decision, send);
		return;
	}
	send->kept.next_ms = decision->step->now_ms;
	decision->changed = true;
}

static int on_record(struct send_decision *decision, struct err *err)
{
	Nurture__V1__DispatchRecord *record;
	struct slice packed;

	if (!text_is_id(decision->step->customer))
		return err_set(err, "dispatch: the key is no customer id");
	if (send_dispatch_decode(decision->step->value, decision->step->arena, &record, &packed,
				 err) < 0)
		return -1;
	decision->is_of_inbox = record->customer[0] != '\0';
	decision->customer = decision->is_of_inbox ? record->customer : send_key(decision);
	if (record->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT)
		send_contact(decision, record->contact);
	else if (record->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_CANCEL)
		send_cancel(decision, record->cancel);
	else if (record->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_INBOX_WORD)
		return send_hear_inbox_word(decision, record->inbox_word, err);
	else if (!find(decision, record->dispatch->id))
		on_dispatch(decision, add(decision, record->dispatch, packed));
	return 0;
}

/*
 * The mails that a timer looks at, in order: whose id is less, then which came first.  So what two
 * accounts were granted at one instant is weighed alike, whichever came first.
 */
static struct send **to_be_considered(const struct send_decision *decision, size_t *ret_count)
{
	const struct send_state *state = decision->state;
	struct send **due = arena_alloc(decision->step->arena, (state->n_sends + 1) * sizeof(*due));
	size_t count = 0;

	for (size_t i = 0; i < state->n_sends; i++) {
		struct send *send = state->sends[i];
		const char *customer = send_customer(decision, send);
		size_t at = count;

		if (send->kept.status != SEND_WAITING ||
		    send->kept.next_ms > decision->step->now_ms)
			continue;
		for (; at > 0 && strcmp(send_customer(decision, due[at - 1]), customer) > 0; at--)
			due[at] = due[at - 1];
		due[at] = send;
		count++;
	}
	*ret_count = count;
	return due;
}

static void on_timer(struct send_decision *decision)
{
	struct send **due;
	size_t count;

	for (size_t i = 0; i < decision->state->n_sends; i++) {
		struct send *send = decision->state->sends[i];

		if (send->kept.status == SEND_INTENDED && send->kept.owner != decision->step->owner)
			take_up(decision, send);
	}
	due = to_be_considered(decision, &count);
	for (size_t i = 0; i < count; i++)
		if (due[i]->kept.status == SEND_WAITING)
			send_consider(decision, due[i]);
	decision->changed = true; /* at least the next look */
}

static int64_t memory_ms(const struct send_decision *decision)
{
	return person_memory_ms(decision->sender->policy, decision->state->own_window_ms);
}

static void forget(struct send_decision *decision)
{
	int64_t since_ms = decision->step->now_ms - memory_ms(decision);
	size_t kept = 0;

	for (size_t i = 0; i < decision->state->n_sends; i++) {
		struct send *send = decision->state->sends[i];

		if (send_is_open(send) || send->kept.intended_ms > since_ms)
			decision->state->sends[kept++] = send;
	}
	decision->state->n_sends = kept;
	send_bound_over(decision);
}

/*
 * When the state must be looked at again. An intent of ours ends with its result; only the next
 * owner must be woken for it, before all else; *ret_wake_ms is when a mail waits for its time, which
 * with the event clock may come before the result. With nothing open, the state goes when its last
 * send may be forgotten; what somebody has said stays.
 */
static int64_t due_ms(const struct send_decision *decision, int64_t *ret_wake_ms)
{
	int64_t due = NEVER_MS, over = 0;
	bool is_under_way = false;

	for (size_t i = 0; i < decision->state->n_sends; i++) {
		const struct send *send = decision->state->sends[i];

		is_under_way |= send->kept.status == SEND_INTENDED;
		if (send->kept.status == SEND_WAITING && send->kept.next_ms < due)
			due = send->kept.next_ms;
		if (!send_is_open(send) && send->kept.intended_ms > over)
			over = send->kept.intended_ms;
	}
	*ret_wake_ms = due;
	if (is_under_way)
		return STEP_DUE_NEW_OWNER;
	if (due == NEVER_MS && decision->state->n_sends)
		due = over + memory_ms(decision);
	return due;
}

int send_step(struct step *step, struct err *err)
{
	struct send_decision decision = {.step = step, .sender = step->context};
	Nurture__V1__DeliveryResult *result;
	struct err why;

	if (send_state_decode(step->state, step->arena, &decision.state, &why) < 0) {
		if (step->kind == STEP_RECORD)
			return err_set(err, "%s", why.text);
		if (step->kind == STEP_TIMER) /* bytes that nobody can read have no timer */
			step_store(step, step->state, NEVER_MS);
		return 0;
	}
	switch (step->kind) {
	case STEP_RECORD:
		if (on_record(&decision, err) < 0)
			return -1;
		break;
	case STEP_TIMER:
		on_timer(&decision);
		break;
	case STEP_REEVALUATE:
		for (size_t i = 0; i < decision.state->n_sends; i++)
			if (decision.state->sends[i]->kept.status == SEND_WAITING)
				send_look_again(&decision, decision.state->sends[i]);
		break;
	case STEP_RESULT:
		if (send_result_decode(step->value, step->arena, &result, &why) == 0)
			on_result(&decision, result);
		break;
	}
	if (decision.changed) {
		forget(&decision);
		step_store(step, send_state_encode(decision.state, step->arena),
			   due_ms(&decision, &step->wake_ms));
	}
	return 0;
}
