/*
 * wire.h - records and the ledger as bytes.
 */
#ifndef NURTURE_SCHEDULER_WIRE_H
#define NURTURE_SCHEDULER_WIRE_H

#include "common/codec/protobuf_message.h"
#include "ledger.h"
#include "nurture/v1/answer.pb-c.h"
#include "nurture/v1/dispatch.pb-c.h"

/* The largest RequestRecord that is read. */
enum { SCHED_RECORD_MAX_BYTES = 64 * 1024 };

/* Reads and checks a RequestRecord, apart from what the policy must say. */
int sched_record_decode(struct slice bytes, struct arena *arena, Nurture__V1__RequestRecord **ret,
			struct err *err);

/* The request's bytes in a record that has a time, one request and nothing else; else empty. */
struct slice sched_record_request(struct slice bytes);

/*
 * An empty slice is an empty ledger.  Classes are looked up by name in the
 * policy.  Of mails' requests the data for the template is not read.
 */
int sched_ledger_decode(struct slice bytes, const struct policy *policy, struct arena *arena,
			struct sched_ledger *ret, struct err *err);
/* Candidates that are gone are left out. An empty slice when there is nothing left. */
struct slice sched_ledger_encode(const struct sched_ledger *ledger, struct arena *arena);

/* The Answer that another tool is told. */
struct slice sched_answer_encode(const Nurture__V1__KeptAnswer *kept, int64_t now_ms,
				 struct arena *arena);

/* A DispatchRecord; the requests go into it as the bytes that they came as. */
struct sched_seen;
struct sched_parts;
struct slice sched_dispatch_encode(const Nurture__V1__Dispatch *dispatch, struct slice request,
				   const struct sched_seen *seen, const struct sched_parts *parts,
				   int64_t time_ms, struct arena *arena);

#endif
