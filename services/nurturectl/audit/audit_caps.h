/* audit_caps.h - audit.c's other half: one customer's sends against every rule. Pure. */
#ifndef NURTURE_NURTURECTL_AUDIT_AUDIT_CAPS_H
#define NURTURE_NURTURECTL_AUDIT_AUDIT_CAPS_H

#include "audit.h"

/* items are one customer's outcomes by time. */
void audit_customer(const struct policy *policy, Nurture__V1__Outcome *const *items, size_t count,
		    struct audit *audit, struct buf *findings);

#endif
