/*
 * reference.h - the arbiter of docs/arbiter.md, written down as slowly as it reads.
 *
 * Nothing here is shared with services/scheduler or with what counts caps and
 * nights in common/policy.  One customer; `now_ms` is the instant that is decided.
 */
#ifndef NURTURE_TESTS_REFERENCE_H
#define NURTURE_TESTS_REFERENCE_H

#include "facts.h"

enum { REF_ENTRIES_MAX = 96, REF_RULES_MAX = CASE_RULES_MAX + 1 + CASE_OWN_MAX };

enum ref_state { REF_UNKNOWN, REF_WAITING, REF_GRANTED, REF_ENDED };
enum ref_hold {
	REF_FREE,
	REF_CASE,
	REF_PAUSE,
	REF_RULE,
	REF_NIGHT,
	REF_WINDOW,
	REF_AHEAD,
};

/* Why a candidate is not free. */
struct ref_why {
	enum ref_hold hold;
	const char *rule;
	int64_t count, limit, window_s;
	int64_t eligible_ms; /* NEVER_MS: at no time; 0: nobody knows */
	int64_t look_ms;     /* when it is weighed again, unless something happens before */
	int won_by;          /* RULE: the newest that it counts; AHEAD: for whom it waits */
};

struct ref_candidate {
	const struct ask *ask;
	enum ref_state state;
	int number;
	int64_t due_ms; /* NEVER_MS: what it follows was not granted */
	int64_t look_ms;
	int64_t granted_ms;
	bool looked;         /* it is weighed at this instant */
	bool is_over;        /* of a task that was given out: done, or taken back */
	struct ref_why last; /* newest deferral */
};

struct ref_entry {
	int64_t at_ms, lapses_ms;                       /* NEVER_MS: it stays */
	int message_class, programme, category, number; /* programme NOBODY: another tool's */
	enum channel channel;
	bool exempt, merged;
};

struct ref {
	const struct test_case *c;
	const struct policy *policy;
	struct person person;
	int64_t erased_ms; /* what was set off up to then ends; 0: nobody was erased */
	int64_t now_ms;
	struct ref_candidate candidates[CASE_EVENTS_MAX];
	struct ref_entry entries[REF_ENTRIES_MAX];
	unsigned entry_count,
	    elsewhere_count; /* elsewhere: told so far, also of those that are gone */
	struct facts *facts;
};

/* reference_caps.c */
struct ref_entry ref_entry_of(const struct ref_candidate *c, int64_t at_ms, bool merged);
/*
 * Does a rule hold it now? *ret says which: the one that does so longest, the
 * first of equals.  only_narrow: those that name a programme or a category.
 */
bool ref_is_ruled_out(const struct ref *ref, const struct ref_candidate *c, bool only_narrow,
		      struct ref_why *ret);
/* The first instant from from_ms on at which caps, nights and its window allow it. */
int64_t ref_first_instant(const struct ref *ref, const struct ref_candidate *c, int64_t from_ms);

/* reference_night.c: minute by minute. */
bool ref_is_night(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms);
/* The quiet hours alone, without the quiet days. */
bool ref_is_quiet_hour(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms);
bool ref_outside_window(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms);
/* The first instant from from_ms on that is neither; NEVER_MS: not in 400 days. */
int64_t ref_first_open(const struct ref *ref, const struct ref_candidate *c, int64_t from_ms);
void ref_forget_nights(void);

/* reference_ends.c: STATUS_DEFERRED when it need not end. */
enum status ref_must_end(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms);
bool ref_consents(const struct ref *ref, const struct ref_candidate *c,
		  const struct person *person);
bool ref_holds(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms,
	       struct ref_why *ret);

/* reference_free.c */
bool ref_precedes(const struct ref *ref, const struct ref_candidate *a,
		  const struct ref_candidate *b);
/* The candidates that wait, in their order; returns how many. */
unsigned ref_waiting(struct ref *ref, struct ref_candidate *ret[CASE_EVENTS_MAX]);
/* Section 3; *ret says what holds it. */
bool ref_is_free(struct ref *ref, const struct ref_candidate *c, struct ref_why *ret);

/* reference_grant.c */
void ref_grant(struct ref *ref, struct ref_candidate *c);
void ref_end(struct ref *ref, struct ref_candidate *c, enum status status,
	     const struct ref_why *why);
struct fact *ref_say(struct ref *ref, const struct ref_candidate *c, int status,
		     const struct ref_why *why);
/* Another tool's question is answered at once. */
void ref_answer(struct ref *ref, struct ref_candidate *c);
void ref_release(struct ref *ref, int number);
void ref_lapse(struct ref *ref);
/* Who waited for room is weighed again. */
void ref_room_came(struct ref *ref);

/* reference_decide.c: the decision of this instant. */
void ref_decide(struct ref *ref);

#endif
