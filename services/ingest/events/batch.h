/*
 * batch.h - a request's body as events, each with what becomes of it.  Pure.
 *
 * A body that is not what its Content-Type says is refused as a whole; an
 * event in an array stands and falls for itself.
 */
#ifndef NURTURE_INGEST_EVENTS_BATCH_H
#define NURTURE_INGEST_EVENTS_BATCH_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/message/record_kind.h"
#include "services/ingest/content_type.h"
#include "services/ingest/source.h"

enum { ING_EVENTS_MAX = 1000, ING_BODY_MAX_BYTES = 1 << 20 };

/* clang-format off */
#define ING_STATUSES(X)                                                                            \
	X(ACCEPTED, "accepted")                                                                    \
	X(INVALID, "invalid")                                                                      \
	X(FORBIDDEN, "forbidden")                                                                  \
	X(FAILED, "failed")
/* clang-format on */
enum ing_status {
#define X(name, text) ING_##name,
	ING_STATUSES(X)
#undef X
	    ING_STATUS_COUNT
};
const char *ing_status_text(enum ing_status status);

struct ing_result {
	enum ing_status status;
	const char *id;    /* "" when it could not be read */
	const char *error; /* INVALID, FORBIDDEN, FAILED */
	const char *path;  /* INVALID: "$.order.amount", or ""; FORBIDDEN: "$.type" */
};

struct ing_event {
	struct ing_result result; /* ACCEPTED until something else is known */
	/* ACCEPTED only: */
	struct slice key, value; /* of the record */
	enum record_kind kind;   /* what the value is */
	const char *type;
	int64_t time_ms; /* that it claims */
};

struct ing_batch {
	bool is_array;
	size_t count;
	struct ing_event *events;
};

/* Why a whole body is refused. */
struct ing_fault {
	int http_status;
	const char *code; /* "invalid_json" */
	struct err why;
};

/*
 * The events of a body, decoded and checked.  Bytes of *ret are the body's or
 * the arena's.  An event's value is the body as it came; in an array the
 * element without its blanks.
 */
int ing_batch_read(enum ing_content_type content_type, struct slice body, struct arena *arena,
		   struct ing_batch *ret, struct ing_fault *fault);

/* Makes FORBIDDEN each accepted event whose type is not among the types. */
void ing_batch_limit(struct ing_batch *batch, const struct ing_types *types, struct arena *arena);

enum { ING_FORBIDDEN_BYTES = 320 };
/* What a publisher is told about a forbidden type. */
const char *ing_forbidden_text(const char *type, char ret[ING_FORBIDDEN_BYTES]);

#endif
