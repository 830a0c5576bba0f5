/* step.c - see step.h. */
#include "step.h"

#include "common/base/text.h"
#include "common/policy/memory.h"
#include "common/token/coupon_draws.h"
#include "admit.h"
#include "answer.h"
#include "bounds.h"
#include "cancel.h"
#include "contact.h"
#include "decide.h"
#include "merge.h"
#include "pass_on.h"
#include "permit.h"
#include "tasks.h"
#include "wake.h"
#include "wire_read.h"
#include "wire_record.h"
#include "wire_write.h"

/* What the record means for the customer, who is here. */
static int carry_out(struct sched_decision *decision, Nurture__V1__RequestRecord *record,
		     struct err *err)
{
	const struct step *step = decision->step;

	switch (record->body_case) {
	case NURTURE__V1__REQUEST_RECORD__BODY_REQUEST:
		return sched_admit(decision, record->request, sched_record_request(step->value),
				   err);
	case NURTURE__V1__REQUEST_RECORD__BODY_SENT_ELSEWHERE:
		return sched_admit_elsewhere(decision, record->sent_elsewhere, step->time_ms, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_CANCEL:
		sched_cancel(decision, record->cancel);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_CONTACT:
		sched_change_contact(decision, record->contact);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_RELEASE:
		sched_release(decision, record->release);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_CONFIRM:
		sched_confirm(decision, record->confirm);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_TASK_DONE:
		sched_task_done(decision, record->task_done);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY_INBOX_WORD:
		sched_pass_on_inbox_word(decision, record->inbox_word);
		break;
	case NURTURE__V1__REQUEST_RECORD__BODY__NOT_SET: /* sched_record_decode() refuses them */
	case _NURTURE__V1__REQUEST_RECORD__BODY__CASE_IS_INT_SIZE:
		break;
	}
	return 0;
}

/*
 * Of who has moved everything is passed on but the contact, and what was set off before an erasure
 * under this id: that ends here, since the id that lives need not have been erased.
 */
static bool is_passed_on(const struct sched_decision *decision,
			 const Nurture__V1__RequestRecord *record)
{
	if (!sched_has_moved(decision))
		return false;
	if (record->body_case == NURTURE__V1__REQUEST_RECORD__BODY_REQUEST)
		return !record->request->triggered_ms ||
		       record->request->triggered_ms > decision->ledger.contact->erased_ms;
	return record->body_case != NURTURE__V1__REQUEST_RECORD__BODY_CONTACT;
}

static int on_record(struct sched_decision *decision, struct err *err)
{
	struct step *step = decision->step;
	Nurture__V1__RequestRecord *record;
	bool is_record;

	if (!text_is_id(step->customer))
		return err_set(err, "key: expected a customer id of 1 to 200 bytes, found %zu",
			       step->customer.len);
	if (step->input == SCHED_HANDED) {
		if (sched_take_over(decision, &is_record, err) < 0)
			return -1;
		if (!is_record)
			return 0;
	}
	if (sched_record_decode(step->value, step->arena, &record, err) < 0)
		return -1;
	if (is_passed_on(decision, record)) {
		sched_pass_record(decision);
		return 0;
	}
	return carry_out(decision, record, err);
}

/* Drops the entries that no cap counts any more, and the ended requests that nobody can repeat. */
static void forget_old(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;
	int64_t keep_ms = sched_memory_ms(decision);
	size_t kept = 0;

	for (size_t i = 0; i < ledger->send_count; i++) {
		if (ledger->counted[i].at_ms <= decision->now_ms - keep_ms &&
		    !ledger->sends[i].lapses_ms)
			continue;
		if (kept < i) { /* mostly nothing is forgotten, and nothing moves */
			ledger->counted[kept] = ledger->counted[i];
			ledger->sends[kept] = ledger->sends[i];
		}
		kept++;
	}
	ledger->send_count = kept;
	kept = 0;
	for (size_t i = 0; i < ledger->ended_count; i++)
		if (ledger->ended[i].until_ms > decision->now_ms)
			ledger->ended[kept++] = ledger->ended[i];
	ledger->ended_count = kept;
	sched_forget_answers(ledger);
	sched_forget_cancels(decision);
	sched_forget_tasks(decision);
	sched_bound(decision);
}

/*
 * When the rest of a person who was forgotten, or a part of it, can go. A reserved permit stays
 * until it lapses, for which there is a timer of its own.
 */
static int64_t erasure_look_ms(const struct sched_decision *decision)
{
	const struct sched_ledger *ledger = &decision->ledger;
	int64_t look_ms = ledger->contact->erased_ms + ERASURE_REMEMBERED_MS;
	int64_t sent_ms = 0;

	for (size_t i = 0; i < ledger->ended_count; i++)
		if (ledger->ended[i].until_ms > look_ms)
			look_ms = ledger->ended[i].until_ms;
	for (size_t i = 0; i < ledger->send_count; i++)
		if (!ledger->sends[i].lapses_ms && ledger->counted[i].at_ms > sent_ms)
			sent_ms = ledger->counted[i].at_ms;
	if (sent_ms && sent_ms + sched_memory_ms(decision) < look_ms)
		look_ms = sent_ms + sched_memory_ms(decision);
	return look_ms > decision->now_ms ? look_ms : NEVER_MS;
}

static void store(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;
	int64_t due_ms = NEVER_MS;

	forget_old(decision);
	if (ledger->contact->erased)
		due_ms = erasure_look_ms(decision);
	for (size_t i = 0; i < ledger->waiting_count; i++)
		if (!ledger->waiting[i]->gone && ledger->waiting[i]->next_ms < due_ms)
			due_ms = ledger->waiting[i]->next_ms;
	for (size_t i = 0; i < ledger->send_count; i++)
		if (ledger->sends[i].lapses_ms && ledger->sends[i].lapses_ms < due_ms)
			due_ms = ledger->sends[i].lapses_ms;
	step_store(decision->step, sched_ledger_encode(ledger, decision->step->arena), due_ms);
}

static int react(struct sched_decision *decision, struct err *err)
{
	switch (decision->step->kind) {
	case STEP_RECORD:
		return on_record(decision, err);
	case STEP_TIMER:
		sched_decide(decision);
		decision->changed = true; /* the timer has been used up */
		break;
	case STEP_REEVALUATE:
		sched_tell_inbox(decision);
		sched_wake_all(decision);
		if (decision->changed)
			sched_decide(decision);
		break;
	case STEP_RESULT: /* it has no effects */
		break;
	}
	return 0;
}

int sched_step(struct step *step, struct err *err)
{
	const struct scheduler *service = step->context;
	struct sched_decision decision = {
	    .service = service,
	    .policy = service->policy,
	    .step = step,
	    .now_ms = step->now_ms,
	    .entries = 1,
	    .customer = arena_copy(step->arena, step->customer.bytes, step->customer.len),
	    .err = err,
	};

	if (sched_ledger_decode(step->state, decision.policy, step->arena, &decision.ledger, err) <
	    0) {
		err_prefix(err, "state");
		err->kind = ERR_ENVIRONMENT;
		return -1;
	}
	sched_expire_erasure(&decision);
	sched_read_allowances(&decision);
	if (step->kind != STEP_RESULT)
		sched_lapse(&decision);
	if (react(&decision, err) < 0)
		return -1;
	if (decision.failed)
		return -1;
	if (decision.changed)
		store(&decision);
	if (decision.draws)
		step_store_shared(step, coupon_draws_encode(decision.draws, step->arena));
	return 0;
}
