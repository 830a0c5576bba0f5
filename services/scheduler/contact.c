/*
 * contact.c - what is known of the person changes, or a reason goes away.
 */
#include "../../common/policy/erasure.h"
#include "../../common/mail/address.h"
#include "admit.h"
#include "decide.h"
#include "nurture/v1/dispatch.pb-c.h"
#include "wire.h"

bool sched_is_meant(const Nurture__V1__Cancel *cancel, const struct sched_meant *of)
{
	bool ends_order = cancel->order[0] && !cancel->request[0] && !cancel->programme[0];

	return (!cancel->request[0] || strcmp(cancel->request, of->request) == 0) &&
	       (!cancel->programme[0] || strcmp(cancel->programme, of->programme) == 0) &&
	       (!cancel->order[0] || strcmp(cancel->order, of->order) == 0) &&
	       (!cancel->category[0] || strcmp(cancel->category, of->category) == 0) &&
	       !(ends_order && of->outlives_order);
}

void sched_cancel(struct sched_work *work, const Nurture__V1__Cancel *cancel)
{
	const struct sched_reason reason = sched_reason(BLOCKED_NOT, "cancel", cancel->reason);

	for (size_t i = 0; i < work->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = work->ledger.waiting[i];
		const Nurture__V1__Request *request = candidate->request;
		struct sched_meant of = {request->id, request->programme, request->order,
					 request->category, request->outlives_order};

		if (!candidate->gone && sched_is_meant(cancel, &of))
			sched_end(work, candidate, STATUS_CANCELLED, reason);
	}
	sched_cancel_tasks(work, cancel);
}

/* Does mail that was granted already have to know? */
static bool matters_to_mail(const struct policy *policy, const Nurture__V1__Contact *old,
			    const Nurture__V1__Contact *new)
{
	if (old->erased != new->erased || old->merged != new->merged ||
	    !address_equal(slice_text(old->email), slice_text(new->email)) ||
	    strcmp(old->undeliverable, new->undeliverable) != 0)
		return true;
	for (unsigned i = 0; i < policy->class_count; i++)
		if (policy->classes[i].needs_consent &&
		    sched_consents(old, &policy->classes[i]) !=
			    sched_consents(new, &policy->classes[i]))
			return true;
	return false;
}

static bool has_mail_under_way(const struct sched_work *work)
{
	const struct sched_ledger *ledger = &work->ledger;

	for (size_t i = 0; i < ledger->send_count; i++)
		if (ledger->counted[i].channel == CHANNEL_EMAIL && !ledger->sends[i].elsewhere &&
		    ledger->counted[i].at_ms > work->now_ms - SCHED_AFTERLIFE_MS)
			return true;
	return false;
}

static void pass_on(struct sched_work *work, const Nurture__V1__Contact *contact)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Contact told = *contact;

	told.phone = told.address = (char *)""; /* a mail needs neither */
	record.time_ms = (uint64_t)work->now_ms;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT;
	record.contact = &told;
	step_emit(work->step, SCHED_DISPATCH, message_pack(&record, work->step->arena));
}

static void end_all(struct sched_work *work)
{
	const struct sched_reason reason = sched_reason(BLOCKED_NOT, "erased", "");
	Nurture__V1__Cancel everything = NURTURE__V1__CANCEL__INIT;

	for (size_t i = 0; i < work->ledger.waiting_count; i++)
		if (!work->ledger.waiting[i]->gone)
			sched_end(work, work->ledger.waiting[i], STATUS_ERASED, reason);
	everything.reason = (char *)"customer.erased";
	sched_cancel_tasks(work, &everything);
}

/*
 * Does the timer of this instant look at it?  At all that was weighed before,
 * whatever the change was; of what is not due yet only at what the person wants
 * no longer.
 */
static bool is_affected(const struct sched_work *work, const struct sched_candidate *candidate,
			const Nurture__V1__Contact *old)
{
	const struct message_class *class = sched_class_of(work, candidate);

	return candidate->last.by != BLOCKED_NOT ||
	       (candidate->channel != CHANNEL_TASK && class->needs_consent &&
		sched_consents(old, class) && !sched_consents(work->ledger.contact, class));
}

static void look_again(struct sched_work *work, const Nurture__V1__Contact *old)
{
	for (size_t i = 0; i < work->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = work->ledger.waiting[i];

		if (is_affected(work, candidate, old))
			candidate->next_ms = work->now_ms;
	}
}

void sched_expire_erasure(struct sched_work *work)
{
	Nurture__V1__Contact *contact = work->ledger.contact;

	if (!contact->erased || !contact->erased_ms ||
	    contact->erased_ms + ERASURE_REMEMBERED_MS > work->now_ms)
		return;
	nurture__v1__contact__init(contact);
	work->ledger.contact_packed = slice_of(NULL, 0);
}

/* Nothing but the instant is kept of whom is forgotten; who comes back brings that along. */
static void note_erasure(struct sched_work *work, const Nurture__V1__Contact *old,
			 Nurture__V1__Contact *contact)
{
	static const Nurture__V1__Contact empty = NURTURE__V1__CONTACT__INIT;
	int64_t erased_ms = contact->erased_ms;

	if (contact->erased) {
		*contact = empty;
		contact->erased = true;
		contact->erased_ms = erased_ms	   ? erased_ms
				     : old->erased ? old->erased_ms
						   : work->now_ms;
		work->step->forgets = true;
	} else {
		contact->erased_ms = 0;
	}
	if (old->erased_ms > contact->erased_ms &&
	    old->erased_ms + ERASURE_REMEMBERED_MS > work->now_ms)
		contact->erased_ms = old->erased_ms;
}

void sched_change_contact(struct sched_work *work, Nurture__V1__Contact *contact)
{
	const Nurture__V1__Contact *old = work->ledger.contact;
	struct slice packed;

	note_erasure(work, old, contact);
	packed = message_pack(contact, work->step->arena);
	if (slice_equal(packed, work->ledger.contact_packed))
		return;
	work->ledger.contact = contact;
	sched_read_allowances(work);
	work->ledger.contact_packed = packed;
	work->changed = true;
	if (matters_to_mail(work->policy, old, contact) && has_mail_under_way(work))
		pass_on(work, contact);
	if (contact->erased)
		end_all(work);
	else
		look_again(work, old);
}
