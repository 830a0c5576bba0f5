/*
 * event_type.h - the types of events that mean something, each named once.
 *
 * Every service finds what it does with an event by this enum, so a type that is added here and
 * misspelt elsewhere does not compile.  proto/README.md says what each type means, and a test
 * holds that page against the table, another one the schemas.  A shop may publish other types as
 * well: they are EVENT_OTHER, and only the policy's programmes know them.
 */
#ifndef NURTURE_POLICY_EVENT_TYPE_H
#define NURTURE_POLICY_EVENT_TYPE_H

#include <stdbool.h>

/* X(name, text, what such an event needs besides its id, time and customer: event_check.c) */
/* clang-format off */
#define EVENT_TYPES(X)                                                                             \
	X(CUSTOMER_UPDATED, "customer.updated", NOTHING)                                           \
	X(CUSTOMER_MERGED, "customer.merged", MERGE)                                               \
	X(CUSTOMER_ERASED, "customer.erased", NOTHING)                                             \
	X(CONSENT_CHANGED, "consent.changed", CONSENT)                                             \
	X(ORDER_PLACED, "order.placed", ORDER)                                                     \
	X(ORDER_SHIPPED, "order.shipped", ORDER)                                                   \
	X(ORDER_UPDATED, "order.updated", ORDER)                                                   \
	X(ORDER_DELIVERED, "order.delivered", ORDER)                                               \
	X(ORDER_LATE, "order.late", ORDER)                                                         \
	X(ORDER_CANCELLED, "order.cancelled", ORDER)                                               \
	X(ORDER_REFUNDED, "order.refunded", ORDER)                                                 \
	X(RETURN_OPENED, "return.opened", CASE)                                                    \
	X(RETURN_CLOSED, "return.closed", CASE)                                                    \
	X(COMPLAINT_OPENED, "complaint.opened", CASE)                                              \
	X(COMPLAINT_CLOSED, "complaint.closed", CASE)                                              \
	X(FEEDBACK_RECEIVED, "feedback.received", FEEDBACK)                                        \
	X(FEEDBACK_TAGGED, "feedback.tagged", TAGS)                                                \
	X(FEEDBACK_ANSWERED, "feedback.answered", ITEM)                                            \
	X(FEEDBACK_ARCHIVED, "feedback.archived", ITEM)                                            \
	X(REVIEW_PUBLISHED, "review.published", NOTHING)                                           \
	X(REFERRAL_MADE, "referral.made", NOTHING)                                                 \
	X(TASK_CLAIMED, "task.claimed", TASK)                                                      \
	X(TASK_SNOOZED, "task.snoozed", UNTIL)                                                     \
	X(TASK_DONE, "task.done", TASK)                                                            \
	X(TASK_FAILED, "task.failed", TASK)                                                        \
	X(INTERACTION_RECORDED, "interaction.recorded", INTERACTION)                               \
	X(COUPON_REDEEMED, "coupon.redeemed", COUPON)                                              \
	X(MESSAGE_OPENED, "message.opened", NOTHING)                                               \
	X(MESSAGE_CLICKED, "message.clicked", NOTHING)                                             \
	X(MESSAGE_BOUNCED, "message.bounced", KIND)                                                \
	X(MESSAGE_COMPLAINED, "message.complained", NOTHING)                                       \
	X(MESSAGE_UNSUBSCRIBED, "message.unsubscribed", NOTHING)                                   \
	X(PREFERENCES_CHANGED, "preferences.changed", PREFERENCES)                                 \
	X(MESSAGE_SENT_ELSEWHERE, "message.sent_elsewhere", CLASS)
/* clang-format on */

enum event_type {
#define X(name, text, needs) EVENT_##name,
	EVENT_TYPES(X)
#undef X
	    EVENT_OTHER, /* none of them */
	EVENT_TYPE_COUNT = EVENT_OTHER
};

enum event_needs {
	EVENT_NEEDS_NOTHING,
	EVENT_NEEDS_ORDER,
	EVENT_NEEDS_CASE,
	EVENT_NEEDS_MERGE,
	EVENT_NEEDS_CONSENT,
	EVENT_NEEDS_FEEDBACK,
	EVENT_NEEDS_ITEM,
	EVENT_NEEDS_TAGS,
	EVENT_NEEDS_TASK,
	EVENT_NEEDS_UNTIL,
	EVENT_NEEDS_INTERACTION,
	EVENT_NEEDS_COUPON,
	EVENT_NEEDS_KIND,
	EVENT_NEEDS_PREFERENCES,
	EVENT_NEEDS_CLASS,
	EVENT_NEEDS_COUNT
};

/* All texts, in the order of the enum. */
extern const char *const event_type_texts[EVENT_TYPE_COUNT];

/* "order.placed"; not of EVENT_OTHER.  A constant; protobuf-c's structs want a char *. */
static inline char *event_type_text(enum event_type type)
{
	return (char *)event_type_texts[type];
}

/* EVENT_OTHER when the text is none of the table's; case counts. */
enum event_type event_type_of(const char *text);
bool event_type_is(const char *text, enum event_type type);

enum event_needs event_type_needs(enum event_type type);

/*
 * The type that an unknown text is a slip of the pen for: one letter is wrong, missing or too much,
 * or two have changed places. NULL: it is of the table, or may be a type of somebody's own.
 */
const char *event_type_slip(const char *text);

/* Does such an event open a case?  Feedback with a low score opens none. */
bool event_type_opens_case(const char *text);
/* Does it tell of a parcel on its way, and so follow the purchase by as long as that takes? */
bool event_type_follows_parcel(const char *text);

#endif
