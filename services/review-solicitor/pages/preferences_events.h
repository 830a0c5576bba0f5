/*
 * preferences_events.h - what a person changed, as events for nurture.events.  Pure.
 *
 * An event's id is a hash of the form and of what it says, so a form that is sent
 * twice makes one event of each kind.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PREFERENCES_EVENTS_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PREFERENCES_EVENTS_H

#include "preferences.h"

enum { SOL_EVENTS_MAX = 3 };

struct sol_events {
	struct buf items[SOL_EVENTS_MAX]; /* JSON */
	unsigned count;
};

/* Whose form it was, which one, and when it came. */
struct sol_sender {
	const struct policy *policy;
	const char *customer;
	const char *signed_state; /* the form's field "shown" */
	int64_t now_ms;
	const char *inbox; /* to which the mail with the link went, by its key; "": not known */
};

/*
 * Makes events of the differences: consent.changed, preferences.changed (always with all
 * preferences, as it replaces those before), customer.updated for the language.
 */
void sol_preferences_events(const struct sol_sender *sender, const struct sol_preferences *before,
			    const struct sol_preferences *after, struct sol_events *ret);
/* message.unsubscribed from this class, or "" from all; inbox as above. */
void sol_unsubscribe_event(const char *customer, const char *message_class, const char *inbox,
			   int64_t now_ms, struct sol_events *ret);
void sol_forget_event(const struct sol_sender *sender, struct sol_events *ret);
void sol_events_free(struct sol_events *events);

#endif
