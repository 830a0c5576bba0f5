/* event_authority.c - see event_authority.h. */
#include "event_authority.h"

#include "common/policy/event_type.h"

#include <string.h>

/* Said by the person or about the mail, and nobody's note of it. */
static const enum event_type said_on_arrival[] = {
    EVENT_MESSAGE_UNSUBSCRIBED, EVENT_MESSAGE_COMPLAINED, EVENT_MESSAGE_BOUNCED,
    EVENT_PREFERENCES_CHANGED,  EVENT_CUSTOMER_ERASED,
};

static bool has_proof(const Nurture__V1__Event *event)
{
	return event->proof && *event->proof->source && event->proof->at_ms != 0;
}

bool event_proof_is_ours(const Nurture__V1__Event *event)
{
	return event->proof &&
	       strncmp(event->proof->source, PROOF_OWN_PAGE, strlen(PROOF_OWN_PAGE)) == 0;
}

enum authority event_authority(const Nurture__V1__Event *event)
{
	for (size_t i = 0; i < sizeof(said_on_arrival) / sizeof(said_on_arrival[0]); i++)
		if (event_type_is(event->type, said_on_arrival[i]))
			return AUTHORITY_PERSON;
	if (!has_proof(event))
		return AUTHORITY_ECHO;
	if (event_proof_is_ours(event))
		return AUTHORITY_PERSON;
	return event_type_is(event->type, EVENT_CONSENT_CHANGED) ? AUTHORITY_PROVEN
								 : AUTHORITY_ECHO;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t event_arrive(Nurture__V1__Event *event, int64_t arrived_ms)
{
	bool is_person = event_authority(event) == AUTHORITY_PERSON;
	int64_t claimed_ms = event->time_ms, ahead_ms;

	if (arrived_ms == 0) {
		if (event->proof)
			event->proof->at_ms = earlier(event->proof->at_ms, event->time_ms);
		return 0;
	}
	event->live_from_ms = earlier(event->live_from_ms, arrived_ms);
	event->time_ms = is_person ? arrived_ms : earlier(claimed_ms, arrived_ms);
	if (event->proof)
		event->proof->at_ms =
		    is_person ? arrived_ms : earlier(event->proof->at_ms, arrived_ms);
	if (claimed_ms <= arrived_ms)
		return 0;
	/* Years 0001 to 9999 and any clock: it fits. */
	return __builtin_sub_overflow(claimed_ms, arrived_ms, &ahead_ms) ? INT64_MAX : ahead_ms;
}
