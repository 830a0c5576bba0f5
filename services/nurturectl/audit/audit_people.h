/*
 * audit_people.h - whose an inbox was and when, what was said of it, and who was merged: from events
 * alone.  Pure.
 *
 * The auditor's own reading of docs/authority.md and docs/bounces.md, which shares no code with the
 * services.  What it is not sure of it does not hold against them: where an address has just
 * changed, nobody's home is known.
 */
#ifndef NURTURE_NURTURECTL_AUDIT_AUDIT_PEOPLE_H
#define NURTURE_NURTURECTL_AUDIT_AUDIT_PEOPLE_H

#include "common/base/arena.h"
#include "common/policy/policy.h"
#include "nurture/v1/event.pb-c.h"

enum audit_fact_kind {
	AUDIT_HOME,      /* text: the key of the inbox; "": one of several, nobody knows which */
	AUDIT_WITHDRAWN, /* text: the class, or "all" */
	AUDIT_GIVEN,     /* the same, by a word that can be shown */
	AUDIT_DEAD,      /* text: the key of the inbox that takes no mail; "": nobody knows which */
	AUDIT_MERGED,    /* text: the id that lives */
	AUDIT_ERASED,
};

struct audit_fact {
	const char *customer, *text;
	int64_t at_ms;   /* when it arrived */
	int64_t said_ms; /* when it was said */
	size_t number;   /* as they were heard */
	enum audit_fact_kind kind;
};

struct audit_people {
	/* By customer, then as they were heard, once they are sorted. */
	struct audit_fact *facts;
	size_t count;
	/* private */
	size_t room;
	struct audit_home *homes; /* of a hash table: where each customer is, as far as was heard */
	size_t home_count, home_room;
	struct arena arena;
};

/*
 * Zeroed they are empty.  Events of one customer come in the order of their arrival; on the event
 * clock that is their time.
 */
void audit_people_hear(struct audit_people *people, const struct policy *policy,
		       const Nurture__V1__Event *event, int64_t arrived_ms);
/* All have been heard. */
void audit_people_sort(struct audit_people *people);
/* The facts of one customer; *ret_count 0: none. */
const struct audit_fact *audit_people_of(const struct audit_people *people, const char *customer,
					 size_t *ret_count);
/*
 * The inbox to which a customer's mail of that instant went; NULL: none was known, or it had changed
 * no longer than late_ms before.
 */
const char *audit_people_home(const struct audit_people *people, const char *customer,
			      int64_t at_ms, int64_t late_ms);
void audit_people_free(struct audit_people *people);

#endif
