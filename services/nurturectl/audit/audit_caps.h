/* audit_caps.h - audit.c's other half: the sends to somebody against every rule. Pure. */
#ifndef NURTURE_NURTURECTL_AUDIT_AUDIT_CAPS_H
#define NURTURE_NURTURECTL_AUDIT_AUDIT_CAPS_H

#include "audit.h"

/* Whose sends are counted together. */
struct audit_scope {
	const char *of; /* "customer", for people */
	Nurture__V1__Outcome *const *items;
	size_t count;
	bool is_of_several;      /* customers: then a window that one of them breaks is no news */
	const int64_t *since_ms; /* of each item: it counts in windows from then on; NULL: in all */
	const char *asked;       /* only windows that end with a send of this customer; NULL: all */
	/*
	 * With these, of mails to different inboxes those that went less than late_ms inside a window
	 * are not counted: across inboxes caps are asked at the grant, and mails go a little later.
	 */
	const struct audit_people *people;
};

/* items are one customer's outcomes by time; people may be NULL. */
void audit_customer(const struct policy *policy, Nurture__V1__Outcome *const *items, size_t count,
		    const struct audit_people *people, struct audit *audit, struct buf *findings);
/* Those of several, in any order. */
void audit_several(const struct policy *policy, const struct audit_scope *scope,
		   struct audit *audit, struct buf *findings);
/* How many of them the cap counted at that instant. */
int64_t audit_counted(const struct policy *policy, const struct cap *cap,
		      Nurture__V1__Outcome *const *items, size_t count, int64_t at_ms);

#endif
