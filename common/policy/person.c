/* person.c - see person.h. */
#include "person.h"

#include <string.h>

#include "common/base/text.h"
#include "memory.h"
#include "rule.h"

/* 1 given, 0 withdrawn, -1 nothing is known. */
static int consent_to(const Nurture__V1__Contact *contact, const char *name)
{
	int given = -1;

	for (size_t i = 0; i < contact->n_consent; i++)
		if (strcmp(contact->consent[i]->message_class, name) == 0)
			given = contact->consent[i]->given;
	return given;
}

bool person_consents(const Nurture__V1__Contact *contact, const char *class_name)
{
	int given = consent_to(contact, class_name);

	return (given < 0 ? consent_to(contact, "all") : given) > 0;
}

bool person_counts_clicks(const struct policy *policy, const Nurture__V1__Contact *contact)
{
	int given = consent_to(contact, CONSENT_CLICKS);

	switch (policy->clicks) {
	case CLICKS_OFF:
		return false;
	case CLICKS_COUNTED:
		return (given < 0 ? consent_to(contact, "all") : given) != 0;
	case CLICKS_WITH_CONSENT:
		return given > 0;
	}
	return false;
}

const char *person_no_address(const char *email, const char *undeliverable)
{
	if (undeliverable[0])
		return undeliverable;
	if (!email[0])
		return "no address";
	return text_is_email(slice_text(email)) ? "" : "not an address";
}

/* Was the person forgotten, and the message set off before that? */
static bool is_erased(const Nurture__V1__Contact *contact, int64_t triggered_ms)
{
	/*
	 * A message that does not say when it was set off is not taken to be older than the
	 * erasure.
	 */
	return contact->erased || (triggered_ms && triggered_ms <= contact->erased_ms);
}

/* A task is for a person of the shop, and needs nobody's consent. */
static bool lacks_consent(const Nurture__V1__Contact *contact, const struct person_message *message)
{
	return message->channel != CHANNEL_TASK && message->class->needs_consent &&
	       !person_consents(contact, message->class_name);
}

enum person_end person_ends(const Nurture__V1__Contact *contact,
			    const struct person_message *message)
{
	if (is_erased(contact, message->triggered_ms))
		return PERSON_ERASED;
	if (contact->merged)
		return PERSON_MERGED;
	if (!message->class)
		return PERSON_CLASS_REMOVED;
	if (lacks_consent(contact, message))
		return PERSON_NO_CONSENT;
	if (message->channel == CHANNEL_EMAIL && message->no_address[0])
		return PERSON_NO_ADDRESS;
	return PERSON_ENDS_NOTHING;
}

int64_t just_bought_until_ms(const struct policy *policy, const char *category, int64_t bought_ms,
			     int64_t at_ms)
{
	int64_t window_ms = policy_just_bought_ms(policy, slice_text(category));

	if (!category[0] || policy->just_bought.off || bought_ms == INT64_MIN ||
	    at_ms - window_ms >= bought_ms)
		return 0;
	return bought_ms + window_ms;
}

int64_t person_just_bought_ms(const struct policy *policy, const struct message_class *class,
			      Nurture__V1__Bought *const *bought, size_t bought_count,
			      const char *category, int64_t at_ms)
{
	int64_t bought_ms = INT64_MIN;

	if (!category[0] || !class->skips_just_bought)
		return 0;
	for (size_t i = 0; i < bought_count; i++)
		if (strcmp(bought[i]->category, category) == 0 && bought[i]->time_ms > bought_ms)
			bought_ms = bought[i]->time_ms;
	return just_bought_until_ms(policy, category, bought_ms, at_ms);
}

bool person_case_blocks(const struct message_class *class, const Nurture__V1__Request *request)
{
	switch (request->on_open_case) {
	case NURTURE__V1__ON_OPEN_CASE__WAITS:
		return true;
	case NURTURE__V1__ON_OPEN_CASE__GOES:
		return false;
	case NURTURE__V1__ON_OPEN_CASE__AS_ITS_CLASS_SAYS:
	case _NURTURE__V1__ON_OPEN_CASE_IS_INT_SIZE:
		break;
	}
	return class->holds_on_open_case;
}

bool person_pause_blocks(const struct message_class *class, enum channel channel,
			 int64_t paused_until_ms, int64_t at_ms)
{
	return paused_until_ms > at_ms && class->needs_consent && channel != CHANNEL_TASK;
}

static uint64_t classes_that_need_consent(const struct policy *policy)
{
	uint64_t classes = 0;

	for (unsigned i = 0; i < policy->class_count; i++)
		classes |= (uint64_t)policy->classes[i].needs_consent << i;
	return classes;
}

struct cap *person_own_caps(const struct policy *policy, Nurture__V1__Allowance *const *allowances,
			    size_t count, struct arena *arena)
{
	struct cap *caps = count ? arena_alloc(arena, count * sizeof(*caps)) : NULL;

	for (size_t i = 0; i < count; i++)
		caps[i] = (struct cap){
		    .name = rule_text(RULE_OWN_ALLOWANCE),
		    .limit = allowances[i]->limit,
		    .window_ms = allowances[i]->window_ms,
		    .classes = classes_that_need_consent(policy),
		    .channels = 1U << CHANNEL_EMAIL | 1U << CHANNEL_EXTERNAL,
		    .programme = "",
		    .category = "",
		    .counts_exempt = true,
		};
	return caps;
}

bool cancel_matches(const Nurture__V1__Cancel *cancel, const struct cancel_target *of)
{
	bool ends_order = cancel->order[0] && !cancel->request[0] && !cancel->programme[0];

	return (!cancel->request[0] || strcmp(cancel->request, of->request) == 0) &&
	       (!cancel->programme[0] || strcmp(cancel->programme, of->programme) == 0) &&
	       (!cancel->order[0] || strcmp(cancel->order, of->order) == 0) &&
	       (!cancel->category[0] || strcmp(cancel->category, of->category) == 0) &&
	       !(ends_order && of->outlives_order);
}

int64_t person_own_window_ms(Nurture__V1__Allowance *const *allowances, size_t count)
{
	int64_t longest_ms = 0;

	for (size_t i = 0; i < count; i++)
		if (allowances[i]->window_ms > longest_ms)
			longest_ms = allowances[i]->window_ms;
	return longest_ms < OWN_WINDOW_MAX_MS ? longest_ms : OWN_WINDOW_MAX_MS;
}

int64_t person_memory_ms(const struct policy *policy, int64_t own_window_ms)
{
	int64_t longest_ms = policy_longest_window_ms(policy);

	if (own_window_ms > longest_ms)
		longest_ms = own_window_ms;
	return longest_ms > REQUEST_REMEMBERED_MS ? longest_ms : REQUEST_REMEMBERED_MS;
}
