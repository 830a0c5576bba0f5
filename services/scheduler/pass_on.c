/* pass_on.c - see pass_on.h. */
#include "pass_on.h"

#include "common/codec/protobuf_message.h"
#include "common/mail/address.h"
#include "common/mail/inbox.h"
#include "common/policy/holder.h"
#include "common/policy/memory.h"
#include "common/policy/person.h"
#include "nurture/v1/dispatch.pb-c.h"

static bool is_own_mail(const struct sched_decision *decision, size_t i)
{
	return decision->ledger.counted[i].channel == CHANNEL_EMAIL &&
	       !decision->ledger.sends[i].elsewhere;
}

bool sched_is_under_way(const struct sched_decision *decision, size_t i)
{
	return is_own_mail(decision, i) &&
	       decision->ledger.counted[i].at_ms > decision->now_ms - REQUEST_REMEMBERED_MS;
}

/* The ledger does not say which order a mail is about: the email-sender knows. */
static bool may_be_under_way(const struct sched_decision *decision,
			     const Nurture__V1__Cancel *cancel)
{
	for (size_t i = 0; i < decision->ledger.send_count; i++) {
		struct cancel_target of = {
		    sched_send_id(&decision->ledger, &decision->ledger.sends[i]),
		    decision->ledger.counted[i].programme, cancel->order,
		    decision->ledger.counted[i].category, false};

		if (sched_is_under_way(decision, i) && cancel_matches(cancel, &of))
			return true;
	}
	return false;
}

struct slice sched_inbox(const struct sched_decision *decision, const Nurture__V1__Contact *contact)
{
	char *room = arena_alloc(decision->step->arena, INBOX_KEY_BYTES);

	return inbox_or(slice_text(contact->email), slice_text(decision->customer), room);
}

/* Tells an inbox something of the customer. */
static void pass_on(struct sched_decision *decision, struct slice inbox,
		    Nurture__V1__DispatchRecord record)
{
	record.time_ms = (uint64_t)decision->now_ms;
	record.customer = (char *)(uintptr_t)decision->customer;
	step_emit_to(decision->step, SCHED_DISPATCH, inbox,
		     message_pack(&record, decision->step->arena));
}

/* Is the key an inbox's?  It may well be the id, too, where the door makes ids of addresses. */
static bool is_inbox(const Nurture__V1__Contact *contact)
{
	char ignored[INBOX_KEY_BYTES];

	return inbox_key(slice_text(contact->email), ignored);
}

/*
 * Mails that a version granted which knew no inboxes are kept by the customer's id, and must hear the
 * same.  Where there are none, the email-sender has nothing to change; and under an id that is the
 * key of the inbox they hear it with the others.
 */
static void pass_on_by_id(struct sched_decision *decision, const Nurture__V1__Contact *known,
			  Nurture__V1__DispatchRecord record)
{
	if (!decision->service->tells_by_id ||
	    (is_inbox(known) && slice_is(sched_inbox(decision, known), decision->customer)))
		return;
	record.time_ms = (uint64_t)decision->now_ms;
	step_emit_to(decision->step, SCHED_DISPATCH, slice_text(decision->customer),
		     message_pack(&record, decision->step->arena));
}

void sched_pass_on_cancel(struct sched_decision *decision, const Nurture__V1__Cancel *cancel)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;

	if (!may_be_under_way(decision, cancel))
		return;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CANCEL;
	record.cancel = (Nurture__V1__Cancel *)cancel;
	pass_on(decision, sched_inbox(decision, decision->ledger.contact), record);
	pass_on_by_id(decision, decision->ledger.contact, record);
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

static bool has_other_preferences(const Nurture__V1__Contact *old, const Nurture__V1__Contact *new)
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

