/*
 * scheduler_view.h - what the scheduler holds of a customer now: the contact, what was
 * granted and what waits.  Read from the index in Redis; nothing is written.
 */
#ifndef NURTURE_NURTURECTL_EXPLAIN_SCHEDULER_VIEW_H
#define NURTURE_NURTURECTL_EXPLAIN_SCHEDULER_VIEW_H

#include "common/base/arena.h"
#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/request.pb-c.h"
#include "services/nurturectl/settings.h"

struct known {
	struct err why_not;             /* text "" when it was looked at */
	Nurture__V1__Ledger *ledger;    /* NULL: nothing is held */
	Nurture__V1__Contact *contact;  /* NULL: none */
	Nurture__V1__Request **waiting; /* parallel to ledger->waiting */
	struct arena arena;
};

/* partitions: of the topics. What hinders it stands in why_not: the outcomes may do without. */
void known_read(const struct settings *settings, struct slice customer, int32_t partitions,
		struct known *ret);
/* The same from the bytes of a state. */
int known_decode(struct slice state, struct known *ret, struct err *err);
void known_free(struct known *known);

#endif
