/*
 * rule.h - the names of the rules that are not caps of the policy, each named once.
 *
 * A reason names the rule that decided: a cap by the name that the shop gave it, or one of these.
 * So no cap may be called like one of them, and whoever decides by such a rule takes its name from
 * here.  proto/README.md lists the same names, and tests/docs.py compares.
 */
#ifndef NURTURE_POLICY_RULE_H
#define NURTURE_POLICY_RULE_H

#include <stdbool.h>

/* X(name, text, what it means, in the words of the reports for the shop) */
/* clang-format off */
#define RULES(X)                                                                                   \
	/* What limits everybody, or what the person asked for. */                                 \
	X(CEILING, "ceiling", "the most that anyone may hear")                                     \
	X(OWN_ALLOWANCE, "own_allowance", "the customer asked for fewer mails")                    \
	X(PAUSED, "paused", "the customer asked for quiet")                                        \
	X(WAITING_LIMIT, "waiting_limit", "too much was waiting for the customer")                 \
	/* The time: of the day, of the message, of what goes before it. */                        \
	X(QUIET_HOURS, "quiet_hours", "quiet hours: it was night where the customer lives")        \
	X(QUIET_DAYS, "quiet_days", "a day on which nothing is sent")                              \
	X(SEND_AT, "send_at", "outside the hours at which this goes out")                          \
	X(DUE, "due", "it was not due yet")                                                        \
	X(SETTLE, "settle", "a short wait, to weigh what arrives together")                        \
	X(LOOK_AHEAD, "look_ahead", "room kept for something more important")                      \
	X(FOLLOWS, "follows", "it follows another message that had not gone out")                  \
	X(OPEN_CASE, "open_case", "an open case: a late parcel, a return or a complaint")          \
	/* What ends a request. */                                                                 \
	X(EXPIRES, "expires", "its time ran out")                                                  \
	X(CANCEL, "cancel", "something that happened made it pointless")                           \
	X(CLASS_REMOVED, "class_removed", "its class is gone from the policy")                     \
	X(CONSENT, "consent", "no consent")                                                        \
	X(ADDRESS, "address", "no address that takes mail")                                        \
	X(JUST_BOUGHT, "just_bought", "it was about something just bought")                        \
	X(HOLDOUT, "holdout", "the group that is left alone, to compare")                          \
	X(ERASED, "erased", "the customer asked to be forgotten")                                  \
	X(PERMIT, "permit", "a permit")                                                            \
	X(COUPONS, "coupons", "no code was left")                                                  \
	/* The mail server, and what its domain may get: docs/mail.md. */                          \
	X(RETRY, "retry", "the mail server did not take it, again later")                          \
	X(GREYLISTED, "greylisted", "the mail server lets a stranger in later")                    \
	X(SLOWED, "slowed", "the mail server asked for less mail at a time")                       \
	X(BLOCKED, "blocked", "the mail server takes nothing from the shop")                       \
	X(RATE, "rate", "the limit of mails a minute to that mail provider")                       \
	X(WARM_UP, "warm_up", "the limit of mails a day while that provider learns of us")         \
	X(BUSY, "busy", "a long queue for that mail provider")
/* clang-format on */

/*
 * Before the name of a rule: it was asked of all that goes to the inbox, whatever ids are behind it.
 * No cap can be called so.
 */
#define RULE_INBOX_PREFIX "inbox:"

enum rule {
#define X(name, text, label) RULE_##name,
	RULES(X)
#undef X
	    RULE_NONE, /* none of them: a cap's name, or "" */
	RULE_COUNT = RULE_NONE
};

/* All names, in the order of the enum. */
extern const char *const rule_texts[RULE_COUNT];

/* "quiet_hours"; not of RULE_NONE.  A constant; protobuf-c's structs want a char *. */
static inline char *rule_text(enum rule rule)
{
	return (char *)rule_texts[rule];
}

/* RULE_NONE when the text is none of the table's; case counts. */
enum rule rule_of(const char *text);
bool rule_is(const char *text, enum rule rule);

#endif
