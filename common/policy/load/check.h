/* check.h - private to this folder: what only the whole file shows, part by part.  See load.h. */
#ifndef NURTURE_POLICY_LOAD_CHECK_H
#define NURTURE_POLICY_LOAD_CHECK_H

#include "load.h"

/* What sends messages: a programme, or the feedback rules. */
struct sender {
	const char *name, *category;       /* category is also "" when each order has its own */
	const struct programme *programme; /* NULL: the feedback rules */
	const struct node *node;
	unsigned message_class;
	uint32_t channels;
	int64_t expires_ms;
	bool exempt;
};

unsigned sender_count(const struct policy *policy);
struct sender sender_at(const struct loader *l, unsigned index);
/* Is the cap about what the sender sends? The sender is taken to be bound at all. */
bool cap_covers(const struct cap *cap, const struct sender *sender);

/* Refuses segments that nobody can be in, and programmes that nobody can set off. */
int check_satisfiability(const struct loader *l, struct err *err);
/* Refuses messages that expire before the hours, days and windows let them out. */
int check_times(const struct loader *l, struct err *err);
/* Refuses what `desk:` asks in vain, and warns of tasks that nobody can do in time. */
int check_desk(struct loader *l, struct err *err);

/*
 * Returns the local times at which the sender's mails go out, for `best` those of the fallback;
 * all 0: any.
 */
struct send_window sender_window(const struct policy *policy, const struct sender *sender);

/* Adds to policy.warnings what is legal and surely not meant. */
void warn_all(struct loader *l);
void warn_of_bought(struct loader *l);
void warn_of_currency(struct loader *l);
void warn_of_countries(struct loader *l);
void warn_of_times(struct loader *l);
void policy_warn(struct loader *l, const struct node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
