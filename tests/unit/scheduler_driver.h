/*
 * scheduler_driver.h - the loop around sched_step() for tests: one customer, a
 * virtual clock, and everything that came out.
 *
 * A timer fires at its own instant, after the records of that instant.
 */
#ifndef NURTURE_TESTS_SCHEDULER_DRIVER_H
#define NURTURE_TESTS_SCHEDULER_DRIVER_H

#include <stdio.h>
#include <stdlib.h>

#include "common/base/hash.h"
#include "nurture/v1/dispatch.pb-c.h"
#include "nurture/v1/ledger.pb-c.h"
#include "policy_fixture.h"
#include "services/scheduler/step.h"
#include "services/scheduler/wire_read.h"
#include "services/scheduler/wire_write.h"

struct output {
	int topic;
	int64_t at_ms;
	Nurture__V1__Outcome *outcome;         /* SCHED_OUTCOMES */
	Nurture__V1__DispatchRecord *dispatch; /* SCHED_DISPATCH */
	struct slice bytes;
	struct slice key; /* of another customer: a handover's; len 0: the driver's */
};

enum { OUTPUTS_MAX = 4096, TIMERS_MAX = 10000 };

struct driver {
	struct scheduler service;
	struct arena kept, batch; /* outputs; one step */
	const char *customer;
	unsigned input; /* of the records */
	int64_t arrived_ms;
	uint8_t *state;
	size_t state_len;
	uint8_t *shared; /* the partition's */
	size_t shared_len;
	int32_t partition, partition_count;
	int64_t due_ms, now_ms;
	struct output outputs[OUTPUTS_MAX];
	size_t output_count;
	struct slice told; /* the newest SCHED_ANSWERS, which is no output of the list */
	size_t told_count;
	bool changed; /* by the newest step */
	struct err err;
};

static inline void driver_open(struct driver *d, const struct policy *policy)
{
	memset(d, 0, sizeof(*d));
	d->service = (struct scheduler){.policy = policy, .format = OUTCOME_PROTOBUF};
	d->customer = "c1";
	d->partition_count = 1;
	d->due_ms = NEVER_MS;
}

/* As open, but keeps the memory. */
static inline void driver_restart(struct driver *d)
{
	arena_reset(&d->kept);
	d->state_len = 0;
	d->due_ms = NEVER_MS;
	d->output_count = 0;
	d->now_ms = 0;
}

static inline void driver_close(struct driver *d)
{
	arena_free(&d->kept);
	arena_free(&d->batch);
	free(d->state);
	free(d->shared);
}

static inline void driver_store(struct slice from, uint8_t **bytes, size_t *len)
{
	*bytes = realloc(*bytes, from.len + 1);
	if (!*bytes)
		abort();
	if (from.len)
		memcpy(*bytes, from.bytes, from.len);
	*len = from.len;
}

static inline void driver_hear(struct driver *d, struct slice value)
{
	d->told = slice_of(arena_copy(&d->kept, value.bytes, value.len), value.len);
	d->told_count++;
}

static inline void driver_keep(struct driver *d, const struct step_output *output)
{
	ProtobufCAllocator allocator = arena_protobuf(&d->kept);
	struct output *kept = &d->outputs[d->output_count++];
	uint8_t *bytes = arena_alloc(&d->kept, output->value.len + 1);
	struct err err;

	if (d->output_count == OUTPUTS_MAX)
		abort();
	memcpy(bytes, output->value.bytes, output->value.len);
	*kept = (struct output){
	    .topic = output->topic,
	    .at_ms = output->time_ms,
	    .bytes = slice_of(bytes, output->value.len),
	    .key = slice_of(arena_copy(&d->kept, output->key.bytes, output->key.len),
			    output->key.len)};
	if (output->topic == SCHED_OUTCOMES &&
	    outcome_decode(kept->bytes, &d->kept, &kept->outcome, &err) < 0) {
		fprintf(stderr, "outcome: %s\n", err.text);
		abort();
	}
	if (output->topic == SCHED_DISPATCH) {
		kept->dispatch = nurture__v1__dispatch_record__unpack(&allocator, output->value.len,
								      kept->bytes.bytes);
		if (!kept->dispatch)
			abort();
	}
}

