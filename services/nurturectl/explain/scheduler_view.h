/*
 * scheduler_view.h - the scheduler's state of a customer now: the contact, what was
 * granted and what waits.  Reads the index in Redis and writes nothing.
 */
#ifndef NURTURE_NURTURECTL_EXPLAIN_SCHEDULER_VIEW_H
#define NURTURE_NURTURECTL_EXPLAIN_SCHEDULER_VIEW_H

#include "common/base/arena.h"
#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/request.pb-c.h"
#include "services/nurturectl/settings.h"

struct scheduler_view {
	struct err why_not;             /* text "" when the state was read */
	bool is_known;                  /* the segmenter has a profile of the customer */
	Nurture__V1__Ledger *ledger;    /* NULL: there is no state */
	Nurture__V1__Contact *contact;  /* NULL: none */
	Nurture__V1__Request **waiting; /* parallel to ledger->waiting */
	struct arena arena;
};

/* partitions: of the topics. On failure why_not says why: `why` goes on without the view. */
void scheduler_view_read(const struct settings *settings, struct slice customer, int32_t partitions,
			 struct scheduler_view *ret);
/* Reads the view from the bytes of a state. */
int scheduler_view_decode(struct slice state, struct scheduler_view *ret, struct err *err);
void scheduler_view_free(struct scheduler_view *view);

#endif
