/* merge.c - see merge.h. */
#include "merge.h"

#include "common/message/handover.h"
#include "erase.h"
#include "unite.h"
#include "wire_record.h"
#include "wire_read.h"
#include "wire_write.h"

static struct handover_goal goal_of(const Nurture__V1__Contact *contact)
{
	return (struct handover_goal){contact->merged_into, contact->merged_ms};
}

static void send(struct sched_decision *decision, const struct handover_goal *goal,
		 struct slice handover)
{
	step_emit_to(decision->step, SCHED_HANDOVERS, slice_text(goal->id), handover);
}

bool sched_has_moved(const struct sched_decision *decision)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;

	return contact->merged && contact->merged_into[0];
}

/* The person as known before the merge; what is left of a merge before that one says nothing. */
static Nurture__V1__Contact *person_before(const Nurture__V1__Contact *old, struct arena *arena)
{
	Nurture__V1__Contact *ret = arena_alloc(arena, sizeof(*ret));

	*ret = *old;
	if (old->merged || old->erased)
		nurture__v1__contact__init(ret);
	return ret;
}

void sched_hand_over(struct sched_decision *decision, const Nurture__V1__Contact *old)
{
	struct sched_ledger *ledger = &decision->ledger;
	Nurture__V1__Contact *left = ledger->contact;
	struct handover_goal goal = goal_of(left);
	struct arena *arena = decision->step->arena;
	struct slice state;

	ledger->contact = person_before(old, arena);
	ledger->contact_kept = slice_of(NULL, 0);
	state = sched_ledger_encode(ledger, arena);
	ledger->contact = left;
	ledger->contact_kept = slice_of(NULL, 0);
	if (state.len)
		send(decision, &goal,
		     handover_of_state(decision->customer, &goal, state, decision->now_ms, arena));
	ledger->send_count = ledger->waiting_count = ledger->ended_count = 0;
	ledger->answer_count = ledger->task_count = ledger->cancel_count = 0;
	decision->entries++;
}

void sched_pass_record(struct sched_decision *decision)
{
	struct handover_goal goal = goal_of(decision->ledger.contact);
	const struct step *step = decision->step;

	send(decision, &goal,
	     handover_of_record(decision->customer, &goal, step->value, step->arrived_ms,
				decision->now_ms, step->arena));
}

/* From a circle of merges the person comes back to this id. */
static void live_again(struct sched_decision *decision)
{
	Nurture__V1__Contact *contact = decision->ledger.contact;
	int64_t erased_ms = contact->erased_ms;

	nurture__v1__contact__init(contact);
	contact->erased_ms = erased_ms;
	decision->ledger.contact_kept = slice_of(NULL, 0);
	decision->changed = true;
}

/*
 * Was it of a person who was erased under this id since?  The id that lives need not know of that, so
 * it ends here.  A request is asked when it was set off.
 */
static bool is_erased_here(const struct sched_decision *decision,
			   const Nurture__V1__Handover *handover)
{
	int64_t erased_ms = decision->ledger.contact->erased_ms;
	Nurture__V1__RequestRecord *record;
	struct err err;

	if (!erased_ms)
		return false;
	if (!handover->record.len)
		return handover_merged_ms(handover) <= erased_ms;
	return sched_record_decode(slice_of(handover->record.data, handover->record.len),
				   decision->step->arena, &record, &err) == 0 &&
	       record->body_case == NURTURE__V1__REQUEST_RECORD__BODY_REQUEST &&
	       record->request->triggered_ms && record->request->triggered_ms <= erased_ms;
}

/* Ends what waits; what went out still counts, also under the id that lives. */
static int end_here(struct sched_decision *decision, const Nurture__V1__Handover *handover,
		    struct sched_ledger *other, struct err *err)
{
	if (sched_unite(decision, other, handover_merged_ms(handover), err) < 0)
		return -1;
	sched_end_erased(decision);
	sched_hand_over(decision, decision->ledger.contact);
	return 0;
}

int sched_take_over(struct sched_decision *decision, bool *ret_is_record, struct err *err)
{
	struct step *step = decision->step;
	struct handover_goal goal = goal_of(decision->ledger.contact);
	Nurture__V1__Handover *handover;
	struct sched_ledger other;
	bool is_erased;

	*ret_is_record = false;
	if (handover_decode(step->value, step->arena, &handover, err) < 0)
		return -1;
	is_erased = sched_has_moved(decision) && is_erased_here(decision, handover);
	if (sched_has_moved(decision) && !is_erased) {
		if (handover_goes_on(handover, decision->customer, &goal)) {
			send(decision, &goal,
			     handover_on(handover, decision->customer, &goal, decision->now_ms,
					 step->arena));
			return 0;
		}
		live_again(decision);
	}
	if (handover->record.len) {
		*ret_is_record = true;
		step->value = slice_of(handover->record.data, handover->record.len);
		return 0;
	}
	if (sched_ledger_decode(slice_of(handover->state.data, handover->state.len),
				decision->policy, step->arena, &other, err) < 0)
		return err_prefix(err, "$.state");
	if (is_erased)
		return end_here(decision, handover, &other, err);
	return sched_unite(decision, &other, handover_merged_ms(handover), err);
}
