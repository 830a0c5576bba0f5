/*
 * ledger.h - one customer's ledger in memory: what was sent, what waits, what has ended.
 *
 * Everything lives in the step's arena.  The arrays have room for what one
 * step can add: sched_ledger_decode() sees to it.
 */
#ifndef NURTURE_SCHEDULER_LEDGER_H
#define NURTURE_SCHEDULER_LEDGER_H

#include "common/codec/protobuf_message.h"
#include "common/message/words.h"
#include "common/policy/caps.h"
#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/request.pb-c.h"

enum {
	/* One person's share of memory.  A request beyond it ends at once and says so. */
	SCHED_WAITING_MAX = 128,
	SCHED_STATE_MAX_BYTES = 512 * 1024,
	SCHED_ELSEWHERE_MAX = 1024,
	/* Of the tasks that are not over, only the newest can be taken back. */
	SCHED_TASKS_MAX = 64,
	SCHED_ANSWERS_MAX = 32, /* the newest questions of other tools whose repeats are answered */
	SCHED_CANCELS_MAX = 16, /* the newest cancellations, for what is handed over later */
	/* bounds.c: what is remembered of many who were merged into one. */
	SCHED_SENDS_MAX = 3072,
	SCHED_ENDED_MAX = 8192,
	SCHED_TRIALS_MAX = 512, /* rules of a policy and a person; a file has no room for more */
};

enum sched_blocker {
	BLOCKED_NOT = NURTURE__V1__BLOCKER__NOTHING,
	BLOCKED_BY_CAP = NURTURE__V1__BLOCKER__CAP,
	BLOCKED_BY_LOOK_AHEAD = NURTURE__V1__BLOCKER__LOOK_AHEAD,
	BLOCKED_BY_QUIET_HOURS = NURTURE__V1__BLOCKER__QUIET_HOURS,
	BLOCKED_BY_OPEN_CASE = NURTURE__V1__BLOCKER__OPEN_CASE,
	BLOCKED_BY_PAUSE = NURTURE__V1__BLOCKER__PAUSE,
	BLOCKED_BY_SEND_WINDOW = NURTURE__V1__BLOCKER__SEND_WINDOW,
};

struct sched_reason {
	enum sched_blocker by;
	const char *rule, *won_by, *detail; /* "" for none, never NULL */
	int64_t count, limit, window_s;
	int64_t eligible_ms;   /* NEVER_MS, 0: nobody knows */
	int64_t look_ms;       /* when to look again; 0: at eligible_ms */
	const struct cap *cap; /* BLOCKED_BY_CAP, of this step: who won is asked of it */
};

static inline struct sched_reason sched_reason(enum sched_blocker by, const char *rule,
					       const char *detail)
{
	return (struct sched_reason){.by = by, .rule = rule, .won_by = "", .detail = detail};
}

/* Did the candidate lose to others that were heard instead? */
static inline bool sched_lost(const struct sched_reason *reason)
{
	return reason->by == BLOCKED_BY_CAP || reason->by == BLOCKED_BY_LOOK_AHEAD;
}

/*
 * A candidate as it stands in the state: its bytes, and the members of those which a step may
 * change.
 */
struct sched_stored {
	struct slice
	    packed; /* a Candidate, or a Waiting when there is no `kept`; empty: it is new */
	int64_t due_ms, next_ms;
	unsigned deferrals;
};

/*
 * When a candidate will need room, and the rules that will then have room for this candidate only.
 * The answer is valid as long as the ledger and the first three members are unchanged.
 */
struct sched_need {
	unsigned entries; /* 0: not asked */
	int64_t next_ms, due_ms;
	int64_t at_ms; /* NEVER_MS: it never needs room */
	const struct cap **tight;
	size_t tight_count;
};

struct sched_candidate {
	Nurture__V1__Request *request; /* of a mail that was read: without its data */
	struct slice packed; /* the bytes of request with its data; empty: sched_pack_request() */
	Nurture__V1__Candidate *kept; /* what it was read from; NULL: it is new, or was a Waiting */
	struct sched_stored stored;
	int message_class; /* NO_CLASS: the policy has it no longer */
	enum channel channel;
	int64_t due_ms; /* NEVER_MS: the request that it follows has not been granted */
	int64_t next_ms;
	unsigned deferrals;
	struct sched_reason last; /* deferral */

