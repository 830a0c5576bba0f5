/*
 * person.h - what is known of a person, against one message.
 *
 * The arbiter asks these before it grants, the email-sender asks them again
 * before every attempt: each rule stands here, once.  docs/arbiter.md, sections
 * 2 and 3, is the law.  Pure; what is allocated is the arena's.
 */
#ifndef NURTURE_POLICY_PERSON_H
#define NURTURE_POLICY_PERSON_H

#include "common/base/arena.h"
#include "nurture/v1/request.pb-c.h"
#include "policy.h"

/* The contact's explicit consent to the class counts, else that to "all", else it is no. */
bool person_consents(const Nurture__V1__Contact *contact, const char *class_name);

/*
 * May it be noted which links of their mails this person follows?  Where the policy counts them,
 * until the person has said no, to CONSENT_CLICKS or to all; or only after a yes to CONSENT_CLICKS
 * itself.
 */
bool person_counts_clicks(const struct policy *policy, const Nurture__V1__Contact *contact);

/* What a contact says of an address that takes no mail: for good, or until mail is seen to arrive. */
#define UNDELIVERABLE_HARD "hard bounce"
#define UNDELIVERABLE_SOFT "soft bounces"

/* Why there is no address that mail can be sent to; "" when there is one. */
const char *person_no_address(const char *email, const char *undeliverable);

/*
 * What of the contact or the class ends a message before any cap is asked.  A message that could
 * end for two of these ends for the first.
 */
enum person_end {
	PERSON_ENDS_NOTHING,
	PERSON_ERASED, /* the person was forgotten, or was so after the message was set off */
	PERSON_MERGED, /* the contact was merged into another customer, who hears instead */
	PERSON_CLASS_REMOVED,
	PERSON_NO_CONSENT,
	PERSON_NO_ADDRESS,
};
struct person_message {
	const struct message_class *class; /* NULL: the policy has it no longer */
	const char *class_name;
	enum channel channel;
	int64_t triggered_ms;   /* when it was set off; 0: nobody says, or it does not matter */
	const char *no_address; /* person_no_address() of the contact */
};
enum person_end person_ends(const Nurture__V1__Contact *contact,
			    const struct person_message *message);

/*
 * Until when a category that was bought at bought_ms (INT64_MIN: never) counts as just bought; 0
 * when it does not at at_ms.
 */
int64_t just_bought_until_ms(const struct policy *policy, const char *category, int64_t bought_ms,
			     int64_t at_ms);

/*
 * Until when a message of that class about that category is about what was just bought; 0: at
 * at_ms it is not.
 */
int64_t person_just_bought_ms(const struct policy *policy, const struct message_class *class,
			      Nurture__V1__Bought *const *bought, size_t bought_count,
			      const char *category, int64_t at_ms);

/* Does an open case hold the request, whatever the case is about? */
bool person_case_blocks(const struct message_class *class, const Nurture__V1__Request *request);

/* Does a pause until paused_until_ms hold what is of that class and channel at at_ms? */
bool person_pause_blocks(const struct message_class *class, enum channel channel,
			 int64_t paused_until_ms, int64_t at_ms);

/*
 * The own allowances of the person, as caps over mails of all classes that need consent; count of
 * them.
 */
struct cap *person_own_caps(const struct policy *policy, Nurture__V1__Allowance *const *allowances,
			    size_t count, struct arena *arena);

/* A request, or the task or mail that was made of it. */
struct cancel_target {
	const char *request, *programme, *order, *category;
	bool outlives_order;
};
/*
 * Does the cancellation end the target? All members of the cancellation that are set must match;
 * what outlives its order is not ended by the end of the order alone.
 */
bool cancel_matches(const Nurture__V1__Cancel *cancel, const struct cancel_target *of);

/* The longest window of what the person allows, at most OWN_WINDOW_MAX_MS; 0: nothing was asked. */
int64_t person_own_window_ms(Nurture__V1__Allowance *const *allowances, size_t count);
/*
 * How long a send may still be counted, by a rule of the policy or by an own
 * allowance of that window, and at least REQUEST_REMEMBERED_MS.
 */
int64_t person_memory_ms(const struct policy *policy, int64_t own_window_ms);

#endif
