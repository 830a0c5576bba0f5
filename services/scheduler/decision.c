/* decision.c - see decision.h. */
#include "decision.h"

#include "common/policy/person.h"

const struct message_class *sched_class_of(const struct sched_decision *decision,
					   const struct sched_candidate *candidate)
{
	static const struct message_class none = {.name = ""};

	if (candidate->message_class == NO_CLASS)
		return &none;
	return &decision->policy->classes[candidate->message_class];
}

struct send_question sched_question(const struct sched_decision *decision,
				    const struct sched_candidate *candidate)
{
	return (struct send_question){
	    .message_class = candidate->message_class,
	    .channel = candidate->channel,
	    .programme = candidate->request->programme,
	    .category = candidate->request->category,
	    .exempt = candidate->request->exempt,
	    .own_caps = decision->own_caps,
	    .own_cap_count = decision->own_cap_count,
	};
}

void sched_read_allowances(struct sched_decision *decision)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;

	decision->own_cap_count = (unsigned)contact->n_allowances;
	decision->own_caps = person_own_caps(decision->policy, contact->allowances,
					     contact->n_allowances, decision->step->arena);
}

int64_t sched_memory_ms(const struct sched_decision *decision)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;

	return person_memory_ms(decision->policy,
				person_own_window_ms(contact->allowances, contact->n_allowances));
}
