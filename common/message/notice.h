/*
 * notice.h - what the desk tells of tasks, as JSON: the end of each, and what people are to hear.
 */
#ifndef NURTURE_MESSAGE_NOTICE_H
#define NURTURE_MESSAGE_NOTICE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "nurture/v1/notice.pb-c.h"

/* End.status */
#define END_DONE "done"
#define END_FAILED "failed"
#define END_CANCELLED "cancelled"
#define END_EXPIRED "expired"

/* Notice.kind */
#define NOTICE_REMINDER "reminder"
#define NOTICE_ESCALATION "escalation"
#define NOTICE_EXPIRED "expired"

/* One object, keys sorted, no blanks, times RFC 3339, what is absent left out. */
void end_encode(const Nurture__V1__End *end, struct buf *out);
void notice_encode(const Nurture__V1__Notice *notice, struct buf *out);

/* The result lives in the arena. */
int end_decode(struct slice bytes, struct arena *arena, Nurture__V1__End **ret, struct err *err);
int notice_decode(struct slice bytes, struct arena *arena, Nurture__V1__Notice **ret,
		  struct err *err);

#endif
