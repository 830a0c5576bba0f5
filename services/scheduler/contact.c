/*
 * contact.c - what is known of the person changes, or a reason goes away.
 */
#include "common/policy/erasure.h"
#include "common/mail/address.h"
#include "common/message/event_type.h"
#include "common/policy/person.h"
#include "admit.h"
#include "decide.h"
#include "nurture/v1/dispatch.pb-c.h"
#include "wire.h"

static bool is_own_mail(const struct sched_work *work, size_t i)
{
	return work->ledger.counted[i].channel == CHANNEL_EMAIL && !work->ledger.sends[i].elsewhere;
}

/* A mail that may still be on its way: granted not long ago. */
static bool is_under_way(const struct sched_work *work, size_t i)
{
	return is_own_mail(work, i) && work->ledger.counted[i].at_ms > work->now_ms - AFTERLIFE_MS;
}

/* The ledger does not say which order a mail is about: the email-sender knows. */
static bool may_be_under_way(const struct sched_work *work, const Nurture__V1__Cancel *cancel)
{
	for (size_t i = 0; i < work->ledger.send_count; i++) {
		struct cancel_target of = {work->ledger.sends[i].id,
					   work->ledger.counted[i].programme, cancel->order,
					   work->ledger.counted[i].category, false};

		if (is_under_way(work, i) && cancel_matches(cancel, &of))
			return true;
	}
	return false;
}

static void pass_on(struct sched_work *work, Nurture__V1__DispatchRecord record)
{
	record.time_ms = (uint64_t)work->now_ms;
	step_emit(work->step, SCHED_DISPATCH, message_pack(&record, work->step->arena));
}

static void pass_on_cancel(struct sched_work *work, const Nurture__V1__Cancel *cancel)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;

	if (!may_be_under_way(work, cancel))
		return;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CANCEL;
	record.cancel = (Nurture__V1__Cancel *)cancel;
	pass_on(work, record);
}

static void pass_on_contact(struct sched_work *work, const Nurture__V1__Contact *contact)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Contact told = *contact;

	told.phone = told.address = (char *)""; /* a mail needs neither */
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT;
	record.contact = &told;
	pass_on(work, record);
}

void sched_cancel(struct sched_work *work, const Nurture__V1__Cancel *cancel)
{
	const struct sched_reason reason = sched_reason(BLOCKED_NOT, "cancel", cancel->reason);

	for (size_t i = 0; i < work->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = work->ledger.waiting[i];
		const Nurture__V1__Request *request = candidate->request;
		struct cancel_target of = {request->id, request->programme, request->order,
					   request->category, request->outlives_order};

		if (!candidate->gone && cancel_matches(cancel, &of))
			sched_end(work, candidate, STATUS_CANCELLED, reason);
	}
	sched_cancel_tasks(work, cancel);
	pass_on_cancel(work, cancel);
}

static int64_t bought_ms(const Nurture__V1__Contact *contact, const char *category)
{
	int64_t newest_ms = 0;

	for (size_t i = 0; i < contact->n_bought; i++)
		if (strcmp(contact->bought[i]->category, category) == 0 &&
		    contact->bought[i]->time_ms > newest_ms)
			newest_ms = contact->bought[i]->time_ms;
	return newest_ms;
}

static bool has_other_consent(const struct policy *policy, const Nurture__V1__Contact *old,
			      const Nurture__V1__Contact *new)
{
	for (unsigned i = 0; i < policy->class_count; i++)
		if (policy->classes[i].needs_consent &&
		    person_consents(old, policy->classes[i].name) !=
			person_consents(new, policy->classes[i].name))
			return true;
	return false;
}

static bool has_other_wishes(const Nurture__V1__Contact *old, const Nurture__V1__Contact *new)
{
	if (old->paused_until_ms != new->paused_until_ms || old->n_allowances != new->n_allowances)
		return true;
	for (size_t i = 0; i < old->n_allowances; i++)
		if (old->allowances[i]->limit != new->allowances[i]->limit ||
		    old->allowances[i]->window_ms != new->allowances[i]->window_ms)
			return true;
	return false;
}

static bool has_other_cases(const Nurture__V1__Contact *old, const Nurture__V1__Contact *new)
{
	if (old->n_open_cases != new->n_open_cases)
		return true;
	for (size_t i = 0; i < old->n_open_cases; i++)
		if (strcmp(old->open_cases[i], new->open_cases[i]) != 0)
			return true;
	return false;
}

/* Must whatever mail is under way know? */
static bool matters_to_mail(const struct policy *policy, const Nurture__V1__Contact *old,
			    const Nurture__V1__Contact *new)
{
	return old->erased != new->erased || old->merged != new->merged ||
	       !address_equal(slice_text(old->email), slice_text(new->email)) ||
	       strcmp(old->undeliverable, new->undeliverable) != 0 ||
	       strcmp(old->time_zone, new->time_zone) != 0 ||
	       strcmp(old->country, new->country) != 0 || has_other_consent(policy, old, new) ||
	       has_other_wishes(old, new) || has_other_cases(old, new);
}

/* For how long mails are counted hangs on it, also of those that went long ago. */
static bool has_other_memory(const Nurture__V1__Contact *old, const Nurture__V1__Contact *new)
{
	return person_own_window_ms(old->allowances, old->n_allowances) !=
	       person_own_window_ms(new->allowances, new->n_allowances);
}

/* Is there mail that was granted already, and must it know? */
static bool must_be_told(const struct sched_work *work, const Nurture__V1__Contact *old,
			 const Nurture__V1__Contact *new)
{
	bool matters = matters_to_mail(work->policy, old, new);
	bool is_remembered_otherwise = has_other_memory(old, new);

	for (size_t i = 0; i < work->ledger.send_count; i++) {
		const char *category = work->ledger.counted[i].category;

		if (is_remembered_otherwise && is_own_mail(work, i))
			return true;
		if (is_under_way(work, i) &&
		    (matters ||
		     (category[0] && bought_ms(old, category) != bought_ms(new, category))))
			return true;
	}
	return false;
}

static void end_all(struct sched_work *work)
{
	const struct sched_reason reason = sched_reason(BLOCKED_NOT, "erased", "");
	Nurture__V1__Cancel everything = NURTURE__V1__CANCEL__INIT;

	for (size_t i = 0; i < work->ledger.waiting_count; i++)
		if (!work->ledger.waiting[i]->gone)
			sched_end(work, work->ledger.waiting[i], STATUS_ERASED, reason);
	everything.reason = event_type_text(EVENT_CUSTOMER_ERASED);
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
		person_consents(old, class->name) &&
		!person_consents(work->ledger.contact, class->name));
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
		contact->erased_ms = erased_ms     ? erased_ms
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
	if (must_be_told(work, old, contact))
		pass_on_contact(work, contact);
	if (contact->erased)
		end_all(work);
	else
		look_again(work, old);
}