	/* What follows belongs to the decision in progress. */
	const char *coupon; /* the code that was drawn with its grant; NULL: none yet */
	bool gone;          /* granted or ended */
	bool granted;
	enum sched_blocker blocker; /* a case or a pause that blocks it although it is due */
	bool ready;                 /* nothing but caps, quiet hours and look-ahead can block it */
	bool weighed;               /* in this round; then `why` says what blocks it */
	struct sched_reason why;
	struct sched_need need;
	/* The rule that would block it, when that was asked before it was weighed; "": none. */
	const char *blocking_rule;
	unsigned blocking_rule_at; /* 1 + decision->grants when blocking_rule was asked */
};

/* The numbers of a send's texts among the ledger's words; 0, 0, 0: not asked for yet. */
struct sched_send_words {
	uint32_t message_class, programme, category;
};

/* The part of a send that caps_check() does not need. */
struct sched_send {
	const char *id; /* sched_send_id(); NULL: id_bytes are not a text yet */
	const char *message_class;
	int64_t lapses_ms; /* a permit that counts no longer from then on; 0: it stays */
	bool elsewhere;
	const uint8_t *id_bytes; /* of the id; NULL: not asked for yet */
	struct sched_send_words words;
};

struct sched_ended {
	uint64_t request; /* hash */
	int64_t until_ms;
	int64_t granted_ms; /* 0: without a grant */
};

/* What another tool was told; it is told the same again. */
struct sched_answer {
	Nurture__V1__KeptAnswer kept;
	struct slice packed; /* the same, from state to state; empty: to be made */
};

struct sched_task {
	Nurture__V1__OpenTask open;
	struct slice packed; /* the same, from state to state; empty: to be made */
};

struct sched_cancelled {
	Nurture__V1__KeptCancel kept;
	struct slice packed; /* the same, from state to state; empty: to be made */
};

struct sched_ledger {
	struct message_source source;  /* the state that was read */
	struct words words;            /* of that state, and of what is written */
	Nurture__V1__Contact *contact; /* never NULL */
	struct slice contact_kept;     /* a KeptContact; empty: to be made */
	struct ledger_send *counted;   /* parallel to sends */
	struct sched_send *sends;
	size_t send_count;
	struct sched_candidate **waiting; /* in the order of sched_precedes() */
	size_t waiting_count;
	struct sched_ended *ended;
	size_t ended_count;
	struct sched_answer *answers; /* the oldest first */
	size_t answer_count;
	struct sched_task *tasks; /* the oldest first */
	size_t task_count;
	struct sched_cancelled *cancels; /* the oldest first */
	size_t cancel_count;
};

/*
 * Is a's priority higher, or its value at the same priority? Look-ahead keeps room for such an a.
 */
bool sched_is_higher(const struct sched_candidate *a, const struct sched_candidate *b);
/* The order in which candidates are weighed: priority and value, highest first; due; id. */
bool sched_precedes(const struct sched_candidate *a, const struct sched_candidate *b);
/* Puts the candidate into its place among those that wait. */
void sched_enter(struct sched_ledger *ledger, struct sched_candidate *candidate);
/* Restores the order of those that wait, after a due time has changed. */
void sched_reorder(struct sched_ledger *ledger);
/*
 * Sees to it that candidate->packed has the request with its data as bytes, as the email-sender
 * gets it: those that it came as, or made of what the state keeps.  -1 (ERR_ENVIRONMENT): the state
 * is damaged there.
 */
int sched_pack_request(const struct sched_ledger *ledger, struct sched_candidate *candidate,
		       struct err *err);
/* Lets the candidate be looked at not before time_ms, and once more when it expires. */
void sched_look_at(struct sched_candidate *candidate, int64_t time_ms);

/* The id of a send as a text, which is made when it is first asked for: few steps ask. */
const char *sched_send_id(const struct sched_ledger *ledger, struct sched_send *send);

/* Finds an ended request by its id; NULL when it is not remembered. */
const struct sched_ended *sched_find_ended(const struct sched_ledger *ledger, const char *request);
/* Finds an ended request by the hash of its id. */
const struct sched_ended *sched_ended_of(const struct sched_ledger *ledger, uint64_t request);

#endif
