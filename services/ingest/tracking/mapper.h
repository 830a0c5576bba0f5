/*
 * mapper.h - one message of a tracking call as events of ours: none, one or two.  Pure.
 *
 * The call is Segment's HTTP API (segment.com/docs/connections/sources/catalog/libraries/server/
 * http-api), which RudderStack has too; the names and properties are those of Segment's specs for
 * identify, e-commerce (v2) and e-mail. docs/tracking.md has the table. What a message says is the
 * same at every try, so its events have the same ids. Their time may depend on the arrival: they
 * are marked as snapshots, of which another body under the same id is a repeat and no conflict.
 */
#ifndef NURTURE_INGEST_TRACKING_MAPPER_H
#define NURTURE_INGEST_TRACKING_MAPPER_H

#include "names.h"
#include "common/base/arena.h"

enum {
	ING_TRACKED_EVENTS_MAX = 2,
	ING_MESSAGE_MAX_BYTES = 32 * 1024, /* as Segment's API has it */
};

/* Why a message sets nothing off. */
/* clang-format off */
#define ING_SKIPS(X)                                                                               \
	X(ANONYMOUS, "anonymous")   /* no userId: nobody whom we could know */                      \
	X(CALL, "call")             /* page, screen, group */                                      \
	X(NAME, "name")             /* a track of a name that means nothing here */                \
	X(SAME_ID, "same_id")       /* an alias of an id to itself */
/* clang-format on */
enum ing_skip {
	ING_NOT_SKIPPED,
#define X(name, text) ING_SKIP_##name,
	ING_SKIPS(X)
#undef X
	    ING_SKIP_COUNT
};
const char *ing_skip_text(enum ing_skip skip);

struct ing_tracked_event {
	struct slice value; /* JSON; the arena's, as all here */
	const char *customer, *type;
	int64_t time_ms;
};

struct ing_tracked {
	enum ing_skip skip;
	const char *invalid; /* NULL, or what was expected; then there are no events */
	const char *user;    /* "" when it is not known */
	unsigned count;
	struct ing_tracked_event events[ING_TRACKED_EVENTS_MAX];
	unsigned left_out; /* values that are not what we take: a country's name, a bad address */
};

/* What a message is part of. */
struct ing_tracking_call {
	const char *type;     /* of the path, "track"; "": each message says it ("batch") */
	struct slice context; /* of the whole batch, empty when there is none */
	const char *sent_at;  /* of the whole batch, or "" */
	int64_t received_ms;
};

/* The message is strict JSON. */
void ing_tracking_map(const struct ing_tracking_names *names, const struct ing_tracking_call *call,
		      struct slice message, struct arena *arena, struct ing_tracked *ret);

#endif
