/*
 * permit.h - another tool's question "may I?" and its reports, as bytes in and out.  Pure.
 *
 * The tool's own id is its own, and one for each customer: on the topics a
 * permit is called SOURCE/ID/DIGEST, the last of the customer, so no tool can
 * meet, confirm or give back another one's.
 */
#ifndef NURTURE_INGEST_PERMITS_PERMIT_H
#define NURTURE_INGEST_PERMITS_PERMIT_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "nurture/v1/answer.pb-c.h"

enum {
	PERMIT_BODY_MAX_BYTES = 16 * 1024,
	PERMIT_ID_MAX_BYTES = 128,
	PERMIT_ANSWER_MAX_BYTES = 16 * 1024,
	/* How long the arbiter may take; a question that it reads later is refused. */
	PERMIT_VALID_MS = 60 * 1000,
};

/* Texts live in the arena; "" is absent. */
struct permit_question {
	char *id, *customer, *message_class, *category, *programme;
	int64_t reserve_ms, value_e4; /* 0: not said */
	int32_t priority;
};

/* Error: "$.class: expected ..., found ...", or "not JSON at byte ...". */
int permit_question_read(struct slice body, struct arena *arena, struct permit_question *ret,
			 struct err *err);
/* A confirmation or release says {"customer": ...} and nothing else. */
int permit_report_read(struct slice body, struct arena *arena, char **ret_customer,
		       struct err *err);
/* 1 to 128 of what a URL holds unescaped. */
bool permit_id_is_valid(struct slice id);

enum permit_report { PERMIT_CONFIRM, PERMIT_RELEASE };
/* "/v1/permits/ID/confirm": -1 when it is none; the id lives in the arena. */
int permit_path_read(const char *path, struct arena *arena, char **ret_id, enum permit_report *ret);

/* SOURCE/ID/DIGEST */
char *permit_name(const char *source, const char *id, const char *customer, struct arena *arena);
/* RequestRecords. */
struct slice permit_question_record(const struct permit_question *question, const char *source,
				    int64_t now_ms, struct arena *arena);
struct slice permit_report_record(enum permit_report report, const char *name, int64_t now_ms,
				  struct arena *arena);

/* What the arbiter says: a record of nurture.answers. */
int permit_answer_read(struct slice bytes, struct arena *arena, Nurture__V1__Answer **ret,
		       struct err *err);
/* {"permit": ID, "status": ..., "reason": {...}, "expires_at": ...} */
void permit_answer_write(const Nurture__V1__Answer *answer, const char *id, struct buf *out);

/*
 * A dead letter: the name of the question that is in it, NULL when there is
 * none.
 */
const char *permit_dead_name(struct slice record, struct arena *arena);
/* Its reason in the words of the question: "$.class: expected ...". */
const char *permit_dead_reason(struct slice reason, struct arena *arena);

#endif