static inline int driver_step(struct driver *d, enum step_kind kind, struct slice value)
{
	struct step step = {
	    .context = &d->service,
	    .arena = &d->batch,
	    .now_ms = d->now_ms,
	    .kind = kind,
	    .input = d->input,
	    .arrived_ms = kind == STEP_RECORD ? d->arrived_ms : 0,
	    .time_ms = d->now_ms,
	    .customer = slice_text(d->customer),
	    .value = value,
	    .state = slice_of(d->state, d->state_len),
	    .partition = d->partition,
	    .partition_count = d->partition_count,
	    .shared = slice_of(d->shared, d->shared_len),
	};

	step_prepare(&step);
	d->changed = false;
	if (sched_step(&step, &d->err) < 0)
		return -1;
	for (const struct step_output *o = step.outputs; o; o = o->next)
		if (o->topic == SCHED_ANSWERS)
			driver_hear(d, o->value);
		else
			driver_keep(d, o);
	d->changed = step.state_changed;
	if (step.state_changed) {
		driver_store(step.new_state, &d->state, &d->state_len);
		d->due_ms = step.due_ms;
	}
	if (step.shared_changed)
		driver_store(step.new_shared, &d->shared, &d->shared_len);
	arena_reset(&d->batch);
	return 0;
}

/* Fires what is due up to and with until_ms; the clock stands there afterwards. */
static inline void driver_run(struct driver *d, int64_t until_ms)
{
	for (unsigned timers = 0; d->due_ms <= until_ms; timers++) {
		if (d->due_ms > d->now_ms)
			d->now_ms = d->due_ms;
		if (driver_step(d, STEP_TIMER, slice_of(NULL, 0)) < 0) {
			fprintf(stderr, "timer: %s\n", d->err.text);
			abort();
		}
		/* A customer who is looked at every millisecond would keep a whole machine busy. */
		if (d->due_ms <= d->now_ms || timers == TIMERS_MAX) {
			fprintf(stderr, "timer: no progress\n");
			abort();
		}
	}
	if (until_ms != NEVER_MS)
		d->now_ms = until_ms;
}

/* A record at at_ms; timers before it have fired, those of its instant have not. */
static inline int driver_put(struct driver *d, int64_t at_ms, Nurture__V1__RequestRecord *record)
{
	size_t len;
	uint8_t *bytes;
	int r;

	driver_run(d, at_ms - 1);
	d->now_ms = at_ms;
	record->time_ms = (uint64_t)at_ms;
	len = nurture__v1__request_record__get_packed_size(record);
	bytes = malloc(len + 1);
	if (!bytes)
		abort();
	nurture__v1__request_record__pack(record, bytes);
	r = driver_step(d, STEP_RECORD, slice_of(bytes, len));
	free(bytes);
	return r;
}

#define DRIVER_PUT(name, member, type, CASE)                                                       \
	static inline int driver_##name(struct driver *d, int64_t at_ms, type *body)               \
	{                                                                                          \
		Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;             \
                                                                                                   \
		record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_##CASE;                       \
		record.member = body;                                                              \
		return driver_put(d, at_ms, &record);                                              \
	}
DRIVER_PUT(request, request, Nurture__V1__Request, REQUEST)
DRIVER_PUT(cancel, cancel, Nurture__V1__Cancel, CANCEL)
DRIVER_PUT(contact, contact, Nurture__V1__Contact, CONTACT)
DRIVER_PUT(elsewhere, sent_elsewhere, Nurture__V1__SentElsewhere, SENT_ELSEWHERE)
DRIVER_PUT(release, release, Nurture__V1__Release, RELEASE)
DRIVER_PUT(confirm, confirm, Nurture__V1__Confirm, CONFIRM)
DRIVER_PUT(task_done, task_done, Nurture__V1__TaskDone, TASK_DONE)
#undef DRIVER_PUT

#endif
