/*
 * outcome.h - outcomes and tasks as JSON or protobuf, and the canonical line.
 */
#ifndef NURTURE_MESSAGE_OUTCOME_H
#define NURTURE_MESSAGE_OUTCOME_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/policy/policy.h"
#include "nurture/v1/outcome.pb-c.h"
#include "nurture/v1/request.pb-c.h"
#include "nurture/v1/task.pb-c.h"

/* clang-format off */
#define STATUSES(X)                                                                                \
	X(DEFERRED, "deferred")                                                                    \
	X(SENT, "sent")                                                                            \
	X(REJECTED, "rejected")                                                                    \
	X(IN_DOUBT, "in_doubt")                                                                    \
	X(UNDELIVERABLE, "undeliverable")                                                          \
	X(NO_CONSENT, "no_consent")                                                                \
	X(EXPIRED, "expired")                                                                      \
	X(CANCELLED, "cancelled")                                                                  \
	X(DISPLACED, "displaced")                                                                  \
	X(JUST_BOUGHT, "just_bought")                                                              \
	X(HOLDOUT, "holdout")                                                                      \
	X(ERASED, "erased")                                                                        \
	X(TASK_CREATED, "task_created")                                                            \
	X(PERMITTED, "permitted")                                                                  \
	X(REFUSED, "refused")                                                                      \
	X(RELEASED, "released")
/* clang-format on */
enum status {
#define X(name, text) STATUS_##name,
	STATUSES(X)
#undef X
	    STATUS_COUNT
};
const char *status_text(enum status status);
/* -1 when it is none. */
int status_from_text(struct slice text);

/* What lists may hold: all rules of a policy and a person, and those that the arbiter names. */
enum { OUTCOME_RULES_MAX = 512, OUTCOME_CONSIDERED_MAX = 8 };

enum outcome_format {
	OUTCOME_JSON,
	OUTCOME_PROTOBUF,
	OUTCOME_FACTS,          /* a struct outcome_facts: never on a topic */
	OUTCOME_FACTS_AND_JSON, /* the same, and the JSON behind it */
};

/*
 * What is counted of an outcome, for a process that decides and counts: nothing is written down to
 * be read again. The texts are those that the outcome was made of, so they live as long as the step
 * that made it. Ids are hash64() of their text; 0: none.
 */
struct outcome_facts {
	int64_t at_ms, triggered_ms;
	uint64_t request, won_by;
	enum status status;
	bool merged; /* it was a merged part of another mail */
	const char *id;
	const char *programme, *message_class, *channel;
	const char *rule, *detail; /* of the reason; "" */
	int64_t count, limit, window_s;
};
/* What an outcome says of a request: one place for the arbiter and the email-sender. */
#define OUTCOME_VERSION 2
struct outcome_words {
	const char *id, *customer, *policy; /* borrowed; id: outcome_id() */
	enum status status;
	int64_t at_ms;
	const char *locale; /* the person's; "" */
	const char *send;   /* of the mail or the task that it became; "" */
	const char *coupon; /* the code that was drawn; "": what the request's data offer */
};
/*
 * Makes an outcome that borrows everything. The caller adds reason, rules, considered and
 * merged_into. With NULL policy and class nothing is known of holdouts.
 */
Nurture__V1__Outcome outcome_of_request(const Nurture__V1__Request *request,
					const struct outcome_words *words,
					const struct policy *policy,
					const struct message_class *class);

/* The fields that an outcome has from its request as they are.  Borrows. */
void outcome_take_from_request(const Nurture__V1__Request *request, Nurture__V1__Outcome *outcome);

/* Borrows the texts. */
struct outcome_facts outcome_facts_of(const Nurture__V1__Outcome *outcome);

/*
 * One outcome as the topic carries it.  JSON: one object, keys sorted, no
 * blanks, times RFC 3339, absent strings left out, "reason" only with the
 * members that are set: this is also the canonical line.
 */
void outcome_encode(const Nurture__V1__Outcome *outcome, enum outcome_format format,
		    struct buf *out);
/* Either format (JSON begins with '{'); strict; lives in the arena. */
int outcome_decode(struct slice bytes, struct arena *arena, Nurture__V1__Outcome **ret,
		   struct err *err);

/* The object that stands under "reason". */
void outcome_put_reason(const Nurture__V1__Reason *reason, struct buf *out);

void task_encode(const Nurture__V1__Task *task, enum outcome_format format, struct buf *out);
/* Either format; lives in the arena. */
int task_decode(struct slice bytes, struct arena *arena, Nurture__V1__Task **ret, struct err *err);
/* Task.state of one that was taken back. */
#define TASK_CANCELLED "cancelled"
bool task_is_open(const Nurture__V1__Task *task);

/* Order of a canonical file: (customer, at, id).  For qsort of Outcome pointers. */
int outcome_compare(const void *a, const void *b);

/* outcome id = f(request, step): step is "deferred:3", "end", ... */
void outcome_id(char text[33], const char *request, const char *step);

#endif
