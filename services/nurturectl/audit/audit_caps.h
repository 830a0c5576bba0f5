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
};

/* items are one customer's outcomes by time. */
void audit_customer(const struct policy *policy, Nurture__V1__Outcome *const *items, size_t count,
		    struct audit *audit, struct buf *findings);
/* Those of several, in any order. */
void audit_several(const struct policy *policy, const struct audit_scope *scope,
		   struct audit *audit, struct buf *findings);

#endif
