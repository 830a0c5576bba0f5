/* wire_record.h - what a record of nurture.requests or nurture.asks must look like. */
#ifndef NURTURE_SCHEDULER_WIRE_RECORD_H
#define NURTURE_SCHEDULER_WIRE_RECORD_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "nurture/v1/request.pb-c.h"

/* The largest RequestRecord that is read. */
enum { SCHED_RECORD_MAX_BYTES = 64 * 1024 };

/* Reads and checks a RequestRecord, apart from what the policy must say. */
int sched_record_decode(struct slice bytes, struct arena *arena, Nurture__V1__RequestRecord **ret,
			struct err *err);

/*
 * Returns the request's bytes when the record has a time, one request and nothing else; otherwise
 * an empty slice.
 */
struct slice sched_record_request(struct slice bytes);

#endif
