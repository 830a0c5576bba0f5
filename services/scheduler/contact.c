/* contact.c - see contact.h. */
#include "contact.h"

#include "common/codec/protobuf_message.h"
#include "common/policy/memory.h"
#include "common/policy/person.h"
#include "erase.h"
#include "merge.h"
#include "pass_on.h"

/*
 * Does the timer of this instant look at the candidate? It does if the candidate was weighed
 * before, whatever the change was; if it is not due yet, only when the person no longer wants it.
 */
static bool is_affected(const struct sched_decision *decision,
			const struct sched_candidate *candidate, const Nurture__V1__Contact *old)
{
	const struct message_class *class = sched_class_of(decision, candidate);

	return candidate->last.by != BLOCKED_NOT ||
	       (candidate->channel != CHANNEL_TASK && class->needs_consent &&
		person_consents(old, class->name) &&
		!person_consents(decision->ledger.contact, class->name));
}

static void look_again(struct sched_decision *decision, const Nurture__V1__Contact *old)
{
	for (size_t i = 0; i < decision->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = decision->ledger.waiting[i];

		if (is_affected(decision, candidate, old))
			candidate->next_ms = decision->now_ms;
	}
}

void sched_expire_erasure(struct sched_decision *decision)
{
	Nurture__V1__Contact *contact = decision->ledger.contact;

	if (!contact->erased || !contact->erased_ms ||
	    contact->erased_ms + ERASURE_REMEMBERED_MS > decision->now_ms)
		return;
	nurture__v1__contact__init(contact);
	decision->ledger.contact_kept = slice_of(NULL, 0);
}

/* Of a person who is forgotten only the instant is kept; a contact that comes back tells it. */
static void note_erasure(struct sched_decision *decision, const Nurture__V1__Contact *old,
			 Nurture__V1__Contact *contact)
{
	static const Nurture__V1__Contact empty = NURTURE__V1__CONTACT__INIT;
	int64_t erased_ms = contact->erased_ms;

	if (contact->erased) {
		*contact = empty;
		contact->erased = true;
		contact->erased_ms = erased_ms     ? erased_ms
				     : old->erased ? old->erased_ms
						   : decision->now_ms;
		decision->step->forgets = true;
	} else {
		contact->erased_ms = 0;
	}
	if (old->erased_ms > contact->erased_ms &&
	    old->erased_ms + ERASURE_REMEMBERED_MS > decision->now_ms)
		contact->erased_ms = old->erased_ms;
}

void sched_change_contact(struct sched_decision *decision, Nurture__V1__Contact *contact)
{
	const Nurture__V1__Contact *old = decision->ledger.contact;
	struct arena *arena = decision->step->arena;

	note_erasure(decision, old, contact);
	if (slice_equal(message_pack(contact, arena), message_pack(old, arena)))
		return;
	decision->ledger.contact = contact;
	sched_read_allowances(decision);
	decision->ledger.contact_kept = slice_of(NULL, 0);
	decision->changed = true;
	sched_pass_on_contact(decision, old, contact);
	if (sched_has_moved(decision))
		sched_hand_over(decision, old);
	else if (contact->erased)
		sched_end_erased(decision);
	else
		look_again(decision, old);
}