/* Does the change matter to a mail that is under way? */
static bool matters_to_mail(const struct policy *policy, const Nurture__V1__Contact *old,
			    const Nurture__V1__Contact *new)
{
	return old->erased != new->erased || old->merged != new->merged ||
	       !address_equal(slice_text(old->email), slice_text(new->email)) ||
	       strcmp(old->undeliverable, new->undeliverable) != 0 ||
	       strcmp(old->time_zone, new->time_zone) != 0 ||
	       strcmp(old->country, new->country) != 0 || has_other_consent(policy, old, new) ||
	       has_other_preferences(old, new) || has_other_cases(old, new);
}

/*
 * The window of the own allowances decides how long mails are counted, also those that went long
 * ago.
 */
static bool has_other_memory(const Nurture__V1__Contact *old, const Nurture__V1__Contact *new)
{
	return person_own_window_ms(old->allowances, old->n_allowances) !=
	       person_own_window_ms(new->allowances, new->n_allowances);
}

/* Was a mail granted already that must know of the change? */
static bool must_be_told(const struct sched_decision *decision, const Nurture__V1__Contact *old,
			 const Nurture__V1__Contact *new)
{
	bool matters = matters_to_mail(decision->policy, old, new);
	bool is_remembered_otherwise = has_other_memory(old, new);

	for (size_t i = 0; i < decision->ledger.send_count; i++) {
		const char *category = decision->ledger.counted[i].category;

		if (is_remembered_otherwise && is_own_mail(decision, i))
			return true;
		if (sched_is_under_way(decision, i) &&
		    (matters ||
		     (category[0] && bought_ms(old, category) != bought_ms(new, category))))
			return true;
	}
	return false;
}

/* Has what binds the inbox changed, or its place, whatever mails there are? */
static bool is_for_inbox(const struct sched_decision *decision, const Nurture__V1__Contact *old,
			 const Nurture__V1__Contact *new)
{
	struct arena *arena = decision->step->arena;
	const Nurture__V1__Holder *was = holder_of(old, decision->customer, arena);
	const Nurture__V1__Holder *is = holder_of(new, decision->customer, arena);

	/* What an id has said that is merged is nobody's from now on; it says nothing more. */
	if (new->merged)
		return !old->merged && !holder_is_empty(was);
	return !holder_equal(was, is) ||
	       (!holder_is_empty(is) &&
		!address_equal(slice_text(old->email), slice_text(new->email)));
}

/* Tells the inbox that the customer has, and the one that the customer has no more. */
static void tell_inboxes(struct sched_decision *decision, const Nurture__V1__Contact *old,
			 const Nurture__V1__Contact *contact, Nurture__V1__DispatchRecord record)
{
	struct slice before = sched_inbox(decision, old), now = sched_inbox(decision, contact);

	if (is_inbox(contact) || !is_inbox(old))
		pass_on(decision, now, record);
	if (is_inbox(old) && (!slice_equal(before, now) || !is_inbox(contact)))
		pass_on(decision, before, record);
}

void sched_pass_on_contact(struct sched_decision *decision, const Nurture__V1__Contact *old,
			   const Nurture__V1__Contact *contact)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Contact told = *contact;
	bool is_for_mail = must_be_told(decision, old, contact);

	if (!is_for_mail && !is_for_inbox(decision, old, contact))
		return;
	told.phone = told.address =
	    (char *)""; /* a mail needs neither, nor where the person went */
	told.merged_into = (char *)"";
	told.merged_ms = 0;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT;
	record.contact = &told;
	tell_inboxes(decision, old, contact, record);
	if (is_for_mail)
		pass_on_by_id(decision, old, record);
}

void sched_tell_inbox(struct sched_decision *decision)
{
	static const Nurture__V1__Contact nobody = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Contact told = *decision->ledger.contact;

	if (!is_for_inbox(decision, &nobody, &told))
		return;
	told.phone = told.address = (char *)"";
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT;
	record.contact = &told;
	pass_on(decision, sched_inbox(decision, &told), record);
}

void sched_pass_on_inbox_word(struct sched_decision *decision, Nurture__V1__InboxWord *word)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;

	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_INBOX_WORD;
	record.inbox_word = word;
	pass_on(decision, slice_text(word->inbox), record);
}
