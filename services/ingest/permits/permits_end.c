/* permits_end.c - what a tool is told, and who may tell it. */
#include <stdio.h>
#include <string.h>

#include "common/io/process/clock.h"
#include "common/codec/json.h"
#include "permits_internal.h"

enum { REFUSAL_MAX_BYTES = 4096 };

static struct ing_counts *counts_of(const struct ing_pending_permit *pending)
{
	return &pending->owner->options.admission->counts;
}

static void drop(struct ing_pending_permit *pending)
{
	struct ing_permits *permits = pending->owner;

	/* This comes last: the thread that waits for zero may free everything. */
	if (ing_pending_permit_release(pending))
		atomic_fetch_sub(&permits->in_flight, 1);
}

/* Takes pending out of the table.  Returns whether the caller may answer it. */
static bool take(struct ing_pending_permit *pending)
{
	struct ing_permits *permits = pending->owner;
	bool taken;

	pthread_mutex_lock(&permits->lock);
	taken = ing_pending_permits_take(&permits->pending_permits, pending);
	pthread_mutex_unlock(&permits->lock);
	if (taken)
		metric_add(counts_of(pending)->permits_waiting, -1);
	return taken;
}

static void end(struct ing_pending_permit *pending, enum ing_permit_end how, int status,
		const char *header, struct slice body)
{
	metric_add(counts_of(pending)->permits[how], 1);
	if (pending->is_question)
		metric_observe_ms(counts_of(pending)->permit_seconds,
				  clock_monotonic_ms() - pending->begun_ms);
	http_answer(pending->request, status, "application/json", header, body);
	drop(pending);
}

void ing_permit_answer(struct ing_pending_permit *pending, enum ing_permit_end how,
		       struct slice body)
{
	end(pending, how, 200, NULL, body);
}

static void put_member(struct buf *out, const char *key, struct slice value)
{
	json_put_key(out, key);
	json_put_text(out, value);
}

/* {"error": ..., "message": ..., ...: the caller closes it. */
static struct buf refusal(const char *code, struct slice message)
{
	struct buf out = BUF_MAX(REFUSAL_MAX_BYTES);

	buf_char(&out, '{');
	put_member(&out, "error", slice_text(code));
	put_member(&out, "message", message);
	return out;
}

/* "$.class: expected ..." is taken apart. */
static struct buf invalid(const char *why)
{
	const char *colon = why[0] == '$' ? strstr(why, ": ") : NULL;
	struct buf out;

	if (!colon)
		return refusal(why[0] == '$' ? "invalid_permit" : "invalid_json", slice_text(why));
	out = refusal("invalid_permit", slice_text(colon + 2));
	put_member(&out, "path", slice_of(why, (size_t)(colon - why)));
	return out;
}

void ing_permit_refuse_body(struct http_request *request, const char *why)
{
	struct buf out = invalid(why);

	buf_text(&out, "}\n");
	http_answer(request, 400, "application/json", NULL, buf_slice(&out));
	buf_free(&out);
}

/* Refuses with the id, by which the tool can ask again. */
static void refuse(struct ing_pending_permit *pending, enum ing_permit_end how, int status,
		   const char *header, struct buf *out)
{
	put_member(out, "permit", slice_text(pending->id));
	buf_text(out, "}\n");
	end(pending, how, status, header, buf_slice(out));
	buf_free(out);
}

void ing_permit_invalid(struct ing_pending_permit *pending, const char *why)
{
	struct buf out = invalid(why);

	refuse(pending, ING_PERMIT_INVALID, 400, NULL, &out);
}

void ing_permit_late(struct ing_pending_permit *pending)
{
	struct buf out =
	    refusal("no_answer", slice_text("the arbiter has not answered in time; ask again with "
					    "the same id, it is the same question"));

	refuse(pending, ING_PERMIT_TIMEOUT, 504, "Retry-After: 1", &out);
}

static void not_stored(struct ing_pending_permit *pending, const char *why)
{
	struct buf out = refusal("not_stored", slice_text(why));

	refuse(pending, ING_PERMIT_FAILED, 503, "Retry-After: 1", &out);
}

static void accept(struct ing_pending_permit *pending)
{
	struct buf out = BUF_MAX(REFUSAL_MAX_BYTES);

	buf_char(&out, '{');
	put_member(&out, "permit", slice_text(pending->id));
	put_member(&out, "status", slice_text("accepted"));
	buf_text(&out, "}\n");
	end(pending, ING_PERMIT_REPORTED, 202, NULL, buf_slice(&out));
	buf_free(&out);
}

void ing_permit_on_ack(void *opaque, const char *failure)
{
	struct ing_pending_permit *pending = opaque;

	if (pending->is_question) {
		if (failure && take(pending))
			not_stored(pending, failure);
		drop(pending);
	} else if (failure) {
		not_stored(pending, failure);
	} else {
		accept(pending);
	}
}
